import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** Runs a script with pgbench, prepared statements; answers transactions a second. */
export async function pgbench(
  url: string,
  script: string,
  options: { readonly clients: number; readonly seconds: number; readonly scale: Readonly<Record<string, number>> },
): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'zgoda-pgbench-'))
  try {
    const file = join(folder, 'script.sql')
    await writeFile(file, script)
    const variables = Object.entries(options.scale).flatMap(([name, value]) => ['-D', `${name}=${value}`])
    const args = [
      '-n',
      '-M',
      'prepared',
      '-c',
      String(options.clients),
      '-j',
      '2',
      '-T',
      String(options.seconds),
      '-f',
      file,
      ...variables,
      url,
    ]
    const { stdout } = await promisify(execFile)(findPgbench(), args)
    const tps = /tps = ([\d.]+)/.exec(stdout)?.[1]
    if (!tps) throw new Error(`pgbench printed no figure:\n${stdout}`)
    return Number(tps)
  } finally {
    await rm(folder, { recursive: true })
  }
}

function findPgbench(): string {
  const root = '/usr/lib/postgresql'
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : []
  const places = [
    '/usr/bin/pgbench',
    '/usr/local/bin/pgbench',
    ...versions.map((version) => join(root, version, 'bin/pgbench')),
  ]
  const found = places.find((place) => existsSync(place))
  if (!found)
    throw new Error('pgbench is not installed: it comes with Postgres (Debian: `apt-get install postgresql-contrib`)')
  return found
}
