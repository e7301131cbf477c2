import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Clock } from '../clock.ts'
import type { MailEnds } from '../readiness.ts'
import type { Database } from '../store/database.ts'
import { type QueueState, queueState } from '../store/queue-state.ts'
import type { Figures } from './figures.ts'

export interface Sources {
  readonly db: Database
  readonly clock: Clock
  readonly version: string
  mail(): MailEnds
  /** How many incidents wait for a person; absent where none are kept. */
  incidents?(): Promise<number>
}

/** Looks at what is only known when asked, each time the figures are read. */
export class Collector {
  readonly #figures: Figures
  readonly #sources: Sources
  readonly #delay: ReturnType<typeof monitorEventLoopDelay>
  readonly #startedAt: number
  #reading: Promise<string> | undefined

  constructor(figures: Figures, sources: Sources) {
    this.#figures = figures
    this.#sources = sources
    this.#delay = monitorEventLoopDelay({ resolution: 20 })
    this.#delay.enable()
    this.#startedAt = Date.parse(sources.clock.now()) / 1000 - process.uptime()
  }

  /** Who asks while another is being answered gets the same answer: asking often costs no more. */
  text(): Promise<string> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined
    })
    return this.#reading
  }

  close(): void {
    this.#delay.disable()
  }

  async #read(): Promise<string> {
    this.#process()
    this.#pools()
    const queue = await queueState(this.#sources.db.pool).catch(() => undefined)
    this.#servers(queue !== undefined)
    this.#queue(queue)
    const incidents = await this.#sources.incidents?.().catch(() => undefined)
    // No figure is better than a zero that nobody counted.
    this.#figures.incidents.clear()
    if (incidents !== undefined) this.#figures.incidents.set(incidents)
    return this.#figures.registry.text()
  }

  #process(): void {
    const { memory, heap, cpu, started, delay, build } = this.#figures
    const used = process.memoryUsage()
    const { user, system } = process.cpuUsage()
    memory.set(used.rss)
    heap.set(used.heapUsed)
    cpu.setTotal((user + system) / 1e6)
    started.set(this.#startedAt)
    build.set(1, this.#sources.version, process.versions.node)
    for (const quantile of [0.5, 0.99]) delay.set(inSeconds(this.#delay.percentile(quantile * 100)), String(quantile))
    delay.set(inSeconds(this.#delay.max), '1')
    this.#delay.reset()
  }

  #pools(): void {
    for (const { name, used, idle, waiting } of this.#sources.db.use()) {
      this.#figures.connections.set(used, name, 'used')
      this.#figures.connections.set(idle, name, 'idle')
      this.#figures.connections.set(waiting, name, 'waited for')
    }
  }

  #servers(database: boolean): void {
    const { up } = this.#figures
    const { sender, mailbox } = this.#sources.mail()
    up.set(Number(database), 'database')
    if (sender) up.set(Number(sender.trouble() === undefined), 'smtp')
    if (mailbox?.ours()) up.set(Number(mailbox.status().state === 'listening'), 'imap')
  }

  #queue(state: QueueState | undefined): void {
    const { queue, oldestJob } = this.#figures
    queue.clear()
    oldestJob.clear()
    if (!state) return
    for (const { job, due, scheduled, givenUp } of state.jobs) {
      queue.set(due, job, 'due')
      queue.set(scheduled, job, 'scheduled')
      queue.set(givenUp, job, 'given up')
    }
    oldestJob.set(state.oldestDue)
  }
}

/** Nanoseconds; nothing was measured yet where it is no number. */
function inSeconds(nanoseconds: number): number {
  return Number.isFinite(nanoseconds) ? nanoseconds / 1e9 : 0
}
