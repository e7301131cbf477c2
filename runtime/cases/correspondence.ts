import { createHash } from 'node:crypto'
import type { Caller, FileView, LetterView, MessageView } from '../http/ports.ts'
import { type Composed, TemplateError } from '../mail/compose.ts'
import { readMarkdown } from '../mail/markdown.ts'
import { type Incoming, parse, tooLarge } from '../mail/parse.ts'
import { plainText } from '../mail/plain-text.ts'
import { whyInAll } from '../mail/why.ts'
import { loadLetters, loadMessages, type StoredLetter, type StoredMessage } from '../store/correspondence.ts'
import type { Database } from '../store/database.ts'
import type { Holder, Vault } from '../vault/vault.ts'
import type { LoadedCase } from './assemble.ts'
import { type KeptLetter, letterPlace, wordsOf } from './postman.ts'
import type { RunningProcess } from './versions.ts'

/** Bytes of an unreadable message that are shown as they are. */
const shownRaw = 5_000

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

/** The key of a message by its id; of what is none, that of no message. */
export function messageKey(id: string): Buffer {
  return /^[0-9a-f]{64}$/.test(id) ? Buffer.from(id, 'hex') : Buffer.alloc(0)
}

/** The letters and messages of a case, for those who may see it. */
export async function correspondenceOf(
  loaded: LoadedCase,
  _by: Caller,
  { db, vault }: { readonly db: Database; readonly vault: Vault },
): Promise<{ letters: readonly LetterView[]; messages: readonly MessageView[] }> {
  const { caseId } = loaded.row
  const [letters, messages] = await Promise.all([loadLetters(db.pool, caseId), loadMessages(db.pool, caseId)])
  return {
    letters: letters.map((letter) => letterView(letter, loaded, vault)),
    messages: await Promise.all(messages.map((message) => messageView(message, loaded.holder, vault))),
  }
}

function letterView(letter: StoredLetter, { running, holder }: LoadedCase, vault: Vault): LetterView {
  const common = {
    id: String(letter.seq),
    name: letter.letter,
    at: letter.at,
    status: letter.status,
    ...(letter.because ? { because: letter.because } : {}),
  }
  if (!letter.sealed || !holder) return common
  const kept = vault.openRecord(holder, letterPlace(letter.caseId, letter.seq), letter.sealed) as KeptLetter
  const words = readableWords(kept, letter, running)
  if (!words) return common
  const attachments = words.attachments.map(({ title }) => title)
  return {
    ...common,
    content: { to: kept.to, subject: words.subject, text: plainText(readMarkdown(words.markdown)), attachments },
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

/** The message as it came, byte by byte. */
export function rawMessage(
  { key, sealed }: StoredMessage,
  holder: Holder | undefined,
  vault: Vault,
): FileView | undefined {
  if (!sealed || !holder) return undefined
  const kept = vault.openRecord(holder, messagePlace(key), sealed) as KeptMessage
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

export async function messageView(
  message: StoredMessage,
  holder: Holder | undefined,
  vault: Vault,
): Promise<MessageView> {
  const common = {
    id: message.key.toString('hex'),
    at: message.at,
    counted: message.status === 'counted',
    because: becauseOf(message),
    ...(message.class ? { class: message.class } : {}),
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
    return {
      ...common,
      ...evidence,
      content: { from: '', subject: 'a message that can not be read', text: raw.toString('latin1', 0, shownRaw) },
    }
  }
  return {
    ...common,
    ...evidence,
    content: {
      from: incoming.from.map(({ address }) => address).join(', '),
      subject: incoming.subject,
      text: incoming.text,
    },
  }
}
