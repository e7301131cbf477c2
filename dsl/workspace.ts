import type { Definition } from '../engine/definition.ts'
import { type Diagnostic, inOrder } from './diagnostic.ts'
import { resolveWorkspace } from './resolve/workspace.ts'
import { Source, type SourceFile } from './source.ts'
import { parseText } from './text/parse.ts'
import { parseYaml } from './yaml/parse.ts'

export interface Workspace {
  /** Present where no problem is an error. */
  readonly definition?: Definition
  /** By file and place. */
  readonly problems: readonly Diagnostic[]
}

/** Reads the files of a workspace, in whatever order, into one definition. Pure; never throws on what it reads. */
export function readWorkspace(files: readonly SourceFile[]): Workspace {
  const problems: Diagnostic[] = []
  const trees = files
    .toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    .flatMap((file) => {
      const source = new Source(file)
      const parsed = source.notation === 'yaml' ? parseYaml(source) : parseText(source)
      problems.push(...parsed.problems)
      return [parsed.tree]
    })
  const resolved = resolveWorkspace(trees)
  const all = inOrder([...problems, ...resolved.problems])
  const failed = all.some((problem) => problem.severity === 'error')
  return failed ? { problems: all } : { definition: resolved.definition, problems: all }
}
