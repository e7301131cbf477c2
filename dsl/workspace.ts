import type { Definition } from '../engine/definition.ts'
import { z105 } from './checks/z105-file.ts'
import { type Diagnostic, diagnose, inOrder } from './diagnostic.ts'
import { resolveWorkspace } from './resolve/workspace.ts'
import { Source, type SourceFile } from './source.ts'
import { parseText } from './text/parse.ts'

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
      if (isYaml(file.name)) {
        const hint = 'write it as Zgoda text (`.zgoda`) for now, or move it out of the workspace'
        problems.push(diagnose(z105, { source, start: 0, end: 0 }, 'YAML workspaces are not read yet', hint))
        return []
      }
      const parsed = parseText(source)
      problems.push(...parsed.problems)
      return [parsed.tree]
    })
  const resolved = resolveWorkspace(trees)
  const all = inOrder([...problems, ...resolved.problems])
  const failed = all.some((problem) => problem.severity === 'error')
  return failed ? { problems: all } : { definition: resolved.definition, problems: all }
}

function isYaml(name: string): boolean {
  return /\.ya?ml$/i.test(name)
}
