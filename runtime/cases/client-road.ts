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
import { eraseClientRows, insertErasure, keepErasure } from '../store/erasure.ts'
import { claimRequest } from '../store/requests.ts'
import { inTransaction } from '../store/transaction.ts'
import { emptyWriteSet, write } from '../store/write.ts'
import { assemble, holderOf, type LoadedCase } from './assemble.ts'
import { settleAssignments } from './assignment.ts'
import { toldOf } from './children.ts'
import { addDraft, type Draft, type Drafting } from './draft.ts'
import { type ErasureRecord, proofOfErasure } from './erasure-proof.ts'
import { knowing } from './knowing.ts'
import type { RepeatableRequest } from './requests.ts'
import { noSuchClient } from './rights.ts'
import { accepted, type Happened, type Happening } from './road.ts'
import type { Versions } from './versions.ts'

export interface ClientRoadParts extends Drafting {
  readonly db: Database
  readonly versions: Versions
  readonly clock: Clock
  changed(caseId: string, process: string): void
  /** Tells every node of an erasure, as soon as its transaction stands. */
  announce(db: pg.PoolClient, clientId: string): Promise<void>
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
      const own: Draft = {
        loaded,
        decision: accepted(happening.decide(loaded, now)),
        ...(fresh ? { fresh: { consentSeq: null } } : {}),
      }
      const consents = consentsOf(own.decision, happening.caseId)
      const others = held.cases.filter(({ row }) => row.caseId !== happening.caseId)
      const told = this.#tell(others, consents, now)
      const drafts = await this.#store(held.db, [own, ...told], happening)
      const { decision } = drafts[0] as Draft
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

  /**
   * Erases again whom a restored backup has brought back, and keeps the record of the first time. Answers `absent` where the
   * backup is from before the client, `erased before` where nothing came back.
   */
  async replay(record: ErasureRecord & { readonly proof: string }): Promise<'erased' | 'erased before' | 'absent'> {
    try {
      await this.#holding(record.clientId, (held) =>
        this.#eraseRest(held, held.cases, [], { kind: 'system' }, this.#parts.clock.now()),
      )
    } catch (error) {
      if (!(error instanceof Refusal) || !settled.has(error.code)) throw error
      await this.#transaction((db) => keepErasure(db, record))
      return error.code === 'not-found' ? 'absent' : 'erased before'
    }
    await this.#transaction((db) => keepErasure(db, record))
    return 'erased'
  }

  /** Records decisions made outside any case and tells every case that is held; what is held is brought up to them. */
  async #hear(held: Held, decided: readonly ConsentDecision[], now: string): Promise<readonly ConsentRow[]> {
    if (decided.length === 0) return []
    const told = await this.#store(held.db, this.#tell(held.cases, decided, now))
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
    const told = await this.#store(held.db, this.#tell(latest, ends, now))
    const forgotten = latest.map((loaded) => afterwards(loaded, told)).flatMap((loaded) => forget(loaded, by, now))
    await this.#store(held.db, forgotten)
    const counts = await eraseClientRows(held.db, held.client.clientId, now)
    const actor = by.kind === 'staff' ? `staff:${by.id}` : by.kind
    const erasure = { clientId: held.client.clientId, at: now, actor, counts }
    const proof = proofOfErasure(erasure, vault.master)
    await insertErasure(held.db, { ...erasure, proof })
    await this.#parts.announce(held.db, held.client.clientId)
    held.erased = true
    return { proof, at: now, counts }
  }

  async #firstCase(db: pg.PoolClient, happening: Happening): Promise<Happened> {
    const { loaded: empty, ...fresh } = happening.fresh as NonNullable<Happening['fresh']>
    const now = this.#parts.clock.now()
    const decided = happening.decided ?? []
    const loaded = knowing(empty, decided, now)
    const proposed = accepted(happening.decide(loaded, now))
    const [stored] = await this.#store(db, [{ loaded, decision: proposed, fresh }], happening)
    const { decision } = stored as Draft
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

  /** Answers with the decisions as they were stored. */
  async #store(db: pg.PoolClient, proposed: readonly Draft[], happening?: Happening): Promise<readonly Draft[]> {
    if (proposed.length === 0) return proposed
    const drafts = await settleAssignments(db, proposed)
    const set = emptyWriteSet()
    for (const draft of drafts) addDraft(set, draft, this.#parts)
    happening?.also?.(set)
    const written = await write(db, set)
    if (drafts.some(({ loaded }) => !written.has(loaded.row.caseId))) throw moved()
    return drafts
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
    if (held?.erased) {
      vault.forget(clientId)
      await this.#parts.erased(clientId)
    }
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

/** The client's own, but for a reply that a person has let count: theirs is the word that it is the client's. */
function consentsOf(decision: Accepted, caseId: string): ConsentDecision[] {
  const [first] = decision.log
  const by = first?.type === 'reply' && first.by.kind === 'staff' ? first.by : ({ kind: 'client' } as const)
  return decision.effects.flatMap((effect) =>
    effect.type === 'consent'
      ? [
          {
            purpose: effect.purpose,
            decision: effect.decision,
            by,
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
  const { state } = draft.decision
  const told = toldOf(loaded.row, draft.decision)
  const row = { ...loaded.row, seq: state.seq, state: { ...loaded.row.state, ...(told === undefined ? {} : { told }) } }
  return { ...loaded, state, row }
}

function forget(loaded: LoadedCase, by: Actor, now: string): Draft[] {
  const fields = Object.values(loaded.running.process.fields)
    .filter((field) => field.personal.length > 0)
    .map((field) => field.name)
  const byRule: Actor = by.kind === 'staff' ? { kind: 'system' } : by
  const draft = fields.length > 0 ? follow(loaded, [{ type: 'erase', by: byRule, fields }], now) : undefined
  return draft ? [draft] : []
}

/** Refusals that say there is nobody to erase. */
const settled = new Set(['not-found', 'client-erased'])

function moved(): Refusal {
  return new Refusal('conflict', 'the client or the case has changed meanwhile: load it again and retry')
}
