import type { Value } from '../../../engine/case.ts'
import type { ConsentStatus, Decided, FieldType, Text } from '../../../engine/definition.ts'
import type { Correspondence, CountOrder } from './letters.ts'
import type { FileView, Page } from './page.ts'
import type { Caller, PersonRef } from './people.ts'

export interface ClientRef {
  readonly id: string
  /** The name, for those who may see cards, else the pseudonym. */
  readonly label: string
}

export interface FieldView {
  readonly name: string
  readonly title: Text
  readonly type: FieldType
  readonly value: Value | null
  /** Where the value is somebody's id: their name. */
  readonly label?: string
  readonly editable: boolean
  readonly personal: boolean
  readonly required: boolean
}

export interface MoveView {
  readonly to: string
  readonly title: Text
  readonly allowed: boolean
  readonly because?: string
  readonly code?: string
}

/** Another case that this one has to do with. */
export interface CaseLink {
  readonly id: string
  readonly number: string
  readonly process: { readonly name: string; readonly title: Text }
}

export interface ConsentView {
  readonly purpose: string
  readonly title: Text
  readonly text: Text
  readonly status: ConsentStatus
  readonly basis: string
  readonly at?: string
  readonly channel?: string
  readonly version?: number
}

/** A case as one caller may see it at this stage. */
export interface CaseView {
  readonly id: string
  readonly number: string
  readonly process: { readonly name: string; readonly title: Text }
  readonly version: number
  readonly stage: { readonly name: string; readonly title: Text; readonly final: boolean }
  readonly client: ClientRef | null
  readonly fields: readonly FieldView[]
  /** Every stage of the process a person could think of moving it to, refused ones with the reason. */
  readonly moves: readonly MoveView[]
  readonly assignee: PersonRef | null
  /** The case that started this one, where the caller may see that. */
  readonly parent: CaseLink | null
  /** Those that this one has started and the caller may see. */
  readonly children: readonly CaseLink[]
  readonly ended: 'no' | 'success' | 'other'
  readonly createdAt: string
  readonly enteredAt: string
  readonly consents: readonly ConsentView[]
  /** What happens by itself and when. */
  readonly scheduled: readonly { readonly due: string; readonly what: string }[]
}

export interface CaseCard {
  readonly id: string
  readonly number: string
  readonly process: string
  readonly stage: string
  readonly client: ClientRef | null
  readonly assignee: PersonRef | null
  readonly ended: 'no' | 'success' | 'other'
  readonly createdAt: string
  readonly enteredAt: string
  /** The fields this caller may see on the board, without personal ones. */
  readonly fields: readonly FieldView[]
  readonly moves: readonly MoveView[]
}

/** A document that a case has written. */
export interface DocumentView {
  /** Of its entry in the case's history. */
  readonly seq: number
  readonly document: string
  readonly title: string
  readonly at: string
  /** Why it can't be opened: it could not be written, or names what the caller may not see now. */
  readonly because?: string
}

export interface HistoryItem {
  readonly seq: number
  readonly at: string
  readonly type: string
  /** A person's name, `client`, `system`, or a rule's place `order.zgoda:22`. */
  readonly by: string
  readonly from?: string
  readonly to?: string
  readonly rule?: string
  readonly fields?: readonly string[]
  readonly letter?: string
  readonly purpose?: string
  readonly decision?: Decided
  /** Whom or what an action was for: a person by name, else the name of a role, a process, a document or a webhook. */
  readonly target?: string
  readonly because?: string
}

export interface Cases {
  /** Without a client, one is made where the process holds personal data. `key` makes a repeated request answer alike. */
  start(
    by: Caller,
    what: { process: string; client?: string; fields?: Readonly<Record<string, unknown>> },
    key?: string,
  ): Promise<CaseView>
  get(by: Caller, id: string): Promise<CaseView>
  /** The newest letters out and messages in, each oldest first; apart from `get`, so that the road of a move does not pay for them. */
  correspondence(by: Caller, id: string, page: { after?: string; limit?: number }): Promise<Correspondence>
  /** A message of the case as it came, byte by byte: for whoever may see the case. */
  message(by: Caller, id: string, message: string): Promise<FileView>
  /** Lets a message that did not count be the client's answer, by the word of a person who may edit the case. */
  countMessage(by: Caller, id: string, message: string, what: CountOrder): Promise<CaseView>
  fill(by: Caller, id: string, fields: Readonly<Record<string, unknown>>): Promise<CaseView>
  move(by: Caller, id: string, to: string, key?: string): Promise<CaseView>
  signal(by: Caller, id: string, signal: string, key?: string): Promise<CaseView>
  /** Gives the case to somebody who may see it, or to nobody. */
  assign(by: Caller, id: string, person: string | null, key?: string): Promise<CaseView>
  /** What the case has written; a document opens to those who may see all that is in it. */
  documents(by: Caller, id: string): Promise<readonly DocumentView[]>
  document(by: Caller, id: string, seq: string): Promise<FileView>
  erase(by: Caller, id: string, fields: readonly string[]): Promise<CaseView>
  history(by: Caller, id: string, page: { after?: string; limit?: number }): Promise<Page<HistoryItem>>
  list(
    by: Caller,
    filter: { process?: string; stage?: string; assignee?: string; client?: string },
    page: { after?: string; limit?: number },
  ): Promise<Page<CaseCard>>
}
