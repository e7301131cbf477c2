import type { Log } from '../log.ts'
import type { Collector, Sent } from './collector.ts'
import type { Ended } from './recorder.ts'

export interface ExporterParts {
  readonly collector: Collector
  readonly log: Log
  /** Milliseconds between the first span that waits and the request that takes it. */
  readonly delay: number
  body(spans: readonly Ended[]): string
  /** Told what became of spans, for the figures: `sent`, `refused` by the collector, or `dropped` before it had them. */
  settled(outcome: 'sent' | 'refused' | 'dropped', count: number): void
}

/** Spans that wait at most, and those of one request: as OpenTelemetry's own batches have it. */
const most = 2_048
const batch = 512
/** Milliseconds that a request may take. */
const patience = 10_000
const pauses = { first: 1_000, longest: 60_000 }

/**
 * Sends spans in batches, one request at a time, and waits longer and longer while the collector is away. Nobody waits
 * for it: what does not fit into the queue meanwhile is dropped and counted.
 */
export class Exporter {
  readonly #parts: ExporterParts
  readonly #giveUp = new AbortController()
  readonly #waiting: Ended[] = []
  #timer: NodeJS.Timeout | undefined
  #sending: Promise<unknown> | undefined
  /** Requests in a row that the collector did not answer. */
  #failures = 0
  #stopped = false

  constructor(parts: ExporterParts) {
    this.#parts = parts
  }

  keep(ended: Ended): void {
    if (this.#stopped || this.#waiting.length >= most) {
      this.#parts.settled('dropped', 1)
      return
    }
    this.#waiting.push(ended)
    if (this.#waiting.length === 1) this.#plan(this.#parts.delay)
    // What is more than a request holds need not wait for more.
    if (this.#waiting.length === batch && this.#failures === 0) this.#plan(0)
  }

  /** Sends what waits, within so many milliseconds; what is left then is dropped and counted. */
  async stop(within: number): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    const late = setTimeout(() => this.#giveUp.abort(), within)
    await this.#sending
    for (let going = true; going && this.#waiting.length > 0; )
      going = (await this.#sendBatch()) === undefined && !this.#giveUp.signal.aborted
    clearTimeout(late)
    this.#drop(this.#waiting.length)
    this.#parts.collector.close()
  }

  #plan(milliseconds: number): void {
    if (this.#sending || this.#stopped) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#sending = this.#send().then((pause) => {
        this.#sending = undefined
        if (this.#waiting.length > 0) this.#plan(pause)
      })
    }, milliseconds)
    this.#timer.unref()
  }

  /** Sends all full requests, at least one; answers with how long the next may wait. */
  async #send(): Promise<number> {
    do {
      const pause = await this.#sendBatch()
      if (pause !== undefined) return pause
    } while (this.#waiting.length >= batch && !this.#stopped)
    return this.#parts.delay
  }

  /** Answers with how long to wait before the same is sent again, where it has to be. */
  async #sendBatch(): Promise<number | undefined> {
    const spans = this.#waiting.slice(0, batch)
    const signal = AbortSignal.any([AbortSignal.timeout(patience), this.#giveUp.signal])
    const sent = await this.#parts.collector.send(this.#parts.body(spans), signal)
    if (sent.outcome === 'again') return this.#failed(sent)
    this.#waiting.splice(0, spans.length)
    this.#answered(sent, spans.length)
    return undefined
  }

  #answered(sent: Exclude<Sent, { outcome: 'again' }>, count: number): void {
    const { log, settled } = this.#parts
    if (this.#failures > 0) log.info({}, 'the collector of traces answers again')
    this.#failures = 0
    const refused = sent.outcome === 'refused' ? count : Math.min(sent.rejected, count)
    if (refused > 0) {
      const because = sent.outcome === 'refused' ? sent.because : 'it left some out'
      log.warn({ because, spans: refused }, 'the collector of traces does not take spans')
      settled('refused', refused)
    }
    if (count > refused) settled('sent', count - refused)
  }

  #failed({ because, after }: Extract<Sent, { outcome: 'again' }>): number {
    if (this.#failures === 0) this.#parts.log.warn({ because }, 'the collector of traces is away; spans wait')
    this.#failures += 1
    if (after !== undefined) return Math.min(after * 1000, pauses.longest)
    // With jitter, so that many servers do not come back at once.
    return Math.min(pauses.longest, pauses.first * 2 ** Math.min(this.#failures - 1, 20)) * (0.5 + Math.random() / 2)
  }

  #drop(count: number): void {
    if (count > 0) this.#parts.settled('dropped', count)
    this.#waiting.length = 0
  }
}
