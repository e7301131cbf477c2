import type { IdentityStore, PersonRecord } from './identity-store.ts'

/** The people who work here, at hand without a look-up each; learns of new ones when they are first met. */
export class Directory {
  readonly #store: IdentityStore
  #people = new Map<string, PersonRecord>()
  #refreshing = false

  constructor(store: IdentityStore) {
    this.#store = store
  }

  async refresh(): Promise<void> {
    this.#people = new Map((await this.#store.people()).map((person) => [person.id, person]))
  }

  /** Somebody who still worked here at the last `refresh`. */
  active(id: string): PersonRecord | undefined {
    const person = this.#people.get(id)
    return person?.active ? person : undefined
  }

  everyone(): readonly PersonRecord[] {
    return [...this.#people.values()].filter(({ active }) => active)
  }

  name(id: string): string {
    const known = this.#people.get(id)
    if (known !== undefined) return known.name
    if (!this.#refreshing) {
      this.#refreshing = true
      this.refresh()
        .catch(() => undefined)
        .finally(() => {
          this.#refreshing = false
        })
    }
    return 'a colleague'
  }
}
