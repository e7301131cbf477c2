import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmod, chown, mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { account } from '../account.ts'
import { eventually } from '../eventually.ts'
import { freePort } from '../free-port.ts'
import { postgresPrograms } from './packages.ts'
import { type Member, settingsOf } from './settings.ts'

const run = promisify(execFile)

/** What Patroni says of a member. */
export interface Standing {
  readonly name: string
  readonly role: 'leader' | 'sync_standby' | 'replica'
  readonly state: string
  readonly timeline?: number
  readonly lag?: number | 'unknown'
}

/** Three Postgres under Patroni with one etcd, on 127.0.0.1, run by the account `postgres`. */
export interface Cluster {
  /** The database `zgoda`, as its owner, on whichever member takes writes. */
  readonly url: string
  /** As the members that live see it. */
  standing(): Promise<readonly Standing[]>
  /** Until there is a leader with a synchronous standby, and every member follows it; the leader's name. */
  whole(): Promise<string>
  /** As when a machine loses its power: Patroni and all of Postgres end at once. */
  killMachine(name: string): Promise<void>
  /** Postgres alone ends; its Patroni lives. */
  killPostgres(name: string): Promise<void>
  startMachine(name: string): Promise<void>
  /** Hands the lead over, as planned. */
  switchOver(from: string, to: string): Promise<void>
  /** Changes what all members share. */
  configure(settings: object): Promise<void>
  stop(): Promise<void>
}

interface Place {
  readonly folder: string
  readonly who: { readonly uid: number; readonly gid: number }
}

export async function startCluster(): Promise<Cluster> {
  const who = await account('postgres')
  const folder = await mkdtemp(join(tmpdir(), 'zgoda-ha-'))
  await chmod(folder, 0o755)
  const place = { folder, who }
  const processes = new Map<string, ChildProcess>()
  const members: Member[] = []
  const stop = async () => {
    for (const { name } of members) await killMachine(name, members, processes)
    await end(processes.get('etcd'))
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const etcd = await startEtcd(place, processes)
    const password = randomBytes(18).toString('base64url')
    const programs = await postgresPrograms()
    if (!programs) throw new Error('install postgresql to run this')
    for (const name of ['one', 'two', 'three']) {
      const own = await ownFolder(place, name)
      members.push({ name, postgres: await freePort(), rest: await freePort(), etcd, folder: own, programs, password })
    }
    for (const member of members) await startPatroni(place, member, processes)
    const cluster = clusterOf(place, members, processes, stop)
    await createDatabase(members, await cluster.whole(), password)
    return cluster
  } catch (error) {
    await stop()
    throw error
  }
}

function clusterOf(
  place: Place,
  members: readonly Member[],
  processes: Map<string, ChildProcess>,
  stop: () => Promise<void>,
): Cluster {
  const hosts = members.map(({ postgres }) => `127.0.0.1:${postgres}`).join(',')
  const standing = () => askAny<{ members: Standing[] }>(members, 'cluster').then(({ members }) => members)
  return {
    url: `postgres://zgoda:${members[0]?.password}@${hosts}/zgoda?target_session_attrs=read-write`,
    standing,
    whole: () => eventually('a leader whom all follow', async () => wholeUnder(await standing().catch(() => [])), 120),
    killMachine: (name) => killMachine(name, members, processes),
    killPostgres: async (name) => killAll(await postgresOf(memberOf(members, name))),
    startMachine: (name) => startPatroni(place, memberOf(members, name), processes),
    switchOver: async (leader, candidate) => {
      await askAny(members, 'switchover', { method: 'POST', body: JSON.stringify({ leader, candidate }) })
    },
    configure: async (settings) => {
      await askAny(members, 'config', { method: 'PATCH', body: JSON.stringify(settings) })
    },
    stop,
  }
}

function wholeUnder(standing: readonly Standing[]): string | undefined {
  const leader = standing.find(({ role, state }) => role === 'leader' && state === 'running')
  const followers = standing.filter(
    ({ role, state, timeline, lag }) =>
      role !== 'leader' && /running|streaming/.test(state) && timeline === leader?.timeline && lag === 0,
  )
  const synchronous = followers.some(({ role }) => role === 'sync_standby')
  return followers.length === 2 && synchronous ? leader?.name : undefined
}

