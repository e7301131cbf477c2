import type { Shape } from '../../shape.ts'
import type { Collection, Entry, Item } from './item.ts'
import { blockOf, oneLine, type Place } from './scalar.ts'
import { formOf, shapeOfEntry } from './shapes.ts'

/** A value on one line; `undefined` where it has comments or a text of several lines in it. */
export function flow(item: Item, shape: Shape | undefined, place: Place): string | undefined {
  const words = bare(item, shape, place)
  return words === undefined ? undefined : anchored(item, words)
}

/** With its anchor, where it has one. */
export function anchored({ anchor }: Item, words: string): string {
  return anchor === undefined ? words : `&${anchor} ${words}`.trimEnd()
}

function bare(item: Item, shape: Shape | undefined, place: Place): string | undefined {
  switch (item.kind) {
    case 'string':
      return blockOf(item.value) ? undefined : oneLine(item.value, place, formOf(shape))
    case 'token':
      return formOf(shape) === 'flag' ? item.text.toLowerCase() : item.text
    case 'nothing':
      return item.below.length > 0 ? undefined : place === 'flow' ? 'null' : ''
    case 'list': {
      const members = membersOf(item, shape)
      return members && `[${members.join(', ')}]`
    }
    case 'map': {
      const members = membersOf(item, shape)
      return members && (members.length === 0 ? '{}' : `{ ${members.join(', ')} }`)
    }
  }
}

/** The members of a list or map; `undefined` where comments are among them or one of them can't be on one line. */
function membersOf(item: Collection, shape: Shape | undefined): string[] | undefined {
  if (item.below.length > 0) return undefined
  const members: string[] = []
  for (const entry of item.entries) {
    const hasComments = entry.above.length > 0 || entry.beside.length > 0
    const value = hasComments ? undefined : flow(entry.value, shapeOfEntry(shape, nameOf(entry)), 'flow')
    if (value === undefined) return undefined
    members.push(entry.key ? `${label(entry, 'flow')} ${value}` : value)
  }
  return members
}

/** The key of an entry; `undefined` in a list. */
export function nameOf({ key }: Entry): string | undefined {
  return key?.kind === 'string' ? key.value : key?.text
}

/** What stands before a value: its key, or a dash. */
export function label({ key }: Entry, place: Place): string {
  if (!key) return '-'
  return `${anchored(key, key.kind === 'token' ? key.text : oneLine(key.value, place, undefined))}:`
}
