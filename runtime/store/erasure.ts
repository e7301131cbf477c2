import type pg from 'pg'

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
  for (const table of ['values', 'lookups', 'letters', 'messages', 'evidence', 'keys']) {
    const where = table === 'letters' ? theirs : 'client_id = $1'
    const { rowCount } = await db.query(`delete from vault.${table} where ${where}`, [clientId])
    counts[table] = rowCount ?? 0
  }
  await db.query(`update letters set status = 'skipped', because = $2 where ${theirs} and status = 'waiting'`, [
    clientId,
    'the client was erased before it went out',
  ])
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
