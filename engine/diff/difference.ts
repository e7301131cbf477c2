import type { Place } from '../definition.ts'

/** What a difference is about. */
export type What =
  | 'company'
  | 'hours'
  | 'role'
  | 'purpose'
  | 'letter'
  | 'document'
  | 'form'
  | 'question'
  | 'table'
  | 'row'
  | 'webhook'
  | 'process'
  | 'access'
  | 'field'
  | 'visibility'
  | 'stage'
  | 'need'
  | 'required field'
  | 'action'
  | 'rule'

/** One thing that two definitions say differently, as data: `render.ts` puts it into words. */
export interface Difference {
  readonly kind: 'added' | 'removed' | 'changed' | 'renamed'
  readonly what: What
  /** The part that differs, where it is not the whole: `title`, `basis`, `order`. */
  readonly aspect?: string
  readonly process?: string
  /** The stage it belongs to, by its name in the later definition where it is there. */
  readonly stage?: string
  readonly name: string
  /** As the text notation says it. */
  readonly before?: string
  readonly after?: string
  /** Where it stands in the later definition; in the earlier one, where it is gone from the later. */
  readonly at?: Place
  /** What follows from it, or belongs to it. */
  readonly notes?: readonly string[]
}

/** What all differences of one subject have in common. */
export type Subject = Pick<Difference, 'what' | 'process' | 'stage' | 'name'>
