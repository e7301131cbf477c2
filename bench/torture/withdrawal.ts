import { openWithdrawalRace, type WithdrawalRound } from '../../test/withdrawal-race.ts'
import { onPostgres } from '../on-postgres.ts'
import { Random } from './random.ts'
import { type TortureResult, total } from './result.ts'

/** Clients who give and withdraw beside each other. */
const atOnce = 10

/**
 * Consent is withdrawn at either of two nodes while letters that rest on it are about to go out by a slow mail server. None may
 * arrive after the withdrawal was acknowledged, and each is noted as sent or as stopped.
 */
export function torture(rounds: number, seed: number): Promise<TortureResult> {
  return onPostgres(async ({ url }) => {
    const random = new Random(seed)
    const below = (limit: number) => random.below(limit)
    const done: WithdrawalRound[] = []
    const race = await openWithdrawalRace(url, below)
    try {
      for (let begun = 0; begun < rounds; begun += atOnce) {
        const some = Array.from({ length: Math.min(atOnce, rounds - begun) }, () => race.round(below))
        done.push(...(await Promise.all(some)))
      }
    } finally {
      await race.close()
    }
    return total(done)
  })
}
