import { Comments } from '../comments.ts'
import type { Span } from '../source.ts'
import type { Declaration, FileNode } from '../tree.ts'
import { endingLines, statements } from './body.ts'
import { declaration } from './declaration.ts'
import { isOneLine, render } from './doc.ts'
import { textOf } from './lines.ts'
import { partsOf } from './parts.ts'

/**
 * A file as Zgoda text in its one canonical layout, with its comments, whichever notation they were written in. The
 * tree is of a file without problems: what could not be read has no words.
 */
export function printText(file: FileNode, comments: readonly Span[]): string {
  const around = new Comments(file, comments, partsOf)
  const { declarations } = file
  const docs = new Map(declarations.map((node) => [node, declaration(around, node)]))
  const apart = (before: Declaration, after: Declaration) =>
    before.kind !== after.kind || ![before, after].every((node) => isOneLine(docs.get(node) ?? ''))
  const body = statements(around, declarations, (node) => docs.get(node) ?? '', apart)
  const ending = endingLines(around.ending(file), declarations.length === 0)
  const lines = render([body, ending])
  return textOf(declarations.length === 0 ? lines.slice(1) : lines)
}
