import { availableParallelism } from 'node:os'
import type { LoadResult } from '../load.ts'
import { median } from '../median.ts'
import { type BenchNode, prepareMoves, startNode } from '../moves/drive.ts'
import { onPostgres } from '../on-postgres.ts'
import type { BenchResult } from '../result.ts'

/** One is measured right after the other, again and again, so that what else the machine does weighs on both alike. */
const rounds = 5

/**
 * `moves` on one node and on two, on the same cases of one Postgres. Where an acknowledged move is not in the log, it fails. The
 * load and Postgres run on the same cores, so that it says what a second node gives on this machine and no more.
 */
export function bench(seconds: number): Promise<BenchResult> {
  return onPostgres(async ({ url }) => {
    const nodes: BenchNode[] = []
    try {
      const one = await startNode(url)
      nodes.push(one)
      const other = await startNode(url)
      nodes.push(other)
      const drive = await prepareMoves([one.port, other.port], url)
      await drive(2)
      const pairs: { one: LoadResult; two: LoadResult }[] = []
      for (let round = 0; round < rounds; round++) {
        pairs.push({ one: await drive(seconds / rounds, [one.port]), two: await drive(seconds / rounds) })
      }
      return resultOf(pairs)
    } finally {
      for (const node of nodes) await node.stop()
    }
  })
}

function resultOf(pairs: readonly { one: LoadResult; two: LoadResult }[]): BenchResult {
  const each = (of: (pair: { one: LoadResult; two: LoadResult }) => number) => median(pairs.map(of))
  const all = pairs.flatMap(({ one, two }) => [one, two])
  return {
    bench: 'nodes',
    figures: {
      cores: availableParallelism(),
      'one node: moves a second': each(({ one }) => one.perSecond),
      'one node: p50 ms': each(({ one }) => one.p50),
      'one node: p99 ms': each(({ one }) => one.p99),
      'two nodes: moves a second': each(({ two }) => two.perSecond),
      'two nodes: p50 ms': each(({ two }) => two.p50),
      'two nodes: p99 ms': each(({ two }) => two.p99),
      'refused or failed': all.reduce((sum, { failures }) => sum + failures, 0),
      'acknowledged and in the log': all.reduce((sum, { requests, failures }) => sum + requests - failures, 0),
    },
    ratios: { 'one node': each(({ one, two }) => two.perSecond / one.perSecond) },
  }
}
