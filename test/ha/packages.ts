import { execFile } from 'node:child_process'
import { access, readdir, rm, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Where Debian puts the programs of its newest Postgres. */
export async function postgresPrograms(): Promise<string | undefined> {
  const versions = await readdir('/usr/lib/postgresql').catch(() => [])
  const newest = versions.map(Number).toSorted((a, b) => b - a)[0]
  return newest === undefined ? undefined : `/usr/lib/postgresql/${newest}/bin`
}

/** What this needs of the machine: each program, and the package of Debian's that brings it. */
const needed = { patroni: 'patroni', etcd: 'etcd-server', postgres: 'postgresql' } as const

async function missing(): Promise<string[]> {
  const found = {
    patroni: await exists('/usr/bin/patroni'),
    etcd: await exists('/usr/bin/etcd'),
    postgres: await exists(`${await postgresPrograms()}/postgres`),
  }
  return Object.entries(needed).flatMap(([program, name]) => (found[program as keyof typeof found] ? [] : [name]))
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}

/** Installs what is missing where it may, and says what to install where it may not. Starts none of it as a service. */
export default async function install(): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error('run this as root: it starts Postgres under the account `postgres`')
  const packages = await missing()
  if (packages.length === 0) return
  process.stderr.write(`installing ${packages.join(', ')}\n`)
  await withoutServices(async () => {
    await run('apt-get', ['update', '-qq'])
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], { env })
  }).catch((error: Error) => {
    throw new Error(`install ${packages.join(', ')} to run this: ${error.message}`)
  })
  const left = await missing()
  if (left.length > 0) throw new Error(`install ${left.join(', ')} to run this`)
}

const policy = '/usr/sbin/policy-rc.d'

async function withoutServices(work: () => Promise<void>): Promise<void> {
  const own = await writeFile(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755, flag: 'wx' }).then(
    () => true,
    () => false,
  )
  try {
    await work()
  } finally {
    if (own) await rm(policy, { force: true })
  }
}
