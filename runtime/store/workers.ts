import type { Database } from './database.ts'
import { wayTo } from './primary.ts'

const prefix = 'zgoda jobs '

/** A connection whose name shows other nodes that the process which took these jobs is alive; it dies with it. */
export async function openLifeline(
  db: Database,
  poolId: string,
  onLost: () => void,
): Promise<{ close(): Promise<void> }> {
  const { Client, connectionString } = wayTo(db.url)
  const client = new Client({
    connectionString,
    application_name: `${prefix}${poolId}`,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  })
  // More than one error may come of one loss, and one that nobody hears ends the process.
  client.on('error', onLost)
  await client.connect()
  return {
    close: async () => {
      client.off('error', onLost)
      client.on('error', () => undefined)
      await client.end()
    },
  }
}

/** Job pools that hold jobs for some seconds and whose process shows no sign of life. */
export async function deadPools(db: Database): Promise<string[]> {
  const { rows } = await db.pool.query<{ locked_by: string }>(
    `select distinct locked_by from graphile_worker.jobs j
     where locked_at < now() - interval '2 seconds'
     and not exists (select 1 from pg_stat_activity a where a.application_name = $1 || j.locked_by)`,
    [prefix],
  )
  return rows.map((row) => row.locked_by)
}

/** Gives the jobs of these pools back to the queue. */
export async function releaseJobs(db: Database, pools: readonly string[]): Promise<void> {
  await db.pool.query('select graphile_worker.force_unlock_workers($1::text[])', [pools])
}
