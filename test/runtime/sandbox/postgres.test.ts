import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EmbeddedPostgres, startPostgres } from '../../../runtime/sandbox/postgres.ts'
import { findPostgres } from '../../../runtime/sandbox/postgres-program.ts'

const log = { info() {}, warn() {}, debug() {}, error() {} }

describe('the embedded Postgres', () => {
  let folder = ''
  let dataDir = ''

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'zgoda-postgres-'))
    // Closed to every other account, as a repository under /root is.
    await chmod(folder, 0o700)
    dataDir = join(folder, 'database')
  })

  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('keeps what was committed when its owner is killed, again and again', async () => {
    for (const turn of [0, 1, 2]) {
      const owner = await hold(dataDir)
      const sums = await query(
        owner.url,
        `create table if not exists kept (turn int); insert into kept values (${turn}); select count(*)::int as kept from kept`,
      )
      expect(sums).toEqual([{ kept: turn + 1 }])
      await kill(owner.child)
    }
  })

  it('ends a server left on its folder, with its open transactions', async () => {
    const owner = await startPostgres({ dataDir, log })
    await owner.stop()
    const program = await findPostgres(dataDir)
    const args = ['-D', join(dataDir, 'cluster'), '-p', String(owner.port), '-c', 'unix_socket_directories=']
    const left = program.spawn(program.postgres, args, ['ignore', 'ignore', 'ignore'])
    const leftEnded = once(left, 'exit')
    const session = new pg.Client({ connectionString: owner.url })
    session.on('error', () => undefined)
    await expect.poll(() => query(owner.url, 'select 1').catch(() => []), { timeout: 30_000 }).toHaveLength(1)
    await session.connect()
    await session.query('begin; insert into kept values (99)')

    const server = await startPostgres({ dataDir, log })
    await leftEnded
    expect(await query(server.url, 'select count(*)::int as kept from kept where turn = 99')).toEqual([{ kept: 0 }])
    await server.stop()
  })

  it('starts again by itself after it was killed', async () => {
    const server = await startPostgres({ dataDir, log })
    const before = await query(server.url, 'select pg_postmaster_start_time()::text as started')
    const postmaster = Number.parseInt(await readFile(join(dataDir, 'cluster', 'postmaster.pid'), 'utf8'), 10)
    process.kill(postmaster, 'SIGKILL')
    await expect
      .poll(() => query(server.url, 'select pg_postmaster_start_time()::text as started').catch(() => before), {
        timeout: 30_000,
      })
      .not.toEqual(before)
    await server.stop()
  })

  describe('while it runs', () => {
    let server: EmbeddedPostgres

    beforeAll(async () => {
      server = await startPostgres({ dataDir, log })
    })

    afterAll(() => server.stop())

    it('refuses a second owner in words that help', async () => {
      await expect(startPostgres({ dataDir, log })).rejects.toThrow(/is in use by another running demo: stop that one/)
    })

    it('serves this machine alone, by password', async () => {
      expect(await query(server.adminUrl, 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }])
      const guess = new URL(server.url)
      guess.password = 'guess'
      await expect(query(guess.href, 'select 1')).rejects.toThrow('password authentication failed')
    })

    it('keeps its password to its owner', async () => {
      const { mode } = await stat(join(dataDir, 'password'))
      expect((mode & 0o777).toString(8)).toBe('600')
    })

    it('waits for the disk at each commit', async () => {
      const settings = await query(
        server.url,
        "select current_setting('synchronous_commit') as commit, current_setting('fsync') as fsync",
      )
      expect(settings).toEqual([{ commit: 'on', fsync: 'on' }])
    })

    it('gives the server no right over the rest of the machine', async () => {
      await expect(query(server.url, "copy (select 1) to program 'true'")).rejects.toThrow('permission denied')
    })

    it('writes no statement and no value to its log', async () => {
      await query(server.url, "select 'marker-5f1'::int").catch(() => undefined)
      await query(
        server.url,
        "create table once (name text primary key); insert into once values ('marker-5f1'); insert into once values ('marker-5f1')",
      ).catch(() => undefined)
      const text = await readFile(join(dataDir, 'log'), 'utf8')
      expect(text).toContain('duplicate key')
      expect(text).not.toContain('insert into')
    })
  })
})

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    const results: unknown = await client.query(text)
    const last = (Array.isArray(results) ? results.at(-1) : results) as pg.QueryResult
    return last.rows
  } finally {
    await client.end()
  }
}

async function hold(dataDir: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'hold-postgres.ts'), dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return { child, url: line.toString().trim() }
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  await once(child, 'exit')
}
