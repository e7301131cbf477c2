import {
  type Actor,
  type CaseState,
  compile,
  type Decision,
  type Definition,
  decide,
  type Event,
  type Machine,
  start,
} from '../../../engine/index.ts'
import type { Step } from '../../../engine/verify/index.ts'
import { byHand, neutral, withAccess } from './happenings.ts'

/** Where the steps of a path lead a real case; or the first of them that can't be taken, and why. */
export type Replayed =
  | { readonly state: CaseState; readonly sent: readonly string[] }
  | { readonly endless: true }
  | { readonly problem: string }

interface Run {
  readonly definition: Definition
  readonly machine: Machine
  readonly consents: Readonly<Record<string, 'given' | 'refused' | 'withdrawn'>>
  readonly now: number
  readonly sent: readonly string[]
  readonly state?: CaseState
  /** The stages it was in at the last step. */
  readonly passed: readonly string[]
}

const client: Actor = { kind: 'client' }
const system: Actor = { kind: 'system' }
const evidence = { shown: 'yes' }

/**
 * Leads a case along a path with the real engine and a clock that runs on from timer to timer. The last step may end in the midst
 * of what follows from it.
 */
export function replay(definition: Definition, process: string, steps: readonly Step[], email = true): Replayed {
  const everybody = withAccess(definition)
  const machine = compile(everybody, process)
  let run: Run = {
    definition: everybody,
    machine,
    consents: {},
    now: Date.parse('2026-02-01T09:00:00.000Z'),
    sent: [],
    passed: [],
  }
  for (const [index, step] of steps.entries()) {
    const next = taken(run, step, email)
    const where = `step ${index + 1}, “${step.words}”`
    if (typeof next === 'string') return { problem: `${where}: ${next}` }
    if ('outcome' in next) {
      return index === steps.length - 1 ? { endless: true } : { problem: `${where}: never ends, and is not the last` }
    }
    const isLast = index === steps.length - 1
    const isThere = next.state?.stage === step.stage || (isLast && next.passed.includes(step.stage ?? ''))
    if (!isThere) return { problem: `${where}: comes to ${next.state?.stage}, not ${step.stage}` }
    run = next
  }
  const { state, sent } = run
  return state ? { state, sent } : { problem: 'the case never starts' }
}

type Taken = Run | Extract<Decision, { outcome: 'refused' }> | string

function taken(run: Run, step: Step, email: boolean): Taken {
  const { happening } = step
  const { state } = run
  if (state === undefined) {
    if (happening.kind === 'start') return after(run, begun(run, step, email))
    if (happening.kind !== 'decision') return 'happens before the start'
    return { ...run, consents: { ...run.consents, [happening.purpose]: happening.decision } }
  }
  if (happening.kind === 'decision') return decidedOutside(run, state, happening)
  if (happening.kind === 'timer' || happening.kind === 'erasure') {
    return timed(run, state, happening.kind === 'timer' ? happening.rule : happening.key)
  }
  const event = eventOf(run, step)
  return typeof event === 'string' ? event : after(run, decide(run.machine, state, event, clock(run)))
}

function clock({ now }: Run): { readonly now: string } {
  return { now: new Date(now).toISOString() }
}

function begun(
  { machine, consents, ...run }: Run,
  { happening, values, consents: answers }: Step,
  email: boolean,
): Decision {
  const form = happening.kind === 'start' ? happening.form : undefined
  const newCase = {
    id: '1',
    number: '1',
    client: { ...(email && { email: 'client@client.example' }), consents },
    ...(form !== undefined && { form: { name: form, consents: answers, evidence } }),
  }
  const by = form === undefined ? everyRole(machine) : client
  return start(
    machine,
    newCase,
    { type: 'start', by, values: withoutNothing(values) },
    clock({ machine, consents, ...run }),
  )
}

function withoutNothing(values: Step['values']): Readonly<Record<string, NonNullable<Step['values'][string]>>> {
  return Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value === null ? [] : [[name, value]])))
}

function everyRole({ process }: Machine): Actor {
  return { kind: 'staff', id: 'ada', roles: Object.keys(process.access) }
}

function decidedOutside(
  run: Run,
  state: CaseState,
  { purpose, decision }: Extract<Step['happening'], { kind: 'decision' }>,
): Taken {
  if (decision === 'withdrawn' && state.client.consents[purpose] !== 'given') return `${purpose} is not given`
  const told = { ...state, client: { ...state.client, consents: { ...state.client.consents, [purpose]: decision } } }
  return after(run, decide(run.machine, told, { type: 'consent', by: client, purpose, decision }, clock(run)))
}

function timed(run: Run, state: CaseState, key: string): Taken {
  const due = state.timers[key]
  if (due === undefined) return `\`${key}\` is not pending`
  const own = state.timers
  const rules = run.machine.process.stages[state.stage]?.rules ?? []
  const isDelay = (id: string) => rules.some((rule) => rule.id === id && rule.trigger.kind === 'after')
  const earlier = Object.keys(own).find((id) => isDelay(id) && isDelay(key) && (own[id] ?? '') < due)
  if (earlier !== undefined) return `\`${earlier}\` comes before it`
  const later = { ...run, now: Math.max(run.now, Date.parse(due)) }
  return after(later, decide(run.machine, state, { type: 'timer', by: system, key }, clock(later)))
}

function eventOf({ machine, sent }: Run, { happening, values, consents }: Step): Event | string {
  switch (happening.kind) {
    case 'move': {
      const by =
        happening.by === undefined ? everyRole(machine) : { kind: 'staff' as const, id: 'ada', roles: [happening.by] }
      return { type: 'move', by, to: happening.to }
    }
    case 'fill':
      return { type: 'fill', by: everyRole(machine), values }
    case 'reply': {
      const { letter = byHand, saying = neutral } = happening
      if (letter !== byHand && !sent.includes(letter)) return `\`${letter}\` was not sent`
      return { type: 'reply', by: client, letter, lines: [saying], evidence }
    }
    case 'form':
      return { type: 'form', by: client, form: happening.form, values: withoutNothing(values), consents, evidence }
    case 'signal':
      return { type: 'signal', by: system, signal: happening.signal }
    case 'cases done':
      return { type: 'cases done', by: system }
    default:
      return `a case takes no ${happening.kind} here`
  }
}

function after(run: Run, decision: Decision): Taken {
  if (decision.outcome === 'refused') return decision.code === 'too-many-steps' ? decision : decision.because
  const letters = decision.effects.flatMap((each) =>
    each.type === 'letter' && each.to.kind === 'client' ? [each.letter] : [],
  )
  const passed = [run.state?.stage, ...decision.log.map(({ to }) => to)].flatMap((stage) => stage ?? [])
  return { ...run, state: decision.state, sent: [...run.sent, ...letters], passed }
}
