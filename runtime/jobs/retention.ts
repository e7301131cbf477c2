import { type SweepParts, sweep, sweepCase } from '../retention/sweep.ts'
import type { Job } from './worker.ts'

/** Erases what has had its time: of one case where the job names it, else of all. */
export function retentionJob(parts: SweepParts): Job {
  return async (payload) => {
    const { caseId } = payload as { readonly caseId?: string }
    if (caseId === undefined) await sweep(parts)
    else await sweepCase(caseId, parts)
  }
}
