import type { Accepted } from '../../engine/decision.ts'
import { madeAt } from '../ids.ts'
import { reasonOf } from '../reasons.ts'
import type { CaseRow } from '../store/cases.ts'

/** How a case came to be: by how many cases in a row that started each other by themselves, and how many these may have become. */
export interface Lineage {
  readonly depth: number
  readonly width: number
}

const most = { depth: 32, width: 64, siblings: 1_000 }
const day = 24 * 60 * 60 * 1000

/**
 * The lineage of the cases that a decision starts. It begins anew with what a person, a client or another system has done, and
 * with what a case does after a day: a process that starts its own successor each month goes on for ever.
 */
export function lineageOf({ parent, createdAt }: CaseRow, { log, effects }: Accepted): Lineage {
  const started = effects.filter(({ type }) => type === 'start').length
  const [first] = log
  const byItself = first?.by.kind === 'system' && first.type !== 'signal' && first.type !== 'migrated'
  const soon = first !== undefined && Date.parse(first.at) - Date.parse(createdAt) < day
  if (!byItself || !soon) return { depth: 1, width: started }
  const { depth = 1, width = 1 } = parent ?? { depth: 0 }
  return { depth: depth + 1, width: Math.min(width * started, most.width + 1) }
}

/** Why a case is not started; undefined where nothing says that this would go on without end. */
export function whyEndless(
  { process, children }: CaseRow,
  wanted: Lineage & { readonly childId: string; readonly process: string },
): string | undefined {
  const of = { wanted: wanted.process, process }
  if (wanted.depth > most.depth || wanted.width > most.width)
    return reasonOf('inARow', { ...of, times: Math.min(wanted.depth, most.depth) })
  const since = madeAt(wanted.childId) - day
  const before = children.filter(({ caseId }) => caseId < wanted.childId && madeAt(caseId) > since).length
  if (before >= most.siblings) return reasonOf('tooMany', { ...of, times: most.siblings })
  return undefined
}
