import type { Caller, Change, Changes } from '../http/ports.ts'
import { caseRights } from './rights.ts'
import type { Versions } from './versions.ts'

interface Listener {
  readonly by: Caller
  readonly hear: (change: Change) => void
}

/** Tells open pages that a case has changed; each hears only of processes its person may see. */
export class ChangeHub implements Changes {
  readonly #versions: Versions
  readonly #listeners = new Set<Listener>()

  constructor(versions: Versions) {
    this.#versions = versions
  }

  subscribe(by: Caller, hear: (change: Change) => void): () => void {
    const listener = { by, hear }
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Tells of a case, or of some that are too many to name. */
  tell(process: string, caseId?: string): void {
    if (this.#listeners.size === 0) return
    const definition = this.#versions.definition()
    const declared = definition.processes[process]
    for (const { by, hear } of this.#listeners) {
      if (!declared || caseRights(by, declared, definition).size === 0) continue
      hear({ ...(caseId === undefined ? {} : { caseId }), process, notification: true })
    }
  }

  /** Tells everybody that they may have missed something. */
  reload(): void {
    for (const { hear } of this.#listeners) hear({ notification: true, reload: true })
  }
}
