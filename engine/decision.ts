import type { Actor, CaseState, Evidence, Values } from './case.ts'
import type { Audience, Decided, Place, Recipient, Text } from './definition.ts'

/** The answer to an event: what becomes of the case, or why nothing does. Nothing has happened yet. */
export type Decision = Accepted | Refused

export interface Accepted {
  readonly outcome: 'accepted'
  readonly state: CaseState
  /** In the order of the actions that asked for them. */
  readonly effects: readonly Effect[]
  /** At least one entry; `state.seq` counts them in. */
  readonly log: readonly LogEntry[]
}

export type RefusalCode =
  | 'manual-entry-forbidden'
  | 'not-declared'
  | 'condition-not-met'
  | 'required-missing'
  | 'consent-missing'
  | 'role-missing'
  | 'case-ended'
  | 'not-editable'
  | 'invalid-value'
  | 'nothing-to-do'
  | 'too-many-steps'

/** Why an event changes nothing, for the person who asked: the rule, where it stands, and what would unblock it. */
export interface Refused {
  readonly outcome: 'refused'
  readonly code: RefusalCode
  /** One sentence that names the rule with its file and line, and what unblocks it. */
  readonly because: string
  readonly at?: Place
  readonly fields?: readonly string[]
}

export type Effect =
  /** Compose now, from `state` (the case as it was at this action), and send soon. */
  | {
      readonly type: 'letter'
      readonly letter: string
      readonly to: Recipient
      readonly attach: readonly string[]
      readonly state: CaseState
      readonly rule: string
      /** `seq` of its history entry: unique in the case. */
      readonly seq: number
    }
  | {
      readonly type: 'notify'
      readonly to: Audience | { readonly kind: 'movers' }
      readonly text: Text
      readonly seq: number
    }
  | {
      readonly type: 'consent'
      readonly purpose: string
      readonly decision: 'given' | 'refused'
      readonly evidence: Evidence
    }
  /** Values that go at once: erased by an action, by a person, or by a withdrawal. */
  | { readonly type: 'erase'; readonly fields: readonly string[] }
  | { readonly type: 'erase client' }
  | { readonly type: 'timer'; readonly key: string; readonly due: string }
  | { readonly type: 'cancel timer'; readonly key: string }
  | { readonly type: 'assign'; readonly to: { readonly role: string } | { readonly person: string } }
  | { readonly type: 'start'; readonly process: string; readonly values: Values; readonly seq: number }
  | { readonly type: 'write'; readonly document: string; readonly state: CaseState; readonly seq: number }
  | {
      readonly type: 'call'
      readonly webhook: string
      readonly fields: readonly string[]
      readonly state: CaseState
      readonly seq: number
    }

export type LogType =
  | 'started'
  | 'move'
  | 'fill'
  | 'reply'
  | 'form'
  | 'consent'
  | 'signal'
  | 'timer'
  | 'when'
  | 'cases done'
  | 'needs consent'
  | 'letter'
  | 'letter skipped'
  | 'letter by hand'
  | 'message by hand'
  | 'notify'
  | 'set'
  | 'erase'
  | 'erase client'
  | 'assign'
  | 'start'
  | 'write'
  | 'call'
  | 'ended'
  | 'migrated'

/** One line of a case's history: names, never values. */
export interface LogEntry {
  readonly seq: number
  readonly at: string
  readonly type: LogType
  readonly by: Actor
  readonly from?: string
  readonly to?: string
  readonly rule?: string
  readonly fields?: readonly string[]
  readonly letter?: string
  readonly purpose?: string
  readonly decision?: Decided
  /** Whom or what an action was for: a role, a person, a process, a document, a webhook. */
  readonly target?: string
  readonly because?: string
}
