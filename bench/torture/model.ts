import { crossCheck } from '../../test/engine/verify/torture.ts'
import type { TortureResult } from './result.ts'

/**
 * The verifier held against a search without any reduction and against walks by chance, over random processes: the same verdicts,
 * each path leads a real case to where it says, and no case does what is ruled out.
 */
export async function torture(rounds: number, seed: number): Promise<TortureResult> {
  return crossCheck(rounds, seed)
}
