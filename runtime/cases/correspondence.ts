import type { Caller, LetterView, MessageView } from '../http/ports.ts'
import { type Composed, TemplateError } from '../mail/compose.ts'
import { readMarkdown } from '../mail/markdown.ts'
import { parse } from '../mail/parse.ts'
import { plainText } from '../mail/plain-text.ts'
import { loadLetters, loadMessages, type StoredLetter, type StoredMessage } from '../store/correspondence.ts'
import type { Database } from '../store/database.ts'
import type { Holder, Vault } from '../vault/vault.ts'
import type { LoadedCase } from './assemble.ts'
import { type KeptLetter, letterPlace, wordsOf } from './postman.ts'
import type { RunningProcess, Versions } from './versions.ts'

/** Bytes of an unreadable message that are shown as they are. */
const shownRaw = 5_000

/** A message as it lies in the vault: whole, as it came. */
export interface KeptMessage {
  /** Base64. */
  readonly raw: string
}

export function messagePlace(key: Buffer): string {
  return `message ${key.toString('hex')}`
}

interface Reading {
  readonly db: Database
  readonly vault: Vault
  readonly versions: Versions
}

/** The letters and messages of a case, for those who may see it. */
export async function correspondenceOf(
  loaded: LoadedCase,
  _by: Caller,
  parts: Reading,
): Promise<{ letters: readonly LetterView[]; messages: readonly MessageView[] }> {
  const { caseId } = loaded.row
  const { db, vault } = parts
  const [letters, messages] = await Promise.all([loadLetters(db.pool, caseId), loadMessages(db.pool, caseId)])
  return {
    letters: await Promise.all(letters.map((letter) => letterView(letter, loaded, parts))),
    messages: await Promise.all(messages.map((message) => messageView(message, loaded.holder, vault))),
  }
}

async function letterView(
  letter: StoredLetter,
  { row, holder }: LoadedCase,
  { vault, versions }: Reading,
): Promise<LetterView> {
  const common = {
    id: String(letter.seq),
    name: letter.letter,
    at: letter.at,
    status: letter.status,
    ...(letter.because ? { because: letter.because } : {}),
  }
  if (!letter.sealed || !holder) return common
  const kept = vault.openRecord(holder, letterPlace(letter.caseId, letter.seq), letter.sealed) as KeptLetter
  const words = readableWords(kept, letter, await versions.decidedBy(kept.definition, row))
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

export async function messageView(
  message: StoredMessage,
  holder: Holder | undefined,
  vault: Vault,
): Promise<MessageView> {
  const common = {
    id: message.key.toString('hex'),
    at: message.at,
    counted: message.status === 'counted',
    because: message.because ?? 'it is being read',
  }
  if (!message.sealed || !holder) return common
  const kept = vault.openRecord(holder, messagePlace(message.key), message.sealed) as KeptMessage
  const raw = Buffer.from(kept.raw, 'base64')
  const incoming = await parse(raw)
  if (incoming.malformed) {
    return {
      ...common,
      content: { from: '', subject: 'a message that can not be read', text: raw.toString('latin1', 0, shownRaw) },
    }
  }
  return {
    ...common,
    content: {
      from: incoming.from.map(({ address }) => address).join(', '),
      subject: incoming.subject,
      text: incoming.text,
    },
  }
}
