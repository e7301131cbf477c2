import { type Database, isAway } from '../store/database.ts'
import { returnNumbers, takeNumbers } from '../store/versions.ts'

const smallest = 10
const largest = 1_000

/**
 * Case numbers that people can say on the telephone, without a sequence on the hot road: a node takes a block at a time,
 * a larger one each time it runs out, and gives back at the end what it did not use.
 */
export class Numbers {
  readonly #db: Database
  readonly #blocks = new Map<string, { next: number; end: number; size: number }>()
  readonly #taking = new Map<string, Promise<void>>()

  constructor(db: Database) {
    this.#db = db
  }

  async next(process: string): Promise<number> {
    for (;;) {
      const block = this.#blocks.get(process)
      if (block && block.next < block.end) return block.next++
      await this.#take(process)
    }
  }

  /** Where the database is away the numbers left over are lost, and with them nothing but numbers. */
  async close(): Promise<void> {
    for (const [process, block] of this.#blocks) {
      if (block.next < block.end) await returnNumbers(this.#db.pool, process, block.next, block.end).catch(unlessAway)
    }
    this.#blocks.clear()
  }

  #take(process: string): Promise<void> {
    const under = this.#taking.get(process)
    if (under) return under
    const size = Math.min((this.#blocks.get(process)?.size ?? smallest / 2) * 2, largest)
    const taking = takeNumbers(this.#db.pool, process, size)
      .then((first) => void this.#blocks.set(process, { next: first, end: first + size, size }))
      .finally(() => this.#taking.delete(process))
    this.#taking.set(process, taking)
    return taking
  }
}

function unlessAway(error: unknown): void {
  if (!isAway(error)) throw error
}
