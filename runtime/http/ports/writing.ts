import type { Text } from '../../../engine/definition.ts'
import type { CaseLink } from './cases.ts'
import type { LetterView, MessageView } from './letters.ts'
import type { FileRef, FileView, Page } from './page.ts'
import type { Caller } from './people.ts'

/** A letter that a person writes. */
export interface LetterOrder {
  /** `client` (as letters of the process go to them) where absent, `card`, a field for an address of the client, or an address typed for it. */
  readonly to?: string
  readonly subject: string
  /** Markdown. */
  readonly body: string
  /** It then needs a basis for that purpose, now and when it is sent. */
  readonly purpose?: string
  /** Documents of the case, by their `seq`. */
  readonly documents?: readonly number[]
  /** Files brought before, by id. */
  readonly files?: readonly string[]
  /** The id of the message that it answers. */
  readonly answers?: string
}

export interface UploadView extends FileRef {
  readonly id: string
}

/** A letter that somebody has begun. It may be anything: only a letter that is sent is checked. */
export interface Draft extends Omit<LetterOrder, 'files'> {
  readonly files: readonly UploadView[]
  /** The `Idempotency-Key` that its letter will go under. */
  readonly key: string
}

export interface DraftView extends Draft {
  readonly at: string
}

/** What somebody who is to write finds at hand. */
export interface Desk {
  /** Why this caller can't write here. */
  readonly because?: string
  /** The addresses that are held, the usual one first; the address itself for those who may see it. */
  readonly recipients: readonly { readonly to: string; readonly title?: Text; readonly address?: string }[]
  /** Letters of the process that one can begin with. */
  readonly templates: readonly string[]
  readonly purposes: readonly { readonly name: string; readonly title: Text; readonly holds: boolean }[]
  readonly documents: readonly { readonly seq: number; readonly title: string }[]
  readonly draft?: DraftView
  /** Others who have begun a letter here. */
  readonly writers: readonly { readonly name: string; readonly at: string }[]
}

/** Letters by hand, and the messages that people deal with by hand. */
export interface Writing {
  desk(by: Caller, id: string): Promise<Desk>
  /** Refused where the caller may not edit the case, its client was erased, or the purpose has no basis. */
  send(by: Caller, id: string, letter: LetterOrder, key?: string): Promise<LetterView>
  /** The words of one of the process's letters, filled in as far as the caller may see the case. */
  template(by: Caller, id: string, letter: string): Promise<{ subject: string; body: string; purpose?: string }>
  /** A letter's Markdown as HTML that is safe to show. */
  markup(markdown: string): string
  /** Keeps the caller's own draft in place of the one before; `undefined` where its letter has gone already. */
  keepDraft(by: Caller, id: string, draft: Draft): Promise<DraftView | undefined>
  discardDraft(by: Caller, id: string): Promise<void>
  /** The caller's own, newest first. */
  drafts(by: Caller): Promise<readonly { readonly case: CaseLink; readonly at: string }[]>
  upload(by: Caller, id: string, file: { readonly name: string; readonly content: Buffer }): Promise<UploadView>
  removeUpload(by: Caller, id: string, upload: string): Promise<void>
  /** A file of a letter by hand, by its place among them. */
  letterFile(by: Caller, id: string, letter: string, position: number): Promise<FileView>
  messageFile(by: Caller, id: string, message: string, position: number): Promise<FileView>
  /** A message's page, sanitised: no script, form, picture or address to load from. */
  messagePage(by: Caller, id: string, message: string): Promise<string>
}

/** What came to the company's mailbox and answers no letter of ours: kept, with the reason why it changes nothing. */
export interface Inbox {
  visibleTo(by: Caller): boolean
  list(by: Caller, page: { after?: string; limit?: number }): Promise<Page<MessageView>>
  get(by: Caller, id: string): Promise<MessageView>
  /** Puts a message into a case. It changes nothing there. */
  toCase(by: Caller, id: string, caseId: string): Promise<void>
  /** Puts it to a client, whose page then shows it. */
  toClient(by: Caller, id: string, clientId: string): Promise<void>
  /** Those put to a client and no case. */
  of(by: Caller, clientId: string): Promise<readonly MessageView[]>
  /** One of them as it came, byte by byte. */
  message(by: Caller, message: string): Promise<FileView>
}
