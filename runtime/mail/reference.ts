import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Message } from './parse.ts'

/** Which letter: the history entry `seq` of a case (a UUID in lower case). */
export interface Reference {
  readonly caseId: string
  readonly seq: number
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'

/**
 * The reference that a letter carries and its answer brings back: `case.letter.mac`.
 * The case in base32 (26 characters), the letter in decimal, and the first 80 bits of an HMAC-SHA-256 over both (16
 * characters): no more than 60 of the 64 octets that RFC 5321 §4.5.3.1.1 leaves a local part, while `seq` is under 10^15.
 */
export function letterReference(reference: Reference, key: Buffer): string {
  const named = `${base32(uuidBytes(reference.caseId))}.${reference.seq}`
  return `${named}.${mac(named, key)}`
}

/** The letter that a reference names, where its mac holds under `key`; letters' case does not count. */
export function readReference(text: string, key: Buffer): Reference | undefined {
  const match = /^([a-z2-7]{26})\.(0|[1-9]\d{0,14})\.([a-z2-7]{16})$/.exec(text.toLowerCase())
  if (!match) return undefined
  const [, caseText, seqText, given] = match as unknown as [string, string, string, string]
  const expected = mac(`${caseText}.${seqText}`, key)
  if (!timingSafeEqual(Buffer.from(given), Buffer.from(expected))) return undefined
  const caseId = uuidOf(caseText)
  return caseId ? { caseId, seq: Number(seqText) } : undefined
}

/** The Message-ID of the letter, the same at each try. `reference` is what `letterReference` made. */
export function messageId(reference: string, domain: string): string {
  return `<${reference}@${domain}>`
}

/** The plus-address that an answer goes to. */
export function replyTo(mailbox: string, reference: string): string {
  const at = mailbox.lastIndexOf('@')
  if (at < 1) throw new Error('the mailbox must be an address with a domain')
  return `${mailbox.slice(0, at)}+${reference}${mailbox.slice(at)}`
}

/**
 * What a message says it answers: `reference` where one mac holds, `forged` where a reference of this form is there but no
 * mac holds (made up, damaged, or of another key).
 */
export interface FoundReference {
  readonly reference?: Reference
  readonly forged: boolean
}

/** Looks for a letter's reference in In-Reply-To, References (the newest first), the recipients, and what a bounce gives back. */
export function findReference(message: Message, key: Buffer): FoundReference {
  let forged = false
  for (const candidate of candidates(message)) {
    const reference = readReference(candidate, key)
    if (reference) return { reference, forged: false }
    forged = true
  }
  return { forged }
}

/** Whether a message is itself a letter of ours, come back unchanged: its own id is one that we made. */
export function isOwnLetter({ messageId }: Message, key: Buffer): boolean {
  const id = bare(messageId ?? '')
  return readReference(id.slice(0, Math.max(0, id.lastIndexOf('@'))), key) !== undefined
}

const limit = 200

function bare(id: string): string {
  return id.replace(/^<|>$/g, '')
}

function candidates(message: Message): string[] {
  const threads = [...message.inReplyTo, ...message.references.toReversed()].map(bare)
  const returned = message.returned.map(bare)
  const recipients = [...message.to, ...message.cc].map(({ address }) => address)
  const delivered = [...message.deliveredTo, ...message.originalTo]
  const plus = [...recipients, ...delivered].map((address) => address.slice(address.indexOf('+') + 1))
  const locals = [...threads, ...plus, ...returned].slice(0, limit).map((text) => text.slice(0, text.lastIndexOf('@')))
  return [...new Set(locals.filter((local) => looksLikeReference.test(local)))]
}

/** The form of a reference, mac unread; ids of other mail programs do not have it. */
const looksLikeReference = /^[a-z2-7]{26}\.\d{1,15}\.[a-z2-7]{16}$/i

function mac(named: string, key: Buffer): string {
  return base32(createHmac('sha256', key).update('letter ').update(named).digest().subarray(0, 10))
}

function base32(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += alphabet.charAt((held >> bits) & 31)
    }
    held &= (1 << bits) - 1
  }
  return bits > 0 ? text + alphabet.charAt((held << (5 - bits)) & 31) : text
}

function uuidBytes(caseId: string): Buffer {
  const bytes = Buffer.from(caseId.replaceAll('-', ''), 'hex')
  if (bytes.length !== 16) throw new Error('a case id must be a UUID')
  return bytes
}

/** The UUID of 26 characters of base32; nothing where the last one holds bits that no UUID has. */
function uuidOf(text: string): string | undefined {
  let bits = 0n
  for (const letter of text) bits = (bits << 5n) | BigInt(alphabet.indexOf(letter))
  if ((bits & 3n) !== 0n) return undefined
  const hex = (bits >> 2n).toString(16).padStart(32, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
