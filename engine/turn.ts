import type { Actor, CaseState, Event, Evidence, Migrated, Values } from './case.ts'
import type { Effect, LogEntry } from './decision.ts'
import type { Decided } from './definition.ts'
import { without } from './named.ts'

/** One event's work on one case: the case so far, and what is to happen and be written down. Immutable. */
export interface Turn {
  readonly state: CaseState
  readonly effects: readonly Effect[]
  readonly log: readonly LogEntry[]
  readonly now: string
  readonly event: Event | Migrated
  /** What shows the client's act, for consents recorded in this turn; absent where the event is no act of the client's. */
  readonly evidence?: Evidence
  /** The entry of `log` that a change of stage now belongs to. */
  readonly cause: number
  /** Where a `go to … when` that held has sent the case. */
  readonly going?: string
  /** Consents decided in this turn that the case's rules have not been told of yet. */
  readonly news: readonly News[]
  /** Whether a stage was entered in this turn. */
  readonly entered: boolean
  /** Rules fired and stages entered so far: the measure of an endless turn. */
  readonly steps: number
}

export interface News {
  readonly purpose: string
  readonly decision: Decided
  /** Its entry in `log`. */
  readonly entry: number
}

export type Note = Omit<LogEntry, 'seq' | 'at' | 'by'> & { readonly by?: Actor }

const byRule: Actor = { kind: 'rule' }

/** More steps than this in one turn is rules that fire each other for ever. */
export const maxSteps = 100

/** Thrown inside a turn that does not end; `decide` makes a refusal of it. */
export class TooManySteps extends Error {
  override readonly name = 'TooManySteps'
  readonly rules: readonly string[]

  constructor(rules: readonly string[]) {
    super('rules fire each other without end')
    this.rules = rules
  }
}

/** A turn that starts with `event` and the entry it leaves in the history. */
export function begin(state: CaseState, event: Event | Migrated, now: string, first: Note, evidence?: Evidence): Turn {
  const turn: Turn = {
    state,
    effects: [],
    log: [],
    now,
    event,
    cause: 0,
    news: [],
    entered: false,
    steps: 0,
    ...(evidence && { evidence }),
  }
  return noted(turn, { by: event.by, ...first })
}

/** The turn with one more entry in the history; by a rule where the note names nobody. */
export function noted(turn: Turn, note: Note): Turn {
  const seq = turn.state.seq + 1
  const entry: LogEntry = { seq, at: turn.now, by: byRule, ...note }
  return { ...turn, state: { ...turn.state, seq }, log: [...turn.log, entry] }
}

/** The turn with more said on the entry that caused what now happens. */
export function amended(turn: Turn, more: Partial<LogEntry>): Turn {
  const log = turn.log.map((entry, index) => (index === turn.cause ? { ...entry, ...more } : entry))
  return { ...turn, log }
}

export function changed(turn: Turn, change: Partial<CaseState>): Turn {
  return { ...turn, state: { ...turn.state, ...change } }
}

export function wanting(turn: Turn, ...effects: readonly Effect[]): Turn {
  return { ...turn, effects: [...turn.effects, ...effects] }
}

/** One step nearer to the end of an endless turn. */
export function stepped(turn: Turn): Turn {
  if (turn.steps >= maxSteps) throw new TooManySteps(recentRules(turn))
  return { ...turn, steps: turn.steps + 1 }
}

function recentRules(turn: Turn): readonly string[] {
  const rules = turn.log.slice(-20).flatMap((entry) => (entry.type === 'when' && entry.rule ? [entry.rule] : []))
  return [...new Set(rules)]
}

/** Values that go now. All fields named are in the effect: what is stored may be out of the engine's sight. */
export function erased(turn: Turn, fields: readonly string[], note: Omit<Note, 'type' | 'fields'>): Turn {
  const next = changed(turn, { values: without(turn.state.values, fields) })
  return wanting(noted(next, { ...note, type: 'erase', fields }), { type: 'erase', fields })
}

export function filled(turn: Turn, values: Values): Turn {
  return changed(turn, { values: { ...turn.state.values, ...values } })
}

/** A timer set; one that was set before under the same key is replaced. */
export function planned(turn: Turn, key: string, due: string): Turn {
  const next = changed(turn, { timers: { ...turn.state.timers, [key]: due } })
  return wanting(next, { type: 'timer', key, due })
}

export function cancelled(turn: Turn, keys: readonly string[]): Turn {
  const pending = keys.filter((key) => Object.hasOwn(turn.state.timers, key))
  if (pending.length === 0) return turn
  const next = changed(turn, { timers: without(turn.state.timers, pending) })
  return wanting(next, ...pending.map((key) => ({ type: 'cancel timer', key }) as const))
}
