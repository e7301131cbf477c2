import type { CaseService } from '../cases/cases.ts'
import { doneBefore, repeatable } from '../cases/requests.ts'
import type { Clock } from '../clock.ts'
import type { Caller, MoveOutcome } from '../http/ports.ts'
import { newId } from '../ids.ts'
import type { Log } from '../log.ts'
import type { Database } from '../store/database.ts'
import { claimRequest } from '../store/requests.ts'
import type { Vault } from '../vault/vault.ts'
import { inLanes } from './lanes.ts'
import { refusedOne } from './refused-one.ts'

export interface MovesParts {
  readonly db: Database
  readonly vault: Vault
  readonly cases: CaseService
  readonly clock: Clock
  readonly log: Log
}

/** As many as a group of the road takes with ease, so that people at work do not wait behind them. */
const lanes = 32

/** Moves many cases, each by every rule. `key` covers them all: repeated, it moves none again that it has moved. */
export async function moveCases(
  by: Caller,
  ids: readonly string[],
  to: string,
  key: string | undefined,
  { db, vault, cases, clock, log }: MovesParts,
): Promise<readonly MoveOutcome[]> {
  const whole = repeatable(by, key, { ids, to }, vault.master)
  if (whole && !(await claimRequest(db.pool, { ...whole, subjectId: newId(), at: clock.now() }))) {
    await doneBefore(db, whole)
  }
  return inLanes(ids, lanes, async (id) => {
    try {
      const own = key && `move ${vault.master.lookup('move', `${key} ${id}`).toString('hex')}`
      const { stage } = await cases.move(by, id, to, own)
      return { id, ok: true, stage: stage.name }
    } catch (error) {
      return { id, ...refusedOne(error, log) }
    }
  })
}
