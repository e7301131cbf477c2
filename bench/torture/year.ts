import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '../../runtime/log.ts'
import { startPostgres } from '../../runtime/sandbox/index.ts'
import { liveThroughYear } from '../../test/runtime/year.ts'
import type { TortureResult } from './result.ts'

/** A year in a minute: so many cases under a clock of their own, through three versions of the flower shop's process. */
export async function torture(rounds: number, seed: number): Promise<TortureResult> {
  const folder = await mkdtemp(join(tmpdir(), 'zgoda-year-'))
  const postgres = await startPostgres({ dataDir: folder, log: createLog('error') })
  try {
    const { wrong, ...figures } = await liveThroughYear(rounds, seed, postgres.url)
    return { figures: { ...figures }, failures: wrong }
  } finally {
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
