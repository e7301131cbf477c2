import { tellCasesDone } from '../cases/cases-done.ts'
import type { Road } from '../cases/road.ts'
import { noteEnded } from '../store/children.ts'
import type { Database } from '../store/database.ts'
import type { Job } from './worker.ts'

/** Notes the end of a case with the one that started it; where it was the last that went on, that one is told. */
export function endedJob(db: Database, road: Road): Job {
  return async (payload) => {
    const { caseId, seq } = payload as { caseId: string; seq: number }
    await noteEnded(db.pool, caseId, seq)
    await tellCasesDone(road, caseId)
  }
}
