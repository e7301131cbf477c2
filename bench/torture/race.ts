import { openRace } from '../../test/race.ts'
import { onPostgres } from '../on-postgres.ts'
import { Random } from './random.ts'
import { type TortureResult, total } from './result.ts'

/**
 * Moves, fillings, replies, timers and withdrawals come at the same few cases at once, on two nodes. Whatever was acknowledged must
 * be in the log, and each log must be a run of its machine: `decide` is asked again for every entry of it.
 */
export function torture(rounds: number, seed: number): Promise<TortureResult> {
  return onPostgres(async ({ url }) => {
    const random = new Random(seed)
    const done: TortureResult[] = []
    const race = await openRace(url)
    try {
      for (let round = 0; round < rounds; round++) done.push(await race.round((limit) => random.below(limit)))
    } finally {
      await race.close()
    }
    return total(done)
  })
}
