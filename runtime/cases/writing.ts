import { visibleFields } from '../../engine/index.ts'
import { own } from '../../engine/named.ts'
import { hasBasis } from '../../engine/reach.ts'
import type { Looks, Shown } from '../audit/looks.ts'
import type { Clock } from '../clock.ts'
import type {
  Caller,
  CaseLink,
  Desk,
  Draft,
  DraftView,
  FileView,
  LetterOrder,
  LetterView,
  UploadView,
  Writing,
} from '../http/ports.ts'
import { compose, TemplateError } from '../mail/compose.ts'
import { type Message, parse } from '../mail/parse.ts'
import { letterHtml } from '../mail/render.ts'
import { safePage } from '../mail/safe-page.ts'
import { Refusal } from '../refusal.ts'
import { loadLetter, loadLetters, loadMessage } from '../store/correspondence.ts'
import { type Database, isAway, unavailable } from '../store/database.ts'
import { dropDraft, loadDraft, loadDraftsOf, loadWriters, saveDraft } from '../store/drafts.ts'
import { dropUpload } from '../store/uploads.ts'
import type { Holder, Vault } from '../vault/vault.ts'
import type { LoadedCase } from './assemble.ts'
import type { CaseService } from './cases.ts'
import { checkClientLinks, withoutClientLinks } from './client-links.ts'
import { letterView, rawOf } from './correspondence.ts'
import {
  addressFor,
  byHand,
  checkPurpose,
  checkWords,
  type HandWritten,
  holderFor,
  type KeptFile,
  wrong,
} from './letter-by-hand.ts'
import { type KeptLetter, letterPlace, postByHand } from './postman.ts'
import { remark } from './remark.ts'
import { doneBefore, repeatable } from './requests.ts'
import { actorOf, cardRights } from './rights.ts'
import type { Road } from './road.ts'
import { keptWhole } from './shown.ts'
import { checkFiles, keepUpload, openFiles, unusedFiles } from './uploads.ts'
import type { Versions } from './versions.ts'

export interface WritingParts {
  readonly db: Database
  readonly vault: Vault
  readonly versions: Versions
  readonly road: Road
  readonly clock: Clock
  readonly cases: CaseService
  readonly looks: Looks
  /** Told that something on the case's page has changed. */
  changed(caseId: string, process: string): void
  personName(id: string): string
}

/** Letters that people write themselves: by whoever may edit the case, on the one road, kept under their client's key. */
export class WritingService implements Writing {
  readonly #parts: WritingParts

  constructor(parts: WritingParts) {
    this.#parts = parts
  }

  desk(by: Caller, id: string): Promise<Desk> {
    return this.#away(async () => {
      const { cases, db } = this.#parts
      const loaded = await cases.visible(by, id)
      const because = this.#whyNot(by, loaded)
      const writers = (await loadWriters(db.pool, id)).filter(({ personId }) => personId !== idOf(by))
      const others = writers.map(({ personId, at }) => ({ name: this.#parts.personName(personId), at }))
      if (because) return { because, recipients: [], templates: [], purposes: [], documents: [], writers: others }
      const documents = (await cases.documents(by, id)).filter((document) => document.because === undefined)
      const draft = await this.#draft(by, loaded)
      const recipients = recipientsOf(loaded, this.#sees(by, loaded))
      await this.#parts.looks.saw(by, [addressesShown(loaded, recipients)])
      return {
        recipients,
        templates: templatesOf(loaded),
        purposes: purposesOf(loaded),
        documents: documents.map(({ seq, title }) => ({ seq, title })),
        ...(draft ? { draft } : {}),
        writers: others,
      }
    })
  }

  send(by: Caller, id: string, letter: LetterOrder, key?: string): Promise<LetterView> {
    return this.#away(async () => {
      checkWords(letter)
      const { db, vault } = this.#parts
      const request = repeatable(by, key, { id, ...letter }, vault.master)
      const loaded = await this.#parts.cases.writable(by, id)
      if (request && (await doneBefore(db, request))) return this.#sentUnder(loaded, request.key)
      const hand = await this.#hand(by, loaded, letter, key)
      try {
        return await this.#view(loaded, await this.#post(by, id, letter, hand, request))
      } catch (error) {
        // The same request may have gone through meanwhile: the refusal of this one is then no answer.
        if (request && error instanceof Refusal && (await doneBefore(db, request)))
          return this.#sentUnder(loaded, request.key)
        throw error
      }
    })
  }

