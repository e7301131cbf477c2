import { addDuration, startOfDate } from '../calendar.ts'
import type { Actor, CaseState, ClientState } from '../case.ts'
import type { LogEntry } from '../decision.ts'
import type { Definition, Hours } from '../definition.ts'
import type { Machine } from '../machine.ts'
import type { Scenario } from './scenario.ts'

/** All there is in a scenario: one case, its client, the letters sent and the clock. Immutable. */
export interface World {
  readonly machine: Machine
  /** RFC 3339, UTC. */
  readonly now: string
  /** The client before the case starts; from then on they are in `state`. */
  readonly client: ClientState
  readonly clientErased: boolean
  /** Absent until the case starts. */
  readonly state?: CaseState
  /** In the order of sending. `to` is absent for letters to staff, whose addresses no scenario knows. */
  readonly letters: readonly { readonly letter: string; readonly to?: string }[]
  /** Roles, `everyone` and `assignee`, each once. */
  readonly notified: ReadonlySet<string>
  /** Fields that have held a value. */
  readonly filled: ReadonlySet<string>
  /** How many cases it has started. */
  readonly started: number
}

/** What a step came to. */
export interface Done {
  readonly world: World
  /** What was written into the case's history. */
  readonly log: readonly LogEntry[]
  /** Why nothing happened, where the step was refused. */
  readonly refused?: string
  /** The kind of refusal, which `refused` may name as well. */
  readonly code?: string
  /** Why nothing happened where that is no refusal: a letter that does not count, a consent that stands already. */
  readonly nothing?: string
}

const firstDay = '2026-03-02'
const firstHour = { amount: 9, unit: 'hour', working: false } as const

/** When every scenario begins: Monday, 2 March 2026 at 9:00 in the workspace's time zone. */
export function firstMoment(hours: Hours | undefined): string {
  return addDuration(startOfDate(firstDay, hours), firstHour, hours)
}

/** A world before anything has happened in it. */
export function newWorld(machine: Machine, { client }: Scenario): World {
  return {
    machine,
    now: firstMoment(machine.definition.hours),
    client: { ...client, consents: {} },
    clientErased: false,
    letters: [],
    notified: new Set(),
    filled: new Set(),
    started: 0,
  }
}

/** The client as the case knows them, or as they are before it. */
export function clientOf({ state, client }: World): ClientState {
  return state?.client ?? client
}

/** Somebody of the staff: with one role, or with every role there is. */
export function somebody(definition: Definition, role?: string): Actor {
  return { kind: 'staff', id: role ?? 'somebody', roles: role === undefined ? Object.keys(definition.roles) : [role] }
}

export function refusedBecause(world: World, refused: string, code?: string): Done {
  return { world, log: [], refused, ...(code !== undefined && { code }) }
}

export function nothingDone(world: World, nothing: string): Done {
  return { world, log: [], nothing }
}
