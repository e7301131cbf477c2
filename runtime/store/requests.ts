import type pg from 'pg'

export interface StoredRequest {
  readonly bodyHash: Buffer
  readonly subjectId: string
}

/** A request that was carried out before under this key of its caller's. */
export async function findRequest(pool: pg.Pool, caller: string, key: string): Promise<StoredRequest | undefined> {
  const { rows } = await pool.query<{ body_hash: Buffer; subject_id: string }>({
    name: 'find request',
    text: 'select body_hash, subject_id from requests where caller = $1 and key = $2',
    values: [caller, key],
  })
  return rows[0] && { bodyHash: rows[0].body_hash, subjectId: rows[0].subject_id }
}

/** Those of a caller's keys under which requests were carried out before. */
export async function findRequests(
  pool: pg.Pool,
  caller: string,
  keys: readonly string[],
): Promise<Map<string, StoredRequest>> {
  const { rows } = await pool.query<{ key: string; body_hash: Buffer; subject_id: string }>(
    'select key, body_hash, subject_id from requests where caller = $1 and key = any($2::text[])',
    [caller, keys],
  )
  return new Map(rows.map((row) => [row.key, { bodyHash: row.body_hash, subjectId: row.subject_id }]))
}

/** Notes that a request was carried out; false where one with this key was before. */
export async function claimRequest(
  db: pg.Pool | pg.PoolClient,
  request: { caller: string; key: string; bodyHash: Buffer; subjectId: string; at: string },
): Promise<boolean> {
  const { rowCount } = await db.query(
    'insert into requests (caller, key, body_hash, subject_id, at) values ($1, $2, $3, $4, $5) on conflict do nothing',
    [request.caller, request.key, request.bodyHash, request.subjectId, request.at],
  )
  return rowCount === 1
}

export async function forgetRequests(pool: pg.Pool, before: Date): Promise<void> {
  await pool.query('delete from requests where at < $1', [before])
}
