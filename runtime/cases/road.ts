import type { Event } from '../../engine/case.ts'
import type { Accepted, Decision } from '../../engine/decision.ts'
import type { Clock } from '../clock.ts'
import type { ConsentDecision } from '../consent/record.ts'
import { describeError, type Log } from '../log.ts'
import { Refusal } from '../refusal.ts'
import type { Span, Spans } from '../spans/spans.ts'
import { type CaseRow, loadCases } from '../store/cases.ts'
import { type Database, isAway, unavailable } from '../store/database.ts'
import { write } from '../store/write.ts'
import { emptyWriteSet, type WriteSet } from '../store/write-set.ts'
import { inTrace } from '../trace.ts'
import { assemble, type LoadedCase } from './assemble.ts'
import { seeksSomebody, settleAssignments } from './assignment.ts'
import { addDraft, type Drafting, type FreshCase } from './draft.ts'
import { noSuchCase } from './rights.ts'
import type { Versions } from './versions.ts'

/** Something that happens to a case. It may be decided more than once, where the case has moved on before it was stored. */
export interface Happening {
  readonly caseId: string
  /** What kind of thing, for the figures of what was slow. */
  readonly event: Event['type'] | 'assign' | 'not started' | 'letter by hand' | 'message by hand'
  /** Pure: decides on the case as loaded. Throws `Refusal`. */
  decide(loaded: LoadedCase, now: string): Decision
  /** A case that is not stored yet, in place of one to load. */
  readonly fresh?: { readonly loaded: LoadedCase } & FreshCase
  /** What the client has decided elsewhere, on a paper: recorded before a fresh case is decided on, together with it or not at all. */
  readonly decided?: readonly ConsentDecision[]
  /** What is to be stored along with it, if it is. */
  also?(set: WriteSet): void
}

/** What has become of it. */
export interface Happened {
  readonly loaded: LoadedCase
  readonly decision: Accepted
}

/** Told of what the road does, for the figures. */
export interface RoadFigures {
  /** `outcome` is `accepted`, the code of the refusal, or `failed`. */
  decided(process: string, outcome: string): void
  /** A group was loaded, decided and stored, or failed. */
  grouped(size: number, seconds: number): void
}

interface Waiting {
  readonly happening: Happening
  readonly span: Span
  /** Known once it is loaded. */
  process: string | undefined
  readonly resolve: (happened: Happened) => void
  readonly reject: (error: unknown) => void
  tries: number
}

export interface RoadParts extends Drafting {
  readonly db: Database
  readonly versions: Versions
  readonly clock: Clock
  readonly log: Log
  readonly spans: Spans
  /** Takes a decision that concerns the client's other cases too, and stores it with theirs in one transaction. */
  wide(happening: Happening): Promise<Happened>
  /** Told of each case that was stored. */
  changed(caseId: string, process: string): void
  readonly figures?: RoadFigures
}

/** Groups under way at once: while one is being committed, the next is loaded and decided. */
const lanes = 2
const largestGroup = 128
const patience = 8
/** Milliseconds after which a group that fails because the database is away has waited for an answer, and was not broken off. */
const silence = 5_000

/**
 * The one road of an event: load the case, decide, one write. Events that arrive while a group is under way form the
 * next and are loaded, decided and stored together; those of one case keep their order. No other code writes a case.
 */
export class Road {
  readonly #parts: RoadParts
  #waiting: Waiting[] = []
  readonly #busy = new Set<string>()
  #underWay = 0
  #seeking: Promise<void> = Promise.resolve()

  constructor(parts: RoadParts) {
    this.#parts = parts
  }