  async #post(
    by: Caller,
    caseId: string,
    { to, purpose }: LetterOrder,
    hand: HandWritten,
    request: ReturnType<typeof repeatable>,
  ): Promise<number> {
    const { road, versions, cases, vault } = this.#parts
    const actor = actorOf(by, versions.definition())
    let posted:
      | { loaded: LoadedCase; holder: Holder; to: string; toClient: boolean; seq: number; at: string }
      | undefined
    await road.happen({
      caseId,
      event: 'letter by hand',
      decide: (loaded, now) => {
        cases.mayWrite(by, loaded)
        const holder = holderFor(loaded)
        checkPurpose(loaded, purpose)
        const decision = remark(
          loaded.state,
          { type: 'letter by hand', by: actor, ...(purpose ? { purpose } : {}) },
          now,
        )
        const toClient = !to?.includes('@')
        posted = { loaded, holder, to: addressFor(loaded, to), toClient, seq: decision.state.seq, at: now }
        return decision
      },
      also: (set) => {
        if (!posted) return
        const { loaded, holder, ...letter } = posted
        postByHand(set, loaded, holder, { ...letter, purpose }, hand, vault)
        set.drafted.push({ case_id: caseId, person_id: hand.by })
        if (!request) return
        const { caller, key, bodyHash } = request
        set.requests.push({ case_id: caseId, caller, key, body_hash: bodyHash.toString('base64'), at: letter.at })
      },
    })
    return (posted as NonNullable<typeof posted>).seq
  }

  async #hand(by: Caller, loaded: LoadedCase, letter: LetterOrder, key: string | undefined): Promise<HandWritten> {
    const holder = holderFor(loaded)
    addressFor(loaded, letter.to)
    checkPurpose(loaded, letter.purpose)
    const brought = await unusedFiles(loaded.row.caseId, idOf(by), letter.files ?? [], holder, this.#parts)
    const thread = letter.answers === undefined ? undefined : await this.#thread(loaded, letter.answers)
    const documents = await this.#documents(by, loaded, letter.documents ?? [], brought)
    return {
      by: idOf(by),
      subject: letter.subject.trim(),
      markdown: letter.body,
      files: [...documents, ...brought],
      ...(thread ? { thread } : {}),
      ...(key ? { request: key } : {}),
    }
  }

  /** Documents go as they are now: what the case writes later, or withdraws, changes no letter that was sent. */
  async #documents(
    by: Caller,
    loaded: LoadedCase,
    numbers: readonly number[],
    brought: readonly KeptFile[],
  ): Promise<KeptFile[]> {
    const { cases } = this.#parts
    const { caseId } = loaded.row
    const files: FileView[] = []
    for (const seq of new Set(numbers)) files.push(await cases.document(by, caseId, String(seq)))
    checkFiles([...brought, ...files.map(({ name, type, content }) => ({ id: '', name, type, size: content.length }))])
    const kept: KeptFile[] = []
    for (const { name, content } of files) kept.push(await this.#keep(by, loaded, { name, content }))
    return kept
  }

  async #thread(loaded: LoadedCase, message: string): Promise<HandWritten['thread']> {
    const { messageId, references } = await this.#message(loaded, message)
    if (!messageId) return undefined
    return { messageId, references: references.filter((one) => one !== messageId).slice(-20) }
  }

  template(by: Caller, id: string, name: string): Promise<{ subject: string; body: string; purpose?: string }> {
    return this.#away(async () => {
      const loaded = await this.#parts.cases.writable(by, id)
      const { definition, process } = loaded.running
      if (!templatesOf(loaded).includes(name))
        throw wrong('template', `\`${process.name}\` sends no letter \`${name}\``)
      const state = this.#asSeen(by, loaded)
      const language = loaded.row.client?.language ?? 'en'
      try {
        const { subject, markdown } = compose(definition, name, { process, state, language, documents: [] })
        const purpose = own(definition.letters, name)?.purpose
        await this.#saw(by, loaded, 'letters')
        return { subject, body: markdown, ...(purpose ? { purpose } : {}) }
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error
        throw wrong('template', `the letter \`${name}\` can't be filled in: ${error.message}`)
      }
    })
  }

  markup(markdown: string): string {
    return letterHtml(markdown)
  }

  keepDraft(by: Caller, id: string, draft: Draft): Promise<DraftView | undefined> {
    return this.#away(async () => {
      const { db, vault, clock } = this.#parts
      const loaded = await this.#parts.cases.writable(by, id)
      const holder = holderFor(loaded)
      const at = clock.now()
      const personId = idOf(by)
      const sealed = vault.sealRecord(holder, draftPlace(id, personId), draft)
      const request = { caller: `staff:${personId}`, key: draft.key }
      const before = await loadWriters(db.pool, id)
      const row = { caseId: id, personId, clientId: holder.clientId, at, sealed, request }
      if (!(await saveDraft(db.pool, row))) return undefined
      // Others learn that somebody has begun to write, not of each word.
      if (!before.some((one) => one.personId === personId)) this.#parts.changed(id, loaded.row.process)
      return { ...draft, at }
    })
  }

  discardDraft(by: Caller, id: string): Promise<void> {
    return this.#away(async () => {
      const { row } = await this.#parts.cases.visible(by, id)
      await dropDraft(this.#parts.db.pool, id, idOf(by))
      this.#parts.changed(id, row.process)
    })
  }

  drafts(by: Caller): Promise<readonly { readonly case: CaseLink; readonly at: string }[]> {
    return this.#away(async () => {
      const begun = await loadDraftsOf(this.#parts.db.pool, idOf(by), 20)
      const found = await Promise.all(
        begun.map(async ({ caseId, at }) => {
          const link = await this.#link(by, caseId)
          return link ? [{ case: link, at }] : []
        }),
      )
      return found.flat()
    })
  }

  upload(by: Caller, id: string, file: { readonly name: string; readonly content: Buffer }): Promise<UploadView> {
    return this.#away(async () => this.#keep(by, await this.#parts.cases.writable(by, id), file))
  }

  removeUpload(by: Caller, id: string, upload: string): Promise<void> {
    return this.#away(async () => {
      await this.#parts.cases.visible(by, id)
      await dropUpload(this.#parts.db.pool, id, idOf(by), upload)
    })
  }

  letterFile(by: Caller, id: string, letter: string, position: number): Promise<FileView> {
    return this.#away(async () => {
      const loaded = await this.#parts.cases.visible(by, id)
      const { db, vault } = this.#parts
      const stored = /^[1-9]\d{0,8}$/.test(letter) ? await loadLetter(db.pool, id, Number(letter)) : undefined
      if (!stored?.sealed || !loaded.holder) throw noFile()
      const kept = vault.openRecord(loaded.holder, letterPlace(id, stored.seq), stored.sealed) as KeptLetter
      const file = kept.hand?.files[position]
      const [opened] = (file && (await openFiles(id, [file], loaded.holder, this.#parts))) ?? []
      if (!opened) throw noFile()
      await this.#saw(by, loaded, 'letters')
      return opened
    })
  }

  messageFile(by: Caller, id: string, message: string, position: number): Promise<FileView> {
    return this.#away(async () => {
      const loaded = await this.#parts.cases.visible(by, id)
      const incoming = await this.#message(loaded, message)
      const file = incoming.attachments[position]
      if (!file) throw noFile()
      checkClientLinks(this.#parts.cases.mayErase(by, loaded), { ...incoming, text: '', html: '', attachments: [file] })
      await this.#saw(by, loaded, 'messages')
      // As bytes, whatever its sender says it is: nothing of it is to run here.
      return { name: file.name || 'file', type: 'application/octet-stream', content: file.content }
    })
  }

  messagePage(by: Caller, id: string, message: string): Promise<string> {
    return this.#away(async () => {
      const loaded = await this.#parts.cases.visible(by, id)
      const { html } = await this.#message(loaded, message)
      if (html === undefined) throw new Refusal('not-found', 'this message has no page of its own')
      await this.#saw(by, loaded, 'messages')
      return safePage(withoutClientLinks(html), loaded.row.client?.language ?? 'en')
    })
  }

  #saw(by: Caller, loaded: LoadedCase, what: 'letters' | 'messages'): Promise<void> {
    return this.#parts.looks.saw(by, [keptWhole(loaded, what)])
  }

  /** A message of this case, read. */
  async #message({ row, holder }: LoadedCase, id: string): Promise<Message> {
    const { db, vault } = this.#parts
    const stored = isMessageId(id) ? await loadMessage(db.pool, Buffer.from(id, 'hex')) : undefined
    if (stored?.caseId !== row.caseId || !stored.sealed || !holder) throw noMessage()
    const incoming = await parse(rawOf(stored, holder, vault))
    if (incoming.malformed) throw noMessage()
    return incoming
  }

  #keep(by: Caller, loaded: LoadedCase, file: { readonly name: string; readonly content: Buffer }): Promise<KeptFile> {
    const place = { caseId: loaded.row.caseId, personId: idOf(by), holder: holderFor(loaded) }
    return keepUpload(file, { ...place, now: this.#parts.clock.now() }, this.#parts)
  }

  async #draft(by: Caller, { row, holder }: LoadedCase): Promise<DraftView | undefined> {
    const { db, vault } = this.#parts
    const stored = holder && (await loadDraft(db.pool, row.caseId, idOf(by)))
    if (!holder || !stored) return undefined
    const draft = vault.openRecord(holder, draftPlace(row.caseId, stored.personId), stored.sealed) as Draft
    return { ...draft, at: stored.at }
  }

  #whyNot(by: Caller, loaded: LoadedCase): string | undefined {
    try {
      this.#parts.cases.mayWrite(by, loaded)
      holderFor(loaded)
      return undefined
    } catch (error) {
      if (error instanceof Refusal) return error.because
      throw error
    }
  }

  /** What of the case this caller may see now: a template must not tell them more. */
  #asSeen(by: Caller, loaded: LoadedCase): LoadedCase['state'] {
    const { state } = loaded
    const visible = this.#sees(by, loaded)
    const values = Object.fromEntries(Object.entries(state.values).filter(([name]) => visible.fields.has(name)))
    return { ...state, values, client: visible.card ? state.client : { consents: state.client.consents } }
  }

  #sees(by: Caller, { running, state }: LoadedCase): Seen {
    const definition = this.#parts.versions.definition()
    const viewer = actorOf(by, definition)
    const fields = visibleFields(running.machine, state, viewer.kind === 'staff' ? viewer : { kind: 'client' })
    return { fields: new Set(fields.keys()), card: cardRights(by, definition).has('see') }
  }

  async #link(by: Caller, caseId: string): Promise<CaseLink | undefined> {
    try {
      const { id, number, process } = await this.#parts.cases.get(by, caseId)
      return { id, number, process }
    } catch (error) {
      if (error instanceof Refusal && error.code === 'not-found') return undefined
      throw error
    }
  }

  async #view(loaded: LoadedCase, seq: number): Promise<LetterView> {
    const stored = await loadLetter(this.#parts.db.pool, loaded.row.caseId, seq)
    if (!stored) throw new Refusal('not-found', 'the letter is no longer held')
    return letterView(stored, loaded, this.#parts)
  }

  /** The letter that an earlier request under this key has sent. */
  async #sentUnder(loaded: LoadedCase, key: string): Promise<LetterView> {
    const { db, vault } = this.#parts
    const { holder, row } = loaded
    const stored = holder ? await loadLetters(db.pool, row.caseId, { before: undefined, limit: 200 }) : []
    const found = stored.find(({ letter, seq, sealed }) => {
      if (letter !== byHand || !sealed || !holder) return false
      const kept = vault.openRecord(holder, letterPlace(row.caseId, seq), sealed) as KeptLetter
      return kept.hand?.request === key
    })
    if (!found) throw new Refusal('not-found', 'the letter that was sent under this key is no longer held')
    return letterView(found, loaded, this.#parts)
  }

  async #away<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw isAway(error) ? unavailable() : error
    }
  }
}

