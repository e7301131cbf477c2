import { type CaseState, type Decision, type Definition, decide, type Process, start } from '../../../engine/index.ts'
import { beginnings, type Happening, happenings, type Reach, withAccess, worldOf } from './happenings.ts'
import { type Observed, watch } from './observer.ts'

/** Walks through cases of a process by chance, with the engine and the true order of timers, and tells what came up on them. */
export function walk(
  definition: Definition,
  process: string,
  { walks, length, chance }: { readonly walks: number; readonly length: number; readonly chance: () => number },
): Walked {
  const everybody = withAccess(definition)
  const declared = everybody.processes[process]
  if (!declared) throw new Error(`there is no process ${process}`)
  const watched = watch(everybody, process)
  const world = worldOf(everybody, declared, 'reachable' satisfies Reach)
  const begun = beginnings(world, watched.machine)
  const rested = new Set<string>()
  const pick = <T>(of: readonly T[]): T | undefined => of[Math.floor(chance() * of.length)]
  for (let count = 0; count < walks; count++) {
    let now = Date.parse('2026-02-01T09:00:00.000Z')
    const clock = () => ({ now: new Date(now).toISOString() })
    const first = pick(begun)
    if (!first) break
    let sent: readonly string[] = []
    let startedOthers = false
    let state: CaseState | undefined
    const take = (decision: Decision) => {
      if (decision.outcome === 'refused') return
      watched.note(state?.stage, decision)
      const letters = decision.effects.flatMap((each) =>
        each.type === 'letter' && each.to.kind === 'client' ? [each.letter] : [],
      )
      sent = world.letters.filter((letter) => sent.includes(letter) || letters.includes(letter))
      startedOthers ||= decision.effects.some(({ type }) => type === 'start')
      state = decision.state
      rested.add(state.stage)
    }
    take(start(watched.machine, first.newCase, first.event, clock()))
    for (let step = 0; step < length && state; step++) {
      const due = nextDue(state)
      const all = happenings(world, watched.machine, { state, sent, startedOthers })
      const events = all.filter(({ event }) => event.type !== 'timer')
      const next = due !== undefined && chance() < 0.3 ? timer(state, due) : pick(events)
      if (!next) break
      if (next.event.type === 'timer') now = Math.max(now, Date.parse(state.timers[next.event.key] ?? ''))
      else
        now = Math.min(
          now + chance() * 30 * 3_600_000,
          due === undefined ? Number.POSITIVE_INFINITY : Math.max(now, Date.parse(state.timers[due] ?? '')),
        )
      take(decide(watched.machine, next.before, next.event, clock()))
    }
  }
  return { observed: watched.observed, rested, process: declared }
}

export interface Walked {
  readonly observed: Observed
  /** Stages in which a case came to rest. */
  readonly rested: ReadonlySet<string>
  readonly process: Process
}

function nextDue({ timers }: CaseState): string | undefined {
  return Object.keys(timers).sort((a, b) => (timers[a] ?? '').localeCompare(timers[b] ?? ''))[0]
}

function timer(state: CaseState, key: string): Happening {
  return { before: state, event: { type: 'timer', by: { kind: 'system' }, key } }
}
