import { type ApplyParts, moveStragglers } from '../cases/apply.ts'
import type { Clock } from '../clock.ts'
import type { Job } from './worker.ts'

/** Takes over the cases that were started by an earlier version while another one was being applied. */
export function stragglersJob(parts: ApplyParts & { readonly clock: Clock }): Job {
  return async (payload) => {
    const { seq } = payload as { seq: number }
    await moveStragglers(seq, parts, { by: { kind: 'system' }, now: parts.clock.now() })
  }
}
