import { EventEmitter } from 'node:events'
import { Logger, type LogLevel, run, type Task, type WorkerEvents } from 'graphile-worker'
import type { Log } from '../log.ts'
import type { Database } from '../store/database.ts'
import { Lifeline } from './lifeline.ts'

/** What a job may know of its own attempt. */
export interface Attempt {
  readonly last: boolean
}

/** What a job does; one with a list for its payload answers with as many promises, each tried again by itself. */
export type Job = (payload: unknown, attempt: Attempt) => Promise<void> | Promise<void>[]

/**
 * Runs jobs from the queue, each at least once, again with a growing pause where one fails. What a job does is
 * idempotent by the key it was added under.
 */
export async function startWorker(
  db: Database,
  jobs: Readonly<Record<string, Job>>,
  log: Log,
): Promise<{ stop(): Promise<void> }> {
  const taskList: Record<string, Task> = {}
  for (const [name, job] of Object.entries(jobs)) {
    taskList[name] = (payload, { job: { attempts, max_attempts } }) => job(payload, { last: attempts >= max_attempts })
  }
  const events: WorkerEvents = new EventEmitter()
  const poolId = new Promise<string>((resolve) =>
    events.once('pool:create', ({ workerPool }) => resolve(workerPool.id)),
  )
  const runner = await run({
    pgPool: db.queue,
    concurrency: 8,
    pollInterval: 1_000,
    noHandleSignals: true,
    crontab: 'tidy' in jobs ? '17 * * * * tidy' : '',
    taskList,
    events,
    logger: new Logger(() => (level: LogLevel, message: string) => say(log, level, message)),
  })
  const lifeline = new Lifeline(db, log)
  await lifeline.start(await poolId)
  return {
    stop: async () => {
      await runner.stop()
      await lifeline.stop()
    },
  }
}

function say(log: Log, level: LogLevel, message: string): void {
  const [first = ''] = message.split('\n')
  if (level === 'error') log.error({}, `job queue: ${first}`)
  else if (level === 'warning') log.warn({}, `job queue: ${first}`)
  else log.debug({}, `job queue: ${first}`)
}
