import type { Part } from '../beside.ts'
import type { Comments } from '../comments.ts'
import type { Name } from '../tree.ts'
import { type Doc, furtherLine, group, line, nest, remark } from './doc.ts'

/**
 * A statement of several parts, on one line where it fits, else each part on its own, set in by `by`. What is a head
 * before `{` is set in by more than the body is.
 */
export function clauses(parts: readonly Doc[], by = 2): Doc {
  const [first = '', ...more] = parts
  return group([nest(by, first), more.map((part) => nest(by, [line, nest(2, part)]))])
}

/** How deep the further lines of a head before `{` are set in. */
export const headIndent = 4

/** The same with more words behind the last part, on its line. */
export function withMore(parts: readonly Doc[], words: Doc): Doc[] {
  return [...parts.slice(0, -1), [parts.at(-1) ?? '', words]]
}

/** Between commas; a line breaks after one where the next item would not fit. */
export function list(items: readonly Doc[]): Doc {
  return items.map((item, index) => (index === 0 ? group(item) : [',', group([line, item])]))
}

/** `a, b, c`; one a line where comments stand beside them. */
export function parts<P extends Part>(comments: Comments, nodes: readonly P[], print: (node: P) => Doc): Doc {
  if (!haveComments(comments, nodes)) return list(nodes.map(print))
  return besideEach(comments, nodes, (node, index) => [print(node), index === nodes.length - 1 ? '' : ','])
}

/** Parts one a line, each with its comments. */
export function besideEach<P extends Part>(
  comments: Comments,
  nodes: readonly P[],
  print: (node: P, index: number) => Doc,
): Doc {
  return nodes.map((node, index) => {
    const { above = [], behind } = comments.beside(node) ?? {}
    const before = index === 0 ? '' : [furtherLine, above.map((text) => [text, furtherLine])]
    return [before, print(node, index), remark(behind)]
  })
}

export function haveComments(comments: Comments, nodes: readonly Part[]): boolean {
  return nodes.some((node) => comments.beside(node) !== undefined)
}

/** `a, b, c` */
export function names(comments: Comments, nodes: readonly Name[]): Doc {
  return parts(comments, nodes, (node) => node.text)
}
