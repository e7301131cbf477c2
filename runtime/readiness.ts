import type pg from 'pg'
import type { ReceiverStatus } from './mail/receive.ts'
import type { Sender } from './mail/send.ts'

/** What writes to the mail servers and reads from them; absent where none is set. */
export interface MailEnds {
  readonly sender?: Sender
  /** Ours is false where it is another node that reads it. */
  readonly mailbox?: { ours(): boolean; status(): ReceiverStatus }
}

/** Whoever probes does not wait long: two seconds. */
const probe = { text: 'select 1', query_timeout: 2_000 }

/** Whether requests can be taken, and how each server outside stands. Requests need the database alone; letters and replies wait. */
export async function readiness(
  pool: pg.Pool,
  { sender, mailbox }: MailEnds,
): Promise<{ ready: boolean; checks: Readonly<Record<'database' | 'letters' | 'mailbox', string>> }> {
  const database = await pool.query(probe).then(
    () => 'ok',
    () => 'does not answer',
  )
  const none = 'none is set'
  return {
    ready: database === 'ok',
    checks: {
      database,
      letters: sender ? (sender.trouble() ?? 'ok') : none,
      mailbox: mailbox ? stateOf(mailbox.status(), mailbox.ours()) : none,
    },
  }
}

function stateOf({ state, because }: ReceiverStatus, ours: boolean): string {
  if (!ours) return 'not read by this node'
  return because ?? (state === 'listening' ? 'ok' : state)
}
