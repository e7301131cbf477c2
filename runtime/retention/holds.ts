import type pg from 'pg'
import { cardRights, noSuchClient } from '../cases/rights.ts'
import type { Versions } from '../cases/versions.ts'
import type { Clock } from '../clock.ts'
import type { Caller, HoldView } from '../http/ports.ts'
import { isId, newId } from '../ids.ts'
import { Refusal } from '../refusal.ts'
import { occurred } from '../store/audit.ts'
import { loadCases } from '../store/cases.ts'
import { lockClient } from '../store/clients.ts'
import { answered, type Database } from '../store/database.ts'
import { insertHold, liftHold, loadHolds, lookAgain, type StoredHold } from '../store/retention.ts'
import { inTransaction } from '../store/transaction.ts'
import type { Holder, Vault } from '../vault/vault.ts'

export interface HoldParts {
  readonly db: Database
  readonly vault: Vault
  readonly versions: Versions
  readonly clock: Clock
  personName(id: string): string
}

interface NewHold {
  readonly because: string
  /** A date, whose end it lasts to, or a time. */
  readonly until: string
  readonly case?: string
}

const longestReason = 1_000

/**
 * Legal holds: what would have to be erased stays, out of everybody's reach, because a claim may need it (GDPR Art. 17(3)(e), 18(2)). Whoever
 * may erase a client may hold them; it is kept who did, why and until when, and there is none without an end.
 */
export class HoldService {
  readonly #parts: HoldParts

  constructor(parts: HoldParts) {
    this.#parts = parts
  }

  list(by: Caller, clientId: string): Promise<readonly HoldView[]> {
    return answered(
      (async () => {
        this.#mayHold(by, clientId)
        const client = await inTransaction(this.#parts.db.pool, (db) => this.#client(db, clientId))
        const stored = await loadHolds(this.#parts.db.pool, clientId)
        return stored.map((hold) => this.#view(hold, client))
      })(),
    )
  }

  place(by: Caller, clientId: string, what: NewHold): Promise<HoldView> {
    return answered(
      (async () => {
        const actor = this.#mayHold(by, clientId)
        const { db, vault, clock } = this.#parts
        const at = clock.now()
        const because = reasonIn(what.because)
        const until = endIn(what.until, at)
        return inTransaction(db.pool, async (tx) => {
          const holder = await this.#client(tx, clientId)
          if (what.case !== undefined) await this.#isTheirs(tx, clientId, what.case)
          const hold = { holdId: newId(), caseId: what.case ?? null, at, actor, until }
          const sealed = vault.sealRecord(holder, placeOf(hold.holdId), { because })
          await insertHold(tx, clientId, { ...hold, sealed })
          const entry = { hold: hold.holdId, until, ...(what.case ? { case: what.case } : {}) }
          await occurred(tx, [{ at, kind: 'hold', actor, clients: [clientId], entry }])
          return this.#view({ ...hold, sealed, liftedAt: null, liftedBy: null }, holder)
        })
      })(),
    )
  }

  /** What had to go meanwhile goes at once. */
  lift(by: Caller, clientId: string, holdId: string): Promise<void> {
    return answered(
      (async () => {
        const actor = this.#mayHold(by, clientId)
        const at = this.#parts.clock.now()
        await inTransaction(this.#parts.db.pool, async (tx) => {
          await this.#client(tx, clientId)
          if (!isId(holdId) || !(await liftHold(tx, clientId, holdId, { at, actor })))
            throw new Refusal('not-found', 'there is no such hold, or it has ended already')
          await lookAgain(tx, clientId, at)
          await occurred(tx, [{ at, kind: 'hold', actor, clients: [clientId], entry: { hold: holdId, lifted: true } }])
        })
      })(),
    )
  }

  #view(hold: StoredHold, holder: Holder): HoldView {
    const { vault, personName, clock } = this.#parts
    const who = (actor: string) => (actor.startsWith('staff:') ? personName(actor.slice('staff:'.length)) : actor)
    const words = hold.sealed && (vault.openRecord(holder, placeOf(hold.holdId), hold.sealed) as { because: string })
    return {
      id: hold.holdId,
      at: hold.at,
      by: who(hold.actor),
      until: hold.until,
      because: words?.because ?? '',
      stands: hold.liftedAt === null && Date.parse(hold.until) > Date.parse(clock.now()),
      ...(hold.caseId ? { case: hold.caseId } : {}),
      ...(hold.liftedAt && hold.liftedBy ? { lifted: { at: hold.liftedAt, by: who(hold.liftedBy) } } : {}),
    }
  }

  /** Answers who it is noted of. */
  #mayHold(by: Caller, clientId: string): string {
    const rights = cardRights(by, this.#parts.versions.definition())
    if (by.kind !== 'staff' || !rights.has('see') || !isId(clientId)) throw noSuchClient()
    if (!rights.has('erase'))
      throw new Refusal(
        'not-allowed',
        'a legal hold is for those whose role may erase clients: its `clients` line says so',
      )
    return `staff:${by.person.id}`
  }

  async #client(db: pg.PoolClient, clientId: string): Promise<Holder> {
    const client = await lockClient(db, clientId)
    if (!client) throw noSuchClient()
    if (!client.wrapped) throw new Refusal('client-erased', 'this client was erased: nothing of them is held any more')
    return this.#parts.vault.holder(clientId, client.wrapped, {})
  }

  async #isTheirs(db: pg.PoolClient, clientId: string, caseId: string): Promise<void> {
    const row = isId(caseId) ? (await loadCases(db, [caseId])).get(caseId) : undefined
    if (row?.client?.clientId !== clientId)
      throw new Refusal('invalid-value', 'this client has no case with that id', { fields: ['case'] })
  }
}

function placeOf(holdId: string): string {
  return `hold ${holdId}`
}

function reasonIn(text: string): string {
  const because = text.trim()
  if (because.length > 0 && because.length <= longestReason) return because
  throw new Refusal('invalid-value', `say why in at most ${longestReason} characters`, { fields: ['because'] })
}

function endIn(text: string, now: string): string {
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(text)
  const time = new Date(isDate ? `${text}T23:59:59.999Z` : text)
  const isRight = !Number.isNaN(time.getTime()) && (!isDate || time.toISOString().startsWith(text))
  if (isRight && time.getTime() > Date.parse(now)) return time.toISOString()
  throw new Refusal('invalid-value', 'say until when, as a date that is still to come, such as 2027-06-30', {
    fields: ['until'],
  })
}
