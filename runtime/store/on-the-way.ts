import type pg from 'pg'

/** A letter or a call that rests on a consent, about to leave. */
interface Leaving {
  readonly caseId: string
  readonly seq: number
  readonly clientId: string
}

/**
 * Says that a letter or a call leaves now, for `seconds` at most; false where it may not any more. It may while it waits and the
 * client has decided nothing since `consentSeq`. Whoever decides for the client holds their row, so that either the decision
 * sees that something is on its way, or what wants to leave sees the decision.
 */
export async function leave(
  pool: pg.Pool,
  what: 'letters' | 'calls',
  { caseId, seq, clientId }: Leaving,
  { consentSeq, seconds }: { readonly consentSeq: number; readonly seconds: number },
): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: `leave ${what}`,
    text: `with client as materialized (select consent_seq, erased_at from clients where client_id = $3 for share)
      update ${what} set sending_until = now() + $5 * interval '1 second'
      where case_id = $1 and seq = $2 and status = 'waiting'
        and exists (select 1 from client where consent_seq = $4 and erased_at is null)`,
    values: [caseId, seq, clientId, consentSeq, seconds],
  })
  return rowCount === 1
}

/** How much that rests on a consent of this client's is on its way. */
export async function onTheirWay(pool: pg.Pool, clientId: string): Promise<number> {
  const { rows } = await pool.query<{ n: number }>({
    name: 'on their way',
    text: `select (select count(*) from letters where client_id = $1 and status = 'waiting' and sending_until > now())::int
      + (select count(*) from calls where client_id = $1 and status = 'waiting' and sending_until > now())::int as n`,
    values: [clientId],
  })
  return rows[0]?.n ?? 0
}
