import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

/** That the libraries to compare with are not there and can't be brought. */
export class NoPeers extends Error {
  override readonly name = 'NoPeers'
}

const folder = new URL('./', import.meta.url)

/**
 * A library to compare with, one of `bench/package.json`. All of them are installed first if they are missing or not those
 * of the lock file, so that nothing is compared with another version than the one the bench names.
 */
export async function peer<T>(name: string): Promise<T> {
  if (!areInstalled()) install()
  return (await import(name)) as T
}

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly optional?: boolean }>>
}

function areInstalled(): boolean {
  const installed = new URL('node_modules/.package-lock.json', folder)
  if (!existsSync(installed)) return false
  const { packages } = read<Lock>(installed)
  return Object.entries(read<Lock>(new URL('package-lock.json', folder)).packages).every(
    ([path, { version, optional }]) => path === '' || optional || packages[path]?.version === version,
  )
}

function read<T>(file: URL): T {
  return JSON.parse(readFileSync(file, 'utf8')) as T
}

function install(): void {
  process.stderr.write('installing the libraries to compare with into bench/node_modules …\n')
  const args = ['ci', '--prefix', folder.pathname, '--no-audit', '--no-fund', '--ignore-scripts']
  const { status, stderr, error } = spawnSync('npm', args, { encoding: 'utf8' })
  if (status === 0) return
  const reason = error?.message ?? stderr.trim()
  throw new NoPeers(
    `the libraries to compare with can't be installed: \`npm ci --prefix bench\` failed. It needs npm and a package registry.\n${reason}`,
  )
}
