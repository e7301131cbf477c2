import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Random } from '../../bench/torture/random.ts'
import { systemClock } from '../../runtime/clock.ts'
import type { Answer, Api } from '../api.ts'
import { type TestDatabase, testDatabase } from '../database.ts'
import { eventually } from '../eventually.ts'
import { openRace } from '../race.ts'
import type { SandboxLetter } from '../server.ts'
import { startTwoNodes, type TwoNodes } from '../two-nodes.ts'

const workspace = `
company "Desk" { address "Long Street 1" email "desk@company.example" }
role clerk "Clerk" { clients: see, edit, erase }
purpose extras "Extras" { basis consent text "We keep your wishes." keep until end }
letter question "A question" { body "What do you think?" }
process job "Job" {
  show in portal
  access clerk: see, move, edit, erase
  field note "Note" text
  field secret "Secret" text personal for extras
  show note, secret
  edit note, secret
  on reply from client { notify clerk "A client has written" }
  stage fresh "Fresh" {
    on enter { send question to client }
    move to one by clerk
  }
  stage one "One" { move to two by clerk }
  stage two "Two" {
    move to one by clerk
    move to done by clerk
  }
  final stage done "Done" success
}
`
const address = 'racer@client.example'
const perCase = 40
const decisions = ['withdrawn', 'given'] as const

interface HistoryEntry {
  readonly seq: number
  readonly type: string
  readonly from?: string
  readonly to?: string
}

