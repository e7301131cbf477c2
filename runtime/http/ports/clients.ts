import type { CardRight, Decided, Text } from '../../../engine/definition.ts'
import type { ConsentNotice } from '../../consent/notice.ts'
import type { ConsentReceipt } from '../../consent/receipt.ts'
import type { ConsentState, Recorded } from '../../consent/state.ts'
import type { CaseCard, ClientRef, ConsentView } from './cases.ts'
import type { Page } from './page.ts'
import type { Caller } from './people.ts'

/** An address from which letters have come back, by the letter that did so last. */
export interface UndeliveredView {
  /** Whether it is the card's e-mail; else one that a case held. */
  readonly onCard: boolean
  readonly caseId: string
  /** Since when no letter goes there; absent where they still do. */
  readonly since?: string
  /** The latest status code (RFC 3463). */
  readonly code?: string
  /** Bounces of a kind that passes. */
  readonly passing: number
}

export interface ClientView {
  readonly id: string
  readonly label: string
  readonly pseudonym: string
  readonly name: string | null
  readonly email: string | null
  readonly phone: string | null
  readonly createdAt: string
  /** Of their letters. */
  readonly language: string
  /** Addresses of theirs from which letters have come back. */
  readonly undelivered: readonly UndeliveredView[]
  readonly consents: readonly ConsentView[]
  readonly cases: readonly CaseCard[]
  readonly rights: readonly CardRight[]
}

export interface ConsentRecord {
  readonly seq: number
  readonly purpose: string
  readonly decision: Recorded
  /** In the words of W3C DPV. */
  readonly state: ConsentState
  readonly at: string
  /** Of the purpose. */
  readonly version: number
  readonly channel: string
  /** The exact words that the client was shown of the purpose, by language. */
  readonly text: Text
  readonly textHash: string
  /** All that was shown with them; absent in records of an earlier version of the server. */
  readonly notice?: ConsentNotice & { readonly hash: string; readonly edition: number }
  /** A person's name for staff, `staff` for the client; else `client` or `system`. */
  readonly by: string
  readonly caseId?: string
  readonly evidence?: Readonly<Record<string, unknown>>
}

/** That somebody who works here was shown a client's data; `by` is `staff` for a client who asks. */
export interface LookView {
  readonly at: string
  readonly by: string
  readonly case?: string
  /** Names of fields, `client.name` and the like for the card, `letters`, `messages`, `documents`, `inbox` and `evidence` for what is kept whole. */
  readonly fields: readonly string[]
}

export interface Clients {
  create(
    by: Caller,
    card: { name?: string; email?: string; phone?: string; language?: string },
    key?: string,
  ): Promise<ClientView>
  get(by: Caller, id: string): Promise<ClientView>
  update(
    by: Caller,
    id: string,
    card: { name?: string | null; email?: string | null; phone?: string | null; language?: string },
  ): Promise<ClientView>
  /** Lets letters go again to addresses from which they have come back. */
  clearUndelivered(by: Caller, id: string): Promise<void>
  search(
    by: Caller,
    query: string,
    page: { after?: string; limit?: number },
  ): Promise<Page<ClientRef & { createdAt: string }>>
  consents(by: Caller, id: string): Promise<readonly ConsentView[]>
  /** The whole history of decisions, oldest first. */
  consentRecords(by: Caller, id: string): Promise<readonly ConsentRecord[]>
  /** Records a decision and moves every case of the client that it touches, in one transaction. */
  decide(
    by: Caller,
    id: string,
    what: {
      purpose: string
      /** `invalidated` is staff's: a consent that turned out to be none. */
      decision: Decided | 'invalidated'
      evidence?: Readonly<Record<string, unknown>>
      statement?: string
      /** Of the words that the client was shown. */
      language?: string
    },
    key?: string,
  ): Promise<ConsentRecord>
  /** Who was shown this client's data, newest first; within seconds of it. */
  looks(by: Caller, id: string, page: { after?: string; limit?: number }): Promise<Page<LookView>>
  /** Withdraws every consent that stands, in one transaction; with `purposes` those of them alone. Answers with what it recorded. */
  withdraw(
    by: Caller,
    id: string,
    how: { purposes?: readonly string[]; evidence?: Readonly<Record<string, unknown>>; language?: string },
    key?: string,
  ): Promise<readonly ConsentRecord[]>
  /** All that became of the client's consents, or of the one to `purpose`, by ISO/IEC TS 27560. */
  receipt(by: Caller, id: string, wish: { purpose?: string; url: string }): Promise<ConsentReceipt>
  /** Erases the client whole. The proof holds no personal data. */
  erase(by: Caller, id: string): Promise<{ proof: string; at: string; erased: Readonly<Record<string, number>> }>
}
