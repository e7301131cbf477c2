import type { Actor, CaseState, Event, Evidence, Values } from '../../engine/case.ts'
import type { Decision, LogEntry } from '../../engine/decision.ts'
import type { CaseRight, Definition, Process } from '../../engine/definition.ts'
import { decide, start } from '../../engine/index.ts'
import type { Looks, Shown } from '../audit/looks.ts'
import type { Card } from '../clients/card.ts'
import type { Clock } from '../clock.ts'
import type { ConsentDecision } from '../consent/record.ts'
import { countCursor, idCursor } from '../cursor.ts'
import type {
  Caller,
  CaseCard,
  Cases,
  CaseView,
  Correspondence,
  CountOrder,
  DocumentView,
  FileView,
  HistoryItem,
  Page,
} from '../http/ports.ts'
import { isId } from '../ids.ts'
import { Refusal } from '../refusal.ts'
import { type CaseRow, listCases, loadCases } from '../store/cases.ts'
import { loadMessage } from '../store/correspondence.ts'
import { type Database, isAway, unavailable } from '../store/database.ts'
import { loadHistory, loadMigrations } from '../store/history.ts'
import { definitionOfVersion } from '../store/versions.ts'
import type { WriteSet } from '../store/write-set.ts'
import type { Holder, Vault } from '../vault/vault.ts'
import { assemble, type LoadedCase } from './assemble.ts'
import { assignment } from './assignment.ts'
import { correspondenceOf, messageKey, rawMessage } from './correspondence.ts'
import { countByHand, noSuchMessage } from './count-by-hand.ts'
import { documentFile, documentsOf } from './documents.ts'
import type { FreshCase } from './draft.ts'
import { freshCase } from './fresh-case.ts'
import { historyItem } from './history.ts'
import { knowing } from './knowing.ts'
import type { Numbers } from './numbers.ts'
import { doneBefore, type RepeatableRequest, repeatable } from './requests.ts'
import { actorOf, cardRights, caseRights, mayRead, noSuchCase, noSuchClient } from './rights.ts'
import { accepted, type Happened, type Happening, type Road } from './road.ts'
import { keptWhole, shownOfCard, shownOfCase } from './shown.ts'
import { checkPeople, learnOf, maySee, type Staff } from './staff.ts'
import type { CurrentProcess, Versions } from './versions.ts'
import { caseCard, caseView, type Looking } from './view.ts'

export interface CasesParts {
  readonly db: Database
  readonly vault: Vault
  readonly versions: Versions
  readonly numbers: Numbers
  readonly road: Road
  readonly clock: Clock
  readonly staff: Staff
  readonly looks: Looks
  /** Seals what belongs to no client. */
  fallback(): Holder
  personName(id: string): string
}

/** What a filled-in form brings to a case that it starts. */
export interface FormPart {
  readonly name: string
  readonly consents: Readonly<Record<string, 'given' | 'refused'>>
  readonly evidence: Evidence
}

/** What a case starts with. A `card` is that of a new client; what is `decided`, their client said outside any case. */
export interface Beginning {
  readonly client?: string
  readonly card?: Card
  readonly decided?: readonly ConsentDecision[]
  readonly fields?: Readonly<Record<string, unknown>>
  readonly language?: string
  /** In place of the next one: a case that is only tried takes none. */
  readonly number?: number
}

const longestPage = 200

/** Cases as staff and clients meet them: every change takes the one road, every look goes through one view. */
export class CaseService implements Cases {
  readonly #parts: CasesParts

  constructor(parts: CasesParts) {
    this.#parts = parts
  }

  async start(
    by: Caller,
    what: { process: string; client?: string; fields?: Readonly<Record<string, unknown>> },
    key?: string,
  ): Promise<CaseView> {
    return this.bring(by, what.process, what, key === undefined ? undefined : { key, body: what })
  }

  /** Starts a case with a new client's card and what they have decided, by the rights of who asks: all of it is stored or nothing. */
  async bring(
    by: Caller,
    process: string,
    what: Beginning,
    once?: { readonly key: string; readonly body: object },
  ): Promise<CaseView> {
    const current = this.startable(by, process)
    const more = once ? { once } : {}
    if (by.kind === 'client') return this.begin(by, current, { client: by.clientId }, more)
    if (what.client !== undefined) this.#mayUseClient(by)
    return this.begin(by, current, what, more)
  }

