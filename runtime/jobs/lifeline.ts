import { setTimeout as pause } from 'node:timers/promises'
import { describeError, type Log } from '../log.ts'
import type { Database } from '../store/database.ts'
import { deadPools, openLifeline, releaseJobs } from '../store/workers.ts'

const interval = 1_000

/**
 * Shows the other nodes that this one is alive, and gives back to the queue what a killed one had taken: the queue itself
 * would wait four hours. A node counts as dead when it is missing twice in a row.
 */
export class Lifeline {
  readonly #db: Database
  readonly #log: Log
  #line: { close(): Promise<void> } | undefined
  #poolId = ''
  #missing = new Set<string>()
  readonly #stopping = new AbortController()
  #sweeping: Promise<void> = Promise.resolve()

  constructor(db: Database, log: Log) {
    this.#db = db
    this.#log = log
  }

  async start(poolId: string): Promise<void> {
    this.#poolId = poolId
    await this.#connect().catch(() => undefined)
    this.#sweeping = this.#sweep()
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#sweeping
    await this.#line?.close().catch(() => undefined)
  }

  async #connect(): Promise<void> {
    this.#line = await openLifeline(this.#db, this.#poolId, () => {
      this.#line = undefined
    })
    // Where the database was away, the others come back in their own time too.
    this.#missing.clear()
  }

  async #sweep(): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      try {
        if (!this.#line) await this.#connect()
        const dead = await deadPools(this.#db)
        const twice = dead.filter((pool) => this.#missing.has(pool))
        this.#missing = new Set(dead)
        if (twice.length > 0) {
          await releaseJobs(this.#db, twice)
          this.#log.warn({ pools: twice.length }, 'gave back the jobs of a node that is gone')
        }
      } catch (error) {
        this.#log.debug(describeError(error), 'could not look for jobs of nodes that are gone')
      }
      await pause(interval, undefined, { signal }).catch(() => undefined)
    }
  }
}