interface Seen {
  readonly fields: ReadonlySet<string>
  readonly card: boolean
}

export function isMessageId(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text)
}

export function noMessage(): Refusal {
  return new Refusal('not-found', 'there is no message with this id here that you may read')
}

function noFile(): Refusal {
  return new Refusal('not-found', 'there is no such file here that you may open')
}

function draftPlace(caseId: string, personId: string): string {
  return `draft ${caseId} ${personId}`
}

/** Letters by hand are the staff's: a client has the portal and their own mail. */
function idOf(by: Caller): string {
  if (by.kind === 'staff') return by.person.id
  throw new Refusal('not-allowed', 'letters by hand are written by the people who work here')
}

function addressesShown({ row }: LoadedCase, recipients: Desk['recipients']): Shown {
  const fields = recipients.flatMap(({ to, address }) => (address ? [to === 'card' ? 'client.email' : to] : []))
  return { client: row.client?.clientId ?? null, case: row.caseId, fields }
}

/** The case's own addresses before the card's, as letters of the process prefer them. */
function recipientsOf({ running, state }: LoadedCase, { fields, card }: Seen): Desk['recipients'] {
  const ownOnes = Object.values(running.process.fields)
    .filter(({ type, name }) => type.kind === 'client email' && state.values[name])
    .map(({ name, title }) => ({
      to: name,
      title,
      ...(fields.has(name) ? { address: String(state.values[name]) } : {}),
    }))
  const onCard = state.client.email ? [{ to: 'card', ...(card ? { address: state.client.email } : {}) }] : []
  return [...ownOnes, ...onCard]
}

/** Those that the process sends, and those that no process does: to begin with, not to send as they are. */
function templatesOf({ running: { definition, process } }: LoadedCase): readonly string[] {
  const sentBy = ({ rules, stages }: LoadedCase['running']['process']) => [
    ...[...rules, ...Object.values(stages).flatMap((stage) => stage.rules)].flatMap(({ actions }) => actions),
    ...Object.values(stages).flatMap(({ enter, leave }) => [...enter, ...leave]),
  ]
  const lettersOf = (one: LoadedCase['running']['process']) =>
    new Set(sentBy(one).flatMap((action) => (action.kind === 'send' ? [action.letter] : [])))
  const here = lettersOf(process)
  const anywhere = new Set(Object.values(definition.processes).flatMap((one) => [...lettersOf(one)]))
  return Object.keys(definition.letters).filter((name) => here.has(name) || !anywhere.has(name))
}

function purposesOf({ running: { definition }, state }: LoadedCase): Desk['purposes'] {
  return Object.values(definition.purposes).map(({ name, title }) => ({
    name,
    title,
    holds: hasBasis(definition, name, state.client.consents),
  }))
}
