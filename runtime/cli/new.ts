import { cp, mkdir, readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readArguments, UsageError } from './usage.ts'

export const help = `zgoda new DIR

Writes a starter workspace into DIR, which must be new or empty: a repair order with a purpose that needs consent, its
letters and form, scenarios that test it, and what an editor needs to complete the files. It passes \`zgoda check\`.

Exits with 0, or with 2 where DIR is no empty folder or can't be written.`

/** The starter workspace as it lies in this package; `gitignore` has no dot here, for npm would obey it and leave it out. */
const starter = fileURLToPath(new URL('../../definitions/starter', import.meta.url))
const schemas = fileURLToPath(new URL('../../schema', import.meta.url))

export async function run(args: readonly string[]): Promise<number> {
  const { positionals } = readArguments(args, {}, 1)
  const [dir] = positionals
  if (dir === undefined) throw new UsageError('name the folder to make: `zgoda new DIR`')
  try {
    await refuseFull(dir)
    await mkdir(dir, { recursive: true })
    await cp(starter, dir, { recursive: true, force: false })
    await rename(join(dir, 'gitignore'), join(dir, '.gitignore'))
    await cp(schemas, join(dir, 'schema'), { recursive: true })
  } catch (error) {
    if (error instanceof UsageError || !(error instanceof Error && 'code' in error)) throw error
    throw new UsageError(`\`${dir}\` can't be written: ${reasons[String(error.code)] ?? error.code}`)
  }
  process.stdout.write(welcome(dir))
  return 0
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the disk can only be read',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'a part of the path is a file',
}

/** A repository that holds nothing yet counts as empty. */
async function refuseFull(dir: string): Promise<void> {
  const names = await readdir(dir).catch((error) => {
    if (error.code === 'ENOENT') return []
    if (error.code === 'ENOTDIR')
      throw new UsageError(`\`${dir}\` is a file or inside one; name a folder that is new or empty`)
    throw error
  })
  const [first] = names.filter((name) => name !== '.git')
  if (first === undefined) return
  throw new UsageError(`\`${dir}\` is not empty (it holds \`${first}\`); name a folder that is new or empty`)
}

/** The commands name the folder, so that they run from here, where `npx` knows Zgoda. */
function welcome(dir: string): string {
  const folder = /^[\w./-]+$/.test(dir) ? dir : `'${dir.replaceAll("'", `'\\''`)}'`
  const steps = [
    [`npx zgoda check ${folder} --watch`, 'what is wrong, again each time you save'],
    [`npx zgoda graph ${folder} > repair.svg`, 'the process as a picture'],
    [`npx zgoda demo ${folder}`, 'the whole system on your machine'],
  ] as const
  const width = Math.max(...steps.map(([command]) => command.length))
  const lines = steps.map(([command, does]) => `  ${command.padEnd(width)}   ${does}`)
  return `A starter workspace is in ${dir}: begin with its README.md.\n\nNext:\n\n${lines.join('\n')}\n`
}
