import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { systemClock } from '../runtime/clock.ts'
import type { Api } from './api.ts'
import { eventually } from './eventually.ts'
import { type SlowPost, startSlowPost } from './slow-post.ts'
import { startTwoNodes } from './two-nodes.ts'

const workspace = `
company "Desk" { address "Long Street 1" email "desk@company.example" }
role clerk "Clerk" { clients: see, edit, erase }
purpose offers "Offers" { basis consent text "We write to you when there is something new." keep 2 years after given }
letter news "News" { for offers body "There is something new." }
process job "Job" {
  show in portal
  access clerk: see, move, edit, erase
  field note "Note" text
  show note
  stage one "One" {
    move to two by clerk
    move to done by clerk
  }
  stage two "Two" {
    on enter { send news to client }
    move to one by clerk
  }
  final stage done "Done" success
}
`

/** What one round did, by kind, and what of it did not hold. */
export interface WithdrawalRound {
  readonly figures: Readonly<Record<string, number>>
  readonly failures: readonly string[]
}

/** Two nodes on one database and a slow mail server, where consent is withdrawn while a letter that rests on it is about to go. */
export interface WithdrawalRace {
  /** `below` gives a whole number from 0 to its argument, which it does not reach. */
  round(below: (limit: number) => number): Promise<WithdrawalRound>
  close(): Promise<void>
}

interface Parts {
  readonly nodes: readonly Api[]
  readonly post: SlowPost
  readonly db: pg.Pool
}

export async function openWithdrawalRace(
  databaseUrl: string,
  below: (limit: number) => number,
): Promise<WithdrawalRace> {
  const post = await startSlowPost(() => below(30))
  const { close, nodes } = await startTwoNodes(workspace, databaseUrl, systemClock, post.url)
  const parts = { nodes, post, db: new pg.Pool({ connectionString: databaseUrl, max: 2 }) }
  let rounds = 0
  return {
    round: (below) => runRound(parts, `reader${rounds++}@client.example`, below),
    close: async () => {
      await parts.db.end()
      await close()
      await post.close()
    },
  }
}

const lettersARound = 4

async function runRound(
  { nodes, post, db }: Parts,
  address: string,
  below: (limit: number) => number,
): Promise<WithdrawalRound> {
  const node = () => nodes[below(nodes.length)] as Api
  const client = (await node().post('/clients', { email: address })).body.id
  const evidence = { channel: 'paper', note: 'signed slip' }
  await node().post(`/clients/${client}/consents`, { purpose: 'offers', decision: 'given', evidence })
  const cases = await Promise.all(
    Array.from({ length: lettersARound }, () => node().post('/cases', { process: 'job', client })),
  )
  // Half of the clients withdraw at any time, half while a letter is on its way.
  const moment = below(2) ? pause(below(60)) : post.begins(address).then(() => pause(below(25)))
  const sending = cases.map(async ({ body }) => {
    await pause(below(25))
    return node().post(`/cases/${body.id}/moves`, { to: 'two' })
  })
  await moment
  const answer = await (below(2)
    ? node().post(`/clients/${client}/consents`, { purpose: 'offers', decision: 'withdrawn' })
    : node().post(`/clients/${client}/consents/withdraw`))
  const acknowledged = performance.now()
  await Promise.all(sending)
  await eventually('every letter to be settled', async () => {
    const { rows } = await db.query(
      "select count(*)::int as n from letters where client_id = $1 and status = 'waiting'",
      [client],
    )
    return rows[0].n === 0
  })
  const { rows } = await db.query('select status from letters where client_id = $1', [client])
  const arrived = post.arrived.get(address) ?? []
  const late = arrived.filter((at) => at > acknowledged)
  const sent = rows.filter(({ status }) => status === 'sent').length
  const failures = late.map(
    (at) => `${address}: a letter came ${(at - acknowledged).toFixed(1)} ms after the withdrawal`,
  )
  if (answer.status >= 300) failures.push(`${address}: the withdrawal was answered with ${answer.status}`)
  if (sent !== arrived.length) failures.push(`${address}: ${sent} letters count as sent, ${arrived.length} arrived`)
  return {
    figures: {
      'letters before the withdrawal': arrived.length - late.length,
      'letters stopped by it': rows.length - sent,
      'letters not written any more': lettersARound - rows.length,
    },
    failures,
  }
}
