import { EventEmitter } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { type JobHelpers, Logger, type LogLevel, run, type Task, type WorkerEvents } from 'graphile-worker'
import { describeError, type Log } from '../log.ts'
import { reasonOf } from '../reasons.ts'
import { Refusal } from '../refusal.ts'
import type { Database } from '../store/database.ts'
import { openQueue } from '../store/queue.ts'
import { releaseJobs } from '../store/workers.ts'
import { inTrace, placeFrom, placeIn } from '../trace.ts'
import { Failed, type Failure, Waits } from './failure.ts'
import { Lifeline } from './lifeline.ts'

/** What a job may know of its own attempt. */
export interface Attempt {
  /** Which try this is, from 1 on. */
  readonly tries: number
  readonly last: boolean
}

/**
 * What a job does; one with a list for its payload answers with as many promises, each tried again by itself. It throws
 * `Failed` where trying again is of no use, `Waits` where it is; whatever else it throws is tried again too.
 */
export type Job = (payload: unknown, attempt: Attempt) => Promise<void> | Promise<void>[]

/**
 * Runs jobs from the queue, each at least once, again with a growing pause where one fails. What a job does is
 * idempotent by the key it was added under. Where the database goes away, the queue is left as it is and another takes
 * its place, with the jobs it held, as soon as the database is back. Whatever fails for good goes to `gaveUp`.
 */
export async function startWorker(
  db: Database,
  work: Readonly<Record<string, Job>>,
  log: Log,
  gaveUp: GaveUp,
  room: Room = inside,
): Promise<{ stop(): Promise<void> }> {
  const { signal, ...stopping } = abortable()
  const jobs = { work, gaveUp, room }
  let running = await startRun(db, jobs, log)
  const watching = (async () => {
    for (;;) {
      await running.ended
      if (signal.aborted) return
      log.warn({}, 'the job queue lost the database; starting it again')
      const again = await startAgain(db, jobs, log, { after: running.poolId, signal })
      if (!again) return
      running = again
    }
  })()
  return {
    stop: async () => {
      stopping.abort()
      await running.stop()
      await watching
      await running.stop()
    },
  }
}

type GaveUp = (failure: Failure) => Promise<void>

/** How many jobs are under way at once, and how many connections they take from the queue. */
export interface Room {
  readonly jobs: number
  readonly connections: number
}

/** For jobs that wait for nothing but the database. */
export const inside: Room = { jobs: 8, connections: 10 }
/** For those that wait for others' servers most of the time, and for the queue hardly ever. */
export const outside: Room = { jobs: 16, connections: 4 }

interface Jobs {
  readonly work: Readonly<Record<string, Job>>
  readonly gaveUp: GaveUp
  readonly room: Room
}

function abortable(): { readonly signal: AbortSignal; abort(): void } {
  const controller = new AbortController()
  return { signal: controller.signal, abort: () => controller.abort() }
}

const shortest = 100
const longest = 5_000

/** Starts the queue that follows another, and gives it the jobs that one held; tries until it runs, or is told to stop. */
async function startAgain(
  db: Database,
  jobs: Jobs,
  log: Log,
  { after, signal }: { readonly after: string; readonly signal: AbortSignal },
): Promise<Running | undefined> {
  for (let delay = shortest; !signal.aborted; delay = Math.min(delay * 2, longest)) {
    try {
      await releaseJobs(db, [after])
      return await startRun(db, jobs, log)
    } catch (error) {
      log.debug(describeError(error), 'the job queue does not start yet; trying again')
      await pause(delay, undefined, { signal }).catch(() => undefined)
    }
  }
  return undefined
}

/** The queue from its start to its stop, or to the loss of the database. */
interface Running {
  readonly poolId: string
  /** Resolves when none of its jobs runs any more. */
  readonly ended: Promise<void>
  /** Lets the jobs under way end. */
  stop(): Promise<void>
}

