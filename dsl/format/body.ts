import type { Comment, Comments, Statement } from '../comments.ts'
import { type Doc, nest, newLine, remark } from './doc.ts'

/** Whether two neighbours are always kept apart by a blank line. */
export type Apart<S> = (before: S, after: S) => boolean

/** Statements on lines of their own with the comments around them, and the author's blank lines, one at a time. */
export function statements<S extends Statement>(
  comments: Comments,
  nodes: readonly S[],
  print: (node: S) => Doc,
  apart: Apart<S> = () => false,
): Doc {
  let previous: S | undefined
  return nodes.map((node): Doc => {
    const before = comments.before(node)
    const blank = previous && (standsApart(comments, node) || apart(previous, node)) ? newLine : ''
    const start = previous ? newLine : ''
    previous = node
    return [
      start,
      blank,
      before.map((comment, index) => [index > 0 && comment.apart ? newLine : '', comment.text, newLine]),
      before.length > 0 && comments.isApart(node) ? newLine : '',
      print(node),
      remark(comments.behind(node)),
    ]
  })
}

/** Whether a blank line stands before a statement and the comments that belong to it. */
export function standsApart(comments: Comments, node: Statement): boolean {
  return comments.before(node)[0]?.apart ?? comments.isApart(node)
}

/** ` { … }` behind a head, with all the comments in it. `content` are the statements, if there are any. */
export function braces(comments: Comments, node: Statement, content: Doc | undefined): Doc {
  const opening = comments.opening(node)
  const ending = comments.ending(node)
  if (content === undefined && ending.length === 0) {
    return opening === undefined ? ' { }' : [' {', remark(opening), newLine, '}']
  }
  const lines = [content === undefined ? '' : [newLine, content], endingLines(ending, content === undefined)]
  return [' {', remark(opening), nest(2, lines), newLine, '}']
}

/** The same where a body without statements may be left away. */
export function optionalBraces(comments: Comments, node: Statement, content: Doc | undefined): Doc {
  if (content !== undefined || comments.ending(node).length > 0) return braces(comments, node, content)
  return foldedComment(comments, node) ?? braces(comments, node, content)
}

/** The comment on the line of a head, to stand at the end of the last line instead, where that is free. */
export function foldedComment(comments: Comments, node: Statement): Doc | undefined {
  const opening = comments.opening(node)
  return opening !== undefined && comments.behind(node) !== undefined ? undefined : remark(opening)
}

/** Comments after the last statement, each on a new line. */
export function endingLines(ending: readonly Comment[], first: boolean): Doc {
  return ending.map(({ text, apart }, index) => [apart && !(first && index === 0) ? newLine : '', newLine, text])
}

/** Whether comments stand in the body of a node, so that it can't be on one line. */
export function hasComments(comments: Comments, node: Statement, body: readonly Statement[]): boolean {
  return (
    comments.ending(node).length > 0 ||
    body.some((each) => comments.before(each).length > 0 || comments.behind(each) !== undefined)
  )
}
