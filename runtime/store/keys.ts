import type pg from 'pg'

/** The wrapped key kept for an id; `fresh` becomes it where none was. */
export async function keptKey(pool: pg.Pool, id: string, fresh: Buffer): Promise<Buffer> {
  await pool.query('insert into vault.keys (client_id, wrapped) values ($1, $2) on conflict do nothing', [id, fresh])
  const { rows } = await pool.query<{ wrapped: Buffer }>('select wrapped from vault.keys where client_id = $1', [id])
  return (rows[0] as { wrapped: Buffer }).wrapped
}

/** The check value of the master key that the database was made with; undefined before its first start. */
export async function loadMasterCheck(pool: pg.Pool | pg.ClientBase): Promise<Buffer | undefined> {
  const table = await pool.query<{ made: boolean }>("select to_regclass('vault.master_check') is not null as made")
  if (!table.rows[0]?.made) return undefined
  const { rows } = await pool.query<{ value: Buffer }>('select value from vault.master_check')
  return rows[0]?.value
}

/** Keeps the check value of the first master key; a later one is left out. */
export async function keepMasterCheck(pool: pg.Pool, value: Buffer): Promise<void> {
  await pool.query('insert into vault.master_check (value) values ($1) on conflict do nothing', [value])
}
