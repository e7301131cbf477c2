import type { Part } from '../../beside.ts'
import type { Comment, Comments, Statement } from '../../comments.ts'
import type { Entry, Item } from '../layout/item.ts'

/** What is said beside an entry. */
export type Around = Pick<Entry, 'above' | 'beside' | 'apart'>

export const alone: Around = { above: [], beside: [], apart: false }

/** The comments of a statement, for the entry that says it. Those at the end of its body are not among them. */
export function around(comments: Comments, node: Statement): Around {
  const beside = [comments.opening(node), comments.behind(node)].filter((text) => text !== undefined)
  return { above: comments.before(node), beside, apart: comments.isApart(node) }
}

/** The comments at an item of a list in a statement. */
export function aroundPart(comments: Comments, part: Part): Around {
  const { above = [], behind } = comments.beside(part) ?? {}
  return {
    above: above.map((text) => ({ text, apart: false })),
    beside: behind === undefined ? [] : [behind],
    apart: false,
  }
}

/** Without the blank line that stands before it all. */
export function joined({ above, beside, apart }: Around): Around {
  const [first, ...more] = above
  return first ? { above: [{ ...first, apart: false }, ...more], beside, apart } : { above, beside, apart: false }
}

/** The same with a blank line before it. */
export function setApart({ above, beside, apart }: Around): Around {
  const [first, ...more] = above
  return first ? { above: [{ ...first, apart: true }, ...more], beside, apart } : { above, beside, apart: true }
}

export function keyed(key: string, value: Item, said: Around = alone): Entry {
  return { key: { kind: 'string', value: key }, value, ...said }
}

export function listed(value: Item, said: Around = alone): Entry {
  return { value, ...said }
}

/** The entries whose value there is. */
export function entries(values: Readonly<Record<string, Item | undefined>>): Entry[] {
  return Object.entries(values).flatMap(([key, value]) => (value ? [keyed(key, value)] : []))
}

export function map(entries: readonly Entry[], below: readonly Comment[] = []): Item {
  return { kind: 'map', entries, below }
}

export function list(entries: readonly Entry[], below: readonly Comment[] = []): Item {
  return { kind: 'list', entries, below }
}
