import type pg from 'pg'
import type { Evidence } from '../../engine/case.ts'
import type { CardRight, Decided } from '../../engine/definition.ts'
import type { Looks } from '../audit/looks.ts'
import { clientState, holderOf } from '../cases/assemble.ts'
import type { CaseService } from '../cases/cases.ts'
import type { ClientRoad } from '../cases/client-road.ts'
import { pseudonymOf } from '../cases/pseudonym.ts'
import { doneBefore, type RepeatableRequest, repeatable } from '../cases/requests.ts'
import { actorOf, cardRights, noSuchClient } from '../cases/rights.ts'
import type { Versions } from '../cases/versions.ts'
import { consentViews } from '../cases/view.ts'
import type { Clock } from '../clock.ts'
import { channelOf, checkDecision, checkInvalidation } from '../consent/check.ts'
import type { ConsentReceipt } from '../consent/receipt.ts'
import { countCursor, idCursor } from '../cursor.ts'
import type {
  Caller,
  ClientRef,
  Clients,
  ClientView,
  ConsentRecord,
  ConsentView,
  LookView,
  Page,
  UndeliveredView,
} from '../http/ports.ts'
import { isId, newId } from '../ids.ts'
import { letterLanguages, workspaceLanguage } from '../mail/languages.ts'
import { Refusal } from '../refusal.ts'
import { looksAt, type StoredLook } from '../store/audit.ts'
import type { ClientRow } from '../store/cases.ts'
import {
  type ConsentRow,
  cardValues,
  findByPseudonym,
  findClients,
  insertClient,
  latestClients,
  loadClient,
  loadConsents,
  setCardValue,
  setClientLanguage,
} from '../store/clients.ts'
import { type Database, isAway, unavailable } from '../store/database.ts'
import { claimRequest } from '../store/requests.ts'
import { inTransaction } from '../store/transaction.ts'
import { clearUndelivered, loadUndelivered, type Undelivered } from '../store/undelivered.ts'
import type { SealedValue, Vault } from '../vault/vault.ts'
import { type Card, checkCard, sealCard } from './card.ts'
import { searchHashes, undeliveredHash } from './lookups.ts'
import { evidenceOf, receiptFor } from './receipts.ts'

export interface ClientsParts {
  readonly db: Database
  readonly vault: Vault
  readonly versions: Versions
  readonly road: ClientRoad
  readonly cases: CaseService
  readonly looks: Looks
  readonly clock: Clock
  personName(id: string): string
}

const longestPage = 200

/** A card with what is no data of anyone's: the language that letters come in. */
type CardWish = Card & { readonly language?: string }

/** Contact cards, and what clients decide about their data. A card needs nothing at all (GDPR Art. 5(1)(c)). */
export class ClientService implements Clients {
  readonly #parts: ClientsParts

  constructor(parts: ClientsParts) {
    this.#parts = parts
  }

