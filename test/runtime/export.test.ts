import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readWorkspace } from '../../dsl/workspace.ts'
import { CsvReader } from '../../runtime/csv/read.ts'
import type { Api } from '../api.ts'
import { eventually } from '../eventually.ts'
import { type TestServer, testServer } from '../server.ts'
import { zgoda } from './cli/zgoda.ts'

const workspace = `
company "Desk" { address "Long Street 1" email "office@desk.example" }
role clerk "Clerk" { clients: see, edit, erase }
role boss "Boss"
role other "Other"
purpose delivery "Deliver" { basis contract text "We bring it to you." keep until end }
purpose extras "Extras" { basis consent text "We keep your wishes." keep until end }
process job "Job" {
  show in portal
  access clerk: see, move, edit
  access boss: see
  field note   "Note"   text
  field price  "Price"  money
  field urgent "Urgent" yes/no
  field parts  "Parts"  many (desk, chair, lamp)
  field street "Street" text personal for delivery
  field wish   "Wish"   text personal for extras
  field margin "Margin" number
  show note
  stage fresh "Fresh" {
    edit note, price, urgent, parts, street, wish
    show margin to boss
    move to packed
  }
  stage packed "Packed" {
    show price
    move to done
  }
  final stage done "Done" success { on enter { erase street, wish } }
}
`

let desk: TestServer
let clerk: Api
let boss: Api

beforeAll(async () => {
  const { definition, problems } = readWorkspace([{ name: 'desk.zgoda', text: workspace }])
  if (!definition) throw new Error(problems.map(({ message }) => message).join('; '))
  desk = await testServer('', { definition })
  clerk = await desk.as('clerk')
  boss = await desk.as('boss')
})
afterAll(() => desk?.stop())

async function get(api: Api, query: string): Promise<{ status: number; type: string; text: string }> {
  const answer = await fetch(`${desk.url}/api/v1/exports/cases?${query}`, { headers: { cookie: api.cookie } })
  return { status: answer.status, type: answer.headers.get('content-type') ?? '', text: await answer.text() }
}

/** The rows of an export, as objects by column. */
async function table(api: Api): Promise<Record<string, string>[]> {
  const { status, type, text } = await get(api, 'process=job')
  expect([status, type]).toEqual([200, 'text/csv; charset=utf-8'])
  const reader = new CsvReader()
  const [head, ...rows] = [...reader.push(text), ...reader.end()]
  return rows.map(({ cells }) => Object.fromEntries((head?.cells ?? []).map((name, at) => [name, cells[at] ?? ''])))
}

async function start(fields: object): Promise<string> {
  const client = (await clerk.post('/clients', { name: '=cmd|calc' })).body.id
  return (await clerk.post('/cases', { process: 'job', client, fields })).body.id
}

