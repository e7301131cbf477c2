import type { Completions } from './completion.ts'
import { completeText } from './text-completion.ts'
import type { WrittenWorkspace } from './workspace.ts'
import { completeYaml } from './yaml-completion.ts'

/** What may be written at an offset of a file, by the same grammar, names and shapes that read it. */
export function complete(workspace: WrittenWorkspace, file: string, offset: number): Completions {
  const source = workspace.source(file)
  if (!source) return { start: offset, end: offset, items: [] }
  return source.notation === 'yaml' ? completeYaml(workspace, source, offset) : completeText(workspace, source, offset)
}
