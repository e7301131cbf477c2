import type { Authentication, AuthenticateOptions } from './authenticate.ts'
import type { Facts, Verdict } from './judge.ts'
import type { Incoming } from './parse.ts'
import type { Reference } from './reference.ts'

/** What the mail needs of the store: the letter that a reference names, with its client's addresses. */
export interface SentLetters {
  find(reference: Reference): Promise<Facts['letter'] | undefined>
}

export interface ExamineOptions extends AuthenticateOptions {
  /** The key of references' macs. */
  readonly key: Buffer
  readonly letters: SentLetters
  readonly mailbox?: string
}

export interface Examined {
  readonly incoming: Incoming
  readonly verdict: Verdict
  readonly authentication?: Authentication
  /** Of the raw message, in hexadecimal: evidence. */
  readonly sha256: string
  /** The same for the same message however often it comes: its Message-ID, else its hash. */
  readonly identity: string
}

/** A raw message from the mailbox to its verdict: read, matched to its letter, authenticated, judged. */
export async function examine(_raw: Buffer, _options: ExamineOptions): Promise<Examined> {
  throw new Error('not written yet')
}
