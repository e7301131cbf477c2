import { Logger, type LogLevel, run, type Runner, type Task } from 'graphile-worker'
import type pg from 'pg'
import type { Log } from '../log.ts'

/** What a job may know of its own attempt. */
export interface Attempt {
  readonly last: boolean
}

export type Job = (payload: unknown, attempt: Attempt) => Promise<void>

/**
 * Runs jobs from the queue, each at least once, again with a growing pause where one fails. What a job does is
 * idempotent by the key it was added under.
 */
export async function startWorker(pool: pg.Pool, jobs: Readonly<Record<string, Job>>, log: Log): Promise<Runner> {
  const taskList: Record<string, Task> = {}
  for (const [name, job] of Object.entries(jobs)) {
    taskList[name] = (payload, { job: { attempts, max_attempts } }) => job(payload, { last: attempts >= max_attempts })
  }
  return run({
    pgPool: pool,
    concurrency: 8,
    pollInterval: 1_000,
    noHandleSignals: true,
    taskList,
    logger: new Logger(() => (level: LogLevel, message: string) => say(log, level, message)),
  })
}

function say(log: Log, level: LogLevel, message: string): void {
  const { '0': first = '' } = message.split('\n')
  if (level === 'error') log.error({}, `job queue: ${first}`)
  else if (level === 'warning') log.warn({}, `job queue: ${first}`)
  else log.debug({}, `job queue: ${first}`)
}
