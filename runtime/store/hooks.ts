import type pg from 'pg'

export interface StoredHook {
  readonly id: string
  readonly process: string
  readonly signal: string
  /** Sealed. */
  readonly secret: Buffer
  readonly madeBy: string
  readonly at: string
}

const select = 'select hook_id, process, signal, secret, made_by, at from hooks'

export async function insertHook(pool: pg.Pool, hook: StoredHook & { readonly tokenHash: Buffer }): Promise<void> {
  await pool.query(
    'insert into hooks (hook_id, token_hash, process, signal, secret, made_by, at) values ($1, $2, $3, $4, $5, $6, $7)',
    [hook.id, hook.tokenHash, hook.process, hook.signal, hook.secret, hook.madeBy, hook.at],
  )
}

export async function hookByToken(pool: pg.Pool, tokenHash: Buffer): Promise<StoredHook | undefined> {
  const { rows } = await pool.query(`${select} where token_hash = $1`, [tokenHash])
  return rows[0] && hookRow(rows[0])
}

/** Those of these processes, or all where `processes` is undefined; oldest first. */
export async function listHooks(pool: pg.Pool, processes: readonly string[] | undefined): Promise<StoredHook[]> {
  const { rows } = await pool.query(`${select} where $1::text[] is null or process = any($1) order by hook_id`, [
    processes ?? null,
  ])
  return rows.map(hookRow)
}

/** Removes a hook of one of these processes; false where there is none. */
export async function deleteHook(
  pool: pg.Pool,
  id: string,
  processes: readonly string[] | undefined,
): Promise<boolean> {
  const { rowCount } = await pool.query(
    'delete from hooks where hook_id = $1 and ($2::text[] is null or process = any($2))',
    [id, processes ?? null],
  )
  return rowCount === 1
}

/** The case of a process with this number or id. */
export async function findCase(pool: pg.Pool, process: string, named: string): Promise<string | undefined> {
  const column = /^\d{1,15}$/.test(named) ? 'number' : 'case_id'
  const { rows } = await pool.query(`select case_id from cases where process = $1 and ${column} = $2`, [process, named])
  return rows[0]?.case_id
}

function hookRow(row: Record<string, unknown>): StoredHook {
  return {
    id: row.hook_id as string,
    process: row.process as string,
    signal: row.signal as string,
    secret: row.secret as Buffer,
    madeBy: row.made_by as string,
    at: row.at as string,
  }
}
