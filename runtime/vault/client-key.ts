import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import type { MasterKey } from './master-key.ts'
import { open, seal } from './seal.ts'

/** A client's own key, and the form of it that is stored. Deleting the stored form erases all that was sealed under it. */
export interface ClientKey {
  readonly key: KeyObject
  readonly wrapped: Buffer
}

export function newClientKey(clientId: string, master: MasterKey): ClientKey {
  const key = randomBytes(32)
  return { key: createSecretKey(key), wrapped: seal(master.wrapping, key, `key ${clientId}`) }
}

/** The same key under another master key. Throws where it does not open under the first. */
export function rewrapped(clientId: string, wrapped: Buffer, from: MasterKey, to: MasterKey): Buffer {
  const place = `key ${clientId}`
  return seal(to.wrapping, open(from.wrapping, wrapped, place), place)
}

const remembered = 10_000

/** Milliseconds that a key is remembered at most. */
const longest = 60_000

/**
 * Unwraps clients' keys and remembers the latest for a minute at most: unwrapping costs more than the rest of a small case.
 * What it remembers is of use to nobody who does not bring the wrapped key, freshly read: once that row is gone, on whatever
 * node, nothing opens any more.
 */
export class ClientKeys {
  readonly #master: MasterKey
  readonly #cache = new Map<string, { wrapped: Uint8Array; key: KeyObject }>()
  #clearing: NodeJS.Timeout | undefined

  constructor(master: MasterKey) {
    this.#master = master
  }

  unwrap(clientId: string, wrapped: Buffer): KeyObject {
    const known = this.#cache.get(clientId)
    if (known && wrapped.equals(known.wrapped)) return known.key
    const key = createSecretKey(open(this.#master.wrapping, wrapped, `key ${clientId}`))
    if (this.#cache.size >= remembered) this.#cache.delete(this.#cache.keys().next().value as string)
    // A copy: a small buffer is a part of a large one, which it would keep from being freed.
    this.#cache.set(clientId, { wrapped: Uint8Array.from(wrapped), key })
    this.#clearing ??= setTimeout(() => this.clear(), longest).unref()
    return key
  }

  forget(clientId: string): void {
    this.#cache.delete(clientId)
  }

  clear(): void {
    clearTimeout(this.#clearing)
    this.#clearing = undefined
    this.#cache.clear()
  }

  /** How many are remembered. */
  get size(): number {
    return this.#cache.size
  }
}
