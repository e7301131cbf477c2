import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmod, chown, type FileHandle, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import type { Log } from '../log.ts'
import { lockFolder } from './folder-lock.ts'
import { stopOrphan } from './postgres-orphan.ts'
import { findPostgres, type PostgresProgram } from './postgres-program.ts'

export interface EmbeddedPostgres {
  /** The database `zgoda`, as its owner, who is no superuser. */
  readonly url: string
  /** The database `postgres`, as the superuser: for tests and tools. */
  readonly adminUrl: string
  readonly port: number
  /** Stops the server, with a checkpoint; safe to call twice. */
  stop(): Promise<void>
}

export interface PostgresOptions {
  /** Holds `cluster/`, `password` and `log`; made where missing. */
  readonly dataDir: string
  /** A free one where absent. */
  readonly port?: number
  /** Further settings of postgresql.conf. */
  readonly settings?: Readonly<Record<string, string>>
  readonly log: Log
}

interface Cluster {
  readonly program: PostgresProgram
  readonly folder: string
  readonly logFile: string
  readonly password: string
  readonly settings: Readonly<Record<string, string>>
  readonly log: Log
}

const startLimit = 60_000

const fixedSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  synchronous_commit: 'on',
  max_connections: '100',
  // Statements and details carry values; neither belongs in a log.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
  log_timezone: 'UTC',
  timezone: 'UTC',
}

/**
 * Runs a real Postgres on 127.0.0.1 that keeps its data in `dataDir` and ends with this process, however that ends.
 * A server that died by itself is started again on the same port. Throws a sentence where the folder is in use.
 */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir)
  const unlock = await lockFolder(dataDir)
  try {
    const cluster = await openCluster(dataDir, options)
    await stopOrphan(cluster.folder)
    const { child, port } = await launch(cluster, options.port)
    await createDatabase(cluster, port)
    const stop = supervise(cluster, child, port)
    return {
      url: address(cluster, 'zgoda', port, 'zgoda'),
      adminUrl: address(cluster, 'postgres', port, 'postgres'),
      port,
      stop: () => stop().then(unlock),
    }
  } catch (error) {
    await unlock()
    throw error
  }
}

async function openCluster(dataDir: string, { settings = {}, log }: PostgresOptions): Promise<Cluster> {
  const program = await findPostgres(dataDir)
  // The account passes through the folder to its cluster; it can list nothing else in it.
  if (program.account) await chmod(dataDir, 0o711)
  const folder = join(dataDir, 'cluster')
  const logFile = join(dataDir, 'log')
  const exists = await stat(folder).then(
    () => true,
    () => false,
  )
  const passwordFile = join(dataDir, 'password')
  const password = exists ? await keptPassword(passwordFile, dataDir) : randomBytes(24).toString('base64url')
  const cluster = { program, folder, logFile, password, settings: { ...fixedSettings, ...settings }, log }
  if (!exists) {
    await writeFile(passwordFile, password, { mode: 0o600 })
    await initialise(cluster, passwordFile)
  }
  return cluster
}

async function keptPassword(file: string, dataDir: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => {
    throw new Error(
      `\`${file}\` is missing or unreadable, and the database does not open without it: put it back, or remove \`${dataDir}\` to begin anew`,
    )
  })
}

/** Makes the cluster beside its place and moves it there whole, so that a kill half-way leaves none. */
async function initialise({ program, folder, logFile, settings }: Cluster, passwordFile: string): Promise<void> {
  const fresh = `${folder}.new`
  await rm(fresh, { recursive: true, force: true })
  await mkdir(fresh, { mode: 0o700 })
  if (program.account) {
    await chown(fresh, program.account.uid, program.account.gid)
    await chown(passwordFile, program.account.uid, program.account.gid)
  }
  const output = await open(logFile, 'w', 0o600)
  try {
    const child = program.spawn(
      program.initdb,
      [
        `--pgdata=${fresh}`,
        '--username=postgres',
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--no-instructions',
        ...(settings.fsync === 'off' ? ['--no-sync'] : []),
      ],
      ['ignore', output.fd, output.fd],
    )
    const [code] = await once(child, 'exit')
    if (code !== 0) throw await failure('Postgres could not make its database', logFile)
  } finally {
    await output.close()
  }
  await rename(fresh, folder)
}

