import { createHash } from 'node:crypto'
import type { LogEntry } from '../../engine/decision.ts'
import { timeCursor } from '../cursor.ts'
import type { Correspondence, FileView, LetterView, MessageView } from '../http/ports.ts'
import { type Composed, TemplateError } from '../mail/compose.ts'
import { deliveryReport } from '../mail/delivery-report.ts'
import { readMarkdown } from '../mail/markdown.ts'
import { type Incoming, type Message, parse, tooLarge } from '../mail/parse.ts'
import { plainText } from '../mail/plain-text.ts'
import { findReference } from '../mail/reference.ts'
import { unquoted } from '../mail/unquoted.ts'
import { whyInAll } from '../mail/why.ts'
import { loadLetters, loadMessages, type StoredLetter, type StoredMessage } from '../store/correspondence.ts'
import type { Database } from '../store/database.ts'
import { loadHistoryBetween } from '../store/history.ts'
import type { Holder, Vault } from '../vault/vault.ts'
import type { LoadedCase } from './assemble.ts'
import { checkClientLinks, withoutClientLinks } from './client-links.ts'
import { type KeptLetter, letterPlace, wordsOf } from './postman.ts'
import type { RunningProcess, Versions } from './versions.ts'

/** Bytes of an unreadable message that are shown as they are. */
const shownRaw = 5_000
const longestPage = 200

interface Parts {
  readonly db: Database
  readonly vault: Vault
  readonly versions: Versions
  personName(id: string): string
}

/** A message as it lies in the vault: whole, as it came. */
export interface KeptMessage {
  /** Base64. */
  readonly raw: string
  /** It was larger than can be read: `raw` is how it begins. */
  readonly cut?: true
  /** Who let it count though its checks had failed, and why. */
  readonly counted?: { readonly by: string; readonly reason: string; readonly note: string }
}

export function messagePlace(key: Buffer): string {
  return `message ${key.toString('hex')}`
}

export function rawOf(message: StoredMessage, holder: Holder, vault: Vault): Buffer {
  const kept = vault.openRecord(holder, messagePlace(message.key), message.sealed as Buffer) as KeptMessage
  return Buffer.from(kept.raw, 'base64')
}

/** The key of a message by its id; of what is none, that of no message. */
export function messageKey(id: string): Buffer {
  return /^[0-9a-f]{64}$/.test(id) ? Buffer.from(id, 'hex') : Buffer.alloc(0)
}

/** The newest letters and messages of a case, for those who may see it. */
export async function correspondenceOf(
  loaded: LoadedCase,
  page: { readonly after?: string; readonly limit?: number },
  parts: Parts,
): Promise<Correspondence> {
  const { caseId } = loaded.row
  const limit = Math.min(page.limit ?? 100, longestPage)
  const part = { before: timeCursor(page.after), limit: limit + 1 }
  const [letters, messages] = await Promise.all([
    loadLetters(parts.db.pool, caseId, part),
    loadMessages(parts.db.pool, caseId, part),
  ])
  const { since, more } = newest([...letters, ...messages], limit)
  const shownLetters = letters.filter(({ at }) => at >= since).sort((a, b) => a.seq - b.seq)
  const shownMessages = messages.filter(({ at }) => at >= since).reverse()
  return {
    letters: await Promise.all(shownLetters.map((letter) => letterView(letter, loaded, parts))),
    messages: await Promise.all(shownMessages.map((message) => messageOf(message, loaded, parts))),
    ...(more ? { next: since } : {}),
  }
}

/** How far back a page of so many goes; what came at the same moment is not torn apart. */
function newest(all: readonly { readonly at: string }[], limit: number): { since: string; more: boolean } {
  const times = all
    .map(({ at }) => at)
    .sort()
    .reverse()
  const since = times[limit - 1] ?? times.at(-1) ?? ''
  return { since, more: times.some((at) => at < since) }
}

export async function letterView(
  letter: StoredLetter,
  { row, holder }: LoadedCase,
  { vault, versions, personName }: Parts,
): Promise<LetterView> {
  const common = {
    id: String(letter.seq),
    name: letter.letter,
    at: letter.at,
    status: letter.status,
    ...(letter.because ? { because: letter.because } : {}),
    ...(letter.tries > 0 ? { tries: letter.tries } : {}),
    ...(letter.status === 'waiting' && letter.againAt ? { againAt: letter.againAt } : {}),
    ...(letter.code ? { code: letter.code } : {}),
  }
  if (!letter.sealed || !holder) return common
  const kept = vault.openRecord(holder, letterPlace(letter.caseId, letter.seq), letter.sealed) as KeptLetter
  const words = readableWords(kept, letter, await versions.decidedBy(kept.definition, row))
  if (!words) return common
  const { hand } = kept
  const files = hand?.files.map(({ name, type, size }) => ({ name, type, size }))
  const attachments = [...words.attachments.map(({ title }) => title), ...(files ?? []).map(({ name }) => name)]
  const text = plainText(readMarkdown(words.markdown))
  return {
    ...common,
    ...(hand ? { by: personName(hand.by) } : {}),
    content: { to: kept.to, subject: words.subject, text, attachments, ...(files ? { files } : {}) },
  }
}

/** A template that is broken says so where the letter is sent; here the letter is shown without its words. */
function readableWords(kept: KeptLetter, { letter }: StoredLetter, running: RunningProcess): Composed | undefined {
  try {
    return wordsOf(kept, letter, running)
  } catch (error) {
    if (error instanceof TemplateError) return undefined
    throw error
  }
}

