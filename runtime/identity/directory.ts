import type { IdentityStore } from './identity-store.ts'

/** The names of the people who work here, at hand without a look-up each; learns of new ones when they are first met. */
export class Directory {
  readonly #store: IdentityStore
  #names = new Map<string, string>()
  #refreshing = false

  constructor(store: IdentityStore) {
    this.#store = store
  }

  async refresh(): Promise<void> {
    this.#names = new Map((await this.#store.people()).map(({ id, name }) => [id, name]))
  }

  name(id: string): string {
    const known = this.#names.get(id)
    if (known !== undefined) return known
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
