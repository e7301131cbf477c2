import { poison } from '../../test/torture/poison.ts'
import { onPostgres } from '../on-postgres.ts'
import { Random } from './random.ts'
import type { TortureResult } from './result.ts'

/** Calls that hang, fail and never end, a letter whose template breaks, a timer and a message that always fail. */
export function torture(rounds: number, seed: number): Promise<TortureResult> {
  return onPostgres(({ url }) => poison(url, new Random(seed), rounds))
}
