import { type Part, type PartList, placesBeside } from './beside.ts'
import type { Span } from './source.ts'
import type { ActionNode, Declaration, FileNode, RowNode, StageNode } from './tree.ts'

type ItemOf<N> = N extends { readonly items: readonly (infer I)[] } ? I : never

/** What has lines of its own: a declaration, and what stands in the body of one. */
export type Statement = Declaration | ItemOf<Declaration> | ItemOf<StageNode> | RowNode | ActionNode

export interface Comment {
  /** With its `#`, without spaces behind it. */
  readonly text: string
  /** A blank line stands before it. */
  readonly apart: boolean
}

/** The comments at one part of a statement: on lines before it, and behind it. */
export interface Beside {
  readonly above: readonly string[]
  readonly behind: string | undefined
}

/** The lists in a statement's head at whose items comments can be printed. */
export type PartsOf = (node: Statement) => readonly PartList[]

/** What stands around one node. */
interface Surroundings {
  readonly before: Comment[]
  readonly ending: Comment[]
  /** In the middle of it; `trails` where something of the statement stands before the comment on its line. */
  readonly inside: { readonly text: string; readonly trails: boolean }[]
  opening: string | undefined
  behind: string | undefined
  apart: boolean
}

/**
 * A file's comments by the node that each belongs to, and the blank lines between nodes. Only places count, so it is
 * the same for both notations. Who prints them says beside which parts of a statement comments can stand; what stands
 * elsewhere in the middle of one goes to its end or before it.
 */
export class Comments {
  readonly #placing: Placing

  constructor(file: FileNode, comments: readonly Span[], partsOf: PartsOf = () => []) {
    this.#placing = new Placing(file, comments, partsOf)
  }

  /** At a part of a statement's head. */
  beside(part: Part): Beside | undefined {
    return this.#placing.beside.get(part)
  }

  /** On lines of their own before a statement. */
  before(node: Statement): readonly Comment[] {
    const around = this.#placing.surroundings.get(node)
    if (!around) return []
    const inside = insideOf(node, around)
    return [...around.before, ...inside.map(({ text }, index) => ({ text, apart: index === 0 && around.apart }))]
  }

  /** At the end of a statement's last line. */
  behind(node: Statement): string | undefined {
    const around = this.#placing.surroundings.get(node)
    return around?.behind ?? (around && !bodyOf(node) ? liftedOf(node, around) : undefined)
  }

  /** At the end of the line on which a body opens. */
  opening(node: Statement): string | undefined {
    const around = this.#placing.surroundings.get(node)
    return around?.opening ?? (around && bodyOf(node) ? liftedOf(node, around) : undefined)
  }

  /** At the end of a body or of the file, after all its statements. */
  ending(node: FileNode | Statement): readonly Comment[] {
    return this.#placing.surroundings.get(node)?.ending ?? []
  }

  /** Whether a blank line stands right before a statement: between it and its comments, or what else precedes. */
  isApart(node: Statement): boolean {
    const around = this.#placing.surroundings.get(node)
    return around?.apart === true && insideOf(node, around).length === 0
  }
}

/** The comments in the middle of a statement that have to stand before it. */
function insideOf(node: Statement, around: Surroundings): Surroundings['inside'] {
  return liftedOf(node, around) === undefined ? around.inside : []
}

/** The comment in the middle of a statement that can stand at the end of a line instead: the only one, if it trails. */
function liftedOf(node: Statement, { inside, opening, behind }: Surroundings): string | undefined {
  const taken = bodyOf(node) ? opening : behind
  const [first, ...more] = inside
  return first?.trails && more.length === 0 && taken === undefined ? first.text : undefined
}

/** The statements in a node's body, in the order of the tree; `undefined` for what has no body. */
function bodyOf(node: FileNode | Statement): readonly Statement[] | undefined {
  if ('declarations' in node) return node.declarations
  if ('items' in node) return node.items
  if ('rows' in node) return node.rows
  if (node.kind === 'enter' || node.kind === 'leave') return node.value
  return node.kind === 'rule' ? node.actions : undefined
}

