import knex, { type Knex } from 'knex'
import pg from 'pg'
import { Refusal } from '../refusal.ts'
import { wayTo } from './primary.ts'

/** Milliseconds after which a statement without an answer counts as lost, and its connection with it. */
export const patience = 30_000

/** Connections to Postgres: `road` for the groups of events, `pool` for reading and transactions, `knex` for people. */
export interface Database {
  readonly url: string
  readonly road: pg.Pool
  readonly pool: pg.Pool
  readonly knex: Knex
  /** How many connections each pool has in use and idle, and how many ask for one in vain just now. */
  use(): readonly { name: string; used: number; idle: number; waiting: number }[]
  close(): Promise<void>
}

/** A network that swallows what is sent to it breaks off no connection: then `patience` is what ends the waiting. */
export function openDatabase(url: string, onError: (error: Error) => void, query_timeout = patience): Database {
  const { Client, connectionString } = wayTo(url)
  const connection = {
    connectionString,
    application_name: 'zgoda',
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    query_timeout,
  }
  const poolOf = (config: pg.PoolConfig) => {
    const pool = new pg.Pool({ ...connection, Client, ...config })
    pool.on('error', onError)
    pool.on('connect', (client) => client.on('error', onError))
    return pool
  }
  const types = { getTypeParser }
  const pool = poolOf({ max: 8, types, options: '-c timezone=UTC' })
  // Groups look up rows by their keys and nothing else. Without this, Postgres reads a small table whole, dead rows too.
  const road = poolOf({
    max: 4,
    types,
    options: '-c timezone=UTC -c enable_seqscan=off -c plan_cache_mode=force_generic_plan -c jit=off',
  })
  const builder = knex({
    client: 'pg',
    connection,
    pool: { min: 0, max: 8 },
    acquireConnectionTimeout: 5_000,
    log: unheard,
  })
  useClient(builder, Client)
  return {
    url,
    road,
    pool,
    knex: builder,
    use: () => [useOf('road', road), useOf('pool', pool), { name: 'people', ...useOfKnex(builder) }],
    close: async () => {
      await builder.destroy()
      await Promise.all([road.end(), pool.end()])
    },
  }
}

/** knex opens its connections itself, by its driver's `Client`, and has no setting for another one. */
export function useClient({ client }: Knex, Client: typeof pg.Client): void {
  client.driver = { ...pg, Client }
}

function useOf(name: string, { totalCount, idleCount, waitingCount }: pg.Pool) {
  return { name, used: totalCount - idleCount, idle: idleCount, waiting: waitingCount }
}

/** Of the pool that knex keeps (tarn). */
function useOfKnex({ client }: Knex) {
  const { pool } = client as { pool?: { numUsed(): number; numFree(): number; numPendingAcquires(): number } }
  return { used: pool?.numUsed() ?? 0, idle: pool?.numFree() ?? 0, waiting: pool?.numPendingAcquires() ?? 0 }
}

const say = () => undefined

/** Knex would print what it also throws. */
export const unheard: Knex.Logger = { warn: say, error: say, deprecate: say, debug: say }

const timestamptz = 1184

/** Times come as RFC 3339 text, as everything here has them: a `Date` in between costs more than the rest of a row. */
const getTypeParser: typeof pg.types.getTypeParser = (oid: number, format?: 'text' | 'binary') =>
  oid === timestamptz && format !== 'binary' ? rfc3339 : pg.types.getTypeParser(oid, format as 'text')

/** `2026-11-24 01:18:00.2+00`, as Postgres writes a time in UTC, to `2026-11-24T01:18:00.200Z`. */
export function rfc3339(text: string): string {
  const fraction = text[19] === '.' ? text.slice(20, -3) : ''
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction.slice(0, 3).padEnd(3, '0')}Z`
}

/** Whether an error means that the database is away or going away, and not that a statement is wrong. */
export function isAway(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof Refusal) return false
  const code = 'code' in error ? String(error.code) : ''
  return (
    /^(08|57P|53)/.test(code) ||
    /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)/.test(code) ||
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

/** The answer of work that asks the database, which where it is away becomes a refusal that says so. */
export async function answered<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw isAway(error) ? unavailable() : error
  }
}