async function startRun(db: Database, jobs: Jobs, log: Log): Promise<Running> {
  const connections = openQueue(db.url, jobs.room.connections)
  const active = new Set<Promise<unknown>>()
  const events: WorkerEvents = new EventEmitter()
  const created = new Promise<string>((resolve) =>
    events.once('pool:create', ({ workerPool }) => resolve(workerPool.id)),
  )
  const lost = connections.lost.then(() => undefined)
  const runner = await Promise.race([
    lost,
    run({
      pgPool: connections.pool,
      concurrency: jobs.room.jobs,
      pollInterval: 1_000,
      noHandleSignals: true,
      crontab: 'tidy' in jobs.work ? '17 * * * * tidy\n*/5 * * * * retention' : '',
      taskList: tasksOf(jobs, active, log),
      events,
      logger: new Logger(() => (level: LogLevel, message: string) => say(log, level, message)),
    }),
  ])
  if (!runner) {
    await connections.close()
    throw new Error('the database was lost while the job queue started')
  }
  const poolId = await created
  const lifeline = new Lifeline(db, log)
  await lifeline.start(poolId)
  // Stopped or not, the queue's own promise settles only while the database answers.
  const ended = Promise.race([lost, runner.promise.catch(() => undefined)]).then(async () => {
    void runner.stop().catch(() => undefined)
    await Promise.allSettled(active)
    await lifeline.stop()
    await connections.close()
  })
  return {
    poolId,
    ended,
    stop: async () => {
      await Promise.race([lost, runner.stop().catch(() => undefined)])
      await ended
    },
  }
}

/** The jobs as the queue calls them; `active` holds those under way. */
function tasksOf({ work, gaveUp }: Jobs, active: Set<Promise<unknown>>, log: Log): Record<string, Task> {
  const tasks: Record<string, Task> = {}
  for (const [name, job] of Object.entries(work)) {
    tasks[name] = (payload, helpers) => {
      const attempt = attemptOf(helpers.job)
      const end = (one: unknown, key: string) => (error: unknown) =>
        ending(error, { job: name, payload: one, key, tries: attempt.tries }, attempt, { helpers, gaveUp, log })
      const doing = inTrace(placeIn(payload) ?? placeFrom(undefined), () => job(payload, attempt))
      const working = Array.isArray(doing)
        ? doing.map((one, at) => {
            const of = (payload as readonly object[])[at] ?? {}
            return one.catch(end([of], [name, ...Object.values(of)].join(' ')))
          })
        : doing.catch(end(payload, helpers.job.key ?? name))
      const done = Promise.allSettled([working].flat())
      active.add(done)
      void done.then(() => active.delete(done))
      return working
    }
  }
  return tasks
}

/** How often a job is tried: one short of what the queue allows, so that a node killed at the last try leaves one to tell of it. */
const mostTries = 24
const queueTries = mostTries + 1

/** A job that was put off began to count anew, with what was left. */
function attemptOf({ attempts, max_attempts }: { readonly attempts: number; readonly max_attempts: number }): Attempt {
  const tries = attempts + queueTries - max_attempts
  return { tries, last: tries >= mostTries }
}

interface Ending {
  readonly helpers: JobHelpers
  readonly gaveUp: GaveUp
  readonly log: Log
}

/** The one place that says what follows where a job fails: it is tried again when it may be of use, or is given up. */
async function ending(
  error: unknown,
  what: Omit<Failure, 'because'>,
  { last }: Attempt,
  { helpers, gaveUp, log }: Ending,
): Promise<void> {
  if (last || error instanceof Failed) {
    const known = error instanceof Failed || error instanceof Waits || error instanceof Refusal
    if (!known) log.error({ job: what.job, ...describeError(error) }, 'a job has failed for good')
    const tries = (error instanceof Failed ? error.tries : undefined) ?? what.tries
    return gaveUp({ ...what, tries, because: known ? error.because : reasonOf('unforeseen') })
  }
  const { key, max_attempts, attempts } = helpers.job
  // One of a list goes on by itself, under a key of its own.
  const jobKey = Array.isArray(what.payload) ? what.key : key
  if (!(error instanceof Waits) || !error.until || jobKey === null) throw error
  const queueName = await queueOf(helpers)
  await helpers.addJob(what.job, what.payload as object, {
    jobKey,
    ...(queueName === undefined ? {} : { queueName }),
    runAt: error.until,
    maxAttempts: max_attempts - attempts + (error.counts ? 0 : 1),
  })
}

/** What it lines up in, which the queue knows by a number alone. */
async function queueOf({ job, query }: JobHelpers): Promise<string | undefined> {
  if (job.job_queue_id === null) return undefined
  const { rows } = await query<{ queue_name: string }>('select queue_name from graphile_worker.jobs where id = $1', [
    job.id,
  ])
  return rows[0]?.queue_name
}

function say(log: Log, level: LogLevel, message: string): void {
  const [first = ''] = message.split('\n')
  // Meant so: see `outside`.
  if (first.includes('maxPoolSize')) return
  if (level === 'error') log.error({}, `job queue: ${first}`)
  else if (level === 'warning') log.warn({}, `job queue: ${first}`)
  else log.debug({}, `job queue: ${first}`)
}