/** Starts the server and waits until it answers. */
async function launch(cluster: Cluster, wanted: number | undefined): Promise<{ child: ChildProcess; port: number }> {
  const until = Date.now() + startLimit
  for (;;) {
    const port = wanted ?? (await freePort())
    const child = await startServer(cluster, port)
    const ended = once(child, 'exit').then(() => 'ended' as const)
    if ((await Promise.race([answers(cluster, port, until), ended])) === 'answers') return { child, port }
    closeWatch(child)
    const error = await failure('Postgres did not start', cluster.logFile)
    // A server killed a moment ago may still hold memory, and a port just free may have been taken.
    const passing = /shared memory block|already in use|lock file/.test(error.message)
    if (!passing || Date.now() > until) throw error
    await pause(200)
  }
}

/**
 * A shell stands between: it holds one end of a pipe whose other end is ours, and shuts the server down when that
 * closes. So stopping and being killed are the same to Postgres.
 */
const keeper = `
exec 4<&3 3<&-
"$@" 4<&- &
server=$!
{ read -r ended <&4; kill -INT "$server"; } 2>/dev/null &
watch=$!
exec 4<&-
wait "$server"
code=$?
kill "$watch" 2>/dev/null
exit "$code"
`

async function startServer({ program, folder, logFile, settings }: Cluster, port: number): Promise<ChildProcess> {
  const output = await openLog(logFile)
  try {
    const all = { ...settings, port: String(port) }
    const args = ['-D', folder, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
    const stdio = ['ignore', output.fd, output.fd] as const
    return process.platform === 'win32'
      ? program.spawn(program.postgres, args, stdio)
      : program.spawn('/bin/sh', ['-c', keeper, 'sh', program.postgres, ...args], [...stdio, 'pipe'])
  } finally {
    await output.close()
  }
}

async function openLog(file: string): Promise<FileHandle> {
  const size = await stat(file).then(
    ({ size }) => size,
    () => 0,
  )
  return open(file, size > 1_000_000 ? 'w' : 'a', 0o600)
}

async function answers(cluster: Cluster, port: number, until: number): Promise<'answers'> {
  for (;;) {
    const client = new pg.Client({
      connectionString: address(cluster, 'postgres', port, 'postgres'),
      connectionTimeoutMillis: 5_000,
    })
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.end()
      return 'answers'
    } catch (error) {
      if (Date.now() > until) throw error
      await pause(20)
    }
  }
}

async function createDatabase(cluster: Cluster, port: number): Promise<void> {
  const client = new pg.Client({ connectionString: address(cluster, 'postgres', port, 'postgres') })
  await client.connect()
  try {
    const role = await client.query("select from pg_roles where rolname = 'zgoda'")
    if (!role.rowCount) await client.query(`create role zgoda login createdb password '${cluster.password}'`)
    const database = await client.query("select from pg_database where datname = 'zgoda'")
    if (!database.rowCount) await client.query('create database zgoda owner zgoda')
  } finally {
    await client.end()
  }
}

/** Starts the server again whenever it ends by itself; the returned function stops it for good. */
function supervise(cluster: Cluster, first: ChildProcess, port: number): () => Promise<void> {
  let stopping = false
  let child = first
  const watching = (async () => {
    for (;;) {
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      closeWatch(child)
      if (stopping) return
      cluster.log.error({}, 'the embedded database ended by itself; starting it again')
      const again = await launch(cluster, port).catch(() => undefined)
      if (again) child = again.child
      else await pause(1_000)
      if (stopping) endServer(child)
    }
  })()
  return () => {
    if (!stopping) {
      stopping = true
      endServer(child)
    }
    return watching
  }
}

function endServer(child: ChildProcess): void {
  if (process.platform === 'win32') child.kill()
  else closeWatch(child)
}

function closeWatch(child: ChildProcess): void {
  const pipe = child.stdio[3]
  if (pipe && 'destroy' in pipe) pipe.destroy()
}

function address({ password }: Cluster, user: string, port: number, database: string): string {
  return `postgres://${user}:${password}@127.0.0.1:${port}/${database}`
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const bound = server.address()
  await new Promise((done) => server.close(done))
  if (bound === null || typeof bound === 'string') throw new Error('no free port on 127.0.0.1')
  return bound.port
}

async function failure(what: string, logFile: string): Promise<Error> {
  const text = await readFile(logFile, 'utf8').catch(() => '')
  const lines = text.trimEnd().split('\n').slice(-6).join('\n')
  return new Error(`${what}; the end of \`${logFile}\`:\n${lines}`)
}
