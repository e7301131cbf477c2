import type { Comment } from '../../comments.ts'
import { type Line, widest, widthOf } from '../../format/doc.ts'
import type { Shape } from '../../shape.ts'
import { anchored, flow, label, nameOf } from './flow.ts'
import { type Collection, type Entry, isCollection, type MapItem } from './item.ts'
import { Lines } from './lines.ts'
import { blockOf } from './scalar.ts'
import { isAlwaysBlock, isListOfRecords, isVerb, shapeFor, shapeOfEntry } from './shapes.ts'

/** How far what stands under a key or a dash is set in. */
const step = 2

/** The one layout of a map that is a document of its own. `shape` is what such a document may hold. */
export function layOut(top: MapItem, shape: Shape): readonly Line[] {
  return entriesOf(top, shape, 0, true).all
}

/** The entries of a map or a list one below the other; `apart`: always with a blank line between them. */
function entriesOf(item: Collection, shape: Shape | undefined, indent: number, apart = false): Lines {
  const lines = new Lines()
  for (const each of item.entries) {
    const whole = settled(each)
    const line = onOneLine(whole, shape, indent)
    const entry = line === undefined ? opened(whole) : whole
    if (apart) lines.blank()
    lines.comments(entry.above, indent)
    if (entry.apart) lines.blank()
    if (line === undefined) lines.append(blockLines(entry, shape, indent))
    else lines.add(indent, line, entry.beside[0])
  }
  lines.comments(item.below, indent)
  return lines
}

/** With each comment where it can stand: no more than one beside a line, none in what is empty or right after a dash. */
function settled(entry: Entry): Entry {
  const { value, beside } = entry
  if (isEmpty(value) && value.below.length > 0) {
    return settled(under(value.below, { ...entry, value: { ...value, below: [] } }))
  }
  if (beside.length > 1) return settled(under(lone(beside.slice(0, -1)), { ...entry, beside: beside.slice(-1) }))
  const [head, ...more] = entry.key || value.kind !== 'map' ? [] : value.entries
  if (!head || value.kind !== 'map') return entry
  const first = settled(head)
  return under(first.above, {
    ...entry,
    value: { ...value, entries: [{ ...first, above: [], apart: false }, ...more] },
  })
}

/** With more comments over it, below those that it has. */
function under([first, ...more]: readonly Comment[], entry: Entry): Entry {
  if (!first) return entry
  const above = [...entry.above, { ...first, apart: first.apart || entry.apart }, ...more]
  return { ...entry, above, apart: false }
}

function lone(comments: readonly string[]): Comment[] {
  return comments.map((text) => ({ text, apart: false }))
}

function isEmpty(value: Entry['value']): value is Collection {
  return isCollection(value) && value.entries.length === 0
}

/** An entry that takes several lines: a comment beside a dash stands beside what follows it on its line. */
function opened(entry: Entry): Entry {
  const { key, value, beside } = entry
  const [head, ...more] = key || value.kind !== 'map' ? [] : value.entries
  if (!head || value.kind !== 'map' || beside.length === 0) return entry
  if (value.anchor !== undefined || head.beside.length > 0) return under(lone(beside), { ...entry, beside: [] })
  return { ...entry, value: { ...value, entries: [{ ...head, beside }, ...more] }, beside: [] }
}

/** The map that begins on the line of a dash. */
function besideDash({ key, value }: Entry): MapItem | undefined {
  return !key && value.kind === 'map' && value.anchor === undefined ? value : undefined
}

/** A whole entry on one line, where its shape, its comments and the width of a line allow that. */
function onOneLine(entry: Entry, holder: Shape | undefined, indent: number): string | undefined {
  const { value } = entry
  const shape = shapeOfEntry(holder, nameOf(entry))
  if (isCollection(value) && isBlock(entry, value, shape, holder)) return undefined
  const words = flow(value, shape, 'block')
  if (words === undefined) return undefined
  const line = `${label(entry, 'block')} ${words}`.trimEnd()
  return isCollection(value) && indent + widthOf(line) > widest ? undefined : line
}

/** Whether a list or map has lines of its own even where it would fit on one. */
function isBlock({ key }: Entry, value: Collection, shape: Shape | undefined, holder: Shape | undefined): boolean {
  if (value.entries.length === 0) return false
  if (value.kind === 'list') {
    return isListOfRecords(shapeFor(shape, 'list')) && (value.entries.length > 1 || isAlwaysBlock(holder))
  }
  const record = shapeFor(shape, 'map')
  return isAlwaysBlock(record) || (!key && (value.entries.length === 1 || isVerb(record)))
}

/** An entry on several lines. */
function blockLines(entry: Entry, holder: Shape | undefined, indent: number): Lines {
  const { value, beside } = entry
  const shape = shapeOfEntry(holder, nameOf(entry))
  const lines = new Lines()
  const text = value.kind === 'string' ? blockOf(value.value) : undefined
  const opening = `${label(entry, 'block')} ${anchored(value, text?.header ?? '')}`.trimEnd()
  const compact = besideDash(entry)
  if (compact) {
    const inner = entriesOf(compact, shape, indent + step)
    inner.dash(indent)
    return inner
  }
  lines.add(indent, opening, beside[0])
  for (const line of text?.lines ?? []) lines.add(indent + step, line)
  if (isCollection(value)) lines.append(entriesOf(value, shape, indent + step))
  else if (value.kind === 'nothing') lines.comments(value.below, indent + step)
  return lines
}
