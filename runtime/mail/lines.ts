/** Lets so much work go on at once; what comes later waits for its turn, in order. */
export class Lines {
  #free: number
  readonly #waiting: (() => void)[] = []

  constructor(lines: number) {
    this.#free = lines
  }

  async hold<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#free += 1
    }
  }
}