/** A kept message, read; one that was too large to be kept whole stays unreadable. */
export async function readKept(kept: KeptMessage): Promise<Incoming> {
  return kept.cut ? tooLarge : parse(Buffer.from(kept.raw, 'base64'))
}

/** Whether a person may let it count: what a machine sent, and what counts already, may not. */
export function mayCount({ status, class: kind, reasoning, sealed }: StoredMessage): boolean {
  return status === 'kept' && sealed !== null && !machines.has(kind ?? '') && reasoning?.why.code !== 'ownCopy'
}

const machines = new Set(['auto-reply', 'bounce', 'list', 'malformed'])

/** The message as it came, byte by byte; undefined where it is no longer held. Refused where it holds what only `mayErase` may have. */
export async function rawMessage(
  { key, sealed }: StoredMessage,
  holder: Holder | undefined,
  vault: Vault,
  mayErase: boolean,
): Promise<FileView | undefined> {
  if (!sealed || !holder) return undefined
  const kept = vault.openRecord(holder, messagePlace(key), sealed) as KeptMessage
  checkClientLinks(mayErase, await readKept(kept))
  return {
    name: `message-${key.toString('hex').slice(0, 16)}.eml`,
    type: 'message/rfc822',
    content: Buffer.from(kept.raw, 'base64'),
  }
}

/** What failed for good while it was judged, or was judged by an earlier version, is told in English alone. */
function becauseOf({ reasoning, because }: StoredMessage): Readonly<Record<string, string>> {
  if (reasoning) return whyInAll(reasoning.why)
  return because === null ? { en: 'it is being read', pl: 'jest właśnie czytana' } : { en: because }
}

/** A message within its case: with the letter it refers to, and what came of it. */
async function messageOf(message: StoredMessage, { row, holder }: LoadedCase, parts: Parts): Promise<MessageView> {
  const { db, vault } = parts
  const [view, outcome] = await Promise.all([
    messageView(message, holder, vault, row.caseId),
    outcomeOf(message, row.caseId, db),
  ])
  return { ...view, ...(outcome ? { outcome } : {}) }
}

/** What a message that counted brought about, as the case's history has it. */
async function outcomeOf(
  { entry, lastEntry }: StoredMessage,
  caseId: string,
  db: Database,
): Promise<MessageView['outcome'] | undefined> {
  if (entry === null || lastEntry === null) return undefined
  const entries = await loadHistoryBetween(db.pool, caseId, entry, lastEntry)
  const to = entries.findLast(movesOn)?.to
  const consents = entries.flatMap(({ type, purpose, decision }) =>
    type === 'consent' && purpose && decision ? [{ purpose, decision }] : [],
  )
  return { consents, ...(to ? { to } : {}) }
}

function movesOn({ from, to }: LogEntry): boolean {
  return from !== undefined && to !== undefined && from !== to
}

/** `caseId` is the case it is shown in, if it is in one. */
export async function messageView(
  message: StoredMessage,
  holder: Holder | undefined,
  vault: Vault,
  caseId?: string,
): Promise<MessageView> {
  const common = {
    id: message.key.toString('hex'),
    at: message.at,
    counted: message.status === 'counted',
    because: becauseOf(message),
    ...(message.status !== 'new' && message.class ? { class: message.class } : {}),
    ...(message.reasoning ? { why: message.reasoning.why } : {}),
    ...(message.because === null ? { reading: true as const } : {}),
    checks: (message.reasoning?.checks ?? []).map(({ check, result, why }) => ({
      check,
      result,
      ...(why ? { because: whyInAll(why) } : {}),
    })),
    namesLetter: message.reasoning?.letter !== undefined,
    mayCount: mayCount(message),
  }
  if (!message.sealed || !holder) return common
  const kept = vault.openRecord(holder, messagePlace(message.key), message.sealed) as KeptMessage
  const raw = Buffer.from(kept.raw, 'base64')
  const incoming = await readKept(kept)
  const evidence = {
    size: raw.length,
    sha256: createHash('sha256').update(raw).digest('hex'),
    ...(kept.counted ? { countedFor: { reason: kept.counted.reason, note: kept.counted.note } } : {}),
  }
  if (incoming.malformed) {
    const text = raw.toString('latin1', 0, shownRaw)
    const subject = 'a message that can not be read'
    return { ...common, ...evidence, content: { from: '', subject, text, own: text, attachments: [], html: false } }
  }
  return { ...common, ...evidence, ...placeOf(incoming, vault, caseId), content: contentOf(incoming, message.class) }
}

function placeOf(incoming: Message, vault: Vault, caseId: string | undefined): Pick<MessageView, 'answers' | 'byHand'> {
  if (caseId === undefined) return {}
  const { reference } = findReference(incoming, vault.master.letters)
  return reference?.caseId === caseId ? { answers: String(reference.seq) } : { byHand: true }
}

function contentOf(incoming: Message, kind: string | null): MessageView['content'] {
  const { from, subject, attachments, html } = incoming
  const text = withoutClientLinks(incoming.text)
  const delivery = kind === 'bounce' ? deliveryReport(incoming)?.code : undefined
  return {
    from: from.map(({ address }) => address).join(', '),
    subject,
    text,
    own: unquoted(text),
    attachments: attachments.map(({ name, type, content }) => ({ name, type, size: content.length })),
    html: html !== undefined,
    ...(delivery ? { delivery } : {}),
  }
}
