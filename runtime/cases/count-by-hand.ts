import { createHash } from 'node:crypto'
import type { Actor, Event } from '../../engine/case.ts'
import type { LogEntry } from '../../engine/decision.ts'
import type { Caller, CountOrder } from '../http/ports.ts'
import { ownWords } from '../mail/own-words.ts'
import type { Incoming } from '../mail/parse.ts'
import { type Reasoning, whyInWords } from '../mail/why.ts'
import { Refusal } from '../refusal.ts'
import { loadLetters, loadMessage, type StoredLetter, type StoredMessage } from '../store/correspondence.ts'
import type { Database } from '../store/database.ts'
import type { WriteSet } from '../store/write-set.ts'
import type { Holder, Vault } from '../vault/vault.ts'
import type { LoadedCase } from './assemble.ts'
import { type KeptMessage, messagePlace, readKept } from './correspondence.ts'
import { countedOnce } from './counted-once.ts'

/** No case has more that anybody would answer. */
const mostLetters = 1_000

/** A message as a person lets it count: the event it becomes, and what is stored with it. */
export interface CountedByHand {
  readonly event: (actor: Actor) => Event
  /** `log` is what came of it in the case's history. */
  also(set: WriteSet, at: string, log: readonly LogEntry[]): void
}

export interface CountingParts {
  readonly db: Database
  readonly vault: Vault
  fallback(): Holder
}

/**
 * Lets a message that did not count be the client's answer all the same, since a person knows more than the checks: that
 * the client has called, or writes from a new address. What a machine sent is never anyone's answer, and is refused.
 * Nothing where the same person has let it count for the same reason before.
 */
export async function countByHand(
  loaded: LoadedCase,
  by: Caller,
  key: Buffer,
  what: CountOrder,
  parts: CountingParts,
  mayUseInbox: boolean,
): Promise<CountedByHand | undefined> {
  const message = await loadMessage(parts.db.pool, key)
  const here = message?.caseId === loaded.row.caseId || (message?.caseId === null && mayUseInbox)
  if (!message || !here) throw noSuchMessage()
  const before = message.clientId ? loaded.holder : parts.fallback()
  if (!message.sealed || !before) throw new Refusal('nothing-to-do', 'the text of this message is no longer held')
  const kept = parts.vault.openRecord(before, messagePlace(key), message.sealed) as KeptMessage
  const person = by.kind === 'staff' ? by.person.id : ''
  if (kept.counted?.by === person && kept.counted.reason === what.reason) return undefined
  refuseUnfit(message)
  const raw = Buffer.from(kept.raw, 'base64')
  const incoming = await readKept(kept)
  const lines = incoming.malformed ? [] : ownWords(incoming.text)
  if (lines.length === 0) {
    throw new Refusal(
      'nothing-to-do',
      'this message has no words of its own that can be read: nothing in it could count',
    )
  }
  const letter = letterOf(
    await loadLetters(parts.db.pool, loaded.row.caseId, { before: undefined, limit: mostLetters }),
    message,
    what,
  )
  const counted = { by: person, reason: what.reason, note: what.note }
  const evidence = evidenceOf(letter, incoming, raw, { lines, counted, reasoning: message.reasoning })
  return {
    event: (actor) => ({
      type: 'reply',
      by: actor,
      letter: letter.letter,
      lines,
      evidence,
      because: `counted by hand: ${what.reason}`,
    }),
    also: (set, at, log) => {
      settle(set, loaded, message, letter, log)
      reseal(set, loaded, message, { ...kept, counted }, parts)
      set.requests.push(countedOnce(loaded.row.caseId, key, at))
    },
  }
}

export function noSuchMessage(): Refusal {
  return new Refusal('not-found', 'there is no message with this id here that you may see')
}

const machines: Readonly<Record<string, string>> = {
  'auto-reply': 'a machine answered by itself',
  bounce: 'a mail server says that a letter did not arrive',
  list: 'it was sent to many',
  malformed: 'it can not be read',
}

function refuseUnfit({ status, class: kind, reasoning }: StoredMessage): void {
  if (status === 'new') throw new Refusal('conflict', 'this message is being read: try again in a moment')
  if (status === 'counted') throw new Refusal('nothing-to-do', 'this message counts already')
  const own = reasoning?.why.code === 'ownCopy' ? 'it is a letter of our own' : undefined
  const machine = machines[kind ?? ''] ?? own
  if (machine) {
    throw new Refusal('not-allowed', `this message is nobody’s answer (${machine}): no person can let it count`)
  }
}

/** The letter that the message named with a mark that holds; else the one a person names, or the only one that went out. */
function letterOf(letters: readonly StoredLetter[], message: StoredMessage, what: CountOrder): StoredLetter {
  const sent = letters.filter(({ status }) => status === 'sent')
  const named = message.caseId === null ? undefined : message.reasoning?.letter
  const wanted = named ?? (what.letter === undefined ? undefined : Number(what.letter))
  const found = wanted === undefined ? sent.length === 1 && sent[0] : sent.find(({ seq }) => seq === wanted)
  if (found) return found
  const because =
    sent.length === 0
      ? 'no letter of this case has gone out: there is nothing to answer'
      : 'say which letter of this case it answers: `letter` is the id of one that was sent'
  throw new Refusal('invalid-value', because, { fields: ['letter'] })
}

function evidenceOf(
  letter: StoredLetter,
  incoming: Incoming,
  raw: Buffer,
  what: {
    lines: readonly string[]
    counted: { by: string; reason: string; note: string }
    reasoning: Reasoning | null
  },
) {
  const proof = what.reasoning?.checks.find(({ check }) => check === 'proof')?.why
  return {
    channel: 'letter',
    letter: letter.letter,
    letterSeq: letter.seq,
    messageId: incoming.messageId ?? null,
    sha256: createHash('sha256').update(raw).digest('hex'),
    authentication: proof ? whyInWords(proof, 'en') : null,
    checks: what.reasoning?.checks ?? [],
    words: what.lines,
    counted: what.counted,
    note: what.counted.note,
  }
}

function settle(
  set: WriteSet,
  { row }: LoadedCase,
  message: StoredMessage,
  { letter, seq }: StoredLetter,
  log: readonly LogEntry[],
): void {
  const reasoning: Reasoning = {
    why: { code: 'byHand', name: letter },
    checks: message.reasoning?.checks ?? [],
    letter: seq,
  }
  set.settled.push({
    case_id: row.caseId,
    message_key: message.key.toString('base64'),
    class: 'reply',
    status: 'counted',
    because: whyInWords(reasoning.why, 'en'),
    reasoning,
    entry: log[0]?.seq,
    last_entry: log.at(-1)?.seq,
    ...(row.client ? { client_id: row.client.clientId } : {}),
  })
}

/** Under the key of its client from now on: erased with them. */
function reseal(
  set: WriteSet,
  { row, holder }: LoadedCase,
  message: StoredMessage,
  kept: KeptMessage,
  { vault, fallback }: CountingParts,
): void {
  const sealed = vault.sealRecord(holder ?? fallback(), messagePlace(message.key), kept)
  set.resealed.push({
    case_id: row.caseId,
    message_key: message.key.toString('base64'),
    client_id: holder ? (row.client?.clientId ?? null) : null,
    sealed: sealed.toString('base64'),
  })
}
