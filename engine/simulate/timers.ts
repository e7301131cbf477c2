import { own, without } from '../named.ts'
import { happen } from './happen.ts'
import { type Done, refusedBecause, type World } from './world.ts'

/** More than this many in one step are timers that set each other off for ever. */
const mostTimers = 10_000

/** What the server says of a timer that has nothing left to do, and forgets. */
const over: ReadonlySet<string> = new Set(['nothing-to-do', 'case-ended'])

/** Time passes until `until`: whatever is due on the way goes off at its moment, in order of time. */
export function passTime(world: World, until: string): Done {
  const log = []
  let so = world
  for (let count = 0; ; count += 1) {
    const key = nextDue(so, until)
    if (key === undefined) return { world: { ...so, now: later(so.now, until) }, log }
    if (count === mostTimers) return refusedBecause(world, endless(key))
    const due = own(so.state?.timers ?? {}, key) ?? until
    const at: World = { ...so, now: later(so.now, due) }
    const done = happen(at, { type: 'timer', by: { kind: 'system' }, key })
    if (done.refused !== undefined && !over.has(done.code ?? '')) return { ...done, world }
    log.push(...done.log)
    so = done.refused === undefined ? done.world : forgotten(at, key)
  }
}

function nextDue({ state }: World, until: string): string | undefined {
  let next: string | undefined
  let least = Date.parse(until)
  for (const [key, due] of Object.entries(state?.timers ?? {})) {
    const time = Date.parse(due)
    if (time > least || (next !== undefined && time === least)) continue
    next = key
    least = time
  }
  return next
}

function later(one: string, other: string): string {
  return Date.parse(one) > Date.parse(other) ? one : other
}

function forgotten(world: World, key: string): World {
  const { state } = world
  return state ? { ...world, state: { ...state, timers: without(state.timers, [key]) } } : world
}

function endless(key: string): string {
  return `more than ${mostTimers} timers went off in this step, the last one \`${key}\`: rules set each other off without end, or the time is too long`
}
