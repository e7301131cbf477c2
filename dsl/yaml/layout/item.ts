import type { Comment } from '../../comments.ts'

/** What is to be written as YAML, with its comments, before it has a layout. */
export type Item = StringItem | TokenItem | NothingItem | MapItem | ListItem

interface Anchored {
  readonly anchor?: string | undefined
}

/** Words; the layout chooses their quotes. */
export interface StringItem extends Anchored {
  readonly kind: 'string'
  readonly value: string
}

/** Written as it is: a number, `true`, an alias. */
export interface TokenItem extends Anchored {
  readonly kind: 'token'
  readonly text: string
}

/** A key that stands alone. */
export interface NothingItem extends Anchored {
  readonly kind: 'nothing'
  readonly below: readonly Comment[]
}

export interface MapItem extends Anchored {
  readonly kind: 'map'
  readonly entries: readonly Entry[]
  /** Comments after the last entry. */
  readonly below: readonly Comment[]
}

export interface ListItem extends Anchored {
  readonly kind: 'list'
  readonly entries: readonly Entry[]
  readonly below: readonly Comment[]
}

/** A member of a map or of a list, and what is said beside it. */
export interface Entry {
  /** Absent in a list. */
  readonly key?: StringItem | TokenItem
  readonly value: Item
  /** Comments on lines of their own before it. */
  readonly above: readonly Comment[]
  /** Comments at the end of its line. */
  readonly beside: readonly string[]
  /** A blank line stands right before it. */
  readonly apart: boolean
}

export function string(value: string): StringItem {
  return { kind: 'string', value }
}

export function token(text: string): TokenItem {
  return { kind: 'token', text }
}

export type Collection = MapItem | ListItem

export function isCollection(item: Item): item is Collection {
  return item.kind === 'map' || item.kind === 'list'
}
