import { randomBytes } from 'node:crypto'
import { chmod, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** Gives a file new words, all or none: whoever reads it meanwhile sees the old ones. Keeps its mode; follows a link to it. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const target = await realpath(path)
  const draft = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}`)
  try {
    const { mode } = await stat(target)
    await writeFile(draft, text, { mode, flag: 'wx' })
    // What this process may not hand out by its mask is asked for again.
    await chmod(draft, mode)
    await rename(draft, target)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}
