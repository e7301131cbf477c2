import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Answer, Api } from '../api.ts'

/** A move that was acknowledged, and when (milliseconds of `performance.now`). */
export interface Acknowledged {
  readonly caseId: string
  readonly to: string
  readonly at: number
}

/**
 * People who move cases to and fro, each one of their own, one move after another. Whoever is told to try again does so
 * under the same key until the move is acknowledged, as a client should.
 */
export class Movers {
  readonly acknowledged: Acknowledged[] = []
  /** Answers that said to try again. */
  unavailable = 0
  /** Answers that should not have come. */
  readonly odd: string[] = []
  readonly #api: Api
  #going = true
  #working: Promise<unknown> = Promise.resolve()

  constructor(api: Api) {
    this.#api = api
  }

  start(caseIds: readonly string[]): void {
    this.#working = Promise.all(caseIds.map((caseId) => this.#moveOnAndOn(caseId)))
  }

  /** Resolves when the last move begun was acknowledged. */
  async stop(): Promise<void> {
    this.#going = false
    await this.#working
  }

  /** Seconds of the longest time without an acknowledged move since `since`. */
  longestGap(since: number): number {
    let last = since
    let longest = 0
    for (const { at } of this.acknowledged) {
      if (at < since) continue
      longest = Math.max(longest, at - last)
      last = at
    }
    return longest / 1000
  }

  async #moveOnAndOn(caseId: string): Promise<void> {
    for (let shipping = true; this.#going; shipping = !shipping) {
      const to = shipping ? 'shipping' : 'packing'
      if (!(await this.#move(caseId, to))) return
      this.acknowledged.push({ caseId, to, at: performance.now() })
    }
  }

  async #move(caseId: string, to: string): Promise<boolean> {
    const key = randomUUID()
    for (;;) {
      const answer = await this.#api
        .post(`/cases/${caseId}/moves`, { to }, { 'idempotency-key': key })
        .catch((error: Error): Answer => ({ status: 0, body: error.message }))
      if (answer.status === 200) return true
      if (answer.status !== 503 || answer.body.code !== 'unavailable') {
        this.odd.push(`${answer.status} ${JSON.stringify(answer.body)}`)
        return false
      }
      this.unavailable += 1
      await pause(100)
    }
  }
}
