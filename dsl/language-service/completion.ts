import type { NameKind } from '../shape.ts'

/** Something that may be written at a place. */
export interface Completion {
  readonly label: string
  readonly kind: NameKind | 'word' | 'keyword' | 'key' | 'function'
  /** A few words beside it. */
  readonly detail?: string
  /** Some sentences, Markdown. */
  readonly help?: string
  /** What is put in, in the form of a snippet, where it is more than the label. */
  readonly snippet?: string
}

export interface Completions {
  /** The stretch that is replaced: what is written of the word so far. */
  readonly start: number
  readonly end: number
  /** The likeliest first. */
  readonly items: readonly Completion[]
}
