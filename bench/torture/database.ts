import { harmDatabase } from '../../test/torture/database.ts'
import { Random } from './random.ts'
import type { TortureResult } from './result.ts'

/** Postgres stopped, aborted, cut off, silent, far away and on a slow disk, while people work. */
export function torture(rounds: number, seed: number): Promise<TortureResult> {
  return harmDatabase(new Random(seed), rounds)
}
