import type pg from 'pg'

/** What the job queue holds. */
export interface QueueState {
  readonly jobs: readonly { job: string; due: number; scheduled: number; givenUp: number }[]
  /** Seconds that the oldest due job has been waiting; 0 where none is due. */
  readonly oldestDue: number
}

const open = 'attempts < max_attempts'

export async function queueState(pool: pg.Pool): Promise<QueueState> {
  const { rows } = await pool.query({
    text: `select task_identifier as job,
        count(*) filter (where ${open} and run_at <= now())::int as due,
        count(*) filter (where ${open} and run_at > now())::int as scheduled,
        count(*) filter (where not ${open})::int as "givenUp",
        coalesce(extract(epoch from now() - min(run_at) filter (where ${open} and run_at <= now() and locked_at is null)), 0)::float8 as oldest
      from graphile_worker.jobs group by task_identifier order by task_identifier`,
    // Whoever reads figures does not wait long.
    query_timeout: 5_000,
  } as pg.QueryConfig)
  return {
    jobs: rows.map(({ job, due, scheduled, givenUp }) => ({ job, due, scheduled, givenUp })),
    oldestDue: Math.max(0, ...rows.map(({ oldest }) => Number(oldest))),
  }
}
