import {
  type Accepted,
  type Actor,
  type CaseState,
  type ClientState,
  compile,
  type Decision,
  type Definition,
  decide,
  type Effect,
  type Event,
  type Machine,
  type NewCase,
  start,
  type Values,
} from '../../engine/index.ts'

export const staff = (...roles: readonly string[]): Actor => ({ kind: 'staff', id: 'ada', roles })
export const client: Actor = { kind: 'client' }
export const system: Actor = { kind: 'system' }
export const evidence = { message: '<1@client.example>' }
export const noon = '2026-05-04T12:00:00.000Z' // a Monday

/** One case told event by event. Each telling returns the decision; an accepted one becomes the case's state. */
export class Story {
  readonly machine: Machine
  now: string
  state: CaseState
  last: Decision

  constructor(
    definition: Definition,
    process: string,
    options: {
      values?: Values
      client?: ClientState
      by?: Actor
      form?: NewCase['form']
      assignee?: string
      now?: string
    } = {},
  ) {
    this.machine = compile(definition, process)
    this.now = options.now ?? noon
    const newCase: NewCase = {
      id: 'case-1',
      number: '7',
      client: options.client ?? { email: 'anna@client.example', consents: {} },
      ...(options.form && { form: options.form }),
      ...(options.assignee && { assignee: options.assignee }),
    }
    const by = options.by ?? (options.form ? client : system)
    this.last = start(this.machine, newCase, { type: 'start', by, values: options.values ?? {} }, { now: this.now })
    this.state = accepted(this.last).state
  }

  tell(event: Event): Decision {
    this.last = decide(this.machine, this.state, event, { now: this.now })
    if (this.last.outcome === 'accepted') this.state = this.last.state
    return this.last
  }

  move(to: string, ...roles: readonly string[]): Decision {
    return this.tell({ type: 'move', by: staff(...roles), to })
  }

  fill(values: Readonly<Record<string, unknown>>, by: Actor = system): Decision {
    return this.tell({ type: 'fill', by, values: values as Values })
  }

  reply(letter: string, ...lines: readonly string[]): Decision {
    return this.tell({ type: 'reply', by: client, letter, lines, evidence })
  }

  /** The client decides elsewhere: what the runtime does to the state, then the event. */
  consent(purpose: string, decision: 'given' | 'refused' | 'withdrawn'): Decision {
    const consents = { ...this.state.client.consents, [purpose]: decision }
    this.state = { ...this.state, client: { ...this.state.client, consents } }
    return this.tell({ type: 'consent', by: client, purpose, decision })
  }

  timer(key: string, now = this.state.timers[key] ?? this.now): Decision {
    this.now = now
    return this.tell({ type: 'timer', by: system, key })
  }

  get stage(): string {
    return this.state.stage
  }

  effects<T extends Effect['type']>(type: T): readonly Extract<Effect, { type: T }>[] {
    return accepted(this.last).effects.filter((effect): effect is Extract<Effect, { type: T }> => effect.type === type)
  }

  letters(): readonly string[] {
    return this.effects('letter').map((effect) => effect.letter)
  }

  log(): readonly string[] {
    return accepted(this.last).log.map((entry) => entry.type)
  }
}

export function accepted(decision: Decision): Accepted {
  if (decision.outcome === 'refused') throw new Error(`refused (${decision.code}): ${decision.because}`)
  return decision
}

export function refusal(decision: Decision): { readonly code: string; readonly because: string } {
  if (decision.outcome === 'accepted') throw new Error('accepted, where a refusal was expected')
  return decision
}
