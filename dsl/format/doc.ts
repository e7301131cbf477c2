/**
 * What is printed, with the places where its lines may break. A group stands on one line where it fits, and else breaks
 * at each of its own places.
 */
export type Doc = string | readonly Doc[] | Break | Group | Nest | Choice | Remark

interface Break {
  readonly kind: 'break'
  /** What stands instead where the line goes on; a hard break has nothing instead. */
  readonly flat: string | undefined
  /** The same statement goes on after it. */
  readonly within: boolean
}

interface Group {
  readonly kind: 'group'
  readonly content: Doc
  readonly broken: boolean
}

interface Nest {
  readonly kind: 'nest'
  readonly by: number
  readonly content: Doc
}

interface Choice {
  readonly kind: 'choice'
  readonly flat: Doc
  readonly broken: Doc
}

/** A comment that goes to the end of its line, whatever else follows on it. */
interface Remark {
  readonly kind: 'remark'
  readonly text: string
}

/** A line as it is printed, and the comment at its end. */
export interface Line {
  readonly indent: number
  text: string
  remark: string | undefined
  /** It goes on with the statement of the line before. */
  readonly goesOn?: boolean
}

/** No line is longer, if its words let it. */
export const widest = 110

/** A space, or a new line of the same statement. */
export const line: Doc = { kind: 'break', flat: ' ', within: true }
/** A new line of the same statement. */
export const furtherLine: Doc = { kind: 'break', flat: undefined, within: true }
/** A new line for something new. */
export const newLine: Doc = { kind: 'break', flat: undefined, within: false }

export function group(content: Doc): Doc {
  return { kind: 'group', content, broken: breaks(content) }
}

/** New lines in it are set deeper. */
export function nest(by: number, content: Doc): Doc {
  return { kind: 'nest', by, content }
}

/** The first on one line where it fits, else the second. */
export function choice(flat: Doc, broken: Doc): Doc {
  return { kind: 'choice', flat, broken }
}

export function remark(text: string | undefined): Doc {
  return text === undefined ? '' : { kind: 'remark', text }
}

/** With `separator` between each two. */
export function join(separator: Doc, docs: readonly Doc[]): Doc {
  return docs.flatMap((doc, index) => (index === 0 ? [doc] : [separator, doc]))
}

/** Whether something must stand on several lines. */
export function breaks(doc: Doc): boolean {
  if (typeof doc === 'string') return false
  if (isList(doc)) return doc.some(breaks)
  switch (doc.kind) {
    case 'break':
      return doc.flat === undefined
    case 'group':
      return doc.broken
    case 'nest':
      return breaks(doc.content)
    case 'choice':
      return breaks(doc.flat) && breaks(doc.broken)
    case 'remark':
      return false
  }
}

/** A document on one line, however long. */
export function flat(doc: Doc): string {
  if (typeof doc === 'string') return doc
  if (isList(doc)) return doc.map(flat).join('')
  switch (doc.kind) {
    case 'break':
      return doc.flat ?? ' '
    case 'choice':
      return flat(doc.flat)
    case 'remark':
      return ''
    default:
      return flat(doc.content)
  }
}

/** The number of characters, for columns. */
export function widthOf(text: string): number {
  return [...text].length
}

interface Step {
  readonly doc: Doc
  readonly indent: number
  readonly flat: boolean
}

/** The lines of a document, set in by `indent` spaces. */
export function render(doc: Doc, indent = 0): Line[] {
  return new Rendering(doc, indent).lines
}

/** Whether a document is printed on one line. */
export function isOneLine(doc: Doc, indent = 0): boolean {
  return render(doc, indent).length === 1
}

class Rendering {
  readonly lines: Line[] = []
  #line: Line
  #column = 0
  readonly #steps: Step[]

  constructor(doc: Doc, indent: number) {
    this.#line = this.#startLine(indent, false)
    this.#steps = [{ doc, indent, flat: false }]
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) this.#take(step)
  }

  #take({ doc, indent, flat }: Step): void {
    if (typeof doc === 'string') this.#write(doc)
    else if (isList(doc)) for (const part of doc.toReversed()) this.#steps.push({ doc: part, indent, flat })
    else if (doc.kind === 'nest') this.#steps.push({ doc: doc.content, indent: indent + doc.by, flat })
    else if (doc.kind === 'remark') this.#remark(doc.text, indent)
    else if (doc.kind === 'break') {
      if (flat && doc.flat !== undefined) this.#write(doc.flat)
      else this.#line = this.#startLine(indent, doc.within)
    } else {
      const content = doc.kind === 'group' ? doc.content : doc.flat
      const fits = flat || (!breaks(content) && this.#fits({ doc: content, indent, flat: true }))
      this.#steps.push({ doc: fits || doc.kind === 'group' ? content : doc.broken, indent, flat: fits })
    }
  }

  #startLine(indent: number, goesOn: boolean): Line {
    const line = { indent, text: '', remark: undefined, goesOn }
    this.lines.push(line)
    this.#column = indent
    return line
  }

  #write(text: string): void {
    this.#line.text += text
    this.#column += widthOf(text)
  }

  /** A second comment for one line gets a line of its own below. */
  #remark(text: string, indent: number): void {
    if (this.#line.remark !== undefined) this.lines.push({ indent, text, remark: undefined, goesOn: false })
    else this.#line.remark = text
  }

  /** Whether what follows fits up to the next place where the line may break. */
  #fits(first: Step): boolean {
    let left = widest - this.#column
    let rest = this.#steps.length
    const ahead = [first]
    while (left >= 0) {
      const step = ahead.pop() ?? this.#steps[--rest]
      if (!step) return true
      const { doc, indent, flat } = step
      if (typeof doc === 'string') left -= widthOf(doc)
      else if (isList(doc)) for (const part of doc.toReversed()) ahead.push({ doc: part, indent, flat })
      else if (doc.kind === 'nest' || doc.kind === 'group') ahead.push({ doc: doc.content, indent, flat })
      else if (doc.kind === 'choice') ahead.push({ doc: flat ? doc.flat : doc.broken, indent, flat })
      else if (doc.kind === 'break') {
        if (!flat || doc.flat === undefined) return true
        left -= doc.flat.length
      }
    }
    return false
  }
}

function isList(doc: Doc): doc is readonly Doc[] {
  return Array.isArray(doc)
}
