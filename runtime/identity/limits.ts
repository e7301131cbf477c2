import { Refusal } from '../refusal.ts'

/** How many failures are free, and how long the next try then waits, doubling, in milliseconds. */
interface Allowance {
  readonly free: number
  readonly first: number
  readonly longest: number
}

interface Failures {
  count: number
  /** Milliseconds since the epoch. */
  last: number
}

const forgottenAfter = 60 * 60_000
const mostRemembered = 10_000

/**
 * Slows guessing down: after some failures each further try waits twice as long as the one before. Kept in memory, a node
 * each: with N nodes a guesser gets N times the tries. It holds at most ten thousand keys; the oldest go first.
 */
export class Limits {
  readonly #failures = new Map<string, Failures>()
  readonly #now: () => Date

  constructor(now: () => Date) {
    this.#now = now
  }

  /** Throws `Refusal` `too-many-tries` while `key` has to wait. */
  check(key: string, allowance: Allowance): void {
    const failures = this.#failures.get(key)
    if (!failures || failures.count < allowance.free) return
    const wait = Math.min(allowance.first * 2 ** (failures.count - allowance.free), allowance.longest)
    const left = failures.last + wait - this.#now().getTime()
    if (left <= 0) return
    const seconds = Math.ceil(left / 1000)
    throw new Refusal('too-many-tries', `Too many tries went wrong. Wait ${seconds} seconds, then try again.`)
  }

  failed(key: string): void {
    const now = this.#now().getTime()
    const before = this.#failures.get(key)
    const count = before && now - before.last < forgottenAfter ? before.count + 1 : 1
    this.#failures.delete(key)
    this.#failures.set(key, { count, last: now })
    if (this.#failures.size > mostRemembered) {
      const oldest = this.#failures.keys().next()
      if (!oldest.done) this.#failures.delete(oldest.value)
    }
  }

  /** Takes back the one failure noted before the outcome was known. */
  forgive(key: string): void {
    const failures = this.#failures.get(key)
    if (failures) failures.count -= 1
  }

  /** Whoever knows the secret has earned a clean slate. */
  forget(key: string): void {
    this.#failures.delete(key)
  }
}

const seconds = 1000
const minutes = 60 * seconds

interface Count {
  readonly key: string
  readonly allowance: Allowance
  /** Several logins count here: one that succeeds clears nothing of the others' failures. */
  readonly shared: boolean
}

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
