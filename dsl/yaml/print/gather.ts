import type { Comment } from '../../comments.ts'
import type { Entry, Item } from '../layout/item.ts'
import { type Around, alone, joined, keyed, list, map } from './around.ts'

/** What one statement gives to a key of the body that it stands in. */
export type Part = Whole | Share

/** All that the key says. */
interface Whole {
  readonly key: string
  readonly whole: Item
  readonly around: Around
}

/** Entries beside those of other statements. */
export interface Share {
  readonly key: string
  readonly as: 'map' | 'list'
  readonly entries: readonly Entry[]
  /** What is said of the statement, where it is more than its entries. */
  readonly around?: Around
  readonly below?: readonly Comment[]
}

interface Gathered {
  readonly key: string
  readonly as: 'map' | 'list'
  entries: Entry[]
  around: Around
  below: readonly Comment[]
}

/** The entries of a body: what YAML has under one key comes together where its first statement stands. */
export function gather(parts: readonly Part[]): Entry[] {
  const gathered: (Whole | Gathered)[] = []
  const shared = new Map<string, Gathered>()
  for (const part of parts) {
    if ('whole' in part) gathered.push(part)
    else {
      const known = shared.get(part.key)
      const begun = known ?? begin(part)
      if (known) add(known, part)
      else gathered.push(begun)
      shared.set(part.key, begun)
    }
  }
  return gathered.map((each) => ('whole' in each ? keyed(each.key, each.whole, joined(each.around)) : written(each)))
}

function written({ key, as, entries, around, below }: Gathered): Entry {
  return keyed(key, as === 'map' ? map(entries, below) : list(entries, below), joined(around))
}

/** Comments over the first entry that a blank line parts from it are about all that follow. */
function begin({ key, as, entries, around, below = [] }: Share): Gathered {
  const [first, ...more] = entries
  if (around || !first) return { key, as, entries: [...entries], around: around ?? alone, below }
  const parted = first.apart ? first.above.length : first.above.findLastIndex(({ apart }) => apart)
  const about = Math.max(0, parted)
  const own = { ...first, ...joined({ ...first, above: first.above.slice(about) }) }
  return { key, as, entries: [own, ...more], around: { ...alone, above: first.above.slice(0, about) }, below }
}

/** What is said of a later statement stands over its first entry, beside its last, or below that. */
function add(to: Gathered, { entries, around = alone, below = [] }: Share): void {
  const [last, ...opening] = around.beside.toReversed()
  const said = [...to.below, ...around.above, ...lone(opening.toReversed())]
  const hasRoom = entries.at(-1)?.beside.length === 0 && below.length === 0
  const ending = last === undefined || hasRoom ? below : [...below, ...lone([last])]
  const [first, ...more] = entries
  if (!first) {
    to.below = [...said, ...ending]
    return
  }
  const apart = first.apart || (around.above.length === 0 && around.apart)
  const added = [{ ...first, above: [...said, ...first.above], apart }, ...more]
  to.entries.push(...(last !== undefined && hasRoom ? besideLast(added, last) : added))
  to.below = ending
}

function lone(comments: readonly string[]): Comment[] {
  return comments.map((text) => ({ text, apart: false }))
}

function besideLast(entries: readonly Entry[], beside: string): Entry[] {
  return entries.map((entry, index) => (index === entries.length - 1 ? { ...entry, beside: [beside] } : entry))
}
