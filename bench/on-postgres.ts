import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '../runtime/log.ts'
import { type EmbeddedPostgres, startPostgres } from '../runtime/sandbox/index.ts'

/** Measures on a Postgres of its own, whose data folder is gone afterwards. */
export async function onPostgres<T>(measure: (postgres: EmbeddedPostgres, dataDir: string) => Promise<T>): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'zgoda-bench-'))
  const postgres = await startPostgres({ dataDir, log: createLog('warn') })
  try {
    return await measure(postgres, dataDir)
  } finally {
    await postgres.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}
