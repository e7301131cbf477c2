import { decide } from '../../engine/index.ts'
import { Refusal } from '../refusal.ts'
import type { Happening, Road } from './road.ts'

/**
 * Lets a case know that all it has started have ended: once each time that this comes true, and only where it waits for
 * that. Whoever is told of an end later than another sees both, so that two at the same moment are not both missed.
 */
export async function tellCasesDone(road: Road, caseId: string): Promise<void> {
  try {
    await road.happen(casesDone(caseId))
  } catch (error) {
    if (!(error instanceof Refusal) || !over.has(error.code)) throw error
  }
}

const over = new Set(['nothing-to-do', 'case-ended', 'not-found'])

function casesDone(caseId: string): Happening {
  return {
    caseId,
    event: 'cases done',
    decide: ({ row, running, state }, now) => {
      const { children } = row
      const news = children.length > (row.state.told ?? 0) && children.every(({ ended }) => ended)
      if (!news) throw new Refusal('nothing-to-do', 'some of its cases go on, or it knows that they have ended')
      return decide(running.machine, state, { type: 'cases done', by: { kind: 'system' } }, { now })
    },
  }
}