  /** Resolves once it is stored; rejects with `Refusal` where the rules or the database refuse, and then nothing has changed. */
  happen(happening: Happening): Promise<Happened> {
    const span = this.#parts.spans.open(`decide ${happening.event}`, { attributes: { 'zgoda.event': happening.event } })
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        happening,
        span,
        process: happening.fresh?.loaded.row.process,
        resolve: (happened) => {
          this.#settled(span, happened.loaded.row.process, 'accepted')
          resolve(happened)
        },
        reject: (error) => {
          this.#settled(span, waiting.process, error instanceof Refusal ? error.code : 'failed')
          reject(error)
        },
        tries: 0,
      }
      this.#waiting.push(waiting)
      this.#start()
    })
  }

  #settled(span: Span, process = 'none', outcome: string): void {
    this.#parts.figures?.decided(process, outcome)
    span.set({ 'zgoda.process': process, 'zgoda.outcome': outcome })
    if (outcome === 'failed') span.failed(outcome)
    span.end()
  }

  #start(): void {
    while (this.#underWay < lanes) {
      const group = this.#takeGroup()
      if (group.length === 0) return
      this.#underWay += 1
      const started = performance.now()
      const span = this.#groupSpan(group)
      void inTrace(span.place, () => this.#run(group)).finally(() => {
        span.end()
        this.#parts.figures?.grouped(group.length, (performance.now() - started) / 1000)
        for (const { happening } of group) this.#busy.delete(happening.caseId)
        this.#underWay -= 1
        this.#start()
      })
    }
  }

  /** A group belongs to none of the traces of its events alone: it is linked with each. */
  #groupSpan(group: readonly Waiting[]): Span {
    const links = group.map(({ span }) => span.place)
    const opened = this.#parts.spans.open('decide group', {
      parent: null,
      links,
      attributes: { 'zgoda.group.size': group.length },
    })
    for (const { span } of group) span.link(opened.place)
    return opened
  }

  #takeGroup(): Waiting[] {
    const group: Waiting[] = []
    const rest: Waiting[] = []
    for (const waiting of this.#waiting) {
      const { caseId } = waiting.happening
      if (group.length < largestGroup && !this.#busy.has(caseId)) {
        this.#busy.add(caseId)
        group.push(waiting)
      } else rest.push(waiting)
    }
    this.#waiting = rest
    return group
  }

  async #run(group: readonly Waiting[]): Promise<void> {
    const began = performance.now()
    try {
      const loaded = await this.#load(group)
      const decided = group.flatMap((waiting) => this.#decide(waiting, loaded) ?? [])
      await this.#store(decided)
    } catch (error) {
      if (isAway(error) && performance.now() - began > silence) this.#tellWaiting(error)
      await this.#fail(group, error)
    }
  }

  async #load(group: readonly Waiting[]): Promise<Map<string, CaseRow>> {
    const { db, versions } = this.#parts
    const ids = group.filter(({ happening }) => !happening.fresh).map(({ happening }) => happening.caseId)
    if (ids.length === 0) return new Map()
    const rows = await loadCases(db.road, ids)
    await versions.ensure([...rows.values()].map((row) => row.definitionHash))
    return rows
  }

  #decide(waiting: Waiting, rows: ReadonlyMap<string, CaseRow>): (Happened & { waiting: Waiting }) | undefined {
    const { vault, versions, clock } = this.#parts
    const { happening } = waiting
    if (happening.decided?.length) {
      this.#hand(waiting)
      return undefined
    }
    try {
      const row = rows.get(happening.caseId)
      if (!happening.fresh && !row) throw noSuchCase()
      waiting.process ??= row?.process
      const loaded =
        happening.fresh?.loaded ??
        assemble(row as CaseRow, versions.of((row as CaseRow).definitionHash, (row as CaseRow).process), vault)
      const decision = accepted(happening.decide(loaded, clock.now()))
      if (concernsClient(decision)) {
        this.#hand(waiting)
        return undefined
      }
      return { waiting, loaded, decision }
    } catch (error) {
      waiting.reject(error)
      return undefined
    }
  }

  /** Passes on what concerns more than the case; the case stays busy no longer, its row is locked there. */
  #hand(waiting: Waiting): void {
    inTrace(waiting.span.place, () =>
      this.#parts.wide(waiting.happening).then(waiting.resolve, (error) => waiting.reject(this.#readable(error))),
    )
  }

  /** Groups that seek somebody for their cases are stored one after the other: each counts what the one before has given to whom. */
  async #store(proposed: readonly (Happened & { waiting: Waiting })[]): Promise<void> {
    if (proposed.length === 0) return
    if (!seeksSomebody(proposed)) return this.#write(proposed)
    const before = this.#seeking
    const stored = before.then(() => this.#write(proposed))
    this.#seeking = stored.catch(() => undefined)
    return stored
  }

  async #write(proposed: readonly (Happened & { waiting: Waiting })[]): Promise<void> {
    const { db, changed } = this.#parts
    const decided = await settleAssignments(db.pool, proposed)
    const set = emptyWriteSet()
    for (const { waiting, loaded, decision } of [...decided].sort(byCase)) {
      const { fresh, also } = waiting.happening
      inTrace(waiting.span.place, () => addDraft(set, { loaded, decision, ...(fresh ? { fresh } : {}) }, this.#parts))
      also?.(set)
    }
    const written = await write(db.road, set)
    for (const { waiting, loaded, decision } of decided) {
      if (written.has(loaded.row.caseId)) {
        waiting.resolve({ loaded, decision })
        changed(loaded.row.caseId, loaded.row.process)
      } else this.#again(waiting)
    }
  }

  /** The case has moved on between load and write: decides anew on what it is now. */
  #again(waiting: Waiting): void {
    waiting.tries += 1
    if (waiting.tries >= patience || waiting.happening.fresh) {
      waiting.reject(new Refusal('conflict', 'others are changing this case at the same time: load it again and retry'))
    } else this.#waiting.push(waiting)
  }

  /** Whoever waits for a lane meanwhile would wait for the silent database all over again. */
  #tellWaiting(error: unknown): void {
    const reason = this.#readable(error)
    for (const waiting of this.#waiting.splice(0)) waiting.reject(reason)
  }

  /** A statement failed. Where others may be at fault, each is tried alone, so that one bad case holds up no other. */
  async #fail(group: readonly Waiting[], error: unknown): Promise<void> {
    if (group.length > 1 && !isAway(error)) {
      for (const waiting of group) await this.#run([waiting])
      return
    }
    if (group.length === 1 && isDeadlock(error) && (group[0] as Waiting).tries < patience) {
      this.#again(group[0] as Waiting)
      return
    }
    // A group has many traces: its failure belongs to none of them.
    const at = group.length === 1 ? group[0]?.span.place : undefined
    const reason = inTrace(at, () => this.#readable(error))
    for (const waiting of group) waiting.reject(reason)
  }

  #readable(error: unknown): unknown {
    if (error instanceof Refusal) return error
    this.#parts.log.error(describeError(error), 'a case could not be stored')
    return isAway(error) ? unavailable() : error
  }
}

/** Throws the refusal of a decision that is one. */
export function accepted(decision: Decision): Accepted {
  if (decision.outcome === 'accepted') return decision
  throw new Refusal(decision.code, decision.because, {
    ...(decision.at ? { rule: decision.at } : {}),
    ...(decision.fields ? { fields: decision.fields } : {}),
  })
}

function concernsClient(decision: Accepted): boolean {
  return decision.effects.some((effect) => effect.type === 'consent' || effect.type === 'erase client')
}

function byCase(a: Happened, b: Happened): number {
  return a.loaded.row.caseId < b.loaded.row.caseId ? -1 : 1
}

function isDeadlock(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === '40P01' || error.code === '40001')
}
