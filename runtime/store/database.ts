import knex, { type Knex } from 'knex'
import pg from 'pg'
import { Refusal } from '../refusal.ts'

/** Connections to Postgres: `road` for the groups of events, `pool` for reading and transactions, `knex` for migrations and people. */
export interface Database {
  readonly url: string
  readonly road: pg.Pool
  readonly pool: pg.Pool
  readonly knex: Knex
  close(): Promise<void>
}

export function openDatabase(url: string, onError: (error: Error) => void): Database {
  const pool = new pg.Pool({ connectionString: url, max: 8, connectionTimeoutMillis: 5_000 })
  pool.on('error', onError)
  pool.on('connect', (client) => client.on('error', onError))
  // Groups look up rows by their keys and nothing else. Without this, Postgres reads a small table whole, dead rows too.
  const road = new pg.Pool({
    connectionString: url,
    max: 4,
    connectionTimeoutMillis: 5_000,
    options: '-c enable_seqscan=off',
  })
  road.on('error', onError)
  road.on('connect', (client) => client.on('error', onError))
  const builder = knex({ client: 'pg', connection: url, pool: { min: 0, max: 8 }, acquireConnectionTimeout: 5_000 })
  return {
    url,
    road,
    pool,
    knex: builder,
    close: async () => {
      await builder.destroy()
      await road.end()
      await pool.end()
    },
  }
}

/** Whether an error means that the database is away or going away, and not that a statement is wrong. */
export function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  return (
    /^(08|57P|53)/.test(code) ||
    /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH)/.test(code) ||
    /terminat|timeout|Connection ended|not queryable|Unable to acquire|KnexTimeout/i.test(
      `${error.name} ${error.message}`,
    )
  )
}

/** What a request is told while the database is away: nothing was lost, and when to try again. */
export function unavailable(): Refusal {
  return new Refusal(
    'unavailable',
    'the database does not answer just now; nothing you sent was half done: try again in a moment',
  )
}
