import { inflateSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Api } from '../../api.ts'
import { type TestDatabase, testDatabase } from '../../database.ts'
import { query } from '../../database-query.ts'
import { eventually } from '../../eventually.ts'
import { type TestServer, testServer } from '../../server.ts'

const text = `
company "Desk" { address "Long Street 1" email "desk@company.example" }
role clerk "Clerk" { clients: see, edit, erase }
role reader "Reader"
purpose handling "Do the work" { basis contract text "We use it to do the work." keep until end }
purpose extras "Extras" { basis consent text "We keep your wishes." keep until end }
purpose offers "Offers" { basis consent text "We write to you." keep until end }

document note "Note {{ case.number }}" { body "Zażółć gęślą jaźń dla {{ street }}, {{ keeper }}." }
document wish "Wish" { body "{{ secret }}" }
document offer "Offer" { for offers body "An offer for case {{ case.number }}" }
document card "Card" { body "For {{ client.name }}" }
document bare "Bare" { body "Nothing of anybody." }

process job "Job" {
  show in portal
  access clerk: see, move, edit, erase
  access reader: see
  field street "Street" text personal for handling
  field secret "Secret" text personal for extras
  field keeper "Keeper" person
  show street, secret to clerk
  show keeper
  edit street, secret, keeper to clerk
  stage fresh "Fresh" { move to writing by clerk }
  stage writing "Writing" {
    on enter {
      write note
      set street to "Elsewhere 9"
      write wish when consent to extras
      write offer
      write card
      write bare
    }
    move to done by clerk
  }
  final stage done "Done" success { on enter { erase street, secret } }
}
`

interface Item {
  readonly seq: number
  readonly document: string
  readonly title: string
  readonly at: string
  readonly because?: string
}

