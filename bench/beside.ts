import type { LoadResult } from './load.ts'
import { median } from './median.ts'
import type { BenchResult } from './result.ts'

/** One is measured right after the other, again and again, so that what else the machine does weighs on all alike. */
const rounds = 5

/** What ours is compared with. */
export interface Reference {
  /** What one of its doings is called, in the plural: `transactions`. */
  readonly unit: string
  /** How many it does a second, over some seconds. */
  measure(seconds: number): Promise<number>
}

interface Round {
  readonly ours: LoadResult
  readonly references: Readonly<Record<string, number>>
}

/** Measures requests of ours and each reference in turns; the figures are medians. `unit` is what a request does: `moves`. */
export async function beside(
  bench: string,
  unit: string,
  ours: (seconds: number) => Promise<LoadResult>,
  references: Readonly<Record<string, Reference>>,
  seconds: number,
): Promise<BenchResult> {
  const rates = async (each: number) => {
    const measured: Record<string, number> = {}
    for (const [name, reference] of Object.entries(references)) measured[name] = await reference.measure(each)
    return measured
  }
  await ours(2)
  await rates(2)
  const measured: Round[] = []
  for (let round = 0; round < rounds; round++) {
    measured.push({ references: await rates(seconds / rounds), ours: await ours(seconds / rounds) })
  }
  const each = (of: (round: Round) => number) => median(measured.map(of))
  const named = Object.entries(references)
  return {
    bench,
    figures: {
      [`${unit} a second`]: each((round) => round.ours.perSecond),
      'p50 ms': each((round) => round.ours.p50),
      'p99 ms': each((round) => round.ours.p99),
      'p99 / p50': each((round) => round.ours.p99 / round.ours.p50),
      'refused or failed': measured.reduce((sum, round) => sum + round.ours.failures, 0),
      ...Object.fromEntries(
        named.map(([name, reference]) => [
          `${name} ${reference.unit} a second`,
          each(({ references }) => references[name] ?? Number.NaN),
        ]),
      ),
    },
    ratios: Object.fromEntries(
      named.map(([name]) => [name, each((round) => round.ours.perSecond / (round.references[name] ?? Number.NaN))]),
    ),
  }
}
