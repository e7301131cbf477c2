import type { CaseState } from '../../engine/case.ts'
import type { Accepted } from '../../engine/decision.ts'
import type { Definition } from '../../engine/definition.ts'
import { type Counted, type Held, type Lapse, lapse, lastLimit } from '../../engine/retention.ts'
import { standing } from '../consent/standing.ts'
import type { ClientRow } from '../store/cases.ts'
import type { LoadedCase } from './assemble.ts'
import { purposesOf } from './purposes.ts'

/** What has to go of a case as it is loaded. */
export interface CaseLapse extends Lapse {
  /** Whether what is kept whole (letters, documents, messages) has had its time too. */
  readonly whole: boolean
}

export function lapseOf({ row, running, state }: LoadedCase, now: string): CaseLapse {
  const held = row.sealed.filter(({ caseId }) => caseId === row.caseId)
  const counted = countedFrom(row.client, running.definition, state)
  const whole = wholeUntil(running, counted)
  const found = lapse(running.definition, held, counted, now)
  const isOver = whole !== undefined && Date.parse(whole) <= Date.parse(now)
  return { ...found, whole: isOver, next: soonest([found.next, isOver ? undefined : whole]) }
}

/** When something of a case has to go, once a decision stands; its own moment where that is at once, null where nothing has a limit yet. */
export function dueAfter(loaded: LoadedCase, decision: Accepted): string | null {
  const { running, row } = loaded
  const now = decision.log[0]?.at ?? decision.state.enteredAt
  const given = decision.effects.flatMap((effect) =>
    effect.type === 'consent' && effect.decision === 'given' ? [[effect.purpose, now] as const] : [],
  )
  const before = countedFrom(row.client, running.definition, decision.state)
  const counted: Counted = { ...before, given: { ...before.given, ...Object.fromEntries(given) } }
  const found = lapse(running.definition, heldAfter(loaded, decision), counted, now)
  if (found.erase.length > 0 || found.narrow.length > 0) return now
  return soonest([found.next, wholeUntil(running, counted)]) ?? null
}

/** Values filled in anew are held for all that their field names; what was out of reach, or waits under a hold, as it was. */
function heldAfter({ row, running, state: before }: LoadedCase, { state, effects }: Accepted): Held[] {
  const stored = new Map(row.sealed.filter(({ caseId }) => caseId === row.caseId).map((one) => [one.field, one]))
  const erased = new Set(effects.flatMap((effect) => (effect.type === 'erase' ? effect.fields : [])))
  return Object.values(running.process.fields).flatMap(({ name, personal }) => {
    const known = stored.get(name)
    const value = state.values[name]
    if (personal.length > 0 && value !== undefined)
      return [{ field: name, purposes: value === before.values[name] && known ? known.purposes : personal }]
    if (!known) return []
    if (!erased.has(name) && before.values[name] === undefined) return [known]
    return row.heldUntil ? [{ field: name, purposes: [] }] : []
  })
}

function countedFrom(
  client: ClientRow | null,
  definition: Definition,
  { ended, enteredAt }: Pick<CaseState, 'ended' | 'enteredAt'>,
): Counted {
  const given = Object.entries(client?.consents ?? {}).flatMap(([purpose, summary]) =>
    standing(definition, purpose, summary) === 'given' ? [[purpose, summary.at] as const] : [],
  )
  return { endedAt: ended === 'no' ? undefined : enteredAt, given: Object.fromEntries(given) }
}

/** What is kept whole may hold any of the values, so it has the time of the last of the process's purposes. */
function wholeUntil({ definition, process }: LoadedCase['running'], counted: Counted): string | undefined {
  return counted.endedAt === undefined ? undefined : lastLimit(definition, purposesOf(process, definition), counted)
}

function soonest(times: readonly (string | undefined)[]): string | undefined {
  const known = times.filter((time) => time !== undefined)
  return known.length === 0
    ? undefined
    : known.reduce((one, other) => (Date.parse(one) <= Date.parse(other) ? one : other))
}
