import type { CaseState, Event, Evidence, Values } from '../../engine/case.ts'
import type { CaseRight, Definition, Process } from '../../engine/definition.ts'
import { decide, start } from '../../engine/index.ts'
import { type Card, type CardValue, sealCard } from '../clients/card.ts'
import type { Clock } from '../clock.ts'
import type { ConsentDecision } from '../consent/record.ts'
import { countCursor, idCursor } from '../cursor.ts'
import type { Caller, CaseCard, Cases, CaseView, HistoryItem, Page } from '../http/ports.ts'
import { isId, newId } from '../ids.ts'
import { Refusal } from '../refusal.ts'
import { type CaseRow, type ClientRow, listCases, loadCases } from '../store/cases.ts'
import { cardValues, loadClient } from '../store/clients.ts'
import { type Database, isAway, unavailable } from '../store/database.ts'
import { loadHistory, loadMigrations } from '../store/history.ts'
import { definitionOfVersion } from '../store/versions.ts'
import type { WriteSet } from '../store/write.ts'
import { card, type SealedValue, type Vault } from '../vault/vault.ts'
import { assemble, clientState, holderOf, type LoadedCase } from './assemble.ts'
import { correspondenceOf } from './correspondence.ts'
import type { FreshCase } from './draft.ts'
import { historyItem } from './history.ts'
import { knowing } from './knowing.ts'
import type { Numbers } from './numbers.ts'
import { pseudonymOf } from './pseudonym.ts'
import { doneBefore, type RepeatableRequest, repeatable } from './requests.ts'
import { actorOf, cardRights, caseRights, mayRead, noSuchCase, noSuchClient } from './rights.ts'
import { accepted, type Happened, type Happening, type Road } from './road.ts'
import type { CurrentProcess, Versions } from './versions.ts'
import { caseCard, caseView, type Looking } from './view.ts'

