import type { Scalar } from 'yaml'
import { Source, type Span } from '../source.ts'
import type { Piece, StringNode } from '../tree.ts'

/** A scalar's own words. A number or a date is what was written, not what it counts as. */
export function wordsOf(node: Scalar): string {
  return typeof node.value === 'string' ? node.value : (node.source ?? '')
}

/** A scalar's own words, and where they stand. */
export function stringOf(source: Source, node: Scalar): StringNode {
  const [start, end] = rangeOf(node)
  const value = wordsOf(node)
  const inner = innerOf(source, node)
  const span = { source, start, end }
  if (source.text.startsWith(value, inner.start) && inner.start + value.length === inner.end) {
    return inner.start === start + 1 ? { value, span } : { value, span, pieces: [{ value: 0, source: inner.start }] }
  }
  return { value, span, pieces: align(value, source.text, inner, node.type === 'QUOTE_DOUBLE') }
}

/** A stretch of text that a grammar can read, with positions in the file. */
export interface Stretch {
  readonly source: Source
  readonly start: number
  readonly end: number
}

/**
 * Where the grammar of Zgoda text reads a scalar: in the file itself, or apart from it where the file does not have the
 * words as they are: it has escapes, or line breaks that may stand for a space in a text.
 */
export function stretchOf(source: Source, node: Scalar): Stretch {
  const inner = innerOf(source, node)
  if (!isEscaped(source, node)) return { source, ...inner }
  const { value, pieces = [] } = stringOf(source, node)
  return { source: new Embedded(source, value, pieces), start: 0, end: value.length }
}

export function spanOfScalar(source: Source, node: Scalar): Span {
  const [start, end] = rangeOf(node)
  return { source, start, end }
}

function rangeOf(node: Scalar): [start: number, end: number] {
  return [node.range?.[0] ?? 0, node.range?.[1] ?? 0]
}

/** Without quotes, or without the header of a block. */
function innerOf(source: Source, node: Scalar): { start: number; end: number } {
  const [start, end] = rangeOf(node)
  if (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE') return { start: start + 1, end: end - 1 }
  if (node.type !== 'BLOCK_LITERAL' && node.type !== 'BLOCK_FOLDED') return { start, end }
  const line = source.text.indexOf('\n', start)
  return { start: line < 0 || line >= end ? end : line + 1, end }
}

function isEscaped(source: Source, node: Scalar): boolean {
  const [start, end] = rangeOf(node)
  const inner = source.text.slice(start + 1, end - 1)
  if (inner.includes('\n') && inner.includes('"')) return true
  if (node.type === 'QUOTE_DOUBLE') return inner.includes('\\')
  return node.type === 'QUOTE_SINGLE' && inner.includes("''")
}

/** Where stretches of a value stand in the file: indentation, folded line breaks and escapes are left out. */
function align(value: string, text: string, inner: { start: number; end: number }, escapes: boolean): Piece[] {
  const pieces: Piece[] = [{ value: 0, source: inner.start }]
  let from = inner.start
  for (let at = 0; at < value.length && from < inner.end; at++) {
    const wanted = value.charAt(at)
    const next = find(text, from, inner.end, wanted, escapes)
    if (next.from !== from && next.taken > 0) pieces.push({ value: at, source: next.from })
    from = next.from + next.taken
    if (next.taken !== 1) pieces.push({ value: at + 1, source: from })
  }
  return pieces
}

/** The next place that says `wanted`, and how many letters it takes there. */
function find(text: string, start: number, end: number, wanted: string, escapes: boolean) {
  let from = start
  while (from < end) {
    const code = text.charCodeAt(from)
    if (escapes && code === 92) {
      if (text.charCodeAt(from + 1) !== 10) return { from, taken: escapeLengths[text.charAt(from + 1)] ?? 2 }
      from += 2
    } else if (text.charAt(from) === wanted) {
      return { from, taken: wanted === "'" && text.startsWith("''", from) && !escapes ? 2 : 1 }
    } else if (code !== 32 && code !== 9 && code !== 10 && code !== 13) return { from, taken: 0 }
    else from++
  }
  return { from, taken: 0 }
}

const escapeLengths: Readonly<Record<string, number>> = { x: 4, u: 6, U: 10 }

/** The words of a scalar with escapes, which knows where they stand in the file. */
class Embedded extends Source {
  readonly #file: Source
  readonly #pieces: readonly Piece[]

  constructor(file: Source, value: string, pieces: readonly Piece[]) {
    super({ name: file.name, text: value })
    this.#file = file
    this.#pieces = pieces
  }

  override position(offset: number): { line: number; column: number } {
    let found = this.#pieces[0] ?? { value: 0, source: 0 }
    for (const piece of this.#pieces) {
      if (piece.value > offset) break
      found = piece
    }
    return this.#file.position(found.source + offset - found.value)
  }
}
