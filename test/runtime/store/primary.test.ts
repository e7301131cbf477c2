import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readDatabaseAddress } from '../../../runtime/database-address.ts'
import { createLog } from '../../../runtime/log.ts'
import { type EmbeddedPostgres, startPostgres } from '../../../runtime/sandbox/postgres.ts'
import { type Database, isAway, openDatabase } from '../../../runtime/store/database.ts'
import { migrate } from '../../../runtime/store/migrate.ts'
import { openQueue } from '../../../runtime/store/queue.ts'
import { openLifeline } from '../../../runtime/store/workers.ts'
import { eventually } from '../../eventually.ts'
import { type Gate, gateTo } from '../../gate.ts'

describe('the address of a database', () => {
  it('names several servers, each with the same user, database and options', () => {
    const { servers, seeksPrimary } = readDatabaseAddress(
      'postgres://u:p%40@one:5432,two,[::1]:5433/d?sslmode=require&target_session_attrs=read-write',
    )
    expect(servers).toEqual([
      'postgres://u:p%40@one:5432/d?sslmode=require',
      'postgres://u:p%40@two/d?sslmode=require',
      'postgres://u:p%40@[::1]:5433/d?sslmode=require',
    ])
    expect(seeksPrimary).toBe(true)
  })

  it.each(['postgres://u:p@one/d', 'postgres://u@/d?host=/run/postgresql', 'postgresql:///d'])(
    'names one: %s',
    (url) => {
      expect(readDatabaseAddress(url)).toMatchObject({ servers: [url], seeksPrimary: false })
    },
  )
})

it('is the way of every connection that the server makes', async () => {
  const folder = 'runtime/store'
  for (const name of await readdir(folder)) {
    if (!name.endsWith('.ts') || name === 'primary.ts') continue
    const source = await readFile(join(folder, name), 'utf8')
    expect(source, `${name} opens a connection by itself: use \`wayTo\` of primary.ts`).not.toMatch(
      /new pg\.Client|connectionString: (db\.)?url|connection: url/,
    )
  }
})

/** A server that says of itself, as a standby would, whether it takes writes, and can be cut off. */
interface Server {
  readonly postgres: EmbeddedPostgres
  readonly gate: Gate
  takeWrites(takes: boolean): Promise<void>
  stop(): Promise<void>
}

const password = 'the-same-on-each'

async function startServer(): Promise<Server> {
  const dataDir = await mkdtemp(join(tmpdir(), 'zgoda-primary-'))
  const postgres = await startPostgres({ dataDir, log: createLog('silent'), settings: { fsync: 'off' } })
  const ask = async (...texts: string[]) => {
    const client = new pg.Client({ connectionString: postgres.adminUrl })
    await client.connect()
    for (const text of texts) await client.query(text)
    await client.end()
  }
  await ask(`alter role zgoda password '${password}'`)
  const gate = await gateTo(postgres.port)
  await gate.open()
  return {
    postgres,
    gate,
    takeWrites: (takes) =>
      ask(
        'set default_transaction_read_only = off',
        `alter system set default_transaction_read_only = ${takes ? 'off' : 'on'}`,
        'select pg_reload_conf()',
        // A server that becomes a standby starts anew.
        'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname is not null',
      ),
    stop: async () => {
      await gate.shut()
      await postgres.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

describe('a database of several servers', () => {
  let one: Server
  let two: Server
  let url: string
  let db: Database

  beforeAll(async () => {
    one = await startServer()
    two = await startServer()
    await two.takeWrites(false)
    const hosts = [two, one].map(({ gate }) => `127.0.0.1:${gate.port}`)
    url = `postgres://zgoda:${password}@${hosts.join(',')}/zgoda?target_session_attrs=read-write`
    db = openDatabase(url, () => undefined)
  })
  afterAll(async () => {
    await db?.close()
    await one?.stop()
    await two?.stop()
  })

  type Asked = { query(text: string): Promise<pg.QueryResult> }
  const question = 'select inet_server_port() as port'
  const portOf = async (asked: Asked) => (await asked.query(question)).rows[0].port
  const ports = async () => [
    await portOf(db.pool),
    await portOf(db.road),
    (await db.knex.raw(question)).rows[0].port as number,
  ]
  const goesOnAt = (server: Server) =>
    eventually('each kind of connection to go to the primary', async () => {
      const found = await ports().catch((error: unknown) => {
        if (isAway(error)) return []
        throw error
      })
      return found.length === 3 && found.every((port) => port === server.postgres.port)
    })

  it('is met, on each kind of connection, at the server that takes writes', async () => {
    await migrate(url)
    await goesOnAt(one)
    const queue = openQueue(url)
    expect(await portOf(queue.pool)).toBe(one.postgres.port)
    await queue.close()
    const lifeline = await openLifeline(db, 'a pool', () => undefined)
    await lifeline.close()
    const { rows } = await db.pool.query("select count(*)::int as n from pg_tables where schemaname = 'vault'")
    expect(rows[0].n).toBeGreaterThan(0)
  })

  it('is away while none takes writes, and is met at the other once that one does', async () => {
    await one.takeWrites(false)
    const asking = [db.pool.query('select 1'), db.road.query('select 1'), Promise.resolve(db.knex.raw('select 1'))]
    for (const answer of await Promise.allSettled(asking)) {
      expect(answer.status).toBe('rejected')
      expect(isAway((answer as PromiseRejectedResult).reason)).toBe(true)
    }
    await two.takeWrites(true)
    await goesOnAt(two)
  })

  it('is met though another server swallows what is sent to it', async () => {
    one.gate.silence()
    await two.takeWrites(true)
    await goesOnAt(two)
    one.gate.speak()
  })

  it('says what is wrong where a server turns us away, instead of waiting', async () => {
    const wrong = openDatabase(url.replace(password, 'wrong'), () => undefined)
    await expect(wrong.pool.query('select 1')).rejects.toMatchObject({ code: '28P01' })
    await wrong.close()
  })
})
