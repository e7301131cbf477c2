import type { ConsentStatus, Decided } from './definition.ts'

/** A field's value. Money and numbers are numbers; dates `2026-05-25`; times RFC 3339 in UTC; a missing value is absent. */
export type Value = string | number | boolean | readonly string[]
export type Values = Readonly<Record<string, Value>>

/** All that `decide` knows of a case. Immutable; what of it is stored where is the runtime's matter. */
export interface CaseState {
  readonly id: string
  readonly number: string
  /** RFC 3339, UTC, as every time here. */
  readonly createdAt: string
  readonly stage: string
  readonly enteredAt: string
  /** Stages the case has been in, the present one included, in order of first entry. */
  readonly visited: readonly string[]
  readonly ended: 'no' | 'success' | 'other'
  readonly assignee?: string
  readonly values: Values
  /** When each pending `after` and `at` rule, and each pending `erase … after`, is due; by its key. */
  readonly timers: Readonly<Record<string, string>>
  /** Rules `when … { … }` that have fired and wait for their condition to become false again. */
  readonly fired: readonly string[]
  /** How many entries the case's history has. */
  readonly seq: number
  readonly client: ClientState
}

/** What a case knows of its client. Contact data are those of the card; a case's own `client email` goes before them. */
export interface ClientState {
  readonly name?: string
  readonly email?: string
  readonly phone?: string
  /** By purpose; `none` where absent. */
  readonly consents: Readonly<Record<string, ConsentStatus>>
}

/** Who or what acts. */
export type Actor =
  | { readonly kind: 'staff'; readonly id: string; readonly roles: readonly string[] }
  | { readonly kind: 'client' }
  | { readonly kind: 'rule' }
  | { readonly kind: 'system' }

/** What shows that a consent was decided; kept with the record, never looked into by the engine. */
export type Evidence = Readonly<Record<string, unknown>>

/** Something that happened outside and concerns one case. */
export type Event =
  | { readonly type: 'start'; readonly by: Actor; readonly values: Values }
  | { readonly type: 'move'; readonly by: Actor; readonly to: string }
  | { readonly type: 'fill'; readonly by: Actor; readonly values: Readonly<Record<string, Value | null>> }
  /** The client's own answer, already judged. `lines` are the client's own words, line by line. */
  | {
      readonly type: 'reply'
      readonly by: Actor
      readonly letter: string
      readonly lines: readonly string[]
      readonly evidence: Evidence
      /** By what reason a person let it count; absent where it counts by itself. Noted in the history. */
      readonly because?: string
    }
  | {
      readonly type: 'form'
      readonly by: Actor
      readonly form: string
      readonly values: Values
      readonly consents: Readonly<Record<string, 'given' | 'refused'>>
      readonly evidence: Evidence
    }
  /** The client's decision, made outside this case (portal, paper, another case). It is already in `state.client`. */
  | { readonly type: 'consent'; readonly by: Actor; readonly purpose: string; readonly decision: Decided }
  | { readonly type: 'signal'; readonly by: Actor; readonly signal: string }
  /** A timer of `state.timers` is due. */
  | { readonly type: 'timer'; readonly by: Actor; readonly key: string }
  /** `because` says why, where no person asks for it. */
  | { readonly type: 'erase'; readonly by: Actor; readonly fields: readonly string[]; readonly because?: string }
  | { readonly type: 'cases done'; readonly by: Actor }

/** A case goes on by another version of its process. Numbers are versions, as people know them. */
export interface Migrated {
  readonly type: 'migrate'
  readonly by: Actor
  readonly from: number
  readonly to: number
}
