import type { Decided, Text } from '../../../engine/definition.ts'
import type { FileRef } from './page.ts'

export interface LetterView {
  readonly id: string
  readonly name: string
  readonly at: string
  readonly status: 'waiting' | 'sent' | 'skipped' | 'failed' | 'bounced'
  readonly because?: string
  /** How often it was tried and put off, and when it is tried next. */
  readonly tries?: number
  readonly againAt?: string
  /** The status code of a bounce (RFC 3463). */
  readonly code?: string
  /** Who wrote it, where a person did. */
  readonly by?: string
  /** Present for those who may read it: staff who see the case, and its client. Absent once erased. */
  readonly content?: {
    readonly to: string
    readonly subject: string
    readonly text: string
    readonly attachments: readonly string[]
    /** Those that a person has attached, which can be opened again. */
    readonly files?: readonly FileRef[]
  }
}

export interface MessageCheck {
  readonly check: 'form' | 'machine' | 'letter' | 'sender' | 'proof' | 'words'
  readonly result: 'holds' | 'fails' | 'not made'
  readonly because?: Text
}

/** A message that came in for a case, counted or not, and why. */

/** A reason by its code, with the name that fills it in and the reason inside it. */
export interface WhyView {
  readonly code: string
  readonly name?: string
  readonly of?: WhyView
}

export interface MessageView {
  readonly id: string
  readonly at: string
  readonly counted: boolean
  readonly because: Text
  /** The same by its code, for pages that say it in few words; absent of what could not be judged. */
  readonly why?: WhyView
  /** It is judged in a moment. */
  readonly reading?: true
  /** What it was judged to be: `reply`, `auto-reply`, `bounce`, `list`, `spam`, `new`, `malformed`; absent until then. */
  readonly class?: string
  /** The letter of its case that it refers to, by id. */
  readonly answers?: string
  /** A person has put it where it is. */
  readonly byHand?: true
  /** What came of one that counted. */
  readonly outcome?: {
    readonly to?: string
    readonly consents: readonly { readonly purpose: string; readonly decision: Decided }[]
  }
  /** Each look that was taken at it; none of what could not be judged. */
  readonly checks: readonly MessageCheck[]
  /** Whether it names a letter of the case with a mark that holds. */
  readonly namesLetter: boolean
  /** Whether a person may let it count (`Cases.countMessage`). */
  readonly mayCount: boolean
  /** Bytes of it as it came, and their SHA-256 in hexadecimal. Absent once erased. */
  readonly size?: number
  readonly sha256?: string
  /** Why a person let it count. */
  readonly countedFor?: { readonly reason: string; readonly note: string }
  readonly content?: {
    readonly from: string
    readonly subject: string
    readonly text: string
    /** The sender's own words, what they quote taken off. */
    readonly own: string
    readonly attachments: readonly FileRef[]
    /** It can be shown as a page as well. */
    readonly html: boolean
    /** Of a bounce: the mail server's code (RFC 3463), `5.1.1`. */
    readonly delivery?: string
  }
}

/** A part of a conversation; `next` leads to what was before it. */
export interface Correspondence {
  readonly letters: readonly LetterView[]
  readonly messages: readonly MessageView[]
  readonly next?: string
}

/**
 * Why a person lets a message count: they have it from the client by another way; the client wrote from another address;
 * somebody entitled wrote for the client; something else, which the note tells.
 */
export const countReasons = ['confirmed', 'other-address', 'on-behalf', 'other'] as const

export type CountReason = (typeof countReasons)[number]

export interface CountOrder {
  readonly reason: CountReason
  readonly note: string
  /** The id of the letter it answers, where the message does not name it and more than one was sent. */
  readonly letter?: string
}
