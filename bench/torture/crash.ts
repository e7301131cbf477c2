import { crash } from '../../test/torture/crash.ts'
import { onPostgres } from '../on-postgres.ts'
import { Random } from './random.ts'
import type { TortureResult } from './result.ts'

/** `kill -9` of a real server at random moments, under load, while it starts, applies or makes its tables. */
export function torture(rounds: number, seed: number): Promise<TortureResult> {
  return onPostgres(({ url }) => crash(url, new Random(seed), rounds))
}