/** Goes down the tree and gives each comment to the smallest node that it is in, or that it is next to. */
class Placing {
  readonly surroundings = new Map<FileNode | Statement, Surroundings>()
  readonly beside = new Map<Part, { above: string[]; behind: string | undefined }>()
  readonly #partsOf: PartsOf

  constructor(file: FileNode, comments: readonly Span[], partsOf: PartsOf) {
    this.#partsOf = partsOf
    this.#body(file, undefined, comments)
  }

  /** `opens` is where the head before the body ends; a file has none. */
  #body(parent: FileNode | Statement, opens: Span | undefined, comments: readonly Span[]): void {
    const statements = (bodyOf(parent) ?? []).toSorted((a, b) => a.span.start - b.span.start)
    let [last, next]: [Span | undefined, number] = [opens, 0]
    let previous: Statement | undefined
    const place = (comment: Span, following: Statement | undefined) => {
      const apart = hasBlankLine(last, comment)
      if (previous && isSameLine(last, comment)) this.#at(previous).behind = textOf(comment)
      else if (opens && last === opens && isSameLine(opens, comment)) this.#at(parent).opening = textOf(comment)
      else if (following) this.#at(following).before.push({ text: textOf(comment), apart })
      else this.#at(parent).ending.push({ text: textOf(comment), apart })
      last = comment
    }
    for (const statement of statements) {
      const extent = extentOf(statement)
      for (let each = comments[next]; each && each.start < extent.start; each = comments[++next]) place(each, statement)
      if (hasBlankLine(last, extent)) this.#at(statement).apart = true
      const first = next
      while ((comments[next]?.start ?? Number.POSITIVE_INFINITY) < extent.end) next++
      this.#inside(statement, comments.slice(first, next))
      previous = statement
      last = extent
    }
    for (const comment of comments.slice(next)) place(comment, undefined)
  }

  #inside(statement: Statement, comments: readonly Span[]): void {
    const opens = bodyOf(statement) ? statement.span : extentOf(statement)
    const inBody = comments.findIndex((comment) => comment.start >= opens.end)
    const inHead = inBody < 0 ? comments : comments.slice(0, inBody)
    this.#head(statement, inHead)
    if (bodyOf(statement)) this.#body(statement, opens, inBody < 0 ? [] : comments.slice(inBody))
  }

  #head(statement: Statement, comments: readonly Span[]): void {
    if (comments.length === 0) return
    const places = placesBeside(this.#partsOf(statement), comments)
    for (const [index, comment] of comments.entries()) {
      const place = places?.[index]
      if (!place) this.#at(statement).inside.push({ text: textOf(comment), trails: trails(statement, comment) })
      else if (place.above) this.#beside(place.part).above.push(textOf(comment))
      else this.#beside(place.part).behind = textOf(comment)
    }
  }

  #beside(part: Part): { above: string[]; behind: string | undefined } {
    const beside = this.beside.get(part) ?? { above: [], behind: undefined }
    this.beside.set(part, beside)
    return beside
  }

  #at(node: FileNode | Statement): Surroundings {
    const known = this.surroundings.get(node)
    if (known) return known
    const made = { before: [], ending: [], inside: [], opening: undefined, behind: undefined, apart: false }
    this.surroundings.set(node, made)
    return made
  }
}

function extentOf(node: Statement): Span {
  return ('extent' in node ? node.extent : undefined) ?? node.span
}

function textOf({ source, start, end }: Span): string {
  return source.text.slice(start, end).trimEnd()
}

function isSameLine(before: Span | undefined, after: Span): boolean {
  return before !== undefined && !between(before, after).includes('\n')
}

function hasBlankLine(before: Span | undefined, after: Span): boolean {
  return /\n[^\S\n]*\n/.test(between(before, after))
}

function between(before: Span | undefined, after: Span): string {
  return after.source.text.slice(before?.end ?? 0, after.start)
}

/** Whether something of the statement stands before the comment on its line. */
function trails(statement: Statement, comment: Span): boolean {
  const start = extentOf(statement).start
  const line = comment.source.text.slice(start, comment.start).split('\n').at(-1) ?? ''
  return line.trim() !== ''
}
