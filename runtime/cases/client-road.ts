import type pg from 'pg'
import type { Actor, CaseState, Event } from '../../engine/case.ts'
import type { Accepted } from '../../engine/decision.ts'
import { decide } from '../../engine/index.ts'
import type { Clock } from '../clock.ts'
import { type ConsentDecision, consentRow } from '../consent/record.ts'
import { standing } from '../consent/standing.ts'
import { Refusal } from '../refusal.ts'
import { type ClientRow, loadCases, lockCasesOf } from '../store/cases.ts'
import { type ConsentRow, insertConsents, lockClient } from '../store/clients.ts'
import { type Database, isAway, unavailable } from '../store/database.ts'
import { eraseClientRows, insertErasure } from '../store/erasure.ts'
import { claimRequest } from '../store/requests.ts'
import { inTransaction } from '../store/transaction.ts'
import { emptyWriteSet, write } from '../store/write.ts'
import type { Vault } from '../vault/vault.ts'
import { assemble, holderOf, type LoadedCase } from './assemble.ts'
import { addDraft, type Draft } from './draft.ts'
import { knowing } from './knowing.ts'
import type { Postman } from './postman.ts'
import type { RepeatableRequest } from './requests.ts'
import { noSuchClient } from './rights.ts'
import { accepted, type Happened, type Happening } from './road.ts'
import type { Versions } from './versions.ts'

export interface ClientRoadParts {
  readonly db: Database
  readonly vault: Vault
  readonly versions: Versions
  readonly postman: Postman
  readonly clock: Clock
  changed(caseId: string, process: string): void
  /** Told once an erasure stands. */
  erased(clientId: string): Promise<void>
}

export interface Erasure {
  readonly proof: string
  readonly at: string
  readonly counts: Readonly<Record<string, number>>
}

/** All of a client that one transaction holds: nobody else decides about them or their cases until it ends. */
interface Held {
  readonly db: pg.PoolClient
  client: ClientRow
  cases: readonly LoadedCase[]
  /** Set by the erasure of the client. */
  erased?: boolean
}

/**
 * The road of what concerns a client whole: a consent given, refused or withdrawn, wherever it was said, and erasure.
 * One transaction records it, tells every case of the client, and stores what follows in each (GDPR Art. 7(3), 17).
 */
export class ClientRoad {
  readonly #parts: ClientRoadParts

  constructor(parts: ClientRoadParts) {
    this.#parts = parts
  }

  /** Takes a decision on one case that records a consent or erases the client. */
  async happen(happening: Happening): Promise<Happened> {
    const { fresh } = happening
    if (fresh?.newClient) return this.#transaction((db) => this.#firstCase(db, happening))
    const clientId = fresh ? fresh.loaded.row.client?.clientId : await this.#clientOf(happening.caseId)
    if (!clientId) throw new Refusal('not-found', 'there is no case with this id, or it has no client')
    return this.#holding(clientId, async (held) => {
      if (fresh && fresh.consentSeq !== held.client.consentSeq) throw moved()
      const now = this.#parts.clock.now()
      const news = (happening.decided ?? []).filter((what) => !this.#stands(held.client, what))
      await this.#hear(held, news, now)
      const loaded = fresh
        ? knowing(fresh.loaded, news, now)
        : held.cases.find(({ row }) => row.caseId === happening.caseId)
      if (!loaded) throw new Refusal('not-found', 'there is no case with this id')
      const decision = accepted(happening.decide(loaded, now))
      const drafts: Draft[] = [{ loaded, decision, ...(fresh ? { fresh: { consentSeq: null } } : {}) }]
      const consents = consentsOf(decision, happening.caseId)
      const others = held.cases.filter(({ row }) => row.caseId !== happening.caseId)
      drafts.push(...this.#tell(others, consents, now))
      await this.#store(held.db, drafts, happening)
      await this.#record(held, consents, loaded, now)
      const erased = decision.effects.some((effect) => effect.type === 'erase client')
      if (erased)
        await this.#eraseRest(held, others.concat(loaded), drafts, decision.log[0]?.by ?? { kind: 'system' }, now)
      return { loaded, decision }
    })
  }

