import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Definition } from '../../engine/definition.ts'
import type { CheckedWorkspace } from '../checked-workspace.ts'
import type { ReadApart } from '../reading-thread.ts'
import { noWorkspace } from './usage.ts'

type Read = Pick<CheckedWorkspace, 'definition' | 'problems'> & { readonly files: { readonly length: number } }

/**
 * Reads the workspace in a folder, and proves it where `check` is not told otherwise. One with mistakes prints them all to the error
 * output and yields nothing: it does not run. Throws a sentence where the folder holds none.
 */
export async function readDefinition(
  folder: string,
  check: (dir: string) => Promise<Read> = checkedApart,
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

/** In a thread of its own, whose memory goes with it: proving takes many times what a server needs of it afterwards. */
async function checkedApart(dir: string): Promise<Read> {
  const thread = new Worker(new URL('../reading-thread.ts', import.meta.url), { workerData: dir })
  const [{ definition, problems, files }] = (await once(thread, 'message')) as [ReadApart]
  await thread.terminate()
  return {
    ...(definition === undefined ? {} : { definition: JSON.parse(definition) as Definition }),
    problems,
    files: { length: files },
  }
}
