import { checkWorkspace } from '../checked-workspace.ts'
import type { ProposedFile } from '../http/ports.ts'
import { readDefinition } from './workspace.ts'

/** The files of a workspace that can be proposed; undefined where it has mistakes, which are printed. */
export async function proposedFiles(folder: string): Promise<readonly ProposedFile[] | undefined> {
  let files: readonly ProposedFile[] = []
  const definition = await readDefinition(folder, async (dir) => {
    const checked = await checkWorkspace(dir)
    files = checked.files.map(({ name, text }) => ({ name, text }))
    return checked
  })
  return definition && files
}
