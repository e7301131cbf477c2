import { assemble } from '../cases/assemble.ts'
import { lapseOf } from '../cases/due.ts'
import { caseRights } from '../cases/rights.ts'
import type { Versions } from '../cases/versions.ts'
import type { Clock } from '../clock.ts'
import { countCursor } from '../cursor.ts'
import type { Caller, GoesView, Page, WentView } from '../http/ports.ts'
import { Refusal } from '../refusal.ts'
import { loadCases } from '../store/cases.ts'
import { answered, type Database } from '../store/database.ts'
import { casesDueBefore, lapsesBefore } from '../store/retention.ts'
import type { Vault } from '../vault/vault.ts'

export interface PreviewParts {
  readonly db: Database
  readonly vault: Vault
  readonly versions: Versions
  readonly clock: Clock
}

const most = 200
const day = 86_400_000

/** What goes when by itself, and what went: for those who may erase in the processes it is about. */
export class RetentionPreview {
  readonly #parts: PreviewParts

  constructor(parts: PreviewParts) {
    this.#parts = parts
  }

  /** Cases of which something goes within so many days, the soonest first; at most 200 of them. */
  goes(by: Caller, days: number): Promise<{ readonly items: readonly GoesView[]; readonly more: boolean }> {
    return answered(
      (async () => {
        const { db, versions, vault, clock } = this.#parts
        const processes = this.#processes(by)
        const before = new Date(Date.parse(clock.now()) + days * day).toISOString()
        const due = await casesDueBefore(db.pool, before, processes, most + 1)
        const rows = await loadCases(
          db.pool,
          due.slice(0, most).map(({ caseId }) => caseId),
        )
        await versions.ensure([...rows.values()].map(({ definitionHash }) => definitionHash))
        const items = due.slice(0, most).flatMap(({ caseId, due: at }) => {
          const row = rows.get(caseId)
          if (!row) return []
          const loaded = assemble(row, versions.of(row.definitionHash, row.process), vault)
          const { erase, narrow, whole } = lapseOf(loaded, at)
          const isHeld = row.heldUntil !== null && Date.parse(row.heldUntil) > Date.parse(at)
          const fields = [...erase, ...narrow.map(({ field }) => field)]
          return {
            case: caseId,
            number: String(row.number),
            process: row.process,
            due: at,
            fields: erase,
            fewer: fields.slice(erase.length),
            letters: whole,
            ...(isHeld ? { heldUntil: row.heldUntil } : {}),
          }
        })
        return { items, more: due.length > most }
      })(),
    )
  }

  went(by: Caller, page: { after?: string; limit?: number }): Promise<Page<WentView>> {
    return answered(
      (async () => {
        const processes = new Set(this.#processes(by))
        const limit = Math.min(page.limit ?? 50, most)
        const before = page.after === undefined ? undefined : String(countCursor(page.after))
        const rows = await lapsesBefore(this.#parts.db.pool, before, limit + 1)
        const items = rows.slice(0, limit).flatMap(({ at, entry }) => {
          const { case: caseId, process, number, fields, kept } = entry as unknown as Went
          if (!processes.has(process)) return []
          return { at, case: caseId, process, number: String(number), fields: fields ?? [], kept: kept ?? {} }
        })
        return rows.length > limit ? { items, next: rows[limit - 1]?.seq as string } : { items }
      })(),
    )
  }

  visibleTo(by: Caller): boolean {
    return this.#erasable(by).length > 0
  }

  #processes(by: Caller): readonly string[] {
    const names = this.#erasable(by)
    if (names.length > 0) return names
    throw new Refusal(
      'not-allowed',
      'what goes when is shown to those who may erase in a process: its `access` lines say who may',
    )
  }

  #erasable(by: Caller): readonly string[] {
    const definition = this.#parts.versions.definition()
    const processes = Object.values(definition.processes)
    if (by.kind === 'client') return []
    return processes.filter((process) => caseRights(by, process, definition).has('erase')).map(({ name }) => name)
  }
}

interface Went {
  readonly case: string
  readonly process: string
  readonly number: number
  readonly fields?: readonly string[]
  readonly kept?: Readonly<Record<string, number>>
}
