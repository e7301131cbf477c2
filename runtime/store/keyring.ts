import type pg from 'pg'
import { wayTo } from './primary.ts'

type Db = pg.Pool | pg.ClientBase

/** The row that keeps the server's secrets, sealed. `next` while another master key is taking the place of this one. */
export interface KeyringRow {
  readonly sealed: Buffer
  readonly next?: { readonly sealed: Buffer; readonly check: Buffer; readonly rewrapped: string | null }
}

/** Undefined before the first start of a version that keeps one. */
export async function loadKeyring(db: Db): Promise<KeyringRow | undefined> {
  const table = await db.query<{ made: boolean }>("select to_regclass('vault.keyring') is not null as made")
  if (!table.rows[0]?.made) return undefined
  const { rows } = await db.query('select sealed, next_sealed, next_check, rewrapped from vault.keyring')
  const [row] = rows
  if (!row) return undefined
  if (!row.next_sealed) return { sealed: row.sealed }
  return { sealed: row.sealed, next: { sealed: row.next_sealed, check: row.next_check, rewrapped: row.rewrapped } }
}

/** Keeps the secrets of a first start; those of a later one are left out. */
export async function keepKeyring(db: Db, sealed: Buffer): Promise<void> {
  await db.query('insert into vault.keyring (sealed) values ($1) on conflict do nothing', [sealed])
}

/** Whether any key was wrapped yet. */
export async function hasKeys(db: Db): Promise<boolean> {
  const { rows } = await db.query<{ some: boolean }>('select exists (select 1 from vault.keys) as some')
  return rows[0]?.some ?? false
}

const name = 'zgoda key rotate'
const lock = 'select pg_try_advisory_lock(hashtext($1)) as taken'

/** Runs `work` on a connection that alone may change the master key; answers nothing where another one does. */
export async function rotating<T>(url: string, work: (db: pg.Client) => Promise<T>): Promise<T | undefined> {
  const { Client, connectionString } = wayTo(url)
  const db = new Client({ connectionString, application_name: name, connectionTimeoutMillis: 5_000 })
  db.on('error', () => undefined)
  await db.connect()
  try {
    const { rows } = await db.query<{ taken: boolean }>(lock, [name])
    return rows[0]?.taken ? await work(db) : undefined
  } finally {
    await db.end()
  }
}

/** How many connections servers hold to this database. */
export async function serversConnected(db: Db): Promise<number> {
  const { rows } = await db.query<{ n: number }>(
    `select count(*)::int as n from pg_stat_activity
     where datname = current_database() and (application_name = 'zgoda' or application_name like 'zgoda jobs %')`,
  )
  return rows[0]?.n ?? 0
}

/** From here on no server starts on this database, until the rotation has ended. */
export async function beginRotation(db: Db, next: { sealed: Buffer; check: Buffer }): Promise<void> {
  await db.query('update vault.keyring set next_sealed = $1, next_check = $2, rewrapped = null', [
    next.sealed,
    next.check,
  ])
}

/** Takes back the beginning of a rotation that has rewrapped nothing. */
export async function dropRotation(db: Db): Promise<void> {
  await db.query('update vault.keyring set next_sealed = null, next_check = null where rewrapped is null')
}

export interface WrappedKey {
  readonly clientId: string
  readonly wrapped: Buffer
}

/** The keys that follow an id, in the order of their ids. */
export async function keysAfter(db: Db, after: string | null, limit: number): Promise<WrappedKey[]> {
  const { rows } = await db.query<{ client_id: string; wrapped: Buffer }>(
    'select client_id, wrapped from vault.keys where $1::uuid is null or client_id > $1 order by client_id limit $2',
    [after, limit],
  )
  return rows.map((row) => ({ clientId: row.client_id, wrapped: row.wrapped }))
}

/** Stores keys that were wrapped anew together with how far they reach: a crash leaves both or neither. */
export async function storeRewrapped(db: Db, keys: readonly WrappedKey[]): Promise<void> {
  await db.query(
    `with kept as (
       update vault.keys k set wrapped = i.wrapped
       from unnest($1::uuid[], $2::bytea[]) as i(client_id, wrapped) where k.client_id = i.client_id)
     update vault.keyring set rewrapped = $3`,
    [keys.map(({ clientId }) => clientId), keys.map(({ wrapped }) => wrapped), keys.at(-1)?.clientId],
  )
}

/** The new master key is the one from here on. */
export async function endRotation(db: Db): Promise<void> {
  await db.query(
    `with ended as (
       update vault.keyring set sealed = next_sealed, next_sealed = null, next_check = null, rewrapped = null
       where next_sealed is not null returning (select next_check from vault.keyring) as check_value)
     update vault.master_check set value = check_value from ended`,
  )
}
