import { randomBytes, randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../../runtime/store/database.ts'
import { turnOf } from '../../../runtime/store/mail-turns.ts'
import type { Api } from '../../api.ts'
import { type TestDatabase, testDatabase } from '../../database.ts'
import { eventually } from '../../eventually.ts'
import { type TestServer, testServer } from '../../server.ts'
import { hurry, query } from '../webhooks/hurry.ts'
import { offersWorkspace } from './offers.ts'

/** What the mail server answers to the next recipients; nothing where it takes the letter. */
let answer: ((address: string) => { code: number; words: string } | undefined) | undefined
/** Whether it takes a letter whole and then loses it. */
let losing = false
const taken: { address: string; messageId: string; at: number }[] = []

let smtp: SMTPServer
let smtpUrl: string

beforeAll(async () => {
  smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo({ address }, _session, done) {
      const no = answer?.(address)
      done(no ? Object.assign(new Error(no.words), { responseCode: no.code }) : null)
    },
    onData(stream, { envelope }, done) {
      let text = ''
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString()
      })
      stream.on('end', () => {
        const messageId = /^Message-ID: (\S+)/im.exec(text)?.[1] ?? ''
        taken.push({ address: envelope.rcptTo[0]?.address ?? '', messageId, at: Date.now() })
        done(losing ? Object.assign(new Error('4.3.0 lost it'), { responseCode: 451 }) : undefined)
      })
    },
  })
  smtp.on('error', () => undefined)
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve))
  smtpUrl = `smtp://127.0.0.1:${(smtp.server.address() as AddressInfo).port}`
})
afterAll(() => smtp?.close(() => undefined))
beforeEach(() => {
  answer = undefined
  losing = false
  taken.length = 0
})

async function order(clerk: Api, email: string): Promise<string> {
  const client = (await clerk.post('/clients', { email })).body.id
  return (await clerk.post('/cases', { process: 'order', client })).body.id
}

async function letterOf(clerk: Api, id: string) {
  return (await clerk.get(`/cases/${id}/letters`)).body.letters[0]
}

describe('a letter that a mail server puts off', () => {
  let shop: TestServer
  let clerk: Api

  beforeAll(async () => {
    shop = await testServer(offersWorkspace, { smtpUrl, mail: { keepTrying: 60 * 60_000 } })
    clerk = await shop.as('clerk')
  })
  afterAll(() => shop?.stop())

  async function putOff(email: string): Promise<string> {
    answer = () => ({ code: 451, words: '4.7.1 greylisted, come back later' })
    const id = await order(clerk, email)
    await clerk.post(`/cases/${id}/signals/received`)
    await eventually('a first try', async () => (await letterOf(clerk, id)).tries === 1)
    return id
  }

  it('waits, says in its case why and until when, and goes when it is let in, as the same message', async () => {
    const id = await putOff('grey@client.example')
    const waiting = await letterOf(clerk, id)
    expect(waiting).toMatchObject({ status: 'waiting', because: expect.stringContaining('greylisted'), tries: 1 })
    expect(Date.parse(waiting.againAt) - Date.now()).toBeGreaterThan(30_000)
    const page = await (
      await fetch(`${shop.url}/cases/${id}`, { headers: { cookie: clerk.cookie, accept: 'text/html' } })
    ).text()
    expect(page).toContain('Next try: ')
    await hurry(shop.databaseUrl)
    await eventually('a second try', async () => (await letterOf(clerk, id)).tries === 2)
    answer = undefined
    losing = true
    await hurry(shop.databaseUrl)
    await eventually('a third try', async () => (await letterOf(clerk, id)).tries === 3)
    losing = false
    await hurry(shop.databaseUrl)
    await eventually('the letter', async () => (await letterOf(clerk, id)).status === 'sent')
    expect(taken).toHaveLength(2)
    expect(taken[0]?.messageId).toMatch(/^<[a-z2-7]{26}\.\d+\.[a-z2-7]{16}@flowers\.example>$/)
    expect(taken[1]?.messageId).toBe(taken[0]?.messageId)
    expect((await letterOf(clerk, id)).againAt).toBeUndefined()
  })

  it('burns none of the queue’s tries, however long it waits', async () => {
    await putOff('patient@client.example')
    await hurry(shop.databaseUrl)
    await eventually('its next try to be due later', async () => {
      const [job] = await query(
        shop.databaseUrl,
        "select attempts, max_attempts from graphile_worker.jobs where key like 'letters %' and run_at > now() + interval '90 seconds'",
      )
      return job?.attempts === 0 && job.max_attempts === 25
    })
  })

  it('is given up once it was tried for as long as is set, with the last reason, for a person to look at', async () => {
    const id = await putOff('gone@client.example')
    await query(
      shop.databaseUrl,
      "update letters set tried_at = tried_at - interval '61 minutes' where case_id = $1 and tries > 0",
      [id],
    )
    await hurry(shop.databaseUrl)
    await eventually('the letter to fail', async () => (await letterOf(clerk, id)).status === 'failed')
    const [incident] = await eventually('an incident', async () => {
      const { items } = (await clerk.get(`/incidents?case=${id}`)).body
      return items.length > 0 && items
    })
    expect(incident).toMatchObject({
      tries: 2,
      because: expect.stringMatching(/greylisted.*; given up after 2 tries$/),
    })
    answer = undefined
    await clerk.post(`/incidents/${incident.id}/retry`)
    await eventually('the letter', async () => (await letterOf(clerk, id)).status === 'sent')
  })

  it('is not tried again where the server says 5xx, and its address gets no more where that says it does not exist', async () => {
    answer = (address) => (address.startsWith('nobody') ? { code: 550, words: '5.1.1 no such user' } : undefined)
    const id = await order(clerk, 'nobody@client.example')
    await clerk.post(`/cases/${id}/signals/received`)
    await eventually('the letter to fail', async () => (await letterOf(clerk, id)).status === 'failed')
    await clerk.post(`/cases/${id}/signals/received`)
    const second = await eventually('the next', async () => {
      const { letters } = (await clerk.get(`/cases/${id}/letters`)).body
      return letters[1]?.status === 'skipped' && letters[1]
    })
    expect(second.because).toMatch(/^letters to this address have come back \(5\.1\.1\) since \d{4}-/)
    expect(JSON.stringify(shop.logged)).not.toContain('nobody@')
  })
})

