import type { CaseState, ConsentStatus } from '../../../engine/index.ts'
import type { Explored, Step } from './explore.ts'
import { reachedFrom, reaching } from './graph.ts'

type Consents = CaseState['client']['consents']

/**
 * Purposes, not marked `necessary`, that a client says no to and so loses success: it could be reached before, and can't be after,
 * in cases of clients who stay with each no that they say. A no before the case starts counts too.
 */
export function refusalsThatHarm(explored: Explored, success: readonly number[]): readonly string[] {
  const { world, rests, steps, beginnings } = explored
  const optional = world.purposes.filter((each) => !world.definition.purposes[each]?.necessary)
  const consentsAt = (at: number): Consents => rests[at]?.state.client.consents ?? {}
  const stays = (before: Consents, { to, given }: Step) =>
    optional.every((each) => !isNo(before[each]) || !(given.includes(each) || consentsAt(to)[each] === 'given'))
  const hopeful = reaching(explored, success, (from, step) => stays(consentsAt(from), step))
  const begun = beginnings.filter((step) => stays(step.consents, step))
  const good = begun.filter(({ to }) => hopeful.has(to))
  const steady = reachedFrom(
    begun.map(({ to }) => to),
    (at) => (steps[at] ?? []).filter((step) => stays(consentsAt(at), step)),
  )
  const isGood = (before: Consents) =>
    good.some(({ consents }) =>
      world.purposes.every((each) => mayBecome(before[each], consents[each], !optional.includes(each))),
    )
  const saidBefore = beginnings.flatMap(({ consents }) =>
    isGood(consents) ? [] : optional.filter((each) => isNo(consents[each]) && isGood({ ...consents, [each]: 'none' })),
  )
  const newNo = (before: Consents, to: number) =>
    hopeful.has(to) ? [] : optional.filter((each) => !isNo(before[each]) && isNo(consentsAt(to)[each]))
  const harmed = new Set([
    ...saidBefore,
    ...beginnings.flatMap(({ to, consents, byForm }) => (!byForm && isGood(consents) ? newNo(consents, to) : [])),
    ...steps.flatMap((each, from) =>
      hopeful.has(from) && steady.has(from)
        ? each.flatMap(({ to, byForm }) => (byForm ? [] : newNo(consentsAt(from), to)))
        : [],
    ),
  ])
  return optional.filter((each) => harmed.has(each))
}

function isNo(status: Consents[string] | undefined): boolean {
  return status === 'refused' || status === 'withdrawn'
}

/** Whether a consent may come to stand so before the case starts. */
function mayBecome(from: ConsentStatus = 'none', to: ConsentStatus = 'none', again: boolean): boolean {
  if (from === to || (again && to !== 'none')) return true
  if (to === 'refused') return true
  return from === 'none' ? to !== 'none' : from === 'given' && to === 'withdrawn'
}
