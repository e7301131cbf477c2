import { setImmediate as turn } from 'node:timers/promises'
import type pg from 'pg'
import type { CaseState, Event, Values } from '../../engine/case.ts'
import type { LogEntry } from '../../engine/decision.ts'
import type { Definition, Process } from '../../engine/definition.ts'
import { decide, type Machine, type Succession, start, successionOf } from '../../engine/index.ts'
import { own } from '../../engine/named.ts'
import { fieldsIn } from '../../engine/verify/reading.ts'
import type { EndedOtherwise, Replay } from '../http/ports.ts'
import { type CaseRow, endedCasesOf } from '../store/cases.ts'
import { loadHistory } from '../store/history.ts'
import { assemble } from './assemble.ts'
import type { PlanParts } from './plan.ts'
import { proposedProcesses } from './versions.ts'

/** The last cases of each process that are played again, and of a case's history the most that is read. */
const mostCases = 500
const longestHistory = 1_000

/**
 * Plays what happened to past cases again by a proposed definition and tells those that would have ended elsewhere. A history holds
 * no values: those a case still holds count as if they had been there when their fields were filled in, and a case whose
 * rules read what has been erased since is unclear. Timers go off as the proposed rules have them.
 */
export async function replayed(proposed: Definition, parts: PlanParts & { readonly db: pg.Pool }): Promise<Replay> {
  const { db, versions, vault } = parts
  const processOf = proposedProcesses(proposed)
  const otherwise: EndedOtherwise[] = []
  const count = { cases: 0, unclear: 0 }
  for (const name of Object.keys(proposed.processes)) {
    const to = processOf(name)
    const rows = to ? await endedCasesOf(db, name, mostCases) : []
    await versions.ensure(rows.map((row) => row.definitionHash))
    for (const row of rows) {
      const from = versions.of(row.definitionHash, name)
      if (!to || !own(from.process.stages, row.stage)) continue
      count.cases += 1
      const log = await loadHistory(db, row.caseId, 0, longestHistory)
      const { state } = assemble(row, from, vault)
      const past: Past = {
        row,
        log,
        values: state.values,
        succession: successionOf(from.process, to.process),
        process: from.process,
      }
      const would = isClear(past, to.process) ? playedAgain(to.machine, past) : undefined
      if (would === undefined) count.unclear += 1
      else if (would !== past.succession.stage(row.stage)) otherwise.push(told(row, would))
      await turn()
    }
  }
  return { ...count, otherwise }
}

interface Past {
  readonly row: CaseRow
  readonly log: readonly LogEntry[]
  /** What the case still holds. */
  readonly values: Values
  readonly succession: Succession
  /** The version that it ended in. */
  readonly process: Process
}

function told({ caseId, number, process, stage }: CaseRow, would: string): EndedOtherwise {
  return { case: caseId, number: String(number), process, ended: stage, would }
}

/** Whether everything that the proposed rules read of what was filled in is still there. */
function isClear({ log, values }: Past, proposed: Process): boolean {
  const rules = [...proposed.rules, ...Object.values(proposed.stages).flatMap((stage) => stage.rules)]
  const read = new Set(
    rules.flatMap(({ when, actions }) =>
      [when, ...actions.map((action) => action.when)].flatMap((each) => (each ? fieldsIn(each) : [])),
    ),
  )
  return log.every(
    ({ fields = [], type }) =>
      type === 'erase' || fields.every((name) => !read.has(name) || values[name] !== undefined),
  )
}