  /** Refused as `bring` would be; else the letters that it would write. Nothing is stored. */
  async tryBring(by: Caller, process: string, what: Beginning): Promise<readonly string[]> {
    const current = this.startable(by, process)
    if (what.client !== undefined) this.#mayUseClient(by)
    const { fresh, decide, decided = [] } = await this.#away(this.#beginning(by, current, { ...what, number: 0 }))
    const now = this.#parts.clock.now()
    const { effects } = accepted(decide(knowing(fresh.loaded, decided, now), now))
    return effects.flatMap((effect) => (effect.type === 'letter' ? [effect.letter] : []))
  }

  /** Starts a case once the caller's rights are settled; with a form, its consents are decided before the first stage is entered. */
  async begin(
    by: Caller,
    current: CurrentProcess,
    what: Beginning,
    more: { once?: { readonly key: string; readonly body: object }; form?: FormPart } = {},
  ): Promise<CaseView> {
    const request = more.once && repeatable(by, more.once.key, more.once.body, this.#parts.vault.master)
    return this.#once(by, request, () => this.#begin(by, current, what, more.form, request))
  }

  async #begin(
    by: Caller,
    current: CurrentProcess,
    what: Beginning,
    form: FormPart | undefined,
    request: RepeatableRequest | undefined,
  ): Promise<CaseView> {
    const beginning = await this.#away(this.#beginning(by, current, what, form))
    const { caseId, fresh } = beginning
    const happened = await this.#parts.road.happen({
      ...beginning,
      also: (set) => claim(set, caseId, request, fresh.loaded.state.createdAt),
    })
    return this.#view(by, happened)
  }

  async #beginning(
    by: Caller,
    current: CurrentProcess,
    what: Beginning,
    form?: FormPart,
  ): Promise<Happening & { readonly fresh: { readonly loaded: LoadedCase } & FreshCase }> {
    const { staff, versions } = this.#parts
    const given = what.fields ?? {}
    await learnOf(staff, given)
    if (by.kind === 'staff') checkPeople(staff, current.process, given)
    const fresh = await freshCase(this.#parts, current, what)
    const actor = actorOf(by, versions.definition())
    const caseId = fresh.loaded.row.caseId
    return {
      caseId,
      event: 'start',
      fresh,
      ...(what.decided ? { decided: what.decided } : {}),
      decide: (loaded, now) =>
        start(
          loaded.running.machine,
          { id: caseId, number: loaded.state.number, client: loaded.state.client, ...(form ? { form } : {}) },
          { type: 'start', by: actor, values: given as Values },
          { now },
        ),
    }
  }

  async get(by: Caller, id: string): Promise<CaseView> {
    const loaded = await this.#load(by, id)
    return this.#shown(by, loaded, loaded.state)
  }

  async correspondence(by: Caller, id: string, page: { after?: string; limit?: number }): Promise<Correspondence> {
    const loaded = await this.#load(by, id)
    const kept = await this.#away(correspondenceOf(loaded, page, this.#parts))
    await this.#saw(by, [kept.letters.length + kept.messages.length > 0 ? keptWhole(loaded, 'letters') : undefined])
    return kept
  }

  /** The case, for those who may edit it; decided anew as it is stored. */
  async writable(by: Caller, id: string): Promise<LoadedCase> {
    const loaded = await this.#load(by, id)
    this.mayWrite(by, loaded)
    return loaded
  }

  /** The case, where this caller may see it. */
  visible(by: Caller, id: string): Promise<LoadedCase> {
    return this.#load(by, id)
  }

  /** Whether their roles may erase what cases of this process hold. */
  mayErase(by: Caller, { row, running }: LoadedCase): boolean {
    const definition = this.#parts.versions.definition()
    return caseRights(by, definition.processes[row.process] ?? running.process, definition).has('erase')
  }

  /** Refuses whom the case is not for, and whom its `access` lets not edit it. */
  mayWrite(by: Caller, loaded: LoadedCase): void {
    this.#mayRead(by, loaded)
    this.#has(by, this.#parts.versions.definition(), loaded.row.process, 'edit')
  }

  async message(by: Caller, id: string, message: string): Promise<FileView> {
    const loaded = await this.#load(by, id)
    const { db, vault, fallback } = this.#parts
    const stored = await this.#away(loadMessage(db.pool, messageKey(message)))
    const own = stored?.caseId === id ? stored : undefined
    const file =
      own && (await rawMessage(own, own.clientId ? loaded.holder : fallback(), vault, this.mayErase(by, loaded)))
    if (!file) throw noSuchMessage()
    await this.#saw(by, [keptWhole(loaded, 'messages')])
    return file
  }

  async countMessage(by: Caller, id: string, message: string, what: CountOrder): Promise<CaseView> {
    const { vault, db, fallback, clock, versions } = this.#parts
    const before = await this.#load(by, id)
    this.#has(by, versions.definition(), before.row.process, 'edit')
    const inbox = cardRights(by, versions.definition()).has('see')
    const parts = { db, vault, fallback }
    const counted = await this.#away(countByHand(before, by, messageKey(message), what, parts, inbox))
    if (!counted) return this.get(by, id)
    let log: readonly LogEntry[] = []
    const decided = ({ running, state }: LoadedCase, actor: Actor, now: string) => {
      const decision = decide(running.machine, state, counted.event(actor), { now })
      log = decision.outcome === 'accepted' ? decision.log : []
      return decision
    }
    const how = { event: 'reply', right: 'edit' } as const
    return this.#change(by, id, how, decided, undefined, (set) => counted.also(set, clock.now(), log))
  }

  async fill(by: Caller, id: string, fields: Readonly<Record<string, unknown>>): Promise<CaseView> {
    const { staff } = this.#parts
    await this.#away(learnOf(staff, fields))
    return this.#change(by, id, { event: 'fill', right: 'edit' }, ({ running, state }, actor, now) => {
      checkPeople(staff, running.process, fields)
      return decide(running.machine, state, { type: 'fill', by: actor, values: fields as Values }, { now })
    })
  }

  move(by: Caller, id: string, to: string, key?: string): Promise<CaseView> {
    return this.#happen(
      by,
      id,
      undefined,
      'move',
      (actor) => ({ type: 'move', by: actor, to }),
      repeatable(by, key, { id, to }, this.#parts.vault.master),
    )
  }

  signal(by: Caller, id: string, signal: string, key?: string): Promise<CaseView> {
    return this.#happen(
      by,
      id,
      'move',
      'signal',
      (actor) => ({ type: 'signal', by: actor, signal }),
      repeatable(by, key, { id, signal }, this.#parts.vault.master),
    )
  }

  async assign(by: Caller, id: string, person: string | null, key?: string): Promise<CaseView> {
    const { staff, versions, vault } = this.#parts
    await this.#away(staff.refresh())
    const before = await this.#load(by, id)
    this.#has(by, versions.definition(), before.row.process, 'move')
    if ((before.state.assignee ?? null) === person) return this.#shown(by, before, before.state)
    return this.#change(
      by,
      id,
      { event: 'assign', right: 'move' },
      (loaded, actor, now) => {
        if (loaded.state.ended !== 'no')
          throw new Refusal('case-ended', 'the case has ended: there is nothing to do for anyone')
        if (person !== null) this.#mayHave(person, loaded)
        return assignment(loaded, actor, person, now)
      },
      repeatable(by, key, { id, person }, vault.master),
    )
  }

  async documents(by: Caller, id: string): Promise<readonly DocumentView[]> {
    const loaded = await this.#load(by, id)
    return this.#away(documentsOf(loaded, this.#looking(by), this.#parts))
  }

  async document(by: Caller, id: string, seq: string): Promise<FileView> {
    const loaded = await this.#load(by, id)
    const file = /^[1-9]\d{0,8}$/.test(seq) && documentFile(loaded, Number(seq), this.#looking(by), this.#parts)
    const found = file && (await this.#away(file))
    if (!found) throw new Refusal('not-found', 'there is no document with this number here that you may open')
    await this.#saw(by, [keptWhole(loaded, 'documents')])
    return found
  }

  erase(by: Caller, id: string, fields: readonly string[]): Promise<CaseView> {
    return this.#happen(by, id, 'erase', 'erase', (actor) => ({ type: 'erase', by: actor, fields }))
  }

  async history(by: Caller, id: string, page: { after?: string; limit?: number }): Promise<Page<HistoryItem>> {
    const loaded = await this.#load(by, id)
    const limit = Math.min(page.limit ?? 100, longestPage)
    const after = countCursor(page.after)
    const entries = await this.#away(loadHistory(this.#parts.db.pool, id, after, limit + 1))
    const processAt = await this.#away(this.#processesOver(loaded))
    const items = entries
      .slice(0, limit)
      .map((entry) => historyItem(entry, processAt(entry.seq), (person) => this.#parts.personName(person)))
    return entries.length > limit ? { items, next: String(items.at(-1)?.seq) } : { items }
  }

  async list(
    by: Caller,
    filter: { process?: string; stage?: string; assignee?: string; client?: string },
    page: { after?: string; limit?: number },
  ): Promise<Page<CaseCard>> {
    const { loaded, next } = await this.#listed(by, filter, page)
    const items = loaded.map((one) => caseCard(one, this.#looking(by)))
    await this.#saw(
      by,
      loaded.map(({ row }, at) => shownOfCard(row, items[at] as CaseCard)),
    )
    return { items, ...next }
  }

  /** Whole cases of a process, newest first, each as far as the caller may see it at its stage. */
  async views(by: Caller, process: string, page: { after?: string; limit?: number }): Promise<Page<CaseView>> {
    this.readable(by, process)
    const { loaded, next } = await this.#listed(by, { process }, page)
    return { items: await Promise.all(loaded.map((one) => this.#shown(by, one, one.state))), ...next }
  }

  async #listed(
    by: Caller,
    filter: { process?: string; stage?: string; assignee?: string; client?: string },
    page: { after?: string; limit?: number },
  ): Promise<{ loaded: LoadedCase[]; next: { next?: string } }> {
    const { db, versions } = this.#parts
    const definition = versions.definition()
    const processes = Object.values(definition.processes).filter(
      (process) => by.kind === 'client' || mayRead(by, process, definition, null),
    )
    const limit = Math.min(page.limit ?? 50, longestPage)
    const own = by.kind === 'client' ? { client: by.clientId } : {}
    const rows = await this.#away(
      listCases(
        db.pool,
        { ...filter, ...own, processes: processes.map(({ name }) => name) },
        { after: idCursor(page.after), limit: limit + 1 },
      ),
    )
    const loaded = await this.#assemble(rows.slice(0, limit))
    return { loaded, next: rows.length > limit ? { next: loaded.at(-1)?.row.caseId as string } : {} }
  }

  /** By which version of its process a case ran when an entry of its history was made. */
  async #processesOver({ row, running }: LoadedCase): Promise<(seq: number) => Process> {
    const { db, versions } = this.#parts
    const migrations = await loadMigrations(db.pool, row.caseId)
    const earlier = await Promise.all(
      migrations.map(async ({ seq, from }) => {
        const hash = await definitionOfVersion(db.pool, row.process, from)
        if (hash === undefined) return { seq, process: running.process }
        await versions.ensure([hash])
        return { seq, process: versions.of(hash, row.process).process }
      }),
    )
    return (seq) => earlier.find((each) => seq < each.seq)?.process ?? running.process
  }

  /** The case, where this caller may see it; else refused as if it did not exist. */
  async #load(by: Caller, id: string): Promise<LoadedCase> {
    if (!isId(id)) throw noSuchCase()
    const rows = await this.#away(loadCases(this.#parts.db.pool, [id]))
    const [loaded] = await this.#assemble([...rows.values()])
    if (!loaded) throw noSuchCase()
    this.#mayRead(by, loaded)
    return loaded
  }

  async #assemble(rows: readonly CaseRow[]): Promise<LoadedCase[]> {
    const { versions, vault } = this.#parts
    await this.#away(versions.ensure(rows.map((row) => row.definitionHash)))
    return rows.map((row) => assemble(row, versions.of(row.definitionHash, row.process), vault))
  }

  #happen(
    by: Caller,
    id: string,
    right: CaseRight | undefined,
    event: Event['type'],
    more: (actor: Actor) => Event,
    request?: RepeatableRequest,
  ): Promise<CaseView> {
    const decided = ({ running, state }: LoadedCase, actor: Actor, now: string) =>
      decide(running.machine, state, more(actor), { now })
    return this.#change(by, id, { event, right }, decided, request)
  }

  async #change(
    by: Caller,
    id: string,
    { event, right }: { readonly event: Happening['event']; readonly right: CaseRight | undefined },
    decided: (loaded: LoadedCase, actor: Actor, now: string) => Decision,
    request?: RepeatableRequest,
    also?: (set: WriteSet) => void,
  ): Promise<CaseView> {
    if (!isId(id)) throw noSuchCase()
    const actor = actorOf(by, this.#parts.versions.definition())
    const work = async () =>
      this.#view(
        by,
        await this.#parts.road.happen({
          caseId: id,
          event,
          decide: (loaded, now) => {
            this.#mayRead(by, loaded)
            if (right) this.#has(by, loaded.running.definition, loaded.row.process, right)
            return decided(loaded, actor, now)
          },
          also: (set) => {
            claim(set, id, request, this.#parts.clock.now())
            also?.(set)
          },
        }),
      )
    return request ? this.#once(by, request, work) : work()
  }

  /** Carries a request out unless it was before. Where the same one was carried out meanwhile, the refusal of this one is no answer. */
  async #once(by: Caller, request: RepeatableRequest | undefined, work: () => Promise<CaseView>): Promise<CaseView> {
    const { db } = this.#parts
    const before = await this.#away(doneBefore(db, request))
    if (before) return this.get(by, before)
    try {
      return await work()
    } catch (error) {
      const meanwhile = error instanceof Refusal ? await this.#away(doneBefore(db, request)) : undefined
      if (meanwhile) return this.get(by, meanwhile)
      throw error
    }
  }

  #view(by: Caller, { loaded, decision }: Happened): Promise<CaseView> {
    return this.#shown(by, loaded, decision.state)
  }

  async #shown(by: Caller, loaded: LoadedCase, state: CaseState): Promise<CaseView> {
    const view = caseView(loaded, state, this.#looking(by))
    await this.#saw(by, [shownOfCase(loaded.row, view)])
    return view
  }

  #saw(by: Caller, shown: readonly (Shown | undefined)[]): Promise<void> {
    return this.#away(
      this.#parts.looks.saw(
        by,
        shown.filter((one) => one !== undefined),
      ),
    )
  }

  #looking(by: Caller): Looking {
    const { versions, clock, personName } = this.#parts
    return { by, now: clock.now(), definition: versions.definition(), personName }
  }

  #mayRead(by: Caller, { row, running }: LoadedCase): void {
    const definition = this.#parts.versions.definition()
    const process = definition.processes[row.process] ?? running.process
    if (!mayRead(by, process, definition, row.client?.clientId ?? null)) throw noSuchCase()
  }

  #has(by: Caller, definition: Definition, name: string, right: CaseRight): void {
    const process = definition.processes[name]
    if (process && caseRights(by, process, definition).has(right)) return
    throw new Refusal(
      'not-allowed',
      `none of your roles may ${right} cases of \`${name}\`: its \`access\` lines say who may`,
    )
  }

  #mayHave(id: string, { row, running }: LoadedCase): void {
    const definition = this.#parts.versions.definition()
    const person = this.#parts.staff.active(id)
    if (person && maySee(person, definition.processes[row.process] ?? running.process, definition)) return
    const because = person
      ? `none of their roles may see cases of \`${row.process}\`: its \`access\` lines say whose may`
      : 'nobody with this id works here now: `GET /api/v1/people` lists those who do'
    throw new Refusal('invalid-value', because, { fields: ['person'] })
  }

  /** The process, where this caller has any right on it. */
  readable(by: Caller, name: string): CurrentProcess {
    const current = this.#parts.versions.current(name)
    if (current && caseRights(by, current.process, current.definition).size > 0) return current
    throw new Refusal('not-found', `there is no process \`${name}\` that you may see`)
  }

  /** The process, where this caller may start it: staff by their rights, clients where it is shown in the portal. */
  startable(by: Caller, name: string): CurrentProcess {
    const shown = this.#parts.versions.current(name)
    if (by.kind === 'client' && shown?.process.portal) return shown
    const current = this.readable(by, name)
    const rights = caseRights(by, current.process, current.definition)
    if (!rights.has('edit') && !rights.has('move')) {
      throw new Refusal(
        'not-allowed',
        `none of your roles may start cases of \`${name}\`: that takes \`edit\` or \`move\``,
      )
    }
    return current
  }

  #mayUseClient(by: Caller): void {
    if (cardRights(by, this.#parts.versions.definition()).size === 0) throw noSuchClient()
  }

  /** Turns a database that is away into a refusal that says so. */
  async #away<T>(work: Promise<T>): Promise<T> {
    try {
      return await work
    } catch (error) {
      throw isAway(error) ? unavailable() : error
    }
  }
}

function claim(set: WriteSet, caseId: string, request: RepeatableRequest | undefined, at: string): void {
  if (!request) return
  const { caller, key, bodyHash } = request
  set.requests.push({ case_id: caseId, caller, key, body_hash: bodyHash.toString('base64'), at })
}
