import {
  type Accepted,
  type CaseState,
  type Decision,
  type Definition,
  decide,
  type Process,
  start,
} from '../../../engine/index.ts'
import { checkMove } from '../../../engine/moves.ts'
import { expressionsIn, partsOf, rulesIn } from './expressions.ts'
import { beginnings, happenings, now, type Reach, type Rest, type World, worldOf } from './happenings.ts'
import { type Observed, type Watched, watch } from './observer.ts'

/** One way from a case at rest to the next; to itself where nothing changes. */
export interface Step {
  readonly to: number
  /** The purpose that the client consents to outside the case, where that is the step. */
  readonly givenOutside?: string
  /** The purposes that the client says yes to within the step, whatever they stand at in the end. */
  readonly given: readonly string[]
  /** It is a form: what it sets off is not the doing of a no that it holds. */
  readonly byForm?: boolean
}

/** Every case that a process can have, as states at rest by number. */
export interface Explored {
  readonly world: World
  readonly rests: readonly Rest[]
  readonly steps: readonly (readonly Step[])[]
  readonly beginnings: readonly (Step & { readonly consents: CaseState['client']['consents'] })[]
  readonly observed: Observed
}

/** Explores every case of a process; undefined where there are more states than `most`. */
export function explore(definition: Definition, process: Process, reach: Reach, most: number): Explored | undefined {
  const world = worldOf(definition, process, reach)
  const watched = watch(definition, process.name)
  const found = new Found(world)
  const begun = beginnings(world, watched.machine).flatMap(({ newCase, event }) => {
    const decision = start(watched.machine, newCase, event, { now })
    const step = taken(watched, found, undefined, decision)
    return step ? [{ ...step, consents: newCase.client.consents, ...(newCase.form && { byForm: true }) }] : []
  })
  const steps: Step[][] = []
  for (let at = 0; at < found.rests.length; at++) {
    if (found.rests.length > most) return undefined
    const rest = found.rests[at]
    if (rest) steps.push(stepsFrom(watched, found, rest))
  }
  return { world, rests: found.rests, steps, beginnings: begun, observed: watched.observed }
}

function stepsFrom(watched: Watched, found: Found, rest: Rest): Step[] {
  const { machine } = watched
  noteOffers(watched, found.world, rest.state)
  const steps = new Map<string, Step>()
  for (const { before, event } of happenings(found.world, machine, rest)) {
    const step = taken(watched, found, rest, decide(machine, before, event, { now }))
    if (!step) continue
    const outside = event.type === 'consent' && event.decision === 'given' ? { givenOutside: event.purpose } : {}
    const labelled = { ...step, ...outside, ...(event.type === 'form' && { byForm: true }) }
    const { to, given, givenOutside = '' } = labelled
    steps.set(`${to} ${given.join(' ')}|${givenOutside} ${event.type === 'form'}`, labelled)
  }
  return [...steps.values()]
}

function taken(watched: Watched, found: Found, from: Rest | undefined, decision: Decision): Step | undefined {
  if (decision.outcome === 'refused') {
    if (decision.code === 'too-many-steps') watched.observed.endless.add(from?.state.stage ?? watched.machine.first)
    return undefined
  }
  watched.note(from?.state.stage, decision)
  const given = decision.effects.flatMap((effect) =>
    effect.type === 'consent' && effect.decision === 'given' ? [effect.purpose] : [],
  )
  return { to: found.at(from, decision), given }
}

/** Takes down the conditions of moves that staff look at, being in the way of nothing else; in order, up to one that holds. */
function noteOffers({ machine, noteOffered }: Watched, { crews }: World, state: CaseState): void {
  const rules = machine.stages.get(state.stage)?.rules.map(({ rule }) => rule) ?? []
  const targets = new Set(rules.flatMap(({ trigger, when }) => (trigger.kind === 'move' && when ? [trigger.to] : [])))
  for (const to of targets) {
    for (const roles of crews) {
      const refusal = checkMove(machine, state, { kind: 'staff', id: 'ada', roles }, to, now)
      if (refusal !== undefined && refusal.code !== 'condition-not-met') continue
      let isSettled = false
      for (const rule of rules) {
        const { trigger } = rule
        if (trigger.kind !== 'move' || trigger.to !== to || !isFor(trigger.by, roles)) continue
        isSettled = noteOffered(rule, state, now, isSettled) || isSettled
      }
    }
  }
}

function isFor(by: readonly string[] | undefined, roles: readonly string[]): boolean {
  return by === undefined || by.length === 0 || roles.some((role) => by.includes(role))
}

/** The states found so far. Two are the same where nothing that may still happen can tell them apart. */
class Found {
  readonly world: World
  readonly rests: Rest[] = []
  readonly #numbers = new Map<string, number>()
  readonly #askedStages: readonly string[]
  readonly #waitsForOthers: boolean

  constructor(world: World) {
    this.world = world
    const { definition, process } = world
    this.#askedStages = expressionsIn(definition, process)
      .flatMap(partsOf)
      .flatMap((part) => (part.kind === 'stage was' ? [part.stage] : []))
    this.#waitsForOthers = rulesIn(process).some(({ trigger }) => trigger.kind === 'cases done')
  }

  /** The number of the state that an accepted decision leads to. */
  at(from: Rest | undefined, decision: Accepted): number {
    const rest = this.#rest(from, decision)
    const { state, sent, startedOthers } = rest
    const { stage, values, timers, fired, visited, client } = state
    const key = JSON.stringify([
      stage,
      values,
      Object.keys(timers),
      fired,
      visited,
      client.consents,
      sent,
      startedOthers,
    ])
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    this.#numbers.set(key, this.rests.length)
    return this.rests.push(rest) - 1
  }

  #rest(from: Rest | undefined, { state, effects }: Accepted): Rest {
    const { letters, process } = this.world
    const isOpen = state.ended === 'no'
    const sentNow = effects.flatMap((effect) => {
      if (effect.type !== 'letter') return []
      const { to, letter } = effect
      const toField = to.kind === 'field' && process.fields[to.field]?.type.kind === 'client email'
      return to.kind === 'client' || toField ? [letter] : []
    })
    const sent = new Set([...(from?.sent ?? []), ...sentNow])
    const started = from?.startedOthers || effects.some(({ type }) => type === 'start')
    return {
      state: this.#plain(state),
      sent: isOpen ? letters.filter((letter) => sent.has(letter)) : [],
      startedOthers: isOpen && this.#waitsForOthers && started,
    }
  }

  #plain(state: CaseState): CaseState {
    const { fields, purposes } = this.world
    const { consents } = state.client
    return {
      ...state,
      createdAt: now,
      enteredAt: now,
      visited: [state.stage, ...this.#askedStages.filter((stage) => state.visited.includes(stage))],
      values: Object.fromEntries(
        fields.flatMap((name) => {
          const value = state.values[name]
          return value === undefined ? [] : [[name, value]]
        }),
      ),
      timers: Object.fromEntries(
        Object.keys(state.timers)
          .sort()
          .map((key) => [key, now]),
      ),
      fired: [...state.fired].sort(),
      seq: 0,
      client: {
        ...state.client,
        consents: Object.fromEntries(purposes.map((each) => [each, consents[each] ?? 'none'])),
      },
    }
  }
}
