import type pg from 'pg'
import { wayTo } from './primary.ts'

/** How a database stands, for `zgoda doctor`. */
export interface Standing {
  /** As Postgres counts: 140005. */
  readonly version: number
  /** Milliseconds since 1970 by its clock. */
  readonly clock: number
  /** The migrations it has had; empty before the first start. */
  readonly migrations: readonly string[]
  /** By what it knows its master key; undefined before the first start. */
  readonly masterCheck: Buffer | undefined
  readonly mayCreate: boolean
  readonly encoding: string
  /** How many connections others than superusers may hold. */
  readonly connections: number
  /** Whether a commit that was acknowledged survives a loss of power. */
  readonly durable: boolean
}

/** Looks, and changes nothing: the session is read-only. Throws what Postgres or the network answers. */
export async function standing(url: string): Promise<Standing> {
  const { Client, connectionString } = wayTo(url)
  const client = new Client({
    connectionString,
    application_name: 'zgoda doctor',
    connectionTimeoutMillis: 5_000,
    query_timeout: 10_000,
  })
  client.on('error', () => undefined)
  await client.connect()
  try {
    // Not from the start: a server that takes no writes would not be met.
    await client.query('set default_transaction_read_only = on')
    return await look(client)
  } finally {
    await client.end()
  }
}

async function look(client: pg.Client): Promise<Standing> {
  const { rows } = await client.query(
    `select current_setting('server_version_num')::int as version,
       has_database_privilege(current_database(), 'create') as may_create,
       current_setting('server_encoding') as encoding,
       current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as connections,
       current_setting('fsync') = 'on' and current_setting('synchronous_commit') <> 'off' as durable,
       to_regclass('knex_migrations') is not null as migrated,
       to_regclass('vault.master_check') is not null as checked`,
  )
  const [facts] = rows
  const migrations = facts.migrated ? (await client.query('select name from knex_migrations order by id')).rows : []
  const check = facts.checked ? (await client.query('select value from vault.master_check')).rows : []
  // The last, so that the time of connecting does not count.
  const time = await client.query('select extract(epoch from clock_timestamp()) * 1000 as clock')
  return {
    version: facts.version,
    clock: Number(time.rows[0].clock),
    migrations: migrations.map(({ name }) => name),
    masterCheck: check[0]?.value,
    mayCreate: facts.may_create,
    encoding: facts.encoding,
    connections: facts.connections,
    durable: facts.durable,
  }
}
