import pg from 'pg'
import type { TortureResult } from '../bench/torture/result.ts'
import type { Answer, Api } from './api.ts'
import { eventually } from './eventually.ts'
import { illegal } from './legal-run.ts'
import type { SandboxLetter } from './server.ts'
import { storedCases } from './stored-cases.ts'
import { startTwoNodes, type TwoNodes } from './two-nodes.ts'

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
  stage one "One" {
    after 1 minute go to two
    move to two by clerk
    move to done by clerk
  }
  stage two "Two" {
    after 1 minute go to one
    move to one by clerk
    move to done by clerk
  }
  final stage done "Done" success
}
`
const cases = 3
const perCase = { moves: 40, fills: 30, replies: 2 }
const decisions = 12

/** Two nodes on one database, which has moves, fillings, replies, timers and withdrawals come at the same few cases at once. */
export interface Race {
  /** `below` gives a whole number from 0 to its argument, which it does not reach. */
  round(below: (limit: number) => number): Promise<TortureResult>
  close(): Promise<void>
}

interface Parts extends Omit<TwoNodes, 'close'> {
  readonly db: pg.Pool
}

/** On an empty database or one that a race was on. */
export async function openRace(databaseUrl: string): Promise<Race> {
  // A minute behind the queue's, all but a moment: a timer of a minute goes off at once.
  const clock = { now: () => new Date(Date.now() - 59_900).toISOString() }
  const { close, ...both } = await startTwoNodes(workspace, databaseUrl, clock)
  const db = new pg.Pool({ connectionString: databaseUrl, max: 2 })
  let rounds = 0
  return {
    round: (below) => runRound({ ...both, db }, `racer${rounds++}@client.example`, below),
    close: async () => {
      await db.end()
      await close()
    },
  }
}

async function runRound(parts: Parts, address: string, below: (limit: number) => number): Promise<TortureResult> {
  const { nodes, mail } = parts
  const node = () => nodes[below(nodes.length)] as Api
  const { body: client } = await node().post('/clients', { email: address })
  await decide(node(), client.id, 'given')
  const begun = await Promise.all(
    Array.from({ length: cases }, () => node().post('/cases', { process: 'job', client: client.id })),
  )
  const ids = begun.map(({ body }) => body.id as string)
  const letters = await lettersTo(mail, address, cases)
  const asked = [
    ...ids.flatMap((id) =>
      Array.from({ length: perCase.moves }, () => ['move', () => move(node(), id, below)] as const),
    ),
    ...ids.flatMap((id) =>
      Array.from({ length: perCase.fills }, () => ['fill', () => fill(node(), id, below)] as const),
    ),
    ...letters.flatMap(({ id }) =>
      Array.from({ length: perCase.replies }, (_, n) => ['reply', () => reply(mail, id, n)] as const),
    ),
    ...Array.from({ length: decisions }, () => {
      const decision = below(2) ? 'withdrawn' : 'given'
      return ['consent', () => decide(node(), client.id, decision)] as const
    }),
  ]
  shuffle(asked, below)
  const answers = await Promise.all(asked.map(async ([kind, ask]) => ({ kind, ...(await ask()) })))
  await settled(parts, client.id, letters.length * perCase.replies)
  await Promise.all(ids.map((id) => finish(node(), id)))
  return judge(parts, ids, answers)
}

type Asked = { readonly kind: string } & Answer

const decide = (api: Api, client: string, decision: string) =>
  api.post(`/clients/${client}/consents`, {
    purpose: 'extras',
    decision,
    evidence: { channel: 'paper', note: 'signed slip' },
  })

const move = (api: Api, id: string, below: (limit: number) => number) =>
  api.post(`/cases/${id}/moves`, { to: below(2) ? 'one' : 'two' })

const fill = (api: Api, id: string, below: (limit: number) => number) =>
  api.patch(`/cases/${id}/fields`, below(3) ? { note: `${below(1000)}` } : { secret: `${below(1000)}` })

const reply = (mail: Api, message: string, n: number) =>
  mail.post('/_mail/api/replies', { message, text: `Thought ${n}` })

function shuffle<T>(list: T[], below: (limit: number) => number): void {
  for (let last = list.length - 1; last > 0; last--) {
    const at = below(last + 1)
    ;[list[last], list[at]] = [list[at] as T, list[last] as T]
  }
}

function lettersTo(mail: Api, address: string, count: number): Promise<SandboxLetter[]> {
  return eventually('a letter for each case', async () => {
    const sent = (await mail.get('/_mail/api/messages')).body as SandboxLetter[]
    const theirs = sent.filter(({ to }) => to.includes(address))
    return theirs.length === count && theirs
  })
}

async function settled({ db }: Parts, client: string, replies: number): Promise<void> {
  await eventually('every reply to be judged', async () => {
    const { rows } = await db.query(
      "select count(*)::int as n from messages where client_id = $1 and status = 'counted'",
      [client],
    )
    return rows[0].n === replies
  })
}

/** Until it is done, whatever timers do meanwhile. */
async function finish(api: Api, id: string): Promise<void> {
  await eventually(`case ${id} to be done`, async () => {
    if ((await api.post(`/cases/${id}/moves`, { to: 'done' })).status === 200) return true
    await api.post(`/cases/${id}/moves`, { to: 'one' })
    return false
  })
}

async function judge(parts: Parts, ids: readonly string[], answers: readonly Asked[]): Promise<TortureResult> {
  const stored = await storedCases(parts.db, ids)
  const failures = answers
    .filter(({ status }) => status >= 500)
    .map(({ kind, status }) => `a ${kind} was answered with ${status}`)
  for (const one of stored) {
    const why = illegal(parts.definition, 'job', one)
    if (why) failures.push(`case ${one.caseId}: ${why}`)
  }
  const logged = (type: string) =>
    stored.flatMap(({ entries }) => entries).filter((entry) => entry.type === type).length
  const done = (kind: string) => answers.filter((one) => one.kind === kind && one.status < 300).length
  // Each case was moved to its end once more, perhaps after a move out of its first stage.
  const extra = logged('move') - done('move') - ids.length
  if (extra < 0) failures.push(`${done('move')} moves were acknowledged, and ${-extra} of them are not in the log`)
  if (logged('fill') !== done('fill'))
    failures.push(`${done('fill')} fills were acknowledged, ${logged('fill')} logged`)
  if (logged('reply') !== done('reply')) failures.push(`${done('reply')} replies were sent, ${logged('reply')} logged`)
  const refused = answers.filter(({ status }) => status >= 400 && status < 500).length
  return {
    figures: {
      moves: done('move'),
      fills: done('fill'),
      replies: done('reply'),
      'decisions of clients': done('consent'),
      timers: logged('timer'),
      'refused by rules or as too late': refused,
      'entries replayed': stored.reduce((sum, { entries }) => sum + entries.length, 0),
    },
    failures,
  }
}
