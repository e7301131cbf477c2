import type { PartList } from '../beside.ts'
import { Comments, type Statement } from '../comments.ts'
import { textOf } from '../format/lines.ts'
import { partsOf } from '../format/parts.ts'
import type { Span } from '../source.ts'
import type { FileNode } from '../tree.ts'
import { workspaceShape } from '../workspace-shape.ts'
import { layOut } from './layout/layout.ts'
import { declarationPart } from './print/declaration.ts'
import { gather } from './print/gather.ts'

/**
 * A file as YAML in its one canonical layout, with its comments, whichever notation they were written in. The tree is of
 * a file without problems: what could not be read has no words.
 */
export function printYaml(file: FileNode, spans: readonly Span[]): string {
  const comments = new Comments(file, spans, listsOf)
  const parts = file.declarations.map((declaration) => declarationPart(comments, declaration))
  const below = comments.ending(file)
  return textOf(layOut({ kind: 'map', entries: gather(parts), below }, workspaceShape))
}

/** The lists of a statement at whose items comments can stand. The parts of an expression are one string here. */
function listsOf(node: Statement): readonly PartList[] {
  return partsOf(node).filter(({ parts }) => !parts.some((part) => 'kind' in part))
}
