import type pg from 'pg'
import { reasonOf } from '../reasons.ts'

/** Those of the vault's tables whose key begins with the case. */
const byCase = new Set(['letters', 'documents', 'starts', 'calls'])

/** Those that hold what was sealed under a client's key; the key goes last. */
const sealedTables = [
  'values',
  'lookups',
  'letters',
  'calls',
  'messages',
  'documents',
  'starts',
  'evidence',
  'incident_words',
  'holds',
  'keys',
]

/**
 * Deletes a client's key and every row sealed under it, empties what the row itself says of them, and keeps the proof.
 * Returns how many rows of each kind went.
 */
export async function eraseClientRows(
  db: pg.PoolClient,
  clientId: string,
  at: string,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  const theirs = 'client_id = $1 and case_id in (select case_id from cases where client_id = $1)'
  for (const table of sealedTables) {
    const where = byCase.has(table) ? theirs : 'client_id = $1'
    const { rowCount } = await db.query(`delete from vault.${table} where ${where}`, [clientId])
    counts[table] = rowCount ?? 0
  }
  for (const table of ['letters', 'calls']) {
    // What is on its way already goes on to its end, which is noted then.
    const waits = "status = 'waiting' and coalesce(sending_until < now(), true)"
    await db.query(`update ${table} set status = 'skipped', because = $2 where ${theirs} and ${waits}`, [
      clientId,
      reasonOf('clientErased'),
    ])
  }
  await db.query('delete from sessions where subject_id = $1', [clientId])
  await db.query('delete from portal_codes where client_id = $1', [clientId])
  await db.query(
    'update clients set erased_at = $2, consents = $3, consent_seq = consent_seq + 1 where client_id = $1',
    [clientId, at, {}],
  )
  return counts
}

/** Keeps the proof of an erasure. */
export async function insertErasure(
  db: pg.PoolClient,
  erasure: { clientId: string; at: string; actor: string; counts: object; proof: string },
): Promise<void> {
  await db.query('insert into erasures (client_id, at, actor, counts, proof) values ($1, $2, $3, $4, $5)', [
    erasure.clientId,
    erasure.at,
    erasure.actor,
    erasure.counts,
    erasure.proof,
  ])
}

/** Keeps the record of an erasure in place of any other of the same client. */
export async function keepErasure(
  db: pg.PoolClient,
  erasure: { clientId: string; at: string; actor: string; counts: object; proof: string },
): Promise<void> {
  await db.query(
    `insert into erasures (client_id, at, actor, counts, proof) values ($1, $2, $3, $4, $5)
     on conflict (client_id) do update
     set at = excluded.at, actor = excluded.actor, counts = excluded.counts, proof = excluded.proof`,
    [erasure.clientId, erasure.at, erasure.actor, erasure.counts, erasure.proof],
  )
}

export interface StoredErasure {
  readonly clientId: string
  readonly at: string
  readonly actor: string
  readonly counts: Readonly<Record<string, number>>
  readonly proof: string
}

/** The records of erasures that follow a client's id, in the order of the ids. */
export async function erasuresAfter(
  db: pg.Pool,
  page: { readonly after: string | null; readonly since: string | null; readonly limit: number },
): Promise<StoredErasure[]> {
  const { rows } = await db.query(
    `select client_id, at, actor, counts, proof from erasures
     where ($1::uuid is null or client_id > $1) and ($2::timestamptz is null or at >= $2) order by client_id limit $3`,
    [page.after, page.since, page.limit],
  )
  return rows.map(({ client_id, at, actor, counts, proof }) => ({ clientId: client_id, at, actor, counts, proof }))
}
