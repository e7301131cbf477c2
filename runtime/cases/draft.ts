import type { CaseState, Values } from '../../engine/case.ts'
import type { Accepted, Effect, LogEntry } from '../../engine/decision.ts'
import { inLanguage } from '../../engine/text.ts'
import type { CardValue } from '../clients/card.ts'
import { newId } from '../ids.ts'
import { reasonOf } from '../reasons.ts'
import type { CaseColumns, WriteSet } from '../store/write-set.ts'
import { withTrace } from '../trace.ts'
import type { LoadedCase } from './assemble.ts'
import { audienceOf } from './audience.ts'
import { addChild, addEnding, toldOf } from './children.ts'
import type { Courier } from './courier.ts'
import { dueAfter } from './due.ts'
import { type Filing, fileDocument, outOfReach } from './kept-document.ts'
import { lineageOf } from './lineage.ts'
import type { Postman } from './postman.ts'
import { purposesOf } from './purposes.ts'
import type { RunningProcess } from './versions.ts'

/** A decision about one case, ready to be stored. */
export interface Draft {
  readonly loaded: LoadedCase
  readonly decision: Accepted
  /** For a case that is not stored yet. */
  readonly fresh?: FreshCase
}

export interface FreshCase {
  readonly consentSeq: number | null
  readonly newClient?: {
    readonly wrapped: Buffer
    readonly pseudonym: string
    readonly language: string
    readonly card: readonly CardValue[]
  }
}

export interface Drafting extends Filing {
  readonly postman: Postman
  readonly courier: Courier
}

/** Adds to the write all that a decision changes: the case, its history, values, letters, calls, documents, notices and timers. */
export function addDraft(set: WriteSet, draft: Draft, drafting: Drafting): void {
  const { loaded, decision } = draft
  addCase(set, draft)
  for (const entry of decision.log) {
    set.history.push({ case_id: loaded.row.caseId, seq: entry.seq, at: entry.at, entry: storedEntry(entry) })
  }
  addValues(set, loaded, decision, drafting.vault)
  addTimers(set, loaded.row.caseId, decision.effects)
  addWithdrawn(set, draft)
  addEnding(set, loaded, decision.state.ended)
  addEffects(set, draft, drafting)
}

/** Effects in the order of their actions: what is said to the assignee goes to the one of that moment. */
function addEffects(set: WriteSet, { loaded, decision }: Draft, drafting: Drafting): void {
  const at = decision.log[0]?.at ?? decision.state.enteredAt
  const last = decision.effects.some((effect) => effect.type === 'erase client')
  let assignee = loaded.state.assignee ?? null
  for (const effect of decision.effects) {
    if (effect.type === 'letter') drafting.postman.post(set, loaded, effect, { at, last })
    if (effect.type === 'call') drafting.courier.take(set, loaded, effect, { at, last })
    if (effect.type === 'assign' && 'person' in effect.to) assignee = effect.to.person
    if (effect.type === 'notify') addNotice(set, loaded, effect, { at, assignee })
    if (effect.type === 'start') addChild(set, loaded, effect, lineageOf(loaded.row, decision), drafting)
    if (effect.type === 'write') fileDocument(set, loaded, effect, at, drafting)
  }
}

/**
 * Documents go with the purpose they were written for, and with that of the values in them; letters and calls that wait do not go
 * out (GDPR Art. 7(3), 17(1)(b)). Who moves the case is told to stop.
 */
function addWithdrawn(set: WriteSet, draft: Draft): void {
  const { loaded, decision } = draft
  const isHeld = underHold(loaded, decision)
  for (const { type, purpose, decision: decided, at } of decision.log) {
    if (type !== 'consent' || purpose === undefined || decided === undefined || decided === 'given') continue
    const { webhooks } = loaded.running.definition
    set.withdrawn.push({
      case_id: loaded.row.caseId,
      purpose,
      fields: outOfReach(loaded.running, decision.state, purpose),
      webhooks: Object.values(webhooks).flatMap((webhook) => (webhook.purpose === purpose ? [webhook.name] : [])),
      because: reasonOf('noConsent', { purpose }),
      held: isHeld,
      at,
    })
    if (decided === 'withdrawn') addStop(set, draft, purpose, at)
  }
}

/** Unless the case's own rules tell somebody. */
function addStop(set: WriteSet, { loaded, decision }: Draft, purpose: string, at: string): void {
  const { running, state } = loaded
  if (state.ended !== 'no' || decision.effects.some(({ type }) => type === 'notify')) return
  if (!purposesOf(running.process, running.definition).includes(purpose)) return
  const title = running.definition.purposes[purpose]?.title ?? {}
  const text = {
    en: `The client has withdrawn the consent to “${inLanguage(title, 'en')}”: stop what you do for it`,
    pl: `Klient wycofał zgodę na „${inLanguage(title, 'pl')}”: przerwij to, co robisz w tym celu`,
  }
  addNotice(set, loaded, { type: 'notify', to: { kind: 'movers' }, text, seq: 0 }, { at, assignee: null })
}

/** What of an entry is no column; of a person only who, not the roles they had. */
function storedEntry({ seq: _seq, at: _at, by, ...rest }: LogEntry): object {
  return { ...rest, by: by.kind === 'staff' ? { kind: by.kind, id: by.id } : by }
}