  /**
   * Records a decision made outside a case. Saying again what already stands adds nothing, and a request that is repeated
   * after a later decision does not bring the earlier one back.
   */
  async decide(clientId: string, what: ConsentDecision, request?: RepeatableRequest): Promise<ConsentRow | undefined> {
    return this.#holding(clientId, async (held) => {
      const now = this.#parts.clock.now()
      if (request && !(await claimRequest(held.db, { ...request, subjectId: clientId, at: now }))) return undefined
      if (this.#stands(held.client, what)) return undefined
      const [row] = await this.#hear(held, [what], now)
      return row
    })
  }

  /** Erases a client whole: consents end, cases forget, and the key goes with every row under it (GDPR Art. 17). */
  async erase(clientId: string, by: Actor): Promise<Erasure> {
    return this.#holding(clientId, async (held) => {
      const now = this.#parts.clock.now()
      return this.#eraseRest(held, held.cases, [], by, now)
    })
  }

  /** Records decisions made outside any case and tells every case that is held; what is held is brought up to them. */
  async #hear(held: Held, decided: readonly ConsentDecision[], now: string): Promise<readonly ConsentRow[]> {
    if (decided.length === 0) return []
    const told = this.#tell(held.cases, decided, now)
    await this.#store(held.db, told)
    const rows = await this.#record(held, decided, undefined, now)
    held.cases = held.cases.map((loaded) => knowing(afterwards(loaded, told), decided, now))
    return rows
  }

  /** `drafts` are decisions this transaction has stored already; what they say goes before what was loaded. */
  async #eraseRest(
    held: Held,
    cases: readonly LoadedCase[],
    drafts: readonly Draft[],
    by: Actor,
    now: string,
  ): Promise<Erasure> {
    const { vault } = this.#parts
    const latest = cases.map((loaded) => afterwards(loaded, drafts))
    const ends: ConsentDecision[] = Object.entries(held.client.consents)
      .filter(([, { status }]) => status === 'given')
      .map(([purpose]) => ({ purpose, decision: 'withdrawn', by, channel: 'erasure', evidence: {} }))
    const told = this.#tell(latest, ends, now)
    const forgotten = latest.map((loaded) => afterwards(loaded, told)).flatMap((loaded) => forget(loaded, by, now))
    await this.#store(held.db, told)
    await this.#store(held.db, forgotten)
    const counts = await eraseClientRows(held.db, held.client.clientId, now)
    const erasure = {
      clientId: held.client.clientId,
      at: now,
      actor: by.kind === 'staff' ? `staff:${by.id}` : by.kind,
      counts,
    }
    const proof = vault.master.lookup('proof of erasure', JSON.stringify(erasure)).toString('hex')
    await insertErasure(held.db, { ...erasure, proof })
    vault.forget(held.client.clientId)
    held.erased = true
    return { proof, at: now, counts }
  }

  async #firstCase(db: pg.PoolClient, happening: Happening): Promise<Happened> {
    const { loaded: empty, ...fresh } = happening.fresh as NonNullable<Happening['fresh']>
    const now = this.#parts.clock.now()
    const decided = happening.decided ?? []
    const loaded = knowing(empty, decided, now)
    const decision = accepted(happening.decide(loaded, now))
    await this.#store(db, [{ loaded, decision, fresh }], happening)
    const client = empty.row.client as ClientRow
    const all = [...decided, ...consentsOf(decision, happening.caseId)]
    await this.#record({ db, client, cases: [] }, all, loaded, now)
    return { loaded, decision }
  }

  /** Lets every case know of the decisions, in their order; each follows its own rules. */
  #tell(cases: readonly LoadedCase[], consents: readonly ConsentDecision[], now: string): Draft[] {
    return cases.flatMap((loaded) => {
      const steps = consents.flatMap(({ purpose, decision, by }) => [
        { type: 'consent', purpose, decision, by } as const,
      ])
      return follow(loaded, steps, now) ?? []
    })
  }

  async #store(db: pg.PoolClient, drafts: readonly Draft[], happening?: Happening): Promise<void> {
    if (drafts.length === 0) return
    const set = emptyWriteSet()
    for (const draft of drafts) addDraft(set, draft, this.#parts)
    happening?.also?.(set)
    const written = await write(db, set)
    if (drafts.some(({ loaded }) => !written.has(loaded.row.caseId))) throw moved()
  }

  async #record(
    held: Held,
    consents: readonly ConsentDecision[],
    loaded: LoadedCase | undefined,
    now: string,
  ): Promise<ConsentRow[]> {
    const definition = loaded?.running.definition ?? this.#parts.versions.definition()
    const holder = loaded?.holder ?? holderOf(held.client, this.#parts.vault, definition)
    const rows = consents.map((what, position) => {
      const seq = held.client.consentSeq + 1 + position
      return consentRow(what, { seq, at: now, definition, holder }, this.#parts.vault)
    })
    held.client = await insertConsents(held.db, held.client, rows)
    return rows
  }

  /** Whether a decision is what stands already. A yes to an earlier version of the purpose is not. */
  #stands({ consents }: ClientRow, { purpose, decision }: ConsentDecision): boolean {
    const summary = consents[purpose]
    return summary !== undefined && standing(this.#parts.versions.definition(), purpose, summary) === decision
  }

  async #clientOf(caseId: string): Promise<string | undefined> {
    const rows = await loadCases(this.#parts.db.pool, [caseId])
    return rows.get(caseId)?.client?.clientId
  }

  async #holding<T>(clientId: string, work: (held: Held) => Promise<T>): Promise<T> {
    const { versions, vault } = this.#parts
    let held: Held | undefined
    const done = await this.#transaction(async (db, touched) => {
      const client = await lockClient(db, clientId)
      if (!client) throw noSuchClient()
      if (client.erasedAt)
        throw new Refusal('client-erased', 'this client was erased; nothing can be recorded for them any more')
      const rows = await lockCasesOf(db, clientId)
      await versions.ensure(rows.map((row) => row.definitionHash))
      const cases = rows.map((row) => assemble(row, versions.of(row.definitionHash, row.process), vault))
      touched.push(...cases)
      held = { db, client, cases }
      return work(held)
    })
    if (held?.erased) await this.#parts.erased(clientId)
    return done
  }

  /** Runs `work` in a transaction, again where the database chose it as a deadlock's victim. */
  async #transaction<T>(work: (db: pg.PoolClient, touched: LoadedCase[]) => Promise<T>, tries = 3): Promise<T> {
    const touched: LoadedCase[] = []
    try {
      const result = await inTransaction(this.#parts.db.pool, (db) => work(db, touched))
      for (const { row } of touched) this.#parts.changed(row.caseId, row.process)
      return result
    } catch (error) {
      if (isAway(error)) throw unavailable()
      if (tries === 1 || !(error instanceof Error && 'code' in error && error.code === '40P01')) throw error
      return this.#transaction(work, tries - 1)
    }
  }
}

