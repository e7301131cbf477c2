/** What a receiver waits for: mail that is announced, time that passes, and its own end, which ends every wait. */
export class Waiting {
  ended = false
  /** How many announcements there were: whoever has seen fewer need not wait. */
  arrivals = 0
  #wake = new Set<() => void>()
  #onEnd: (() => void) | undefined

  end(): void {
    this.ended = true
    this.#onEnd?.()
    this.#wakeAll()
  }

  /** Called once at the end, at once where it has come: closes the connection that is open then. */
  atEnd(close: () => void): void {
    this.#onEnd = close
    if (this.ended) close()
  }

  announce(): void {
    this.arrivals += 1
    this.#wakeAll()
  }

  /** Until an announcement beyond `seen`, at most that many milliseconds. */
  async arrival(seen: number, milliseconds: number): Promise<void> {
    if (this.arrivals === seen) await this.#wait(milliseconds, true)
  }

  /** That many milliseconds, whatever is announced meanwhile. */
  async pause(milliseconds: number): Promise<void> {
    await this.#wait(milliseconds, false)
  }

  async #wait(milliseconds: number, announced: boolean): Promise<void> {
    if (this.ended) return
    await new Promise<void>((resolve) => {
      const finish = () => {
        if (!announced && !this.ended && !elapsed) return
        clearTimeout(timer)
        this.#wake.delete(finish)
        resolve()
      }
      let elapsed = false
      const timer = setTimeout(() => {
        elapsed = true
        finish()
      }, milliseconds)
      this.#wake.add(finish)
    })
  }

  #wakeAll(): void {
    for (const wake of [...this.#wake]) wake()
  }
}
