import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { access, chmod, chown, cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { createLog } from '../../runtime/log.ts'
import { startPostgres } from '../../runtime/sandbox/index.ts'
import { findPostgres } from '../../runtime/sandbox/postgres-program.ts'
import { query } from '../database-query.ts'
import { eventually } from '../eventually.ts'
import { freePort } from '../free-port.ts'

const run = promisify(execFile)
const log = createLog('silent')

/** A Postgres that a backup is taken of while it works. */
export interface BackedUp {
  readonly url: string
  /** Takes a backup as docs/operations.md says; what it gives restores that elsewhere. */
  backUp(): Promise<() => Promise<Restored>>
  close(): Promise<void>
}

export interface Restored {
  readonly url: string
  close(): Promise<void>
}

/** Backs up by `pg_dump`; only where Debian's Postgres is installed, for the embedded one brings no `pg_dump`. */
export async function dumpedPostgres(): Promise<BackedUp> {
  const programs = await debianPrograms()
  if (!programs) throw new Error('install `postgresql` (Debian) to run this: it brings pg_dump and pg_restore')
  const folder = await mkdtemp(join(tmpdir(), 'zgoda-dump-'))
  const { account } = await findPostgres(folder)
  const data = join(folder, 'data')
  await chmod(folder, 0o711)
  await mkdir(data, { mode: 0o700 })
  if (account) await chown(data, account.uid, account.gid)
  const as = account ?? {}
  const env = { PATH: process.env.PATH ?? '', LC_ALL: 'C' }
  await run(join(programs, 'initdb'), ['-D', data, '-U', 'postgres', '--auth=trust', '-E', 'UTF8'], { ...as, env })
  const port = await freePort()
  const settings = ['-c', `port=${port}`, '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=']
  const server = spawn(join(programs, 'postgres'), ['-D', data, ...settings], { ...as, env, stdio: 'ignore' })
  const urlOf = (name: string) => `postgres://postgres@127.0.0.1:${port}/${name}`
  await answering(urlOf('postgres'))
  await query(urlOf('postgres'), 'create database zgoda')
  return {
    url: urlOf('zgoda'),
    backUp: async () => {
      const file = join(folder, `${randomBytes(4).toString('hex')}.dump`)
      await run(join(programs, 'pg_dump'), ['--format=custom', `--file=${file}`, urlOf('zgoda')])
      return async () => {
        const name = `restored_${randomBytes(4).toString('hex')}`
        await query(urlOf('postgres'), `create database ${name}`)
        await run(join(programs, 'pg_restore'), ['--no-owner', '--exit-on-error', `--dbname=${urlOf(name)}`, file])
        return {
          url: urlOf(name),
          close: async () => void (await query(urlOf('postgres'), `drop database ${name} with (force)`)),
        }
      }
    },
    close: async () => {
      const ended = once(server, 'exit')
      server.kill('SIGINT')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Where Debian puts the programs of its newest Postgres. */
async function debianPrograms(): Promise<string | undefined> {
  const versions = await readdir('/usr/lib/postgresql').catch(() => [])
  const newest = versions.map(Number).toSorted((a, b) => b - a)[0]
  const programs = `/usr/lib/postgresql/${newest}/bin`
  return access(join(programs, 'pg_dump')).then(
    () => programs,
    () => undefined,
  )
}

/** Backs up by a copy of the files while the server writes, with the log of that time: what `pg_basebackup` does, and with the same calls. */
export async function copiedPostgres(): Promise<BackedUp> {
  const dataDir = await mkdtemp(join(tmpdir(), 'zgoda-base-'))
  const postgres = await startPostgres({ dataDir, log })
  return {
    url: postgres.url,
    backUp: async () => {
      const copy = await copyOf(dataDir, postgres.adminUrl)
      return async () => {
        const restored = await startPostgres({ dataDir: copy, log })
        return {
          url: restored.url,
          close: async () => {
            await restored.stop()
            await rm(copy, { recursive: true, force: true })
          },
        }
      }
    },
    close: async () => {
      await postgres.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

async function copyOf(dataDir: string, adminUrl: string): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'zgoda-base-copy-'))
  const [from, to] = [join(dataDir, 'cluster'), join(copy, 'cluster')]
  const session = new pg.Client({ connectionString: adminUrl })
  await session.connect()
  try {
    await session.query("select pg_backup_start('torture', fast => true)")
    await run('cp', ['-a', from, to]).catch(vanished)
    const { rows } = await session.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)')
    // The log up to the end of the backup: without it the copied files fit together at no moment.
    await run('cp', ['-a', `${from}/pg_wal/.`, `${to}/pg_wal`]).catch(vanished)
    await rm(join(to, 'postmaster.pid'), { force: true })
    await writeFile(join(to, 'backup_label'), rows[0]?.labelfile ?? '')
  } finally {
    await session.end()
  }
  await cp(join(dataDir, 'password'), join(copy, 'password'))
  const { account } = await findPostgres(copy)
  if (account)
    for (const file of [join(copy, 'password'), join(to, 'backup_label')]) await chown(file, account.uid, account.gid)
  return copy
}

/** A file that the server removed while it was copied is none that the backup needs. */
function vanished(error: Error & { stderr?: string }): void {
  const lines = (error.stderr ?? '').trim().split('\n')
  if (!lines.every((line) => /No such file|vanished/.test(line))) throw error
}

function answering(url: string): Promise<true> {
  return eventually(
    'Postgres to answer',
    () =>
      query(url, 'select 1').then(
        () => true as const,
        () => false,
      ),
    60,
  )
}

/** Every row of every table, as text. */
export async function allRows(url: string): Promise<string> {
  const tables = await query<{ name: string }>(
    url,
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema')`,
  )
  const rows: string[] = []
  for (const { name } of tables)
    for (const { row } of await query<{ row: string }>(url, `select x::text as row from ${name} x`)) rows.push(row)
  return rows.join('\n')
}
