import { createHash } from 'node:crypto'
import { type AuthenticateOptions, type Authentication, authenticate } from './authenticate.ts'
import { type Facts, judge, type Verdict } from './judge.ts'
import { type Incoming, parse } from './parse.ts'
import { findReference, isOwnLetter, type Reference } from './reference.ts'

/** What the mail needs of the store: the letter that a reference names, with its client's addresses. */
export interface SentLetters {
  find(reference: Reference): Promise<Facts['letter'] | undefined>
}

export interface ExamineOptions extends AuthenticateOptions {
  /** The key of references' macs. */
  readonly key: Buffer
  readonly letters: SentLetters
  /** The company's own mailbox. */
  readonly mailbox?: string
  /** In place of `parse`, where less of it was kept than came. */
  read?(): Promise<Incoming>
}

export interface Examined {
  readonly incoming: Incoming
  readonly verdict: Verdict
  /** Only of messages that answer a letter of ours: the others change nothing, whoever sent them. */
  readonly authentication?: Authentication
  /** Of the raw message, in hexadecimal: evidence. */
  readonly sha256: string
}

/** A raw message from the mailbox to its verdict: read, matched to its letter, authenticated, judged. */
export async function examine(
  raw: Buffer,
  { key, letters, mailbox, read = () => parse(raw), ...checks }: ExamineOptions,
): Promise<Examined> {
  const incoming = await read()
  const found = incoming.malformed ? { forged: false } : findReference(incoming, key)
  const { reference } = found
  const letter = reference ? await letters.find(reference) : undefined
  const authentication = letter ? await authenticate(raw, incoming, checks) : undefined
  const verdict = judge(incoming, {
    forgedReference: found.forged,
    ownLetter: !incoming.malformed && isOwnLetter(incoming, key),
    ...(reference ? { reference } : {}),
    ...(letter ? { letter } : {}),
    ...(authentication ? { authentication } : {}),
    ...(mailbox ? { mailbox } : {}),
  })
  const sha256 = createHash('sha256').update(raw).digest('hex')
  return { incoming, verdict, ...(authentication ? { authentication } : {}), sha256 }
}

/**
 * The same for the same message however often it comes: its Message-ID with the sender, else its hash. Two messages of
 * different senders never have the same, so that nobody can keep another's letter out by sending its Message-ID first.
 */
export function identityOf(incoming: Incoming, raw: Buffer): string {
  const hash = createHash('sha256')
  if (incoming.malformed || !incoming.messageId) return hash.update(raw).digest('hex')
  return hash.update(JSON.stringify([incoming.messageId, incoming.from.map(({ address }) => address)])).digest('hex')
}
