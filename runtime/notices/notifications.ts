import { audienceKeys } from '../cases/audience.ts'
import { rolesOf } from '../cases/rights.ts'
import type { Versions } from '../cases/versions.ts'
import { idCursor } from '../cursor.ts'
import type { Caller, Notification, Notifications, Page } from '../http/ports.ts'
import { isId } from '../ids.ts'
import { Refusal } from '../refusal.ts'
import { type Database, isAway, unavailable } from '../store/database.ts'
import { countUnread, loadNotices, markNoticeRead } from '../store/notices.ts'

/** The notification centre: what rules and colleagues tell a person. */
export class NotificationService implements Notifications {
  readonly #db: Database
  readonly #versions: Versions

  constructor(db: Database, versions: Versions) {
    this.#db = db
    this.#versions = versions
  }

  list(by: Caller, page: { after?: string; limit?: number }): Promise<Page<Notification>> {
    return this.#for(by, async (personId, keys) => {
      const limit = Math.min(page.limit ?? 50, 200)
      const rows = await loadNotices(this.#db.pool, personId, keys, { after: idCursor(page.after), limit: limit + 1 })
      const items = rows.slice(0, limit).map((row) => ({
        id: row.id,
        at: row.at,
        text: row.text,
        ...(row.caseId ? { caseId: row.caseId } : {}),
        ...(row.caseNumber ? { caseNumber: row.caseNumber } : {}),
        ...(row.process ? { process: row.process } : {}),
        read: row.read,
      }))
      return rows.length > limit ? { items, next: items.at(-1)?.id as string } : { items }
    })
  }

  markRead(by: Caller, id: string): Promise<void> {
    return this.#for(by, async (personId, keys) => {
      const found = isId(id) && (await markNoticeRead(this.#db.pool, personId, keys, id))
      if (!found) throw new Refusal('not-found', 'there is no notification with this id for you')
    })
  }

  unread(by: Caller): Promise<number> {
    return this.#for(by, (personId, keys) => countUnread(this.#db.pool, personId, keys))
  }

  async #for<T>(by: Caller, work: (personId: string, keys: string[]) => Promise<T>): Promise<T> {
    if (by.kind !== 'staff') throw new Refusal('not-allowed', 'notifications are for staff')
    try {
      return await work(by.person.id, audienceKeys(by.person.id, rolesOf(by.person, this.#versions.definition())))
    } catch (error) {
      throw isAway(error) ? unavailable() : error
    }
  }
}
