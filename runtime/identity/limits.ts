import { Refusal } from '../refusal.ts'
import type { Failures, IdentityStore } from './identity-store.ts'

/** How many failures are free, and how long the next try then waits, doubling, in milliseconds. */
interface Allowance {
  readonly free: number
  readonly first: number
  readonly longest: number
}

/** What tries are counted under. */
export interface Count {
  readonly key: string
  readonly allowance: Allowance
  /** Several logins count here: one that succeeds clears nothing of the others' failures. */
  readonly shared: boolean
}

/** After this long without a failure, those before count no more. In milliseconds. */
export const forgottenAfter = 60 * 60_000

/**
 * Slows guessing down: after some failures each further try waits twice as long as the one before. Counted in the store,
 * so that a guesser gets no more tries for there being more nodes.
 */
export class Limits {
  readonly #store: IdentityStore
  readonly #now: () => Date

  constructor(store: IdentityStore, now: () => Date) {
    this.#store = store
    this.#now = now
  }

  /**
   * Counts a try as failed before its outcome is known, so that many at once do not slip through together. Throws `Refusal`
   * `too-many-tries`, and counts nothing, while one of the counts has to wait.
   */
  async tried(counts: readonly Count[]): Promise<void> {
    const now = this.#now()
    await this.#store.changeFailures(keysOf(counts), (kept) => {
      for (const { key, allowance } of counts) refuseWhileWaiting(kept.get(key), allowance, now)
      return counts.map(({ key }) => ({ key, count: recent(kept.get(key), now) + 1, last: now }))
    })
  }

  /** The try was none of a guesser's: whoever knows the secret has earned a clean slate, as far as the count is theirs alone. */
  async succeeded(counts: readonly Count[]): Promise<void> {
    await this.#store.changeFailures(keysOf(counts), (kept) =>
      counts.flatMap(({ key, shared }) => {
        const failures = kept.get(key)
        return failures ? [{ key, count: shared ? Math.max(failures.count - 1, 0) : 0, last: failures.last }] : []
      }),
    )
  }
}

function keysOf(counts: readonly Count[]): string[] {
  return counts.map(({ key }) => key)
}

function recent(failures: Failures | undefined, now: Date): number {
  return failures && now.getTime() - failures.last.getTime() < forgottenAfter ? failures.count : 0
}

function refuseWhileWaiting(failures: Failures | undefined, allowance: Allowance, now: Date): void {
  const count = recent(failures, now)
  if (!failures || count < allowance.free) return
  const wait = Math.min(allowance.first * 2 ** (count - allowance.free), allowance.longest)
  const left = failures.last.getTime() + wait - now.getTime()
  if (left <= 0) return
  throw new Refusal(
    'too-many-tries',
    `Too many tries went wrong. Wait ${Math.ceil(left / 1000)} seconds, then try again.`,
  )
}

const seconds = 1000
const minutes = 60 * seconds

/**
 * Three counts for each try: this login from this address; this login from anywhere, with more room, so that a stranger
 * can hardly lock a person out; this address for any login.
 */
export function limitsOfTry(login: string, from: string): readonly Count[] {
  return [
    { key: `pair ${from} ${login}`, shared: false, allowance: { free: 5, first: 2 * seconds, longest: 15 * minutes } },
    { key: `login ${login}`, shared: false, allowance: { free: 20, first: 2 * seconds, longest: 1 * minutes } },
    { key: `address ${from}`, shared: true, allowance: { free: 30, first: 2 * seconds, longest: 15 * minutes } },
  ]
}

/** Links that are none of ours; one that is right counts nothing, since mail programs send many from one address. */
export function limitsOfLink(from: string): readonly Count[] {
  return [{ key: `link ${from}`, shared: true, allowance: { free: 30, first: 2 * seconds, longest: 15 * minutes } }]
}

/** Codes belong to nobody until one is right, so tries count for their address alone. */
export function limitsOfCode(from: string): readonly Count[] {
  return [{ key: `code ${from}`, shared: true, allowance: { free: 5, first: 2 * seconds, longest: 15 * minutes } }]
}