describe('an export of cases', () => {
  it('shows each case as far as the caller may see it at its stage, and no more', async () => {
    const fields = { note: 'a, "b"', price: '1200', urgent: true, parts: ['desk', 'lamp'], street: 'Long Street 7' }
    const fresh = await start(fields)
    const packed = await start(fields)
    await clerk.post(`/cases/${packed}/moves`, { to: 'packed' })
    const [second, first] = await table(clerk)
    expect(first).toMatchObject({ id: fresh, stage: 'fresh', ended: 'no', client: "'=cmd|calc", note: 'a, "b"' })
    expect(first).toMatchObject({
      price: '1200.00',
      urgent: 'yes',
      parts: 'desk|lamp',
      street: 'Long Street 7',
      wish: '',
    })
    expect(second).toMatchObject({ id: packed, stage: 'packed', price: '1200.00', urgent: '', parts: '', street: '' })
    expect(Object.keys(first ?? {})).not.toContain('margin')
    const seen = await table(boss)
    expect(Object.keys(seen[0] ?? {})).toContain('margin')
    expect(seen.map(({ client }) => client)).not.toContain("'=cmd|calc")
  })

  it('says the same in JSON lines, where what is not shown is not there', async () => {
    const { type, text } = await get(clerk, 'process=job&format=jsonl')
    expect(type).toBe('application/x-ndjson; charset=utf-8')
    const cases = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    for (const one of cases) {
      const { fields, client, stage } = (await clerk.get(`/cases/${one.id}`)).body
      const values = Object.entries<{ value: unknown }>(fields).map(([name, { value }]) => [name, value])
      expect(one).toMatchObject({ client, stage: stage.name, fields: Object.fromEntries(values) })
      expect(Object.keys(one.fields)).toEqual(Object.keys(fields))
    }
  })

  it('has nothing of a consent that was withdrawn, and guards what a spreadsheet would run', async () => {
    const client = (await clerk.post('/clients', {})).body.id
    const decide = (decision: string) => clerk.post(`/clients/${client}/consents`, { purpose: 'extras', decision })
    await decide('given')
    const id = (await clerk.post('/cases', { process: 'job', client, fields: { note: '+1', wish: 'a yellow one' } }))
      .body.id
    const row = async () => (await table(clerk)).find((each) => each.id === id)
    expect(await row()).toMatchObject({ note: "'+1", wish: 'a yellow one' })
    await decide('withdrawn')
    expect(await row()).toMatchObject({ note: "'+1", wish: '' })
  })

  it('goes through all pages, each case once, and is noted by who and how many', async () => {
    const bare = Array.from({ length: 250 }, () => clerk.post('/cases', { process: 'job' }))
    expect((await Promise.all(bare)).every(({ status }) => status === 201)).toBe(true)
    const rows = await table(clerk)
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length)
    expect(rows.length).toBe(253)
    await eventually('the export to be logged', async () =>
      desk.logged.some((line) => /cases were exported.*"process":"job","cases":253/.test(line)),
    )
    expect(desk.logged.join('\n')).not.toMatch(/Long Street 7|a yellow one|cmd/)
  })

  it('is for those who may see the process', async () => {
    const other = await desk.as('other')
    expect((await get(other, 'process=job')).status).toBe(404)
    expect((await get(clerk, 'process=constructor')).status).toBe(404)
    expect((await get({ ...clerk, cookie: '' }, 'process=job')).status).toBe(401)
    for (const query of ['', 'process=job&format=xml', 'process=job&stage=fresh']) {
      expect((await get(clerk, query)).status).toBe(400)
    }
  })

  it('ends with the session, broken off so that nobody takes it for the whole', async () => {
    const leaving = await desk.as('clerk')
    const db = new pg.Client({ connectionString: desk.databaseUrl })
    await db.connect()
    // Enough that the reader who waits holds the server back.
    await db.query(`
      insert into cases select gen_random_uuid(), number, process, version, definition_hash, null, stage, seq, created_at, entered_at, ended, assignee,
        jsonb_set(state, '{values}', jsonb_build_object('note', repeat('long ', 2000)))
      from cases, generate_series(1, 20) where client_id is not null`)
    const answer = await fetch(`${desk.url}/api/v1/exports/cases?process=job`, { headers: { cookie: leaving.cookie } })
    const reader = answer.body?.getReader()
    await reader?.read()
    await fetch(`${desk.url}/api/v1/sessions`, { method: 'DELETE', headers: { cookie: leaving.cookie } })
    const rest = async () => {
      while (!(await reader?.read())?.done);
    }
    await expect(rest()).rejects.toThrow()
    await eventually('that it broke off to be logged', async () =>
      desk.logged.some((line) => line.includes('an export was broken off')),
    )
    await db.query('delete from cases where length(state::text) > 9000')
    await db.end()
  })
})

describe('zgoda export', () => {
  it('writes what the server answers, and says why where it does not', async () => {
    process.env.ZGODA_TOKEN = boss.cookie.split('=')[1] ?? ''
    const { code, out } = await zgoda([
      'export',
      'cases',
      '--process',
      'job',
      '--server',
      desk.url,
      '--format',
      'jsonl',
    ])
    expect([code, out === (await get(boss, 'process=job&format=jsonl')).text]).toEqual([0, true])
    const unknown = await zgoda(['export', 'cases', '--process', 'jobs', '--server', desk.url])
    expect([unknown.code, unknown.err]).toEqual([2, 'zgoda export: there is no process `jobs` that you may see\n'])
    expect((await zgoda(['export', 'case', '--process', 'job'])).err).toContain('did you mean `cases`?')
    process.env.ZGODA_TOKEN = 'x'.repeat(43)
    expect((await zgoda(['export', 'cases', '--process', 'job', '--server', desk.url])).err).toContain(
      'ZGODA_TOKEN is not the token of a session',
    )
    delete process.env.ZGODA_TOKEN
  })
})
