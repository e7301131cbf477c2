import type { Piece } from '../tree.ts'
import type { StringValue } from './tokens.ts'

export interface ReadString extends StringValue {
  /** The first offset after it. */
  readonly end: number
  readonly closed: boolean
  readonly badEscapes: readonly number[]
}

const escapes: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', n: '\n', t: '\t' }

/** A text between `"` on one line, from its opening quote. */
export function readString(text: string, start: number, limit: number): ReadString {
  const badEscapes: number[] = []
  const pieces: Piece[] = [{ value: 0, source: start + 1 }]
  let value = ''
  let from = start + 1
  let at = from
  while (at < limit) {
    const code = text.charCodeAt(at)
    if (code === 34 || code === 10) break
    if (code !== 92) {
      at++
      continue
    }
    const meant = escapes[text.charAt(at + 1)]
    if (meant === undefined) badEscapes.push(at)
    value += text.slice(from, at) + (meant ?? '\\')
    at += meant === undefined ? 1 : 2
    from = at
    pieces.push({ value: value.length, source: at })
  }
  value += text.slice(from, at)
  const closed = at < limit && text.charCodeAt(at) === 34
  return { value, end: closed ? at + 1 : at, closed, badEscapes, ...(pieces.length > 1 ? { pieces } : {}) }
}

/** A text between `"""`: its lines without the margin they share, without the line break after the opening. */
export function readBlock(text: string, start: number, limit: number): ReadString {
  const found = text.indexOf('"""', start + 3)
  const closed = found >= 0 && found + 3 <= limit
  const inner = { start: start + 3, end: closed ? found : limit }
  const lines = linesOf(text, inner.start, inner.end)
  const margin = marginOf(text, lines)
  const pieces: Piece[] = []
  let value = ''
  for (const [index, line] of lines.entries()) {
    if (index === 0 && line.end < inner.end && isBlank(text, line.start, line.end)) continue
    const blank = isBlank(text, line.start, line.end)
    const from = blank ? line.end : index === 0 ? line.start : line.start + margin
    pieces.push({ value: value.length, source: from })
    value += text.slice(from, line.end)
    if (line.end < inner.end) value += '\n'
  }
  return { value, end: closed ? found + 3 : limit, closed, badEscapes: [], pieces }
}

interface Line {
  readonly start: number
  /** Before the line break, and before a carriage return. */
  readonly end: number
}

function linesOf(text: string, start: number, end: number): Line[] {
  const lines: Line[] = []
  let from = start
  while (true) {
    const found = newLine(text, from, end)
    if (found === undefined) return [...lines, { start: from, end }]
    lines.push({ start: from, end: text.charCodeAt(found - 1) === 13 && found > from ? found - 1 : found })
    from = found + 1
  }
}

/** The next line break before `end`; what follows `end` is not looked at, for a file may hold many texts on one line. */
export function newLine(text: string, start: number, end: number): number | undefined {
  for (let at = start; at < end; at++) if (text.charCodeAt(at) === 10) return at
  return undefined
}

function marginOf(text: string, lines: readonly Line[]): number {
  let margin = Number.POSITIVE_INFINITY
  for (const line of lines.slice(1)) {
    if (isBlank(text, line.start, line.end)) continue
    let at = line.start
    while (at < line.end && isSpace(text.charCodeAt(at))) at++
    margin = Math.min(margin, at - line.start)
  }
  return Number.isFinite(margin) ? margin : 0
}

function isBlank(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (!isSpace(text.charCodeAt(at))) return false
  return true
}

function isSpace(code: number): boolean {
  return code === 32 || code === 9 || code === 13
}
