import type pg from 'pg'

/** The wrapped key kept for an id; `fresh` becomes it where none was. */
export async function keptKey(pool: pg.Pool, id: string, fresh: Buffer): Promise<Buffer> {
  await pool.query('insert into vault.keys (client_id, wrapped) values ($1, $2) on conflict do nothing', [id, fresh])
  const { rows } = await pool.query<{ wrapped: Buffer }>('select wrapped from vault.keys where client_id = $1', [id])
  return (rows[0] as { wrapped: Buffer }).wrapped
}
