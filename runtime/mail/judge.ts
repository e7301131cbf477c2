import type { Authentication } from './authenticate.ts'
import type { Incoming } from './parse.ts'
import type { Reference } from './reference.ts'

export type MailClass = 'reply' | 'auto-reply' | 'bounce' | 'list' | 'spam' | 'new' | 'malformed'

/** What the server knows about a message beside its own text. */
export interface Facts {
  /** The letter it answers, where the mac holds (`findReference`). */
  readonly reference?: Reference
  readonly forgedReference: boolean
  /** That letter, where the server has sent it. */
  readonly letter?: {
    readonly name: string
    /** Every address of that client: the card's, the case's own, and the one the letter went to. */
    readonly addresses: readonly string[]
  }
  readonly authentication?: Authentication
  /** The company's own mailbox: what it sends itself answers nothing. */
  readonly mailbox?: string
}

export interface Verdict {
  /** What the message is. */
  readonly class: MailClass
  /** It is the client's own answer to `letter`. */
  readonly counts: boolean
  /** A sentence for a clerk: why it counts or why it does not. Holds no address. */
  readonly because: string
  /** The sender's own words: quotation, signature and greeting taken off, without empty lines. */
  readonly lines: readonly string[]
  readonly text: string
  /** The letter it answers, counted or not, so that it is shown in that case; never of a forged reference. */
  readonly letter?: Reference
}

/** Judges what came in. Pure: no look-up, no clock. */
export function judge(_incoming: Incoming, _facts: Facts): Verdict {
  return { class: 'malformed', counts: false, because: 'not written yet', lines: [], text: '' }
}
