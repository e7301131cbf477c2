import { isDeepStrictEqual } from 'node:util'
import {
  type Actor,
  type CaseState,
  compile,
  type Decision,
  type Definition,
  decide,
  type Event,
  type LogEntry,
  start,
} from '../engine/index.ts'

/** A case as its rows have it, with its whole history. */
export interface StoredCase {
  readonly caseId: string
  readonly number: string
  readonly stage: string
  readonly seq: number
  readonly ended: string
  readonly state: {
    readonly visited: readonly string[]
    readonly timers: Readonly<Record<string, string>>
    readonly fired: readonly string[]
  }
  /** Names of the personal fields that the vault holds a value of. */
  readonly held: readonly string[]
  readonly entries: readonly LogEntry[]
}

/**
 * Why a history is no run of its process, or nothing: each happening in it is decided again by `decide`, and must give the very
 * entries that follow; at the end the case must be as stored. For processes whose rules look at no value; every consent was given
 * before the start.
 */
export function illegal(definition: Definition, process: string, stored: StoredCase): string | undefined {
  const machine = compile(definition, process)
  const consents = Object.fromEntries(Object.keys(definition.purposes).map((name) => [name, 'given' as const]))
  const client = { email: 'racer@client.example', consents }
  const { caseId: id, number, entries } = stored
  let state: CaseState | undefined
  for (let at = 0; at < entries.length; ) {
    const entry = entries[at] as LogEntry
    const by = withRoles(entry.by, Object.keys(definition.roles))
    const clock = { now: entry.at }
    const decision: Decision | undefined = state
      ? again(state, { ...entry, by }, (heard, event) => decide(machine, heard, event, clock))
      : start(machine, { id, number, client }, { type: 'start', by, values: {} }, clock)
    if (!decision) return `entry ${entry.seq}, ${entry.type}, follows from nothing that happened`
    if (decision.outcome === 'refused') return `entry ${entry.seq}, ${entry.type}: ${decision.because}`
    const following = entries.slice(at, at + decision.log.length)
    if (!isDeepStrictEqual(following.map(plain), decision.log.map(plain)))
      return `after entry ${entry.seq}, ${entry.type}, other entries follow than ${decision.log.map(({ type }) => type)}`
    state = decision.state
    at += decision.log.length
  }
  return state ? difference(state, stored) : 'it has no history'
}

/** What happened, told from its first entry; what it brought in values does not matter. */
function again(
  state: CaseState,
  entry: LogEntry,
  happens: (state: CaseState, event: Event) => Decision,
): Decision | undefined {
  const { by } = entry
  const values = Object.fromEntries((entry.fields ?? []).map((name) => [name, `at ${entry.seq}`]))
  switch (entry.type) {
    case 'move':
      return happens(state, { type: 'move', by, to: entry.to ?? '' })
    case 'fill':
      return happens(state, { type: 'fill', by, values })
    case 'reply':
      return happens(state, { type: 'reply', by, letter: entry.letter ?? '', lines: [], evidence: {} })
    case 'timer':
      return happens(state, { type: 'timer', by, key: entry.rule ?? '' })
    case 'consent': {
      const { purpose = '', decision = 'withdrawn' } = entry
      const consents = { ...state.client.consents, [purpose]: decision }
      return happens({ ...state, client: { ...state.client, consents } }, { type: 'consent', by, purpose, decision })
    }
    default:
      return undefined
  }
}

/** A history says who, not which roles they had. */
function withRoles(by: Actor, roles: readonly string[]): Actor {
  return by.kind === 'staff' ? { ...by, roles } : by
}

function plain({ by, ...entry }: LogEntry): object {
  return JSON.parse(JSON.stringify({ ...entry, by: by.kind === 'staff' ? { kind: by.kind, id: by.id } : by }))
}

function difference(state: CaseState, stored: StoredCase): string | undefined {
  const { visited, timers, fired } = stored.state
  const is = { stage: stored.stage, seq: stored.seq, ended: stored.ended, visited, timers, fired }
  const ought = {
    stage: state.stage,
    seq: state.seq,
    ended: state.ended,
    visited: state.visited,
    timers: state.timers,
    fired: state.fired,
  }
  if (!isDeepStrictEqual(is, ought))
    return `it is ${JSON.stringify(is)}, and its history makes it ${JSON.stringify(ought)}`
  const gone = stored.held.filter((field) => !(field in state.values))
  return gone.length > 0 ? `the vault still holds ${gone.join(', ')}, which its history has erased` : undefined
}
