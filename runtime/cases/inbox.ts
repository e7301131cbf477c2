import type { Looks } from '../audit/looks.ts'
import { timeCursor } from '../cursor.ts'
import type { Caller, FileView, Inbox, MessageView, Page } from '../http/ports.ts'
import { isId } from '../ids.ts'
import { Refusal } from '../refusal.ts'
import { loadClient } from '../store/clients.ts'
import {
  giveMessage,
  loadMessage,
  loadMessagesOf,
  loadStrayMessages,
  type StoredMessage,
} from '../store/correspondence.ts'
import { type Database, isAway, unavailable } from '../store/database.ts'
import type { Holder, Vault } from '../vault/vault.ts'
import { holderOf } from './assemble.ts'
import type { CaseService } from './cases.ts'
import { messagePlace, messageView, rawMessage } from './correspondence.ts'
import { holderFor } from './letter-by-hand.ts'
import { remark } from './remark.ts'
import { actorOf, cardRights, noSuchClient } from './rights.ts'
import type { Road } from './road.ts'
import type { Versions } from './versions.ts'
import { isMessageId, noMessage } from './writing.ts'

const longestPage = 100

export interface InboxParts {
  readonly db: Database
  readonly vault: Vault
  readonly versions: Versions
  readonly looks: Looks
  readonly cases: CaseService
  readonly road: Road
  fallback(): Holder
}

/** The inbox: for those who may see clients' cards, since strangers' letters are as personal as those. */
export class InboxService implements Inbox {
  readonly #parts: InboxParts

  constructor(parts: InboxParts) {
    this.#parts = parts
  }

  visibleTo(by: Caller): boolean {
    return by.kind === 'staff' && cardRights(by, this.#parts.versions.definition()).has('see')
  }

  list(by: Caller, page: { after?: string; limit?: number }): Promise<Page<MessageView>> {
    return this.#away(async () => {
      const { db, vault, looks, fallback } = this.#parts
      this.#maySee(by)
      const limit = Math.min(page.limit ?? 50, longestPage)
      const rows = await loadStrayMessages(db.pool, { before: timeCursor(page.after), limit: limit + 1 })
      const shown = rows.slice(0, limit)
      const items = await Promise.all(shown.map((row) => messageView(row, fallback(), vault)))
      if (shown.length > 0) await looks.saw(by, [{ client: null, fields: ['inbox'] }])
      return rows.length > limit ? { items, next: shown.at(-1)?.at as string } : { items }
    })
  }

  get(by: Caller, id: string): Promise<MessageView> {
    return this.#away(async () => {
      this.#maySee(by)
      const { vault, looks, fallback } = this.#parts
      const message = await this.#stray(id)
      await looks.saw(by, [{ client: message.clientId, fields: ['inbox'] }])
      if (message.clientId === null) return messageView(message, fallback(), vault)
      return messageView(message, await this.#holder(message.clientId), vault)
    })
  }

  message(by: Caller, id: string): Promise<FileView> {
    return this.#away(async () => {
      this.#maySee(by)
      const { vault, looks, versions } = this.#parts
      const message = await this.#stray(id)
      const mayErase = cardRights(by, versions.definition()).has('erase')
      const file = await rawMessage(message, await this.#holder(message.clientId), vault, mayErase)
      if (!file) throw noMessage()
      await looks.saw(by, [{ client: message.clientId, fields: ['inbox'] }])
      return file
    })
  }

  /** On the case's road, and once: who takes the message first has it. */
  toCase(by: Caller, id: string, caseId: string): Promise<void> {
    return this.#away(async () => {
      this.#maySee(by)
      const { cases, road, versions } = this.#parts
      const message = await this.#stray(id)
      const before = await this.#holder(message.clientId)
      const actor = actorOf(by, versions.definition())
      let holder: Holder | undefined
      await cases.writable(by, caseId)
      await road.happen({
        caseId,
        event: 'message by hand',
        decide: (loaded, now) => {
          cases.mayWrite(by, loaded)
          holder = holderFor(loaded)
          if (message.clientId !== null && message.clientId !== holder.clientId) throw elsewhere()
          return remark(loaded.state, { type: 'message by hand', by: actor }, now)
        },
        also: (set) => {
          if (!holder) return
          const { clientId } = holder
          const sealed = this.#resealed(message, before, holder).toString('base64')
          const message_key = message.key.toString('base64')
          set.adopted.push({ case_id: caseId, message_key, client_id: clientId, sealed })
          // The key is the message's: a second one that would take it does not go in.
          const body_hash = message_key
          set.requests.push({ case_id: caseId, caller: 'message put', key: id, body_hash, at: message.at })
        },
      })
    })
  }

  toClient(by: Caller, id: string, clientId: string): Promise<void> {
    return this.#away(async () => {
      this.#maySee(by)
      if (!cardRights(by, this.#parts.versions.definition()).has('edit'))
        throw new Refusal('not-allowed', 'only those whose role may edit clients may put a message to one')
      const message = await this.#stray(id)
      if (message.clientId !== null) throw elsewhere()
      const sealed = this.#resealed(message, this.#parts.fallback(), await this.#holder(clientId))
      if (!(await giveMessage(this.#parts.db.pool, { key: message.key, clientId, sealed }))) throw elsewhere()
    })
  }

  of(by: Caller, clientId: string): Promise<readonly MessageView[]> {
    return this.#away(async () => {
      this.#maySee(by)
      const holder = await this.#holder(clientId)
      const stored = await loadMessagesOf(this.#parts.db.pool, clientId, longestPage)
      if (stored.length > 0) await this.#parts.looks.saw(by, [{ client: clientId, fields: ['messages'] }])
      return Promise.all(stored.map((message) => messageView(message, holder, this.#parts.vault)))
    })
  }

  #maySee(by: Caller): void {
    if (!this.visibleTo(by)) throw new Refusal('not-allowed', 'the inbox is for those whose role may see clients')
  }

  /** A message that is in no case. */
  async #stray(id: string): Promise<StoredMessage & { readonly sealed: Buffer }> {
    const found = isMessageId(id) ? await loadMessage(this.#parts.db.pool, Buffer.from(id, 'hex')) : undefined
    const { sealed } = found ?? {}
    if (!found || !sealed) throw noMessage()
    if (found.caseId !== null) throw elsewhere()
    return { ...found, sealed }
  }

  async #holder(clientId: string | null): Promise<Holder> {
    const { db, vault, fallback } = this.#parts
    if (clientId === null) return fallback()
    const client = isId(clientId) ? await loadClient(db.pool, clientId) : undefined
    const holder = client && holderOf(client, vault)
    if (!holder) throw noSuchClient()
    return holder
  }

  #resealed(message: StoredMessage & { readonly sealed: Buffer }, from: Holder, to: Holder): Buffer {
    const { vault } = this.#parts
    const place = messagePlace(message.key)
    return vault.sealRecord(to, place, vault.openRecord(from, place, message.sealed) as object)
  }

  async #away<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw isAway(error) ? unavailable() : error
    }
  }
}

function elsewhere(): Refusal {
  return new Refusal('conflict', 'this message has a place already: somebody was faster')
}