describe('a mail domain that takes so many letters a minute', () => {
  let shop: TestServer
  let clerk: Api

  beforeAll(async () => {
    shop = await testServer(offersWorkspace, { smtpUrl, mail: { rate: 30 } })
    clerk = await shop.as('clerk')
  })
  afterAll(() => shop?.stop())

  it('gets them one after another, in their order, while others get theirs at once; the case says what they wait for', async () => {
    const ids: string[] = []
    for (const name of ['a', 'b', 'c']) {
      ids.push(await order(clerk, `${name}@slow.example`))
      await clerk.post(`/cases/${ids.at(-1)}/signals/received`)
    }
    const quick = await order(clerk, 'd@quick.example')
    await clerk.post(`/cases/${quick}/signals/received`)
    const waiting = await eventually('one to wait', async () => {
      const letter = await letterOf(clerk, ids[2] as string)
      return letter.status === 'waiting' && letter.againAt && letter
    })
    expect(waiting.because).toContain('no more than 30 letters go to one mail domain in a minute')
    await eventually('all four', async () => taken.length === 4)
    expect(taken.filter(({ address }) => address.endsWith('slow.example')).map(({ address }) => address[0])).toEqual([
      ...['a', 'b', 'c'],
    ])
    expect(taken.findIndex(({ address }) => address.startsWith('d@'))).toBeLessThan(3)
    const slow = taken.filter(({ address }) => address.endsWith('slow.example')).map(({ at }) => at)
    expect((slow[2] as number) - (slow[0] as number)).toBeGreaterThan(2_500)
    const [{ n }] = await query(
      shop.databaseUrl,
      'select count(*)::int as n from letters where tries > 0 or status <> $1',
      ['sent'],
    )
    expect(n).toBe(0)
  })
})

describe('turns at a mail domain', () => {
  let database: TestDatabase
  let nodes: Database[]

  beforeAll(async () => {
    database = await testDatabase()
    nodes = [1, 2].map(() => openDatabase(database.url, () => undefined))
  })
  afterAll(async () => {
    for (const node of nodes ?? []) await node.close()
    await database?.close()
  })

  const fresh = () => ({ caseId: randomUUID(), seq: 1, turnAt: null })
  const ask = (node: number, domain: Buffer, letter: Parameters<typeof turnOf>[1] = fresh()) =>
    turnOf((nodes[node] as Database).pool, letter, domain, 6)

  it('are given out over all nodes together, each a share of a minute after the other', async () => {
    const domain = randomBytes(32)
    const turns = await Promise.all(Array.from({ length: 20 }, (_, at) => ask(at % 2, domain)))
    expect(turns.filter((turn) => turn === undefined)).toHaveLength(1)
    const later = turns.flatMap((turn) => (turn ? [turn.getTime()] : [])).toSorted((one, other) => one - other)
    const gaps = later.slice(1).map((turn, at) => turn - (later[at] as number))
    expect(gaps.every((gap) => Math.abs(gap - 10_000) < 50)).toBe(true)
    expect(await ask(0, randomBytes(32))).toBeUndefined()
  })

  it('stay a letter’s own until they come, and are lost to one that comes much later', async () => {
    const domain = randomBytes(32)
    await ask(0, domain)
    const due = await ask(1, domain)
    const holding = (turnAt: Date | null | undefined) => ({ ...fresh(), turnAt: turnAt ?? null })
    expect(await ask(0, domain, holding(due))).toEqual(due)
    expect(await ask(0, domain, holding(new Date(Date.now() - 1_000)))).toBeUndefined()
    expect(await ask(0, domain, holding(new Date(Date.now() - 60_000)))).not.toBeUndefined()
  })
})
