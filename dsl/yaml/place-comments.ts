import type { Comment } from '../comments.ts'
import type { Source, Span } from '../source.ts'

/** An entry of a map or list where it stands, while its comments are gathered. */
export interface Spot {
  readonly start: number
  readonly end: number
  readonly holder: Region
  /** What stands in it, where that can hold comments of its own. */
  inner?: Region
  readonly above: Comment[]
  readonly beside: string[]
}

/** A map or list where it stands; also the room under a key that stands alone. */
export interface Region {
  readonly start: number
  readonly end: number
  /** Between braces or brackets. */
  readonly flow: boolean
  /** Where its entries begin, in a block. */
  readonly column: number
  /** The entry that it is the value of; absent for the whole document. */
  readonly of: Spot | undefined
  readonly below: Comment[]
}

/**
 * Gives each comment to the entry or the end of the map or list that it belongs to, by its place and how far it is set
 * in. `spots` come in the order of the file, an entry before what is in it.
 */
export function placeComments(source: Source, top: Region, spots: readonly Spot[], comments: readonly Span[]): void {
  let next = 0
  for (const comment of comments) {
    while (spots[next] && (spots[next]?.start ?? 0) < comment.start) next++
    place(source, top, spots[next - 1], spots[next], comment)
  }
}

function place(source: Source, top: Region, last: Spot | undefined, next: Spot | undefined, comment: Span): void {
  const { start, end } = comment
  const lineStart = lineStartOf(source, start)
  const before = source.text.slice(lineStart, start)
  const said = { text: source.text.slice(start, end), apart: isAfterBlankLine(source, start) }
  const brackets = regionsAround(last).find((region) => region.flow && region.start < start && start < region.end)
  const following = brackets && (next?.start ?? brackets.end) >= brackets.end ? undefined : outside(next, start)
  if (!opensLine.test(before)) {
    const owner = endedAt(last, start)
    if (owner) owner.beside.push(said.text)
    else top.below.push(said)
  } else if (last && last.end > start && !isIn(following, last)) last.above.push(said)
  else if (brackets) (following?.above ?? brackets.below).push(said)
  else {
    const closing = before.trim() === '' ? closedAt(last, following, start - lineStart) : undefined
    const lines = closing?.below ?? following?.above ?? top.below
    lines.push(said)
  }
}

/** Nothing of an entry stands on the line yet: dashes, tags, anchors and the start of a document at most. */
const opensLine = /^(?:\s|[-?:](?=\s)|[&!]\S*|---(?=\s))*$/

/** Whether something begins its line, and the line before is blank. */
export function isAfterBlankLine(source: Source, offset: number): boolean {
  const start = lineStartOf(source, offset)
  if (start === 0 || !opensLine.test(source.text.slice(start, offset))) return false
  return /^[ \t\r\n]*$/.test(source.text.slice(lineStartOf(source, start - 1), start))
}

function lineStartOf({ text }: Source, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1
}

/** What stands in an entry and what that stands in, from the inside out. */
function regionsAround(spot: Spot | undefined): Region[] {
  const regions = spot?.inner ? [spot.inner] : []
  for (let each = spot; each; each = each.holder.of) regions.push(each.holder)
  return regions
}

/** The entry that a comment before a list or map in brackets is about: what holds that. */
function outside(next: Spot | undefined, at: number): Spot | undefined {
  let spot = next
  while (spot?.holder.flow && spot.holder.start > at) spot = spot.holder.of
  return spot
}

/** The entry that ends on the line of a comment. */
function endedAt(last: Spot | undefined, at: number): Spot | undefined {
  let ended = last
  for (let each = last; each; each = each.holder.of) {
    if (each.holder.flow && each.holder.end <= at) ended = each.holder.of
  }
  return ended
}

function isIn(inner: Spot | undefined, outer: Spot): boolean {
  for (let each = inner; each; each = each.holder.of) if (each === outer) return true
  return false
}

/** The map or list that is over before `next` and whose entries are set in no more than a comment: it ends with it. */
function closedAt(last: Spot | undefined, next: Spot | undefined, column: number): Region | undefined {
  const open = new Set(regionsAround(next))
  const floor = next?.holder.column ?? -1
  let found: Region | undefined
  for (const region of regionsAround(last)) {
    if (open.has(region)) break
    const fits = !region.flow && region.column <= column && region.column > floor
    if (fits && region.column >= (found?.column ?? 0)) found = region
  }
  return found
}
