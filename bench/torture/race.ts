import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '../../runtime/log.ts'
import { startPostgres } from '../../runtime/sandbox/index.ts'
import { openRace, type Round } from '../../test/race.ts'
import { Random } from './random.ts'
import type { TortureResult } from './result.ts'

/**
 * Moves, fillings, replies, timers and withdrawals come at the same few cases at once, on two nodes. Whatever was acknowledged must
 * be in the log, and each log must be a run of its machine: `decide` is asked again for every entry of it.
 */
export async function torture(rounds: number, seed: number): Promise<TortureResult> {
  const folder = await mkdtemp(join(tmpdir(), 'zgoda-torture-'))
  const postgres = await startPostgres({ dataDir: folder, log: createLog('warn') })
  const random = new Random(seed)
  const done: Round[] = []
  try {
    const race = await openRace(postgres.url)
    try {
      for (let round = 0; round < rounds; round++) done.push(await race.round((limit) => random.below(limit)))
    } finally {
      await race.close()
    }
  } finally {
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  }
  return { figures: total(done), failures: done.flatMap(({ failures }) => failures) }
}

function total(rounds: readonly Round[]): Record<string, number> {
  const sums: Record<string, number> = { rounds: rounds.length }
  for (const { figures } of rounds) {
    for (const [what, count] of Object.entries(figures)) sums[what] = (sums[what] ?? 0) + count
  }
  return sums
}
