import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import type { Actor, CaseState, Event } from '../../engine/case.ts'
import type { Accepted } from '../../engine/decision.ts'
import type { ConsentStatus, Definition } from '../../engine/definition.ts'
import { decide } from '../../engine/index.ts'
import { own } from '../../engine/named.ts'
import type { Clock } from '../clock.ts'
import { type ConsentDecision, consentRow } from '../consent/record.ts'
import { standing } from '../consent/standing.ts'
import { Refusal } from '../refusal.ts'
import { type Spans, within } from '../spans/spans.ts'
import { occurred } from '../store/audit.ts'
import { type ClientRow, loadCases, lockCasesOf } from '../store/cases.ts'
import { type ConsentRow, insertConsents, lockClient } from '../store/clients.ts'
import { type Database, isAway, unavailable } from '../store/database.ts'
import { eraseClientRows, insertErasure, keepErasure } from '../store/erasure.ts'
import { onTheirWay } from '../store/on-the-way.ts'
import { claimRequest } from '../store/requests.ts'
import { heldUntil, lookAgain } from '../store/retention.ts'
import { inTransaction } from '../store/transaction.ts'
import { write } from '../store/write.ts'
import { emptyWriteSet } from '../store/write-set.ts'
import { assemble, consentStatuses, holderOf, type LoadedCase } from './assemble.ts'
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
  readonly spans: Spans
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
  /** Set where something may no longer leave that rested on a consent of theirs. */
  ends?: boolean
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
      held.ends = [...news, ...consents].some(({ decision }) => decision !== 'given')
      const others = held.cases.filter(({ row }) => row.caseId !== happening.caseId)
      const told = this.#tell(others, consents, now)
      const drafts = await this.#store(held.db, [own, ...told], happening)
      const { decision } = drafts[0] as Draft
      await this.#record(held, consents, loaded, now)
      const erased = decision.effects.some((effect) => effect.type === 'erase client')
      if (erased) await this.#refuseHeld(held, now)
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
    const [row] = await this.#decideAll(clientId, () => [what], request)
    return row
  }

  /**
   * Withdraws, in one transaction, every consent of a client that stands or has expired; with `purposes` those of them alone. It
   * answers once nothing that rests on one of them is on its way any more. To do it again changes nothing.
   */
  withdraw(
    clientId: string,
    how: Omit<ConsentDecision, 'purpose' | 'decision'> & { readonly purposes?: readonly string[] },
    request?: RepeatableRequest,
  ): Promise<readonly ConsentRow[]> {
    const { purposes, ...decision } = how
    // As they are declared; the row keeps no order.
    const declared = Object.keys(this.#parts.versions.definition().purposes)
    const theirs = ({ consents }: ClientRow) =>
      [...new Set([...declared, ...Object.keys(consents)])]
        .filter((purpose) => consents[purpose]?.status === 'given' && (purposes?.includes(purpose) ?? true))
        .map((purpose): ConsentDecision => ({ ...decision, purpose, decision: 'withdrawn' }))
    return this.#decideAll(clientId, theirs, request)
  }

  #decideAll(
    clientId: string,
    decided: (client: ClientRow) => readonly ConsentDecision[],
    request: RepeatableRequest | undefined,
  ): Promise<readonly ConsentRow[]> {
    return this.#holding(clientId, async (held) => {
      const now = this.#parts.clock.now()
      const wanted = decided(held.client)
      // Said again, it is not acknowledged sooner than the first time.
      held.ends = wanted.length === 0 || wanted.some(({ decision }) => decision !== 'given')
      if (request && !(await claimRequest(held.db, { ...request, subjectId: clientId, at: now }))) return []
      const news = wanted.filter((what) => !this.#stands(held.client, what))
      return this.#hear(held, news, now)
    })
  }

  /** Erases a client whole: consents end, cases forget, and the key goes with every row under it (GDPR Art. 17). */
  async erase(clientId: string, by: Actor): Promise<Erasure> {
    return this.#holding(clientId, async (held) => {
      const now = this.#parts.clock.now()
      await this.#refuseHeld(held, now)
      return this.#eraseRest(held, held.cases, [], by, now)
    })
  }

  /**
   * Erases again whom a restored backup has brought back, with the holds of that time, and keeps the record of the first time. Answers `absent` where the
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
    await this.#record(held, ends, undefined, now, 'no evidence')
    const forgotten = latest.map((loaded) => afterwards(loaded, told)).flatMap((loaded) => forget(loaded, by, now))
    await this.#store(held.db, forgotten)
    const counts = await eraseClientRows(held.db, held.client.clientId, now)
    const actor = by.kind === 'staff' ? `staff:${by.id}` : by.kind
    const erasure = { clientId: held.client.clientId, at: now, actor, counts }
    const proof = proofOfErasure(erasure, vault.master)
    await insertErasure(held.db, { ...erasure, proof })
    await occurred(held.db, [
      { at: now, kind: 'erasure', actor, clients: [erasure.clientId], entry: { counts, proof } },
    ])
    await this.#parts.announce(held.db, held.client.clientId)
    held.erased = true
    held.ends = true
    return { proof, at: now, counts }
  }

  async #refuseHeld({ db, client }: Held, now: string): Promise<void> {
    const until = await heldUntil(db, client.clientId, now)
    if (until === undefined) return
    throw new Refusal(
      'legal-hold',
      `a legal hold keeps the data of this client until ${until.slice(0, 10)}: lift it first, or wait`,
    )
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
    evidence: 'with evidence' | 'no evidence' = 'with evidence',
  ): Promise<ConsentRow[]> {
    const definition = loaded?.running.definition ?? this.#parts.versions.definition()
    const holder = loaded?.holder ?? holderOf(held.client, this.#parts.vault, definition)
    const { language } = held.client
    const stands: Record<string, ConsentStatus> = { ...consentStatuses(held.client, definition) }
    const rows = consents.map((what, position) => {
      const seq = held.client.consentSeq + 1 + position
      const before = stands[what.purpose] ?? 'none'
      stands[what.purpose] = what.decision
      const sealedFor = evidence === 'with evidence' ? holder : undefined
      return consentRow(what, { seq, at: now, definition, holder: sealedFor, language, before }, this.#parts.vault)
    })
    held.client = await insertConsents(held.db, held.client, rows)
    if (rows.some(({ purpose, decision }) => decision === 'given' && countsFromConsent(definition, purpose)))
      await lookAgain(held.db, held.client.clientId, now)
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
    if (held?.ends) await this.#nothingOnItsWay(clientId)
    if (held?.erased) {
      vault.forget(clientId)
      await this.#parts.erased(clientId)
    }
    return done
  }

  /**
   * Waits until no letter and no call that rests on a consent of the client's is on its way: one that was begun before the
   * transaction may still end, and none is begun after it (docs/decisions/012).
   */
  async #nothingOnItsWay(clientId: string): Promise<void> {
    const { pool } = this.#parts.db
    for (let rest = 10; (await onTheirWay(pool, clientId).catch(readable)) > 0; rest = Math.min(rest * 1.5, 250))
      await pause(rest)
  }

  /** Runs `work` in a transaction, again where the database chose it as a deadlock's victim. */
  async #transaction<T>(work: (db: pg.PoolClient, touched: LoadedCase[]) => Promise<T>, tries = 3): Promise<T> {
    const touched: LoadedCase[] = []
    try {
      const result = await within(this.#parts.spans, 'decide for client', {}, () =>
        inTransaction(this.#parts.db.pool, (db) => work(db, touched)),
      )
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

function readable(error: unknown): never {
  throw isAway(error) ? unavailable() : error
}

/** Refusals that say there is nobody to erase. */
const settled = new Set(['not-found', 'client-erased'])

function moved(): Refusal {
  return new Refusal('conflict', 'the client or the case has changed meanwhile: load it again and retry')
}

function countsFromConsent({ purposes }: Definition, purpose: string): boolean {
  const keep = own(purposes, purpose)?.keep
  return keep !== undefined && 'after' in keep && keep.after === 'given'
}
