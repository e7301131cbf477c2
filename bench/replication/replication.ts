import type pg from 'pg'
import { wayTo } from '../../runtime/store/primary.ts'
import { eventually } from '../../test/eventually.ts'
import { type Cluster, startCluster } from '../../test/ha/cluster.ts'
import install from '../../test/ha/packages.ts'
import type { LoadResult } from '../load.ts'
import { median } from '../median.ts'
import { movesOf } from '../moves/drive.ts'
import { beginnings, openOffice } from '../moves/office.ts'
import type { BenchResult } from '../result.ts'

const rounds = 5

/**
 * Moves a second on three Postgres under Patroni, with and without a standby that must have each of them before it is
 * acknowledged; in turns, on the same cluster.
 */
export async function bench(seconds: number): Promise<BenchResult> {
  await install()
  const cluster = await startCluster()
  const { Client, connectionString } = wayTo(cluster.url)
  const client = new Client({ connectionString })
  try {
    await client.connect()
    const office = await openOffice(cluster.url, 64)
    try {
      await office.ask(beginnings(), 3)
      const { rows } = await client.query<{ case_id: string }>('select case_id from cases')
      const next = movesOf(rows.map(({ case_id }) => case_id))
      const pairs: Record<'alone' | 'synchronous', LoadResult>[] = []
      for (let round = 0; round < rounds; round++) {
        await become(cluster, client, false)
        const alone = await office.ask(next, seconds / rounds)
        await become(cluster, client, true)
        pairs.push({ alone, synchronous: await office.ask(next, seconds / rounds) })
      }
      return resultOf(pairs)
    } finally {
      await office.stop()
    }
  } finally {
    await client.end()
    await cluster.stop()
  }
}

/** Until Patroni has told Postgres, which says so of itself to anyone. */
async function become(cluster: Cluster, client: pg.Client, synchronous: boolean): Promise<void> {
  await cluster.configure({ synchronous_mode: synchronous, synchronous_mode_strict: synchronous })
  await eventually('Postgres to know whom to wait for', async () => {
    const { rows } = await client.query<{ names: string }>(
      "select current_setting('synchronous_standby_names') as names",
    )
    const names = rows[0]?.names ?? ''
    return synchronous ? names !== '' && names !== '*' : names === ''
  })
}

function resultOf(pairs: readonly Record<'alone' | 'synchronous', LoadResult>[]): BenchResult {
  const each = (of: (pair: Record<'alone' | 'synchronous', LoadResult>) => number) => median(pairs.map(of))
  return {
    bench: 'replication',
    figures: {
      'moves a second, asynchronous': each(({ alone }) => alone.perSecond),
      'moves a second, synchronous': each(({ synchronous }) => synchronous.perSecond),
      'p50 ms, asynchronous': each(({ alone }) => alone.p50),
      'p50 ms, synchronous': each(({ synchronous }) => synchronous.p50),
      'p99 ms, asynchronous': each(({ alone }) => alone.p99),
      'p99 ms, synchronous': each(({ synchronous }) => synchronous.p99),
    },
    ratios: { asynchronous: each(({ alone, synchronous }) => synchronous.perSecond / alone.perSecond) },
  }
}
