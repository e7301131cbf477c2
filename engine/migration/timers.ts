import { addDuration } from '../calendar.ts'
import type { CaseState } from '../case.ts'
import type { Refused } from '../decision.ts'
import type { Rule } from '../definition.ts'
import { durationKey, expressionKey } from '../diff/key.ts'
import type { Machine } from '../machine.ts'
import { asTime } from '../moment.ts'
import { own } from '../named.ts'
import type { Timers } from '../program.ts'
import { refuse } from '../refuse.ts'
import { cancelled, changed, planned, type Turn } from '../turn.ts'
import { placeInWords } from '../wording.ts'
import type { Succession } from './succession.ts'

type Due = Readonly<Record<string, string>>

/** When the erasures that were put off are due, by their keys in the later version. */
export function erasuresLeft(
  from: Machine,
  to: Machine,
  succession: Succession,
  { timers }: CaseState,
): { readonly due: Due } | Refused {
  const due: Record<string, string> = {}
  for (const [key, time] of Object.entries(timers)) {
    const fields = from.erasures.get(key)?.filter((name) => own(to.process.fields, name))
    if (!fields || fields.length === 0) continue
    const heir = erasureOf(to, fields, keyAfter(key, succession))
    if (heir === undefined) return lostErasure(to, fields)
    due[heir] = due[heir] === undefined || time < due[heir] ? time : due[heir]
  }
  return { due }
}

function erasureOf({ erasures }: Machine, fields: readonly string[], likely: string): string | undefined {
  const takes = (key: string) => fields.every((field) => erasures.get(key)?.includes(field))
  return takes(likely) ? likely : [...erasures.keys()].find(takes)
}

/** What the key of an erasure is called where its rule or stage goes on: `erase:waiting.enter.2`. */
function keyAfter(key: string, { stage, rules }: Succession): string {
  const [, id = '', index = ''] = /^erase:(.+)\.(\d+)$/.exec(key) ?? []
  const [name = '', ...rest] = id.split('.')
  const heir = rules.get(id)?.after.id ?? [stage(name) ?? name, ...rest].join('.')
  return `erase:${heir}.${index}`
}

function lostErasure({ process }: Machine, fields: readonly string[]): Refused {
  const names = fields.map((field) => `\`${field}\``).join(', ')
  const because = `an erasure of ${names} is promised for later and the new version has none (${placeInWords(process.at)}): keep \`erase ${fields.join(', ')} after …\` until it is done`
  return refuse('not-declared', because, process.at, fields)
}

interface Earlier {
  readonly before: CaseState
  readonly erasures: { readonly due: Due }
}

/**
 * The turn with its timers as the later version has them. What was pending stays so, at its own time where the rule says the same and counted anew
 * from the same moment where it does not; what has gone off does not go off again; a new rule counts from where it would have
 * begun, so that it may be due at once.
 */
export function retimed(
  from: Machine,
  to: Machine,
  succession: Succession,
  turn: Turn,
  { before, erasures }: Earlier,
): Turn {
  const stage = to.stages.get(turn.state.stage)
  const due: Record<string, string> = {}
  if (stage && !stage.stage.final) {
    const heirs = new Map([...succession.rules.values()].map((pair) => [pair.after.id, pair.before] as const))
    const times = { from, to, turn, before, heirs }
    Object.assign(due, dueOf(to.lasting, before.createdAt, times), dueOf(stage.timers, before.enteredAt, times))
  }
  return setTo(turn, { ...due, ...erasures.due })
}

interface Times {
  readonly from: Machine
  readonly to: Machine
  readonly turn: Turn
  readonly before: CaseState
  /** Earlier rules, by the ids of those that go on in their place. */
  readonly heirs: ReadonlyMap<string, Rule>
}

function dueOf({ after, at }: Timers, since: string, times: Times): Due {
  const { to, turn, before, heirs } = times
  const due: Record<string, string> = {}
  for (const { key, delay } of after) {
    const earlier = heirs.get(key)
    const known = earlier?.trigger.kind === 'after' ? earlier : undefined
    if (known && before.timers[known.id] === undefined) continue
    const same = known?.trigger.kind === 'after' && durationKey(known.trigger.delay) === durationKey(delay)
    const time = same ? before.timers[known.id] : undefined
    due[key] = time ?? addDuration(since, delay, to.definition.hours)
  }
  for (const { key, time } of at) {
    const earlier = heirs.get(key)
    if (earlier?.trigger.kind === 'at' && isSameTime(earlier, to.rules.get(key)?.rule)) {
      const pending = before.timers[earlier.id]
      if (pending !== undefined) due[key] = pending
      continue
    }
    const value = asTime(time(turn.state, turn.now), to.definition.hours)
    if (value !== undefined) due[key] = value
  }
  return due
}

function isSameTime(one: Rule, other: Rule | undefined): boolean {
  if (one.trigger.kind !== 'at' || other?.trigger.kind !== 'at') return false
  return expressionKey(one.trigger.time) === expressionKey(other.trigger.time)
}

/** Sets and cancels what differs, so that a timer that stays as it is costs nothing. */
function setTo(turn: Turn, due: Due): Turn {
  const gone = Object.keys(turn.state.timers).filter((key) => due[key] === undefined)
  const left = cancelled(turn, gone)
  return Object.entries(due).reduce(
    (next, [key, time]) => (next.state.timers[key] === time ? next : planned(next, key, time)),
    changed(left, {}),
  )
}