describe('two servers on one database, with everything happening at once', () => {
  let database: TestDatabase
  let both: TwoNodes
  let mail: Api
  let nodes: readonly Api[] = []

  beforeAll(async () => {
    database = await testDatabase()
    both = await startTwoNodes(workspace, database.url, systemClock)
    mail = both.mail
    nodes = both.nodes
  })
  afterAll(async () => {
    await both?.close()
    await database?.close()
  })

  const node = (n: number) => nodes[n % nodes.length] as Api

  async function newClient(): Promise<string> {
    const client = (await node(0).post('/clients', { email: address })).body.id
    await decide(0, client, 'given')
    return client
  }

  const decide = (n: number, client: string, decision: (typeof decisions)[number]) =>
    node(n).post(`/clients/${client}/consents`, {
      purpose: 'extras',
      decision,
      evidence: { channel: 'paper', note: 'signed slip' },
    })

  const startCase = async (client: string): Promise<string> =>
    (await node(0).post('/cases', { process: 'job', client })).body.id

  async function historyOf(id: string): Promise<HistoryEntry[]> {
    const items: HistoryEntry[] = []
    for (let after = ''; ; ) {
      const { body } = await node(1).get(`/cases/${id}/history?limit=200${after}`)
      items.push(...body.items)
      if (!body.next) return items
      after = `&after=${body.next}`
    }
  }

  async function query(text: string, values: unknown[] = []) {
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    try {
      return (await client.query<Record<string, string>>(text, values)).rows
    } finally {
      await client.end()
    }
  }

  it('keeps each history gapless, with each acknowledged happening in it once', async () => {
    const client = await newClient()
    const cases = await Promise.all(Array.from({ length: 3 }, () => startCase(client)))
    const letters = await eventually('a letter for each case', async () => {
      const sent = (await mail.get('/_mail/api/messages')).body as SandboxLetter[]
      return sent.filter(({ to }) => to.includes(address)).length === cases.length && sent
    })
    const asked = cases.flatMap((id) => [
      ...Array.from({ length: perCase }, (_, n) => ({
        id,
        kind: 'move',
        answer: node(n).post(`/cases/${id}/moves`, { to: n % 4 < 2 ? 'one' : 'two' }),
      })),
      ...Array.from({ length: perCase }, (_, n) => ({
        id,
        kind: 'fill',
        answer: node(n).patch(`/cases/${id}/fields`, n % 3 ? { note: `${n}` } : { secret: `${n}` }),
      })),
    ])
    const decided = Array.from({ length: 10 }, (_, n) => decide(n, client, decisions[n % 2] as 'given'))
    const replied = letters.flatMap(({ id }) =>
      [1, 2].map((n) => mail.post('/_mail/api/replies', { message: id, text: `Thought ${n}` })),
    )
    const answers = await Promise.all(asked.map(async ({ answer, ...rest }) => ({ ...rest, ...(await answer) })))
    const failed = [...answers, ...(await Promise.all(decided)), ...(await Promise.all(replied))].filter(
      ({ status }) => status >= 500,
    )
    expect(failed).toEqual([])
    await eventually('every reply to be judged', async () => {
      const [row] = await query("select count(*) filter (where status = 'counted') as counted from messages")
      return row?.counted === String(letters.length * 2)
    })
    for (const id of cases) {
      const history = await historyOf(id)
      expect(history.map(({ seq }) => seq)).toEqual(history.map((_, index) => index + 1))
      const done = (kind: string) => answers.filter((one) => one.id === id && one.kind === kind && one.status === 200)
      const moves = history.filter(({ type }) => type === 'move')
      expect(moves).toHaveLength(done('move').length)
      expect(history.filter(({ type }) => type === 'fill')).toHaveLength(done('fill').length)
      expect(history.filter(({ type }) => type === 'reply')).toHaveLength(2)
      expect(moves.map(({ from }) => from)).toEqual(['fresh', ...moves.slice(0, -1).map(({ to }) => to)])
      const { body } = await node(0).get(`/cases/${id}`)
      expect(body.stage.name).toBe(moves.at(-1)?.to)
    }
    expect(answers.some(({ kind, status }) => kind === 'move' && status === 200)).toBe(true)
  })

  it('numbers a client’s decisions without a gap, and no two in a row are alike', async () => {
    const client = await newClient()
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => decide(n, client, decisions[n % 2] as 'given')),
    )
    expect(answers.filter(({ status }) => status !== 201)).toEqual([])
    const rows = await query('select seq, decision from consents where client_id = $1 order by seq', [client])
    expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => index + 1))
    for (const [index, { decision }] of rows.slice(1).entries()) expect(decision).not.toBe(rows[index]?.decision)
  })

  it('leaves no value of a withdrawn purpose behind, whatever was filled in or started meanwhile', async () => {
    for (let round = 0; round < 8; round += 1) {
      const client = await newClient()
      const cases = await Promise.all(Array.from({ length: 3 }, () => startCase(client)))
      const fills = cases.flatMap((id) =>
        Array.from({ length: 8 }, (_, n) => node(n).patch(`/cases/${id}/fields`, { secret: `wish ${n}` })),
      )
      const starts = Array.from({ length: 6 }, (_, n) =>
        node(n).post('/cases', { process: 'job', client, fields: { secret: `wish ${n}` } }),
      )
      await Promise.race(round % 2 ? [...fills, ...starts] : [Promise.resolve()])
      const withdrawn = await decide(round, client, 'withdrawn')
      expect(withdrawn.status).toBe(201)
      const answers: Answer[] = await Promise.all([...fills, ...starts])
      expect(answers.filter(({ status }) => status >= 500)).toEqual([])
      const held = await query("select case_id, field from vault.values where client_id = $1 and field = 'secret'", [
        client,
      ])
      expect(held).toEqual([])
    }
  })

  it('carries out a request with a key once, whichever server it is sent to, however often at once', async () => {
    const client = await newClient()
    const key = { 'idempotency-key': 'start-1' }
    const starts = await Promise.all(
      Array.from({ length: 10 }, (_, n) => node(n).post('/cases', { process: 'job', client }, key)),
    )
    expect(starts.map(({ status }) => status)).toEqual(Array(10).fill(201))
    expect(new Set(starts.map(({ body }) => body.id)).size).toBe(1)
    const id = starts[0]?.body.id
    const moves = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        node(n).post(`/cases/${id}/moves`, { to: 'one' }, { 'idempotency-key': 'move-1' }),
      ),
    )
    expect(moves.map(({ status }) => status)).toEqual(Array(10).fill(200))
    expect((await historyOf(id)).filter(({ type }) => type === 'move')).toHaveLength(1)
    const { body } = await node(0).get(`/clients/${client}`)
    expect(body.cases).toHaveLength(1)
  })

  it('counts no request with a key as carried out that was not, where the case moved on meanwhile', async () => {
    const id = await startCase(await newClient())
    const holding = new pg.Client({ connectionString: database.url })
    await holding.connect()
    await holding.query('begin')
    await holding.query('select from cases where case_id = $1 for update', [id])
    const fill = node(0).patch(`/cases/${id}/fields`, { note: 'first in the queue' })
    await waiting(1)
    const move = node(1).post(`/cases/${id}/moves`, { to: 'one' }, { 'idempotency-key': 'move-2' })
    await waiting(2)
    await holding.query('rollback')
    await holding.end()
    expect((await fill).status).toBe(200)
    expect(await move).toMatchObject({ status: 200, body: { stage: { name: 'one' } } })
    expect((await historyOf(id)).filter(({ type }) => type === 'move')).toHaveLength(1)
  })

  function waiting(count: number): Promise<true> {
    return eventually(`${count} writes to wait for the case`, async () => {
      const [row] = await query(
        "select count(*) as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
      )
      return Number(row?.n) === count
    })
  }

  it('makes one client of a request with a key, however often it is sent at once', async () => {
    const key = { 'idempotency-key': 'client-1' }
    const body = { name: 'Anna Nowak' }
    const made = await Promise.all(Array.from({ length: 10 }, (_, n) => node(n).post('/clients', body, key)))
    expect(made.map(({ status }) => status)).toEqual(Array(10).fill(201))
    expect(new Set(made.map(({ body: { id } }) => id)).size).toBe(1)
    const { body: found } = await node(0).get('/clients?q=Anna%20Nowak')
    expect(found.items).toHaveLength(1)
  })
})

describe('moves, fillings, replies, timers and withdrawals at once on two servers', () => {
  it('leave of each case a log that is a run of its machine, with all in it that was acknowledged', async () => {
    const database = await testDatabase()
    const race = await openRace(database.url)
    const seed = Date.now() % 2 ** 31
    const random = new Random(seed)
    try {
      const missing = new Set<string>(['none yet'])
      // One round on a busy machine may leave a kind of happening out: then there is another.
      for (let round = 0; round < 5 && missing.size > 0; round++) {
        const { figures, failures } = await race.round((limit) => random.below(limit))
        expect(failures, `seed ${seed}`).toEqual([])
        if (round === 0) for (const what of Object.keys(figures)) missing.add(what)
        missing.delete('none yet')
        for (const [what, count] of Object.entries(figures)) if (count > 0) missing.delete(what)
      }
      expect([...missing]).toEqual([])
    } finally {
      await race.close()
      await database.close()
    }
  })
})
