import { processesOfCases } from '../store/cases.ts'
import type { Database } from '../store/database.ts'

/** Milliseconds that cases wait for each other. */
const gathering = 100

/**
 * Tells pages that show a case that a letter or a message of it has got on, which is no event of the case. One that is not told
 * shows it when it is next loaded, so a database that is away does not matter.
 */
export class Followers {
  readonly #db: Database
  readonly #changed: (caseId: string, process: string) => void
  #waiting = new Set<string>()

  constructor(db: Database, changed: (caseId: string, process: string) => void) {
    this.#db = db
    this.#changed = changed
  }

  tell(caseId: string): void {
    if (this.#waiting.size === 0) setTimeout(() => void this.#say(), gathering).unref()
    this.#waiting.add(caseId)
  }

  async #say(): Promise<void> {
    const ids = [...this.#waiting]
    this.#waiting = new Set()
    const found = await processesOfCases(this.#db.pool, ids).catch(() => [])
    for (const { caseId, process } of found) this.#changed(caseId, process)
  }
}