/** Lets several events happen to one case as one decision; nothing where the case takes none of them. */
function follow(loaded: LoadedCase, events: readonly Event[], now: string): Draft | undefined {
  let state = loaded.state
  let combined: Accepted | undefined
  for (const event of events) {
    const decision = decide(loaded.running.machine, heard(state, event), event, { now })
    if (decision.outcome !== 'accepted') continue
    state = decision.state
    combined = {
      outcome: 'accepted',
      state,
      effects: [...(combined?.effects ?? []), ...decision.effects],
      log: [...(combined?.log ?? []), ...decision.log],
    }
  }
  return combined && { loaded, decision: combined }
}

/** A consent decided elsewhere already stands in the client's state when a case hears of it. */
function heard(state: CaseState, event: Event): CaseState {
  if (event.type !== 'consent') return state
  return {
    ...state,
    client: { ...state.client, consents: { ...state.client.consents, [event.purpose]: event.decision } },
  }
}

function consentsOf(decision: Accepted, caseId: string): ConsentDecision[] {
  return decision.effects.flatMap((effect) =>
    effect.type === 'consent'
      ? [
          {
            purpose: effect.purpose,
            decision: effect.decision,
            by: { kind: 'client' } as const,
            channel: String(effect.evidence.channel ?? 'letter'),
            evidence: effect.evidence,
            caseId,
          },
        ]
      : [],
  )
}

function afterwards(loaded: LoadedCase, drafts: readonly Draft[]): LoadedCase {
  const draft = drafts.findLast((one) => one.loaded.row.caseId === loaded.row.caseId)
  if (!draft) return loaded
  return { ...loaded, state: draft.decision.state, row: { ...loaded.row, seq: draft.decision.state.seq } }
}

function forget(loaded: LoadedCase, by: Actor, now: string): Draft[] {
  const fields = Object.values(loaded.running.process.fields)
    .filter((field) => field.personal.length > 0)
    .map((field) => field.name)
  const byRule: Actor = by.kind === 'staff' ? { kind: 'system' } : by
  const draft = fields.length > 0 ? follow(loaded, [{ type: 'erase', by: byRule, fields }], now) : undefined
  return draft ? [draft] : []
}

function moved(): Refusal {
  return new Refusal('conflict', 'the client or the case has changed meanwhile: load it again and retry')
}
