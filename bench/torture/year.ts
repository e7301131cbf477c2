import { liveThroughYear } from '../../test/runtime/year.ts'
import { onPostgres } from '../on-postgres.ts'
import type { TortureResult } from './result.ts'

/** A year in a minute: so many cases under a clock of their own, through three versions of the flower shop's process. */
export function torture(rounds: number, seed: number): Promise<TortureResult> {
  return onPostgres(async ({ url }) => {
    const { wrong, ...figures } = await liveThroughYear(rounds, seed, url)
    return { figures: { ...figures }, failures: wrong }
  })
}