export interface CasesParts {
  readonly db: Database
  readonly vault: Vault
  readonly versions: Versions
  readonly numbers: Numbers
  readonly road: Road
  readonly clock: Clock
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
    const { fresh, decide, decided = [] } = await this.#away(this.#beginning(by, current, what, 0))
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
    const number = await this.#away(this.#parts.numbers.next(current.process.name))
    const beginning = await this.#away(this.#beginning(by, current, what, number, form))
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
    number: number,
    form?: FormPart,
  ): Promise<Happening & { readonly fresh: { readonly loaded: LoadedCase } & FreshCase }> {
    const fresh = await this.#freshCase(current, what, number)
    const actor = actorOf(by, this.#parts.versions.definition())
    const caseId = fresh.loaded.row.caseId
    return {
      caseId,
      fresh,
      ...(what.decided ? { decided: what.decided } : {}),
      decide: (loaded, now) =>
        start(
          loaded.running.machine,
          { id: caseId, number: loaded.state.number, client: loaded.state.client, ...(form ? { form } : {}) },
          { type: 'start', by: actor, values: (what.fields ?? {}) as Values },
          { now },
        ),
    }
  }

  async get(by: Caller, id: string): Promise<CaseView> {
    const loaded = await this.#load(by, id)
    return caseView(loaded, loaded.state, this.#looking(by))
  }

  async correspondence(by: Caller, id: string) {
    const loaded = await this.#load(by, id)
    return this.#away(correspondenceOf(loaded, by, this.#parts))
  }

  fill(by: Caller, id: string, fields: Readonly<Record<string, unknown>>): Promise<CaseView> {
    return this.#happen(by, id, 'edit', (actor) => ({ type: 'fill', by: actor, values: fields as Values }))
  }

  move(by: Caller, id: string, to: string, key?: string): Promise<CaseView> {
    return this.#happen(
      by,
      id,
      undefined,
      (actor) => ({ type: 'move', by: actor, to }),
      repeatable(by, key, { id, to }, this.#parts.vault.master),
    )
  }

  signal(by: Caller, id: string, signal: string, key?: string): Promise<CaseView> {
    return this.#happen(
      by,
      id,
      'move',
      (actor) => ({ type: 'signal', by: actor, signal }),
      repeatable(by, key, { id, signal }, this.#parts.vault.master),
    )
  }

  erase(by: Caller, id: string, fields: readonly string[]): Promise<CaseView> {
    return this.#happen(by, id, 'erase', (actor) => ({ type: 'erase', by: actor, fields }))
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
    return { items: loaded.map((one) => caseCard(one, this.#looking(by))), ...next }
  }

  /** Whole cases of a process, newest first, each as far as the caller may see it at its stage. */
  async views(by: Caller, process: string, page: { after?: string; limit?: number }): Promise<Page<CaseView>> {
    this.readable(by, process)
    const { loaded, next } = await this.#listed(by, { process }, page)
    return { items: loaded.map((one) => caseView(one, one.state, this.#looking(by))), ...next }
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

  async #happen(
    by: Caller,
    id: string,
    right: CaseRight | undefined,
    event: (actor: ReturnType<typeof actorOf>) => Event,
    request?: RepeatableRequest,
  ): Promise<CaseView> {
    if (!isId(id)) throw noSuchCase()
    const definition = this.#parts.versions.definition()
    const asked = event(actorOf(by, definition))
    const work = async () =>
      this.#view(
        by,
        await this.#parts.road.happen({
          caseId: id,
          decide: (loaded, now) => {
            this.#mayRead(by, loaded)
            if (right) this.#has(by, loaded.running.definition, loaded.row.process, right)
            return decide(loaded.running.machine, loaded.state, asked, { now })
          },
          also: (set) => claim(set, id, request, this.#parts.clock.now()),
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

  #view(by: Caller, { loaded, decision }: Happened): CaseView {
    return caseView(loaded, decision.state, this.#looking(by))
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

  async #freshCase(
    current: CurrentProcess,
    what: Beginning,
    number: number,
  ): Promise<{ loaded: LoadedCase } & FreshCase> {
    const { clock, vault, db } = this.#parts
    const language = what.language ?? 'en'
    const caseId = newId()
    const now = clock.now()
    const found = what.client === undefined ? undefined : await this.#client(what.client)
    const needed = concernsPeople(current) || what.card !== undefined || what.decided !== undefined
    const made = found || !needed ? undefined : newClient(vault, now, language)
    const client = found ?? made?.client ?? null
    const holder = holderOf(client, vault, current.definition)
    const onCard = made && holder ? sealCard(what.card ?? {}, holder, vault) : []
    const sealed = found ? ((await cardValues(db.pool, [found.clientId])).get(found.clientId) ?? []) : asSealed(onCard)
    const firstStage = Object.keys(current.process.stages)[0] as string
    const state: CaseState = {
      id: caseId,
      number: String(number),
      createdAt: now,
      stage: firstStage,
      enteredAt: now,
      visited: [],
      ended: 'no',
      values: {},
      timers: {},
      fired: [],
      seq: 0,
      client: clientState(client, sealed, holder, vault, current.definition),
    }
    const row: CaseRow = {
      caseId,
      number,
      process: current.process.name,
      version: current.version,
      definitionHash: current.definitionHash,
      stage: firstStage,
      seq: 0,
      createdAt: now,
      enteredAt: now,
      ended: 'no',
      assignee: null,
      state: { values: {}, visited: [], timers: {}, fired: [] },
      client,
      sealed,
    }
    return {
      loaded: { row, running: current, state, holder },
      consentSeq: found ? found.consentSeq : null,
      ...(made
        ? { newClient: { wrapped: made.wrapped, pseudonym: made.client.pseudonym, language, card: onCard } }
        : {}),
    }
  }

  async #client(id: string): Promise<ClientRow> {
    const client = isId(id) ? await loadClient(this.#parts.db.pool, id) : undefined
    if (!client) throw noSuchClient()
    if (client.erasedAt) throw new Refusal('client-erased', 'this client was erased; start the case with a new client')
    return client
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

function newClient(vault: Vault, now: string, language: string): { client: ClientRow; wrapped: Buffer } {
  const clientId = newId()
  const { wrapped } = vault.newKey(clientId)
  const client: ClientRow = {
    clientId,
    pseudonym: pseudonymOf(clientId),
    language,
    consents: {},
    consentSeq: 0,
    createdAt: now,
    erasedAt: null,
    wrapped,
  }
  return { client, wrapped }
}

/** A new card as it would come out of the store. */
function asSealed(values: readonly CardValue[]): SealedValue[] {
  return values.flatMap(({ field, kept }) => (kept ? [{ caseId: card, field, purposes: [], sealed: kept.sealed }] : []))
}

/** Whether a case of this process is about someone: it holds personal data or writes to a client. */
function concernsPeople({ process }: CurrentProcess): boolean {
  if (process.portal || Object.values(process.fields).some((field) => field.personal.length > 0)) return true
  const actions = Object.values(process.stages).flatMap((stage) => [
    ...stage.enter,
    ...stage.leave,
    ...stage.rules.flatMap((rule) => rule.actions),
  ])
  return actions.some(
    (action) => action.kind === 'erase client' || (action.kind === 'send' && action.to.kind === 'client'),
  )
}

function claim(set: WriteSet, caseId: string, request: RepeatableRequest | undefined, at: string): void {
  if (!request) return
  const { caller, key, bodyHash } = request
  set.requests.push({ case_id: caseId, caller, key, body_hash: bodyHash.toString('base64'), at })
}
