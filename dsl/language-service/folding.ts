import { lex } from '../text/lexer.ts'
import { Close, Open, Text } from '../text/tokens.ts'
import type { WrittenWorkspace } from './workspace.ts'

/** Lines that can be folded into their first, counted from 1. */
export interface Fold {
  readonly startLine: number
  readonly endLine: number
  readonly comment: boolean
}

/** Bodies, long texts and runs of comments of Zgoda text. YAML folds by its indentation, which editors know. */
export function folds(workspace: WrittenWorkspace, file: string): readonly Fold[] {
  const source = workspace.source(file)
  if (!source || source.notation === 'yaml') return []
  const { tokens, comments } = lex(source)
  const found: Fold[] = []
  const open: number[] = []
  for (const { tokenType, startLine, endLine } of tokens) {
    if (tokenType === Open) open.push(startLine)
    else if (tokenType === Close) add(found, open.pop(), endLine - 1)
    else if (tokenType === Text) add(found, startLine, endLine)
  }
  const lines = comments.map(({ start }) => source.position(start).line)
  for (const [index, line] of lines.entries()) {
    if (lines[index - 1] === line - 1) continue
    let last = index
    while (lines[last + 1] === (lines[last] ?? 0) + 1) last++
    add(found, line, lines[last] ?? line, true)
  }
  return found
}

function add(found: Fold[], startLine: number | undefined, endLine: number, comment = false): void {
  if (startLine !== undefined && endLine > startLine) found.push({ startLine, endLine, comment })
}