/** The stage that the case would be in when its history ends, or why it would not have come on. */
function playedAgain(machine: Machine, past: Past): string | undefined {
  const [first, ...rest] = past.log
  if (!first) return undefined
  const client = { consents: {} }
  const begun = start(
    machine,
    { id: past.row.caseId, number: String(past.row.number), client },
    { type: 'start', by: { kind: 'system' }, values: valuesOf(first, past) },
    { now: first.at },
  )
  if (begun.outcome === 'refused') return `would not have started: ${begun.because}`
  let state = begun.state
  for (const [index, entry] of rest.entries()) {
    state = untilThen(machine, state, entry.at)
    if (entry.by.kind === 'rule' || state.ended !== 'no') continue
    const event = eventOf(entry, rest.slice(index + 1), past)
    if (event === 'unclear') return undefined
    if (!event) continue
    const decision = decide(machine, agreed(state, event), event, { now: entry.at })
    if (decision.outcome === 'accepted') state = decision.state
    else if (entry.to !== undefined) return `would have stayed in \`${state.stage}\`: ${decision.because}`
  }
  return state.stage
}

/** Lets the timers go off that are due before something else happens. */
function untilThen(machine: Machine, from: CaseState, then: string): CaseState {
  let state = from
  for (;;) {
    const next = Object.entries(state.timers).toSorted(([, a], [, b]) => (a < b ? -1 : 1))[0]
    if (!next || next[1] > then) return state
    const [key, due] = next
    const decision = decide(machine, state, { type: 'timer', by: { kind: 'system' }, key }, { now: due })
    const { [key]: _gone, ...timers } = state.timers
    state = decision.outcome === 'accepted' ? decision.state : { ...state, timers }
  }
}

function agreed(state: CaseState, event: Event): CaseState {
  if (event.type !== 'consent') return state
  const consents = { ...state.client.consents, [event.purpose]: event.decision }
  return { ...state, client: { ...state.client, consents } }
}

function valuesOf({ fields = [] }: LogEntry, { values }: Past): Values {
  return Object.fromEntries(fields.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])))
}

/** What happened, as far as its entry says it; nothing for what is no event of its own. */
function eventOf(entry: LogEntry, following: readonly LogEntry[], past: Past): Event | 'unclear' | undefined {
  const { process, succession } = past
  const rules = [...process.rules, ...Object.values(process.stages).flatMap((stage) => stage.rules)]
  const trigger = rules.find(({ id }) => id === entry.rule)?.trigger
  switch (entry.type) {
    case 'move': {
      const roles = Object.keys(process.access)
      const to = succession.stage(entry.to ?? '') ?? entry.to ?? ''
      return { type: 'move', by: { kind: 'staff', id: '', roles }, to }
    }
    case 'fill':
      return { type: 'fill', by: { kind: 'system' }, values: valuesOf(entry, past) }
    case 'reply': {
      const lines = trigger?.kind === 'reply' ? trigger.saying.slice(0, 1) : []
      return { type: 'reply', by: { kind: 'client' }, letter: entry.letter ?? '', lines, evidence: {} }
    }
    case 'form':
      if (trigger?.kind !== 'form') return 'unclear'
      return {
        type: 'form',
        by: { kind: 'client' },
        form: trigger.form,
        values: valuesOf(entry, past),
        consents: consentsAt(entry, following),
        evidence: {},
      }
    case 'consent':
      if (!entry.purpose || !entry.decision) return undefined
      return { type: 'consent', by: { kind: 'client' }, purpose: entry.purpose, decision: entry.decision }
    case 'signal':
      return trigger?.kind === 'signal' ? { type: 'signal', by: { kind: 'system' }, signal: trigger.signal } : 'unclear'
    case 'cases done':
      return { type: 'cases done', by: { kind: 'system' } }
    default:
      return undefined
  }
}

/** The decisions that a form brought: noted right after it, at the same moment. */
function consentsAt({ at }: LogEntry, following: readonly LogEntry[]): Readonly<Record<string, 'given' | 'refused'>> {
  const decided = following.filter((entry) => entry.at === at && entry.type === 'consent')
  return Object.fromEntries(
    decided.flatMap(({ purpose, decision }) =>
      purpose && (decision === 'given' || decision === 'refused') ? [[purpose, decision]] : [],
    ),
  )
}
