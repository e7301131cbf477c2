import { hash, randomBytes } from 'node:crypto'
import type { IdentityStore, SessionKind, SessionRecord } from './identity-store.ts'

/** Milliseconds. */
export interface Lifetimes {
  /** A session ends this long after its last use. */
  readonly idle: number
  /** And at the latest this long after it began. */
  readonly whole: number
}

/** How long what was read stays good without asking the store again, in milliseconds. */
const cachedFor = 3000
const mostCached = 10_000

interface Cached {
  readonly until: number
  readonly record: Promise<SessionRecord | undefined>
}

/**
 * Sessions of one kind. A token is 256 random bits; the store has its SHA-256 alone, so a copy of the database opens no
 * session. Reads are cached on each node until another tells of an end, and for three seconds at most.
 */
export class Sessions {
  readonly #store: IdentityStore
  readonly #kind: SessionKind
  readonly #lifetimes: Lifetimes
  readonly #now: () => Date
  readonly #cache = new Map<string, Cached>()

  constructor(store: IdentityStore, kind: SessionKind, lifetimes: Lifetimes, now: () => Date) {
    this.#store = store
    this.#kind = kind
    this.#lifetimes = lifetimes
    this.#now = now
  }

  /** Always a new token, never one that the browser brought. */
  async start(subjectId: string): Promise<{ token: string; csrf: string }> {
    const token = randomBytes(32).toString('base64url')
    const csrf = randomBytes(32).toString('base64url')
    const createdAt = this.#now()
    const expiresAt = new Date(createdAt.getTime() + this.#lifetimes.idle)
    await this.#store.addSession(digest(token), { kind: this.#kind, subjectId, csrf, createdAt, expiresAt })
    return { token, csrf }
  }

  async read(token: string): Promise<SessionRecord | undefined> {
    if (token.length !== 43) return undefined
    const now = this.#now().getTime()
    const cached = this.#cache.get(token)
    if (cached && cached.until > now) return cached.record
    const record = this.#load(digest(token), now)
    this.#remember(token, { until: now + cachedFor, record })
    record.catch(() => this.#cache.delete(token))
    return record
  }

  async end(token: string): Promise<void> {
    this.#cache.delete(token)
    await this.#store.endSession(digest(token))
    this.#cache.delete(token)
  }

  async endAllOf(subjectId: string): Promise<void> {
    this.#cache.clear()
    await this.#store.endSessionsOf(this.#kind, subjectId)
    this.#cache.clear()
  }

  /** What was read, or is being read just now, counts no more. */
  forgetRead(): void {
    this.#cache.clear()
  }

  async #load(tokenHash: Buffer, now: number): Promise<SessionRecord | undefined> {
    const record = await this.#store.session(tokenHash)
    if (record?.kind !== this.#kind || record.expiresAt.getTime() <= now) return undefined
    const latest = record.createdAt.getTime() + this.#lifetimes.whole
    const wanted = Math.min(now + this.#lifetimes.idle, latest)
    // A write a twentieth of the idle time at most, not one a request.
    if (wanted - record.expiresAt.getTime() > this.#lifetimes.idle / 20) {
      await this.#store.extendSession(tokenHash, new Date(wanted))
    }
    return record
  }

  #remember(token: string, cached: Cached): void {
    if (this.#cache.size >= mostCached) this.#cache.clear()
    this.#cache.set(token, cached)
  }
}

function digest(token: string): Buffer {
  return hash('sha256', token, 'buffer')
}
