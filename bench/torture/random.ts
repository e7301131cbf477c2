/** Random numbers that a seed makes again: xorshift32. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0 || 1
  }

  /** A whole number from 0 to `below`, which it does not reach. */
  below(below: number): number {
    this.#state ^= this.#state << 13
    this.#state ^= this.#state >>> 17
    this.#state ^= this.#state << 5
    this.#state >>>= 0
    return below <= 1 ? 0 : this.#state % below
  }

  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T
  }
}
