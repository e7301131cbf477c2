import type { LoadResult } from './load.ts'
import { median } from './median.ts'
import type { BenchResult } from './result.ts'

/** One is measured right after the other, again and again, so that what else the machine does weighs on both alike. */
const rounds = 5

interface Pair {
  readonly ours: LoadResult
  readonly reference: number
}

/** Measures requests of ours and pgbench's transactions in turns; the figures are medians. `unit` is what a request does: `moves`. */
export async function besidePgbench(
  bench: string,
  unit: string,
  ours: (seconds: number) => Promise<LoadResult>,
  reference: (seconds: number) => Promise<number>,
  seconds: number,
): Promise<BenchResult> {
  await ours(2)
  await reference(2)
  const pairs: Pair[] = []
  for (let round = 0; round < rounds; round++) {
    pairs.push({ reference: await reference(seconds / rounds), ours: await ours(seconds / rounds) })
  }
  const each = (of: (pair: Pair) => number) => median(pairs.map(of))
  return {
    bench,
    figures: {
      [`${unit} a second`]: each((pair) => pair.ours.perSecond),
      'p50 ms': each((pair) => pair.ours.p50),
      'p99 ms': each((pair) => pair.ours.p99),
      'p99 / p50': each((pair) => pair.ours.p99 / pair.ours.p50),
      'refused or failed': pairs.reduce((sum, pair) => sum + pair.ours.failures, 0),
      'pgbench transactions a second': each((pair) => pair.reference),
    },
    ratios: { pgbench: each((pair) => pair.ours.perSecond / pair.reference) },
  }
}
