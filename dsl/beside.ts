import type { Span } from './source.ts'

/** What a comment may stand beside in the middle of a statement: an item of a list, one condition of several. */
export interface Part {
  readonly span: Span
}

/** Parts that are printed one after the other. */
export interface PartList {
  readonly parts: readonly Part[]
  /** A bracket ends the list, so that a comment may stand behind the last part too. */
  readonly closed: boolean
}

/** A place beside a part: on a line of its own before it, or behind it. */
export interface Place {
  readonly part: Part
  readonly above: boolean
}

interface Room extends Place {
  readonly from: number
  readonly to: number
}

/**
 * The places that the comments in the middle of one statement have beside its parts, in order. Nothing where one of
 * them has none, or where they would change their order because the lists were written in another one.
 */
export function placesBeside(lists: readonly PartList[], comments: readonly Span[]): readonly Place[] | undefined {
  const rooms = lists.flatMap(roomsOf)
  const places: Place[] = []
  let next = 0
  for (const comment of comments) {
    while (next < rooms.length && !holds(rooms[next], comment)) next++
    const place = rooms[next]
    if (!place) return undefined
    places.push(place)
  }
  return places
}

function roomsOf({ parts, closed }: PartList): Room[] {
  return parts.flatMap((part, index): Room[] => {
    const { source, start, end } = part.span
    const [before, after] = [parts[index - 1], parts[index + 1]]
    const lineEnd = source.text.indexOf('\n', end)
    const limit = after?.span.start ?? (closed ? Number.POSITIVE_INFINITY : end)
    return [
      ...(before ? [{ part, above: true, from: before.span.end, to: start }] : []),
      { part, above: false, from: end, to: Math.min(limit, lineEnd < 0 ? limit : lineEnd) },
    ]
  })
}

function holds(room: Room | undefined, comment: Span): boolean {
  return comment.source === room?.part.span.source && comment.start >= room.from && comment.start < room.to
}
