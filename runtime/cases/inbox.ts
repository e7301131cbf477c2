import { timeCursor } from '../cursor.ts'
import type { Caller, FileView, Inbox, MessageView, Page } from '../http/ports.ts'
import { Refusal } from '../refusal.ts'
import { loadMessage, loadStrayMessages } from '../store/correspondence.ts'
import { type Database, isAway, unavailable } from '../store/database.ts'
import type { Holder, Vault } from '../vault/vault.ts'
import { messageKey, messageView, rawMessage } from './correspondence.ts'
import { noSuchMessage } from './count-by-hand.ts'
import { cardRights } from './rights.ts'
import type { Versions } from './versions.ts'

const longestPage = 100

/** The inbox: for those who may see clients' cards, since strangers' letters are as personal as those. */
export class InboxService implements Inbox {
  readonly #parts: { readonly db: Database; readonly vault: Vault; readonly versions: Versions; fallback(): Holder }

  constructor(parts: {
    readonly db: Database
    readonly vault: Vault
    readonly versions: Versions
    fallback(): Holder
  }) {
    this.#parts = parts
  }

  visibleTo(by: Caller): boolean {
    return cardRights(by, this.#parts.versions.definition()).has('see')
  }

  async message(by: Caller, id: string): Promise<FileView> {
    const { db, vault, fallback } = this.#parts
    const stored = this.visibleTo(by) ? await loadMessage(db.pool, messageKey(id)) : undefined
    const file = stored?.caseId === null && rawMessage(stored, fallback(), vault)
    if (!file) throw noSuchMessage()
    return file
  }

  async list(by: Caller, page: { after?: string; limit?: number }): Promise<Page<MessageView>> {
    const { db, vault, fallback } = this.#parts
    if (!this.visibleTo(by)) {
      throw new Refusal('not-allowed', 'the inbox is for those whose role may see clients')
    }
    const limit = Math.min(page.limit ?? 50, longestPage)
    const rows = await loadStrayMessages(db.pool, { before: timeCursor(page.after), limit: limit + 1 }).catch(
      (error) => {
        throw isAway(error) ? unavailable() : error
      },
    )
    const shown = rows.slice(0, limit)
    const items = await Promise.all(shown.map((row) => messageView(row, fallback(), vault)))
    return rows.length > limit ? { items, next: shown.at(-1)?.at as string } : { items }
  }
}
