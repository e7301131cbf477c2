import type { Definition } from '../engine/definition.ts'
import { type Diagnostic, inOrder } from './diagnostic.ts'
import type { Listener } from './resolve/listener.ts'
import { resolveWorkspace } from './resolve/workspace.ts'
import { Source, type SourceFile } from './source.ts'
import { parseText } from './text/parse.ts'
import type { FileNode } from './tree.ts'
import { parseYaml } from './yaml/parse.ts'

/** A file as its notation's front end has read it. */
export interface ParsedFile {
  readonly source: Source
  readonly tree: FileNode
  readonly problems: readonly Diagnostic[]
}

/** Reads a file by its notation, which its name tells. */
export function parseFile(file: SourceFile): ParsedFile {
  const source = new Source(file)
  const { tree, problems } = source.notation === 'yaml' ? parseYaml(source) : parseText(source)
  return { source, tree, problems }
}

/** Merges files, in whatever order, into one definition, and tells all that is wrong with them, by file and place. */
export function resolveFiles(
  files: readonly ParsedFile[],
  listener?: Listener,
): { readonly definition: Definition; readonly problems: readonly Diagnostic[] } {
  const byName = files.toSorted(({ source: a }, { source: b }) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  const { definition, problems } = resolveWorkspace(
    byName.map(({ tree }) => tree),
    listener,
  )
  return { definition, problems: inOrder([...byName.flatMap((file) => file.problems), ...problems]) }
}
