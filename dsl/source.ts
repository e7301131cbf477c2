/** A file of a workspace as it was read. `name` is relative to the workspace, with `/`. */
export interface SourceFile {
  readonly name: string
  readonly text: string
}

export type Notation = 'text' | 'yaml'

/** A stretch of a file, by offsets: `end` is the first offset after it. */
export interface Span {
  readonly source: Source
  readonly start: number
  readonly end: number
}

/** A file with its lines, found once and only when a position is asked for. */
export class Source {
  readonly name: string
  readonly text: string
  #lines: number[] | undefined

  constructor(file: SourceFile) {
    this.name = file.name
    this.text = file.text
  }

  /** Which of the two notations the file is written in. */
  get notation(): Notation {
    return /\.ya?ml$/i.test(this.name) ? 'yaml' : 'text'
  }

  /** Line and column of an offset, counted from 1 in UTF-16 units, as editors do. */
  position(offset: number): { line: number; column: number } {
    this.#lines ??= lineStarts(this.text)
    const lines = this.#lines
    let low = 0
    let high = lines.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((lines[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: offset - (lines[low] ?? 0) + 1 }
  }

  /** The offset of a line and column, counted from 1; inside the file, whatever they are. */
  offset(line: number, column: number): number {
    this.#lines ??= lineStarts(this.text)
    const start = this.#lines[Math.min(Math.max(line, 1), this.#lines.length) - 1] ?? 0
    return Math.min(start + Math.max(column, 1) - 1, this.text.length)
  }

  /** A line's words without its end, from 1. */
  line(number: number): string {
    this.#lines ??= lineStarts(this.text)
    const start = this.#lines[number - 1]
    if (start === undefined) return ''
    const next = this.#lines[number]
    return this.text.slice(start, next ?? this.text.length).replace(/\r?\n$/, '')
  }
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

/** From the start of one span to the end of another in the same file. */
export function join(first: Span, last: Span): Span {
  return { source: first.source, start: first.start, end: Math.max(first.end, last.end) }
}
