import type pg from 'pg'

type Db = pg.Pool | pg.PoolClient

/** Calls of one webhook that are under way at once, on all nodes: one that hangs leaves room for the others. */
const atOnce = 4

/** The SQL of the queue that a call lines up in, one after another; a case's calls of one webhook are in the same. */
export function callQueue(webhook: string, caseId: string): string {
  return `${webhook} || ' ' || (('x' || right(${caseId}::text, 1))::bit(4)::int % ${atOnce})`
}

export interface StoredCall {
  readonly caseId: string
  readonly seq: number
  readonly webhook: string
  readonly clientId: string | null
  readonly status: 'waiting' | 'done' | 'skipped' | 'failed'
  readonly because: string | null
  /** Gone once the call was taken. */
  readonly sealed: Buffer | null
}

export async function loadCall(db: Db, caseId: string, seq: number): Promise<StoredCall | undefined> {
  const { rows } = await db.query(
    `select c.webhook, c.client_id, c.status, c.because, v.sealed
     from calls c left join vault.calls v using (case_id, seq) where c.case_id = $1 and c.seq = $2`,
    [caseId, seq],
  )
  const [row] = rows
  if (!row) return undefined
  const { webhook, client_id: clientId, status, because, sealed } = row
  return { caseId, seq, webhook, clientId, status, because, sealed }
}

/** Notes what became of a call that was waiting. What it said is kept on only where it failed and may be tried again. */
export async function settleCall(
  db: Db,
  { caseId, seq }: { readonly caseId: string; readonly seq: number },
  outcome: { readonly status: 'done' | 'skipped' | 'failed'; readonly because?: string; readonly at: string },
): Promise<void> {
  await db.query(
    `with settled as (
       update calls set status = $3, because = $4, settled_at = $5, sending_until = null
       where case_id = $1 and seq = $2 and status = 'waiting' returning status)
     delete from vault.calls where case_id = $1 and seq = $2 and exists (select 1 from settled where status <> 'failed')`,
    [caseId, seq, outcome.status, outcome.because ?? null, outcome.at],
  )
}

/** Notes why a call still waits. */
export async function noteCallWaiting(
  db: Db,
  { caseId, seq }: { readonly caseId: string; readonly seq: number },
  because: string,
): Promise<void> {
  await db.query(
    "update calls set because = $3, sending_until = null where case_id = $1 and seq = $2 and status = 'waiting'",
    [caseId, seq, because],
  )
}