function memberOf(members: readonly Member[], name: string): Member {
  const member = members.find((each) => each.name === name)
  if (!member) throw new Error(`there is no member ${name}`)
  return member
}

/** Asks the members' Patroni in turn, until one answers. */
async function askAny<T>(members: readonly Member[], path: string, init: RequestInit = {}): Promise<T> {
  let last: unknown
  for (const { rest } of members) {
    try {
      const signal = AbortSignal.timeout(path === 'switchover' ? 60_000 : 5_000)
      const answer = await fetch(`http://127.0.0.1:${rest}/${path}`, { ...init, signal })
      const text = await answer.text()
      if (answer.ok) return (text.startsWith('{') ? JSON.parse(text) : text) as T
      last = new Error(`${path}: ${answer.status} ${text}`)
    } catch (error) {
      last = error
    }
  }
  throw last
}

async function startEtcd(place: Place, processes: Map<string, ChildProcess>): Promise<number> {
  const folder = await ownFolder(place, 'etcd')
  const [port, peers] = [await freePort(), await freePort()]
  const [client, peer] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${peers}`]
  const args = ['--name', 'etcd', '--data-dir', join(folder, 'data'), '--log-level', 'error']
  args.push('--listen-client-urls', client, '--advertise-client-urls', client)
  args.push('--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer, '--initial-cluster', `etcd=${peer}`)
  await launch(place, 'etcd', ['/usr/bin/etcd', ...args], processes)
  await eventually('etcd to be healthy', () =>
    fetch(`${client}/health`).then(
      ({ ok }) => ok,
      () => false,
    ),
  )
  return port
}

async function startPatroni(place: Place, member: Member, processes: Map<string, ChildProcess>): Promise<void> {
  const file = join(member.folder, 'patroni.yml')
  await writeFile(file, JSON.stringify(await settingsOf(member)))
  await launch(place, member.name, ['/usr/bin/patroni', file], processes)
}

async function ownFolder({ folder, who }: Place, name: string): Promise<string> {
  const own = join(folder, name)
  await mkdir(own, { mode: 0o700 })
  await chown(own, who.uid, who.gid)
  return own
}

/** Starts a program under Postgres's account; what it says goes to a file beside its folder, for whoever asks why. */
async function launch(
  { folder, who }: Place,
  name: string,
  [program = '', ...args]: readonly string[],
  processes: Map<string, ChildProcess>,
): Promise<void> {
  const log = await open(join(folder, `${name}.log`), 'a')
  const env = { PATH: process.env.PATH ?? '', HOME: join(folder, name), LC_ALL: 'C.UTF-8' }
  const child = spawn(program, args, { ...who, env, cwd: folder, stdio: ['ignore', log.fd, log.fd] })
  processes.set(name, child)
  await once(child, 'spawn')
  await log.close()
}

async function killMachine(
  name: string,
  members: readonly Member[],
  processes: ReadonlyMap<string, ChildProcess>,
): Promise<void> {
  const postgres = await postgresOf(memberOf(members, name))
  await end(processes.get(name))
  killAll(postgres)
}

async function end(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

/** The server's own process first, so that it starts no other. */
async function postgresOf({ folder }: Member): Promise<readonly number[]> {
  const text = await readFile(join(folder, 'data', 'postmaster.pid'), 'utf8').catch(() => '')
  const pid = Number(text.split('\n')[0])
  if (!pid) return []
  const { stdout } = await run('ps', ['-o', 'pid=', '--ppid', String(pid)]).catch(() => ({ stdout: '' }))
  return [pid, ...stdout.split('\n').map(Number).filter(Boolean)]
}

function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
    }
  }
}

async function createDatabase(members: readonly Member[], leader: string, password: string): Promise<void> {
  const { postgres: port } = memberOf(members, leader)
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', password, database: 'postgres' })
  await client.connect()
  try {
    await client.query(`create role zgoda login password '${password}'`)
    await client.query('create database zgoda owner zgoda')
  } finally {
    await client.end()
  }
}
