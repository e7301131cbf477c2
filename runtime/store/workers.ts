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
  // Noted after the sign of life is there: a pool without one counts as dead. Looking through the jobs themselves would read them all.
  await client.query('insert into job_pools (pool_id) values ($1) on conflict do nothing', [poolId])
  return {
    close: async () => {
      client.off('error', onLost)
      client.on('error', () => undefined)
      await client.query('delete from job_pools where pool_id = $1', [poolId]).catch(() => undefined)
      await client.end()
    },
  }
}

/** Job pools that have not ended and whose process shows no sign of life here: one that works on the database this is a copy of does not count. */
export async function deadPools(db: Database): Promise<string[]> {
  const { rows } = await db.pool.query<{ pool_id: string }>(
    `select pool_id from job_pools p
     where not exists (select 1 from pg_stat_activity a
       where a.application_name = $1 || p.pool_id and a.datname = current_database())`,
    [prefix],
  )
  return rows.map((row) => row.pool_id)
}

/** Gives the jobs of these pools back to the queue, and forgets the pools. */
export async function releaseJobs(db: Database, pools: readonly string[]): Promise<void> {
  await db.pool.query('select graphile_worker.force_unlock_workers($1::text[])', [pools])
  await db.pool.query('delete from job_pools where pool_id = any($1::text[])', [pools])
}
