import type { RefusedOne } from '../http/ports.ts'
import { describeError, type Log } from '../log.ts'
import { Refusal } from '../refusal.ts'

/** Why one of many failed. Throws where no other can succeed: the database is away. */
export function refusedOne(error: unknown, log: Log): RefusedOne {
  if (!(error instanceof Refusal)) {
    log.error(describeError(error), 'one of many failed')
    return { ok: false, code: 'failure', because: 'something went wrong on our side; it is in the log' }
  }
  if (error.code === 'unavailable') throw error
  return { ok: false, code: error.code, because: error.because }
}
