import type { Definition } from '../../engine/definition.ts'
import { type CheckedWorkspace, checkWorkspace } from '../checked-workspace.ts'
import { noWorkspace } from './usage.ts'

/**
 * Reads the workspace in a folder, and proves it where `check` is not told otherwise. One with mistakes prints them all to the error
 * output and yields nothing: it does not run. Throws a sentence where the folder holds none.
 */
export async function readDefinition(
  folder: string,
  check: (dir: string) => Promise<CheckedWorkspace> = checkWorkspace,
): Promise<Definition | undefined> {
  const { definition, problems, files } = await check(folder)
  if (files.length === 0 && problems.length === 0) throw noWorkspace(folder)
  for (const { code, severity, message, file, line, column } of problems) {
    process.stderr.write(`${file}:${line}:${column}: ${severity} ${code}: ${message}\n`)
  }
  if (!definition)
    process.stderr.write(
      `\nThe workspace in ${folder} has mistakes, so it does not run. \`zgoda check ${folder}\` shows them in full.\n`,
    )
  return definition
}
