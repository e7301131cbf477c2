import { setTimeout as pause } from 'node:timers/promises'
import { describeError, type Log } from '../log.ts'
import type { Database } from '../store/database.ts'
import { lineUp } from '../store/turns.ts'

/** What one node at a time does. */
export interface Task {
  /** Called again after `stop`, where the turn comes back. */
  start(): void
  /** Ends what is under way. */
  stop(): Promise<void>
}

/** Milliseconds between two looks whether it is our turn, or the database is back. */
const interval = 500

/**
 * Does a task on one node of all at a time: whose connection holds the turn. When that node stops, dies or loses the
 * database, another goes on. For a moment two may be at it, where one has not yet noticed: the task has to bear that.
 */
export class Turn {
  readonly #db: Database
  readonly #name: string
  readonly #log: Log
  readonly #task: Task
  #stopping = new AbortController()
  #running: Promise<void> = Promise.resolve()
  #ours = false

  constructor(db: Database, name: string, log: Log, task: Task) {
    this.#db = db
    this.#name = name
    this.#log = log
    this.#task = task
  }

  /** Whether it is this node that does it. */
  get ours(): boolean {
    return this.#ours
  }

  start(): void {
    this.#running = this.#run()
  }

  /** Ends the task, then lets another node have the turn. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      const lost = new AbortController()
      try {
        await this.#queue(lost)
      } catch (error) {
        this.#log.debug(describeError(error), `no turn for the ${this.#name} yet; trying again`)
      }
      await pause(interval, undefined, { signal }).catch(() => undefined)
    }
  }

  /** From lining up to the loss of the connection, or our stop. */
  async #queue(lost: AbortController): Promise<void> {
    const queue = await lineUp(this.#db.url, this.#name, () => lost.abort())
    const signal = AbortSignal.any([lost.signal, this.#stopping.signal])
    try {
      while (!signal.aborted && !(await queue.take()))
        await pause(interval, undefined, { signal }).catch(() => undefined)
      if (!signal.aborted) await this.#doing(signal)
    } finally {
      await queue.close()
    }
  }

  async #doing(signal: AbortSignal): Promise<void> {
    this.#ours = true
    this.#log.info({}, `this node does the ${this.#name} from now on`)
    this.#task.start()
    await aborted(signal)
    await this.#task.stop()
    this.#ours = false
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