function addCase(set: WriteSet, draft: Draft): void {
  const { loaded, decision, fresh } = draft
  const { row, running } = loaded
  const { state } = decision
  const due = dueAfter(loaded, decision)
  if (due !== null && due === decision.log[0]?.at) addSweep(set, row.caseId)
  const columns: CaseColumns = {
    case_id: row.caseId,
    stage: state.stage,
    seq: state.seq,
    entered_at: state.enteredAt,
    ended: state.ended,
    assignee: state.assignee ?? null,
    state: storedState(state, running, toldOf(row, decision)),
    due_at: due,
  }
  if (!fresh) {
    set.updates.push({ ...columns, seq_was: row.seq })
    return
  }
  set.inserts.push({
    ...columns,
    number: row.number,
    process: row.process,
    version: row.version,
    definition_hash: row.definitionHash,
    client_id: row.client?.clientId ?? null,
    created_at: state.createdAt,
    parent: row.parent,
    consent_seq: fresh.consentSeq,
  })
  if (fresh.newClient && row.client) {
    set.clients.push({
      case_id: row.caseId,
      client_id: row.client.clientId,
      pseudonym: fresh.newClient.pseudonym,
      language: fresh.newClient.language,
      created_at: state.createdAt,
      wrapped: fresh.newClient.wrapped.toString('base64'),
    })
    for (const value of fresh.newClient.card) addCardValue(set, row.caseId, row.client.clientId, value)
  }
}

/** Something has to go at once. */
function addSweep(set: WriteSet, caseId: string): void {
  const payload = { caseId }
  set.jobs.push({ case_id: caseId, identifier: 'retention', payload, run_at: null, job_key: `retention ${caseId}` })
}

function addCardValue(set: WriteSet, case_id: string, client_id: string, { field, kept }: CardValue): void {
  if (!kept) return
  set.cards.push({ case_id, client_id, field, sealed: kept.sealed.toString('base64') })
  for (const hash of kept.hashes) set.lookups.push({ case_id, client_id, field, hash: hash.toString('base64') })
}

/** What goes into the case's own row: everything but personal values, which go into the vault. */
function storedState(state: CaseState, { process }: RunningProcess, told: number | undefined): object {
  const values: Record<string, unknown> = {}
  for (const [field, value] of Object.entries(state.values)) {
    if ((process.fields[field]?.personal.length ?? 0) === 0) values[field] = value
  }
  const { visited, timers, fired } = state
  return { values, visited, timers, fired, ...(told === undefined ? {} : { told }) }
}

function addValues(set: WriteSet, loaded: LoadedCase, decision: Accepted, vault: Drafting['vault']): void {
  const { row, running, holder } = loaded
  const clientId = row.client?.clientId
  if (!clientId) return
  const before = loaded.state.values
  const after = decision.state.values
  const erased = new Set(decision.effects.flatMap((effect) => (effect.type === 'erase' ? effect.fields : [])))
  for (const field of Object.values(running.process.fields)) {
    if (field.personal.length === 0) continue
    const value = after[field.name]
    if (value === undefined) {
      if (before[field.name] !== undefined) erased.add(field.name)
    } else if (holder && changed(before, after, field.name)) {
      const sealed = vault.sealValue(holder, row.caseId, field.name, value).toString('base64')
      set.values.push({ case_id: row.caseId, client_id: clientId, field: field.name, purposes: field.personal, sealed })
    }
  }
  const isHeld = underHold(loaded, decision)
  for (const field of erased) {
    if (after[field] !== undefined) continue
    const value = { case_id: row.caseId, client_id: clientId, field }
    if (isHeld) set.narrowed.push({ ...value, purposes: [] })
    else set.erased.push(value)
  }
}

/** Under a legal hold nothing is deleted: what would have gone is out of everybody's reach until the hold ends (GDPR Art. 17(3), 18). */
function underHold({ row }: LoadedCase, { log, state }: Accepted): boolean {
  const now = log[0]?.at ?? state.enteredAt
  return row.heldUntil !== null && Date.parse(row.heldUntil) > Date.parse(now)
}

function changed(before: Values, after: Values, field: string): boolean {
  const [old, now] = [before[field], after[field]]
  return Array.isArray(old) || Array.isArray(now) ? JSON.stringify(old) !== JSON.stringify(now) : old !== now
}

/** The last word on each timer counts: one set and cancelled in the same decision is only cancelled. */
function addTimers(set: WriteSet, caseId: string, effects: readonly Effect[]): void {
  const last = new Map<string, string | undefined>()
  for (const effect of effects) {
    if (effect.type === 'timer') last.set(effect.key, effect.due)
    if (effect.type === 'cancel timer') last.set(effect.key, undefined)
  }
  for (const [key, due] of last) {
    const jobKey = `timer ${caseId} ${key}`
    if (due === undefined) set.cancelled.push({ case_id: caseId, job_key: jobKey })
    else
      set.jobs.push({
        case_id: caseId,
        identifier: 'timer',
        payload: withTrace({ caseId, key, due }),
        run_at: due,
        job_key: jobKey,
      })
  }
}

function addNotice(
  set: WriteSet,
  { row, running }: LoadedCase,
  effect: Extract<Effect, { type: 'notify' }>,
  { at, assignee }: { readonly at: string; readonly assignee: string | null },
): void {
  set.notices.push({
    notice_id: newId(),
    case_id: row.caseId,
    at,
    audience: audienceOf(effect.to, running, assignee),
    text: effect.text,
    case_number: row.number,
    process: row.process,
  })
}