describe('documents that a case writes', () => {
  let database: TestDatabase
  let desk: TestServer
  let worker: TestServer
  let clerk: Api
  let reader: Api
  beforeAll(async () => {
    database = await testDatabase()
    desk = await testServer({ text }, { databaseUrl: database.url, runJobs: false })
    worker = await testServer({ text }, { databaseUrl: database.url })
    clerk = await desk.as('clerk')
    reader = await desk.as('reader')
  })
  afterAll(async () => {
    await worker?.stop()
    await desk?.stop()
    await database?.close()
  })

  async function written(consents: string[] = ['extras', 'offers']): Promise<{ id: string; client: string }> {
    const client = (await clerk.post('/clients', { name: 'Anna Nowak' })).body.id
    for (const purpose of consents) await decide(client, purpose, 'given')
    const [keeper] = (await clerk.get('/people')).body.items.filter(({ name }: { name: string }) => name === 'reader')
    const fields = { street: 'Łąkowa 5', keeper: keeper.id, ...(consents.includes('extras') && { secret: 'a wish' }) }
    const { id } = (await clerk.post('/cases', { process: 'job', client, fields })).body
    expect((await clerk.post(`/cases/${id}/moves`, { to: 'writing' })).status).toBe(200)
    return { id, client }
  }

  const decide = (client: string, purpose: string, decision: string) =>
    clerk.post(`/clients/${client}/consents`, { purpose, decision, evidence: { channel: 'paper', note: 'a slip' } })

  const list = async (api: Api, id: string): Promise<Item[]> => (await api.get(`/cases/${id}/documents`)).body.items
  const names = (items: readonly Item[]) => items.map(({ document }) => document)
  const open = (api: Api, id: string, seq: number | string) =>
    fetch(`${desk.url}/api/v1/cases/${id}/documents/${seq}`, { headers: { cookie: api.cookie } })

  async function seqOf(id: string, document: string): Promise<number> {
    return (await list(clerk, id)).find((item) => item.document === document)?.seq ?? 0
  }

  it('are listed with their titles, and each is a PDF file to keep', async () => {
    const { id } = await written()
    const items = await list(clerk, id)
    const { number } = (await clerk.get(`/cases/${id}`)).body
    expect(items.map(({ document, title }) => [document, title])).toEqual([
      ['note', `Note ${number}`],
      ['wish', 'Wish'],
      ['offer', 'Offer'],
      ['card', 'Card'],
      ['bare', 'Bare'],
    ])
    const answer = await open(clerk, id, items[0]?.seq ?? 0)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('application/pdf')
    expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="note-${number}.pdf"`)
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const page = await (await fetch(`${desk.url}/cases/${id}`, { headers: { cookie: clerk.cookie } })).text()
    expect(page).toContain(`href="/cases/${id}/documents/${items[0]?.seq}"`)
    const kept = await fetch(`${desk.url}/cases/${id}/documents/${items[0]?.seq}`, {
      headers: { cookie: clerk.cookie },
    })
    expect([kept.status, kept.headers.get('content-disposition')]).toEqual([
      200,
      answer.headers.get('content-disposition'),
    ])
  })

  it('say what held at their action, with Polish letters and people by name, and stay so', async () => {
    const { id } = await written()
    const seq = await seqOf(id, 'note')
    const before = await glyphs(await open(clerk, id, seq))
    expect(before).toContain('Zażółć gęślą jaźń dla Łąkowa 5, reader.')
    await eventually('the document to be rendered', async () => {
      const jobs = await query(database.url, "select 1 from graphile_worker.jobs where task_identifier = 'document'")
      return jobs.length === 0
    })
    const payload = JSON.stringify({ caseId: id, seq })
    await query(database.url, "select graphile_worker.add_job('document', $1::json)", [payload])
    expect(await glyphs(await open(clerk, id, seq))).toBe(before)
  })

  it('are opened by those alone who see what they say', async () => {
    const { id } = await written()
    const items = await list(reader, id)
    expect(names(items.filter(({ because }) => !because))).toEqual(['offer', 'bare'])
    const [note] = items
    expect(note).toMatchObject({ title: 'note', because: 'it names what you may not see at this stage: `street`' })
    for (const document of ['note', 'wish', 'card'])
      expect((await open(reader, id, await seqOf(id, document))).status).toBe(404)
    expect((await open(reader, id, await seqOf(id, 'bare'))).status).toBe(200)
  })

  it('are not found under forged numbers and ids', async () => {
    const { id } = await written()
    const other = await written()
    const seq = await seqOf(id, 'bare')
    const forged = ['0', '-1', '1e1', '99999999999999999999', 'x', '1', `${seq}%00`, `${seq}.0`]
    for (const one of forged) expect([one, (await open(clerk, id, one)).status]).toEqual([one, 404])
    expect((await open(clerk, '018f0000-0000-7000-8000-000000000000', seq)).status).toBe(404)
    expect((await fetch(`${desk.url}/api/v1/cases/${other.id}/documents/${seq}`)).status).toBe(401)
  })

  it('are not written for a purpose without consent, and the history says why', async () => {
    const { id } = await written([])
    expect(names(await list(clerk, id))).toEqual(['note', 'card', 'bare'])
    const { items } = (await clerk.get(`/cases/${id}/history`)).body
    const refused = items.filter(({ because }: { because?: string }) => because?.startsWith('not written'))
    expect(refused).toMatchObject([
      { type: 'write', target: 'offer', because: 'not written: consent to offers is none' },
    ])
  })

  it('go with the consent to their purpose, and with that to a value in them', async () => {
    const { id, client } = await written()
    const seq = await seqOf(id, 'offer')
    await decide(client, 'offers', 'withdrawn')
    expect((await open(clerk, id, seq)).status).toBe(404)
    expect(names(await list(clerk, id))).toEqual(['note', 'wish', 'card', 'bare'])
    await decide(client, 'extras', 'withdrawn')
    const held = await query(database.url, 'select seq from vault.documents where case_id = $1', [id])
    expect(held).toHaveLength(3)
    await decide(client, 'extras', 'given')
    expect(names(await list(clerk, id))).toEqual(['note', 'card', 'bare'])
  })

  it('go with the client; those that rest on no consent are counted, the others have ended with it', async () => {
    const { id, client } = await written()
    const { body } = await clerk.post(`/clients/${client}/erase`)
    expect(body.erased.documents).toBe(3)
    expect(await list(clerk, id)).toEqual([])
    expect(await query(database.url, 'select 1 from vault.documents where case_id = $1', [id])).toEqual([])
  })

  it('lie sealed: nothing of them is outside the vault, and nothing in it in the clear', async () => {
    await written()
    const jobs = await query(database.url, 'select payload::text from graphile_worker._private_jobs')
    const rows = await query(database.url, 'select * from documents')
    const vault = await query<{ t: string }>(database.url, "select encode(sealed, 'escape') as t from vault.documents")
    expect(JSON.stringify([jobs, rows, vault])).not.toMatch(/kowa 5|a wish|Nowak|%PDF/)
  })
})

/** The words of a PDF in one font: its glyphs by the font's own map of what they stand for (PDF 32000 §9.10.3). */
async function glyphs(answer: Response): Promise<string> {
  expect(answer.status).toBe(200)
  const file = Buffer.from(await answer.arrayBuffer()).toString('latin1')
  const streams = [...file.matchAll(/stream\r?\n([\s\S]*?)\r?\nendstream/g)].flatMap(([, body = '']) => inflated(body))
  const map = streams.find((stream) => stream.includes('beginbfrange')) ?? ''
  const characters = [
    ...(/\[([^\]]*)\]/.exec(map.slice(map.indexOf('beginbfrange')))?.[1] ?? '').matchAll(/<([^>]*)>/g),
  ]
  const shown = streams.filter((stream) => stream.includes('TJ')).join('\n')
  return [...shown.matchAll(/<([0-9a-f]+)>/g)]
    .flatMap(([, hex = '']) => hex.match(/.{4}/g) ?? [])
    .map((code) => String.fromCharCode(Number.parseInt(characters[Number.parseInt(code, 16)]?.[1] ?? '', 16)))
    .join('')
}

function inflated(body: string): string[] {
  try {
    return [inflateSync(Buffer.from(body, 'latin1')).toString('latin1')]
  } catch {
    return []
  }
}
