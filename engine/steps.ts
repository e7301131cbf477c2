import { addDuration } from './calendar.ts'
import type { CaseState } from './case.ts'
import { asTime } from './moment.ts'
import { own } from './named.ts'
import type { CompiledRule, CompiledStage, Program } from './program.ts'
import { amended, cancelled, changed, noted, planned, stepped, type Turn } from './turn.ts'

/** What the machine's one action is asked to do on a transition or an entry; done in this order. */
export interface Deed {
  /** The purpose whose missing consent sends the case elsewhere. */
  readonly needs?: string
  readonly rule?: string
  readonly leave?: string
  readonly enter?: string
}

/** Does a deed: pure, on compiled closures alone. */
export function perform(program: Program, turn: Turn, { needs, rule, leave, enter }: Deed): Turn {
  let next = turn
  if (needs !== undefined) next = diverted(next, needs)
  if (rule !== undefined) next = fired(next, known(program.rules.get(rule), rule))
  if (leave !== undefined) next = left(next, known(program.stages.get(leave), leave))
  if (enter !== undefined) next = entered(program, next, known(program.stages.get(enter), enter))
  return next
}

function known<T>(found: T | undefined, name: string): T {
  if (found === undefined) throw new Error(`\`${name}\` is not in the process`)
  return found
}

function diverted(turn: Turn, purpose: string): Turn {
  const because = `consent to ${purpose} is ${own(turn.state.client.consents, purpose) ?? 'none'}`
  const next = noted(stepped(turn), { type: 'needs consent', purpose, because })
  return { ...next, cause: next.log.length - 1 }
}

function fired(turn: Turn, { rule, goTo, act }: CompiledRule): Turn {
  let next = stepped(turn)
  const cause = next.log[next.cause]
  if (rule.trigger.kind === 'when') {
    next = noted(next, { type: 'when', rule: rule.id })
    next = { ...next, cause: next.log.length - 1 }
    if (goTo === undefined) next = changed(next, { fired: [...next.state.fired, rule.id] })
  } else if (cause?.rule === undefined || cause.rule === rule.id) {
    next = amended(next, { rule: rule.id })
  } else {
    const { type, purpose, decision } = cause
    next = noted(next, { type, rule: rule.id, ...(purpose && { purpose }), ...(decision && { decision }) })
    next = { ...next, cause: next.log.length - 1 }
  }
  return act(next)
}

function left(turn: Turn, { leave, timers }: CompiledStage): Turn {
  const { going: _, ...rest } = leave(turn)
  return cancelled(rest, timers.keys)
}

function entered(program: Program, turn: Turn, { stage, enter, timers }: CompiledStage): Turn {
  const { state, now } = turn
  const starts = state.visited.length === 0
  let next = amended(stepped(turn), { ...(!starts && { from: state.stage }), to: stage.name })
  next = changed(next, {
    stage: stage.name,
    enteredAt: now,
    visited: state.visited.includes(stage.name) ? state.visited : [...state.visited, stage.name],
    ended: stage.final ? (stage.success ? 'success' : 'other') : 'no',
  })
  next = { ...next, entered: true }
  if (stage.final) return noted(cancelled(enter(next), program.lasting.keys), { type: 'ended', to: stage.name })
  const delays = starts ? [...program.lasting.after, ...timers.after] : timers.after
  for (const { key, delay } of delays) next = planned(next, key, addDuration(now, delay, program.definition.hours))
  return enter(next)
}

/** What is put in order when an event's rules are done: `when` rules that may fire again, and `at` timers planned anew. */
export function settled(program: Program, before: CaseState, turn: Turn): Turn {
  return timed(program, before, rearmed(program, turn))
}

function rearmed(program: Program, turn: Turn): Turn {
  const { state, now } = turn
  if (state.fired.length === 0) return turn
  const still = state.fired.filter((id) => program.rules.get(id)?.holds(state, now))
  return still.length === state.fired.length ? turn : changed(turn, { fired: still })
}

function timed(program: Program, before: CaseState, turn: Turn): Turn {
  if (turn.state.ended !== 'no') return turn
  const starts = before.visited.length === 0
  let next = turn
  for (const timer of program.lasting.at) next = timedAnew(program, before, next, timer, starts)
  const own = known(program.stages.get(turn.state.stage), turn.state.stage).timers.at
  for (const timer of own) next = timedAnew(program, before, next, timer, turn.entered)
  return next
}

/**
 * An `at` rule is planned when its stage is entered and whenever its time changes; a time that is past is due at once.
 * A consent may bring a time into reach, which must not set off again one that is past.
 */
function timedAnew(
  { definition }: Program,
  before: CaseState,
  turn: Turn,
  { key, time }: Program['lasting']['at'][number],
  fresh: boolean,
): Turn {
  const { state, now, event } = turn
  const value = time(state, now)
  const due = asTime(value, definition.hours)
  if (due === undefined) return cancelled(turn, [key])
  if (fresh || time(before, now) !== value) return planned(turn, key, due)
  const comesIntoReach = event.type === 'consent' && !Object.hasOwn(state.timers, key) && due > now
  return comesIntoReach ? planned(turn, key, due) : turn
}