  create(by: Caller, values: CardWish, key?: string): Promise<ClientView> {
    return this.#away(async () => {
      this.#has(by, 'edit')
      checkCard(values)
      checkLanguage(values.language)
      const request = repeatable(by, key, values, this.#parts.vault.master)
      const before = await doneBefore(this.#parts.db, request)
      if (before) return this.#view(by, before)
      const clientId = newId()
      const made = await inTransaction(this.#parts.db.pool, (db) => this.#make(db, clientId, values, request))
      return made ? this.#view(by, clientId) : this.create(by, values, key)
    })
  }

  get(by: Caller, id: string): Promise<ClientView> {
    return this.#away(() => this.#view(by, id))
  }

  update(by: Caller, id: string, values: CardWish): Promise<ClientView> {
    return this.#away(async () => {
      const client = await this.#client(id)
      if (by.kind !== 'client' || by.clientId !== id) this.#has(by, 'edit')
      checkCard(values)
      checkLanguage(values.language)
      await inTransaction(this.#parts.db.pool, async (db) => {
        await this.#write(db, client, values)
        if (values.language) await setClientLanguage(db, id, values.language)
      })
      return this.#view(by, id)
    })
  }

  clearUndelivered(by: Caller, id: string): Promise<void> {
    return this.#away(async () => {
      await this.#readable(by, id)
      this.#has(by, 'edit')
      await clearUndelivered(this.#parts.db.pool, id)
    })
  }

  search(
    by: Caller,
    query: string,
    page: { after?: string; limit?: number },
  ): Promise<Page<ClientRef & { createdAt: string }>> {
    return this.#away(async () => {
      this.#has(by, 'see')
      const { db, vault } = this.#parts
      const limit = Math.min(page.limit ?? 50, longestPage)
      const asked = { after: idCursor(page.after), limit: limit + 1 }
      const text = query.trim()
      const hashes = searchHashes(text, vault.master)
      const found =
        text === ''
          ? await latestClients(db.pool, asked)
          : hashes.length > 0
            ? await findClients(db.pool, hashes, asked)
            : []
      const named = text === '' || page.after ? [] : await findByPseudonym(db.pool, text)
      const rows = [...named, ...found.filter((row) => named.every(({ clientId }) => clientId !== row.clientId))]
      const items = await this.#refs(by, rows.slice(0, limit))
      return rows.length > limit ? { items, next: items.at(-1)?.id as string } : { items }
    })
  }

  consents(by: Caller, id: string): Promise<readonly ConsentView[]> {
    return this.#away(async () => {
      const client = await this.#readable(by, id)
      const definition = this.#parts.versions.definition()
      return consentViews(definition, client, Object.keys(definition.purposes))
    })
  }

  consentRecords(by: Caller, id: string): Promise<readonly ConsentRecord[]> {
    return this.#away(async () => {
      const client = await this.#readable(by, id)
      const rows = await loadConsents(this.#parts.db.pool, id)
      const evidence = rows.some((row) => row.evidence) ? ['evidence'] : []
      await this.#parts.looks.saw(by, [{ client: id, fields: evidence }])
      return rows.map((row) => this.#record(by, client, row))
    })
  }

  decide(
    by: Caller,
    id: string,
    what: {
      purpose: string
      decision: Decided | 'invalidated'
      evidence?: Evidence
      statement?: string
      language?: string
    },
    key?: string,
  ): Promise<ConsentRecord> {
    return this.#away(async () => {
      const { db, vault, road } = this.#parts
      const client = await this.#readable(by, id)
      if (by.kind === 'staff') this.#has(by, 'edit')
      const definition = this.#parts.versions.definition()
      const invalid = what.decision === 'invalidated'
      const decision = what.decision === 'invalidated' ? 'withdrawn' : what.decision
      if (invalid) checkInvalidation(what.evidence, by.kind)
      checkDecision(definition, { ...what, decision }, by.kind)
      const how = this.#how(by, what)
      const request = repeatable(by, key, { id, ...what }, vault.master)
      if (!(await doneBefore(db, request))) {
        await road.decide(id, { ...how, purpose: what.purpose, decision, ...(invalid && { invalid }) }, request)
      }
      const rows = await loadConsents(db.pool, id)
      const row = rows.findLast(({ purpose }) => purpose === what.purpose) as ConsentRow
      return this.#record(by, client, row)
    })
  }

  withdraw(
    by: Caller,
    id: string,
    what: { purposes?: readonly string[]; evidence?: Evidence; language?: string },
    key?: string,
  ): Promise<readonly ConsentRecord[]> {
    return this.#away(async () => {
      const { vault, road } = this.#parts
      const client = await this.#readable(by, id)
      if (by.kind === 'staff') this.#has(by, 'edit')
      const { purposes } = what
      const request = repeatable(by, key, { id, withdraw: what }, vault.master)
      const rows = await road.withdraw(id, { ...this.#how(by, what), ...(purposes && { purposes }) }, request)
      return rows.map((row) => this.#record(by, client, row))
    })
  }

  receipt(by: Caller, id: string, wish: { purpose?: string; url: string }): Promise<ConsentReceipt> {
    return this.#away(async () => {
      const client = await this.#readable(by, id)
      await this.#parts.looks.saw(by, [{ client: id, fields: ['evidence'] }])
      return receiptFor(client, this.#parts, { ...wish, now: this.#parts.clock.now() })
    })
  }

  looks(by: Caller, id: string, page: { after?: string; limit?: number }): Promise<Page<LookView>> {
    return this.#away(async () => {
      await this.#readable(by, id)
      const limit = Math.min(page.limit ?? 50, longestPage)
      const before = page.after === undefined ? undefined : String(countCursor(page.after))
      const rows = await looksAt(this.#parts.db.pool, id, { before, limit: limit + 1 })
      const items = rows.slice(0, limit).map((row) => this.#look(row, by))
      return rows.length > limit ? { items, next: rows[limit - 1]?.seq as string } : { items }
    })
  }

  /** Clients are told when and what, not which of the staff: colleagues have their privacy too (CJEU C-579/21). */
  #look({ at, actor, entry }: StoredLook, by: Caller): LookView {
    const person = actor.startsWith('staff:') ? actor.slice('staff:'.length) : undefined
    const { case: caseId, fields } = entry as { readonly case?: string; readonly fields: readonly string[] }
    const who = by.kind === 'client' ? 'staff' : person ? this.#parts.personName(person) : actor
    return { at, by: who, ...(caseId ? { case: caseId } : {}), fields }
  }

  erase(by: Caller, id: string): Promise<{ proof: string; at: string; erased: Readonly<Record<string, number>> }> {
    return this.#away(async () => {
      await this.#readable(by, id)
      if (by.kind === 'staff') this.#has(by, 'erase')
      const { proof, at, counts } = await this.#parts.road.erase(id, actorOf(by, this.#parts.versions.definition()))
      return { proof, at, erased: counts }
    })
  }

  async #view(by: Caller, id: string): Promise<ClientView> {
    const client = await this.#readable(by, id)
    const { db, versions, cases, vault } = this.#parts
    const definition = versions.definition()
    const onCard = this.#card(client, (await cardValues(db.pool, [id])).get(id) ?? [])
    const { items } = await cases.list(by, { client: id }, { limit: longestPage })
    await this.#parts.looks.saw(by, [{ client: id, fields: onTheCard(onCard) }])
    return {
      id,
      label: onCard.name ?? client.pseudonym,
      pseudonym: client.pseudonym,
      name: onCard.name ?? null,
      email: onCard.email ?? null,
      phone: onCard.phone ?? null,
      createdAt: client.createdAt,
      language: client.language,
      undelivered: undeliveredViews(await loadUndelivered(db.pool, id), onCard.email, vault),
      consents: consentViews(definition, client, Object.keys(definition.purposes)),
      cases: items,
      rights: [...cardRights(by, definition)],
    }
  }

  async #refs(by: Caller, rows: readonly ClientRow[]): Promise<(ClientRef & { createdAt: string })[]> {
    const values = await cardValues(
      this.#parts.db.pool,
      rows.map(({ clientId }) => clientId),
    )
    const named = rows.filter(({ clientId }) => values.get(clientId)?.some(({ field }) => field === 'name'))
    await this.#parts.looks.saw(
      by,
      named.map(({ clientId }) => ({ client: clientId, fields: ['client.name'] })),
    )
    return rows.map((row) => ({
      id: row.clientId,
      label: this.#card(row, values.get(row.clientId) ?? []).name ?? row.pseudonym,
      createdAt: row.createdAt,
    }))
  }

  #card(client: ClientRow, sealed: readonly SealedValue[]): { name?: string; email?: string; phone?: string } {
    const { vault, versions } = this.#parts
    return clientState(client, sealed, holderOf(client, vault), vault, versions.definition())
  }

  /** False where the same request was carried out meanwhile. */
  async #make(
    db: pg.PoolClient,
    clientId: string,
    { language = workspaceLanguage(this.#parts.versions.definition()), ...values }: CardWish,
    request: RepeatableRequest | undefined,
  ): Promise<boolean> {
    const { vault, clock } = this.#parts
    const at = clock.now()
    if (request && !(await claimRequest(db, { ...request, subjectId: clientId, at }))) return false
    const { wrapped } = vault.newKey(clientId)
    const client = { clientId, pseudonym: pseudonymOf(clientId), language, createdAt: at, wrapped }
    await insertClient(db, client)
    await this.#write(db, { ...client, consents: {}, consentSeq: 0, erasedAt: null }, values)
    return true
  }

  async #write(db: pg.PoolClient, client: ClientRow, values: Card): Promise<void> {
    const { vault } = this.#parts
    const holder = holderOf(client, vault)
    if (!holder) throw noSuchClient()
    for (const { field, kept } of sealCard(values, holder, vault)) {
      await setCardValue(db, client.clientId, field, kept)
    }
  }

  /** Who says so by which way, and what shows it. */
  #how(by: Caller, what: { evidence?: Evidence; statement?: string; language?: string }) {
    const channel = by.kind === 'client' ? 'portal' : channelOf(what.evidence)
    const evidence: Evidence = { ...what.evidence, ...(what.statement ? { statement: what.statement } : {}), channel }
    const { language } = what
    return { by: actorOf(by, this.#parts.versions.definition()), channel, evidence, ...(language && { language }) }
  }

  #record(caller: Caller, client: ClientRow, row: ConsentRow): ConsentRecord {
    const { vault, personName } = this.#parts
    const evidence = evidenceOf(row, client, vault)
    const { noticed } = row
    return {
      seq: row.seq,
      purpose: row.purpose,
      decision: row.decision,
      state: row.state,
      at: row.at,
      version: row.purposeVersion,
      channel: row.channel,
      text: row.shown,
      textHash: row.shownHash,
      ...(noticed && { notice: { ...noticed.notice, hash: noticed.hash, edition: noticed.edition ?? 1 } }),
      by: actorName(row.actor, caller, personName),
      ...(row.caseId ? { caseId: row.caseId } : {}),
      ...(evidence ? { evidence } : {}),
    }
  }

  async #client(id: string): Promise<ClientRow> {
    const client = isId(id) ? await loadClient(this.#parts.db.pool, id) : undefined
    if (!client) throw noSuchClient()
    if (client.erasedAt) throw new Refusal('client-erased', 'this client was erased: nothing of them is held any more')
    return client
  }

  /** A client reads their own card; staff those they have the right to see. */
  async #readable(by: Caller, id: string): Promise<ClientRow> {
    if (by.kind === 'client' ? by.clientId !== id : !cardRights(by, this.#parts.versions.definition()).has('see'))
      throw noSuchClient()
    return this.#client(id)
  }

  #has(by: Caller, right: CardRight): void {
    if (cardRights(by, this.#parts.versions.definition()).has(right)) return
    throw new Refusal(
      'not-allowed',
      `none of your roles may ${right} clients' cards: a role's \`clients\` line says who may`,
    )
  }

  async #away<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw isAway(error) ? unavailable() : error
    }
  }
}

function onTheCard(values: object): readonly string[] {
  return (['name', 'email', 'phone'] as const).filter((name) => name in values).map((name) => `client.${name}`)
}

/** A client does not learn who of the staff it was. */
function actorName(actor: string, caller: Caller, personName: (id: string) => string): string {
  if (!actor.startsWith('staff:')) return actor
  return caller.kind === 'client' ? 'staff' : personName(actor.slice('staff:'.length))
}

function checkLanguage(language: string | undefined): void {
  if (language === undefined || letterLanguages.some((one) => one === language)) return
  throw new Refusal('invalid-value', `letters come in ${letterLanguages.map((one) => `\`${one}\``).join(' or ')}`, {
    fields: ['language'],
  })
}

function undeliveredViews(rows: readonly Undelivered[], email: string | undefined, vault: Vault): UndeliveredView[] {
  const onCard = email === undefined ? undefined : undeliveredHash(email, vault.master)
  return rows.map((row) => ({
    onCard: onCard !== undefined && row.addressHash.equals(onCard),
    caseId: row.caseId,
    ...(row.stoppedAt ? { since: row.stoppedAt } : {}),
    ...(row.code ? { code: row.code } : {}),
    passing: row.soft,
  }))
}
