import { EventEmitter } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { Logger, type LogLevel, run, type Task, type WorkerEvents } from 'graphile-worker'
import { describeError, type Log } from '../log.ts'
import type { Database } from '../store/database.ts'
import { Lifeline } from './lifeline.ts'

/** What a job may know of its own attempt. */
export interface Attempt {
  readonly last: boolean
}

/** What a job does; one with a list for its payload answers with as many promises, each tried again by itself. */
export type Job = (payload: unknown, attempt: Attempt) => Promise<void> | Promise<void>[]

const shortest = 250
const longest = 10_000

/**
 * Runs jobs from the queue, each at least once, again with a growing pause where one fails. What a job does is
 * idempotent by the key it was added under. A queue that ends, as it does where the database goes away while a job is
 * being settled, is started again until it runs.
 */
export async function startWorker(
  db: Database,
  jobs: Readonly<Record<string, Job>>,
  log: Log,
): Promise<{ stop(): Promise<void> }> {
  const stopping = new AbortController()
  const { signal } = stopping
  let running: Running | undefined = await startRun(db, jobs, log)
  const watching = (async () => {
    for (let delay = shortest; !signal.aborted; delay = running ? shortest : Math.min(delay * 2, longest)) {
      await running?.ended
      running = undefined
      await pause(delay, undefined, { signal }).catch(() => undefined)
      if (signal.aborted) return
      running = await startRun(db, jobs, log).catch((error: unknown) => {
        log.warn(describeError(error), 'the job queue does not start yet; trying again')
        return undefined
      })
    }
  })()
  return {
    stop: async () => {
      stopping.abort()
      await running?.stop()
      await watching
      await running?.stop()
    },
  }
}

/** The queue from its start to its end, whoever ends it. */
interface Running {
  readonly ended: Promise<void>
  stop(): Promise<void>
}

async function startRun(db: Database, jobs: Readonly<Record<string, Job>>, log: Log): Promise<Running> {
  const events: WorkerEvents = new EventEmitter()
  const poolId = new Promise<string>((resolve) =>
    events.once('pool:create', ({ workerPool }) => resolve(workerPool.id)),
  )
  const runner = await run({
    preset: { worker: settling },
    pgPool: db.queue,
    concurrency: 8,
    pollInterval: 1_000,
    noHandleSignals: true,
    crontab: 'tidy' in jobs ? '17 * * * * tidy' : '',
    taskList: tasksOf(jobs),
    events,
    logger: new Logger(() => (level: LogLevel, message: string) => say(log, level, message)),
  })
  const lifeline = new Lifeline(db, log)
  await lifeline.start(await poolId)
  const ended = runner.promise.catch(() => undefined).then(() => lifeline.stop())
  return {
    ended,
    stop: async () => {
      await runner.stop().catch(() => undefined)
      await ended
    },
  }
}

/** Milliseconds. One by one, the queue would settle jobs behind our back, and its failure end the process. */
const settling = { completeJobBatchDelay: 0, failJobBatchDelay: 0 }

function tasksOf(jobs: Readonly<Record<string, Job>>): Record<string, Task> {
  const tasks: Record<string, Task> = {}
  for (const [name, job] of Object.entries(jobs)) {
    tasks[name] = (payload, { job: { attempts, max_attempts } }) => job(payload, { last: attempts >= max_attempts })
  }
  return tasks
}

function say(log: Log, level: LogLevel, message: string): void {
  const [first = ''] = message.split('\n')
  if (level === 'error') log.error({}, `job queue: ${first}`)
  else if (level === 'warning') log.warn({}, `job queue: ${first}`)
  else log.debug({}, `job queue: ${first}`)
}
