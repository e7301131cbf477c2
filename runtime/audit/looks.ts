import type { Clock } from '../clock.ts'
import type { Caller } from '../http/ports.ts'
import { type Occurrence, occurred } from '../store/audit.ts'
import type { Database } from '../store/database.ts'

/** What somebody was shown: of whom, in which case, and which fields; ids and names, never values. */
export interface Shown {
  readonly client: string | null
  readonly case?: string
  /** Fields by name; `client.name` and the like for the card, `letters` and the like for what is kept whole. */
  readonly fields: readonly string[]
}

/** Milliseconds in which the same person seeing the same again is one look. */
const oneLook = 15 * 60_000
const remembered = 50_000

interface Waiting {
  readonly occurrences: readonly Occurrence[]
  done(): void
  failed(error: unknown): void
}

/**
 * Who was shown whose data, and when (GDPR Art. 5(2), 15, 32). A look is in the database before its answer goes out; those
 * of one moment go there together. A client who looks at their own data is not written down.
 */
export class Looks {
  readonly #db: Database
  readonly #clock: Clock
  readonly #recent = new Map<string, number>()
  #waiting: Waiting[] = []
  #writing = false

  constructor({ db, clock }: { readonly db: Database; readonly clock: Clock }) {
    this.#db = db
    this.#clock = clock
  }

  /** Resolves once it is written down; rejects where it can't be, and then nothing may be shown. */
  async saw(by: Caller, shown: readonly Shown[]): Promise<void> {
    if (by.kind === 'client') return
    const at = this.#clock.now()
    const now = Date.parse(at)
    const actor = `staff:${by.person.id}`
    const fresh = shown.filter(({ fields }) => fields.length > 0).filter((one) => !this.#isRecent(actor, one, now))
    if (fresh.length === 0) return
    await this.#write(together(fresh).map((look) => ({ at, kind: 'look', actor, ...look })))
    for (const one of fresh) this.#remember(keyOf(actor, one), now)
  }

  #isRecent(actor: string, shown: Shown, now: number): boolean {
    const last = this.#recent.get(keyOf(actor, shown))
    return last !== undefined && now - last < oneLook && now >= last
  }

  #remember(key: string, now: number): void {
    this.#recent.delete(key)
    this.#recent.set(key, now)
    if (this.#recent.size <= remembered) return
    const [oldest] = this.#recent.keys()
    if (oldest !== undefined) this.#recent.delete(oldest)
  }

  #write(occurrences: readonly Occurrence[]): Promise<void> {
    return new Promise((done, failed) => {
      this.#waiting.push({ occurrences, done, failed })
      if (this.#writing) return
      this.#writing = true
      // What is shown in this same moment goes along.
      setImmediate(() => void this.#flush())
    })
  }

  async #flush(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#waiting
      this.#waiting = []
      try {
        await occurred(
          this.#db.pool,
          group.flatMap(({ occurrences }) => occurrences),
        )
        for (const { done } of group) done()
      } catch (error) {
        for (const { failed } of group) failed(error)
      }
    }
    this.#writing = false
  }
}

function keyOf(actor: string, { client, case: caseId, fields }: Shown): string {
  return `${actor} ${client} ${caseId} ${fields.join()}`
}

/** A list of names is one look at many people. */
function together(shown: readonly Shown[]): { readonly clients: readonly string[]; readonly entry: object }[] {
  const listed = new Map<string, { readonly clients: string[]; readonly entry: object }>()
  const apart: { readonly clients: readonly string[]; readonly entry: object }[] = []
  for (const { client, case: caseId, fields } of shown) {
    if (caseId !== undefined || client === null) {
      apart.push({ clients: client ? [client] : [], entry: { ...(caseId ? { case: caseId } : {}), fields } })
      continue
    }
    const known = listed.get(fields.join()) ?? { clients: [], entry: { fields } }
    known.clients.push(client)
    listed.set(fields.join(), known)
  }
  return [...listed.values(), ...apart]
}
