import { type CaseState, type Decision, type Definition, decide, type Process, start } from '../../../engine/index.ts'
import { beginnings, type Happening, happenings, type Rest, type World, withAccess, worldOf } from './happenings.ts'
import { type Observed, type Watched, watch } from './observer.ts'

export interface Walked {
  readonly observed: Observed
  readonly process: Process
}

export interface Walks {
  readonly walks: number
  readonly length: number
  /** A number from 0 up to 1. */
  readonly chance: () => number
}

/** A case under way at a moment. */
interface Under {
  readonly rest: Rest
  readonly now: number
}

/** Walks through cases of a process by chance, with the true times of its timers, and tells what came up on them. */
export function walk(definition: Definition, processName: string, { walks, length, chance }: Walks): Walked {
  const everybody = withAccess(definition)
  const process = everybody.processes[processName]
  if (!process) throw new Error(`there is no process ${processName}`)
  const watched = watch(everybody, processName)
  const world = worldOf(everybody, process, 'reachable')
  const begun = beginnings(world, watched.machine)
  for (let count = 0; count < walks; count++) {
    const first = pick(begun, chance)
    const now = Date.parse('2026-02-01T09:00:00.000Z')
    const decision = first && start(watched.machine, first.newCase, first.event, clock(now))
    let under = decision && taken(world, watched, undefined, decision, now)
    for (let step = 0; step < length && under; step++) under = nextStep(world, watched, under, chance)
  }
  return { observed: watched.observed, process }
}

function clock(now: number): { readonly now: string } {
  return { now: new Date(now).toISOString() }
}

function pick<T>(of: readonly T[], chance: () => number): T | undefined {
  return of[Math.floor(chance() * of.length)]
}

/** The timer that is due next comes, or before it something else. */
function nextStep(world: World, watched: Watched, under: Under, chance: () => number): Under | undefined {
  const { rest, now } = under
  const { state } = rest
  const [key] = Object.keys(state.timers).sort((a, b) => (state.timers[a] ?? '').localeCompare(state.timers[b] ?? ''))
  const due = key === undefined ? Number.POSITIVE_INFINITY : Math.max(now, Date.parse(state.timers[key] ?? ''))
  const isTimers = key !== undefined && chance() < 0.3
  const next = isTimers ? timer(state, key) : pick(outside(world, watched, rest), chance)
  if (!next) return undefined
  const then = isTimers ? due : Math.min(due, now + chance() * 30 * 3_600_000)
  return taken(world, watched, under, decide(watched.machine, next.before, next.event, clock(then)), then)
}

function outside(world: World, { machine }: Watched, rest: Rest): readonly Happening[] {
  return happenings(world, machine, rest).filter(({ event }) => event.type !== 'timer')
}

function timer(state: CaseState, key: string): Happening {
  return { before: state, event: { type: 'timer', by: { kind: 'system' }, key } }
}

/** The case after a decision; as it was where that refuses. */
function taken(
  world: World,
  watched: Watched,
  under: Under | undefined,
  decision: Decision,
  now: number,
): Under | undefined {
  if (decision.outcome === 'refused') return under && { ...under, now }
  const { state, effects } = decision
  watched.note(under?.rest.state.stage, decision)
  const sent = effects.flatMap((each) => (each.type === 'letter' && each.to.kind === 'client' ? [each.letter] : []))
  const had = under?.rest.sent ?? []
  const rest = {
    state,
    sent: world.letters.filter((letter) => had.includes(letter) || sent.includes(letter)),
    startedOthers: under?.rest.startedOthers || effects.some(({ type }) => type === 'start'),
  }
  return { rest, now }
}
