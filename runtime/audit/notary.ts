import { setTimeout as pause } from 'node:timers/promises'
import { describeError, type Log } from '../log.ts'
import type { Task } from '../nodes/turn.ts'
import { chainWaiting } from '../store/audit.ts'
import { type Database, isAway } from '../store/database.ts'
import type { MasterKey } from '../vault/master-key.ts'
import { link } from './chain.ts'

/** Milliseconds until what waits is looked for again. */
const interval = 1_000
const most = 1_000

/** Takes what waits into the chain. One node at a time does so (`nodes/turn.ts`); should two, one finds its number taken and comes again. */
export class Notary implements Task {
  readonly #db: Database
  readonly #master: MasterKey
  readonly #log: Log
  #stopping = new AbortController()
  #running: Promise<void> = Promise.resolve()

  constructor({ db, master, log }: { readonly db: Database; readonly master: MasterKey; readonly log: Log }) {
    this.#db = db
    this.#master = master
    this.#log = log
  }

  start(): void {
    this.#stopping = new AbortController()
    this.#running = this.#run(this.#stopping.signal)
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const taken = await this.#take()
      if (taken < most) await pause(interval, undefined, { signal }).catch(() => undefined)
    }
  }

  async #take(): Promise<number> {
    try {
      return await chainWaiting(this.#db.pool, most, (before, entry) => link(this.#master.audit, before, entry))
    } catch (error) {
      const level = isAway(error) ? 'debug' : 'warn'
      this.#log[level](describeError(error), 'the audit trail could not be written further; trying again')
      return 0
    }
  }
}
