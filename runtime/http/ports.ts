/**
 * What the pages and the API need of the rest of the server. They reach cases, clients and people through these alone,
 * never through the store. Every call obeys the caller's rights and throws `Refusal` where they do not reach:
 * what a person may not see is `not-found`.
 */
import type { Value } from '../../engine/case.ts'
import type {
  CardRight,
  CaseRight,
  ConsentStatus,
  Decided,
  Definition,
  FieldType,
  Place,
  Text,
} from '../../engine/definition.ts'
import type { Difference } from '../../engine/diff/index.ts'
import type { ConsentNotice } from '../consent/notice.ts'
import type { ConsentReceipt } from '../consent/receipt.ts'
import type { ConsentState, Recorded } from '../consent/state.ts'

/** Someone who works here. */
export interface Person {
  readonly id: string
  readonly login: string
  /** A display name of the person's own choice, or the login. */
  readonly name: string
  readonly roles: readonly string[]
}

/** Who asks: a member of staff, or a client in the portal. */
export type Caller =
  | { readonly kind: 'staff'; readonly person: Person }
  | { readonly kind: 'client'; readonly clientId: string }

export interface Session {
  readonly person: Person
  /** Sent back with every change a page asks for. */
  readonly csrf: string
}

export interface Identity {
  /** A new session's token, or `Refusal` `wrong-credentials` / `too-many-tries`. `from` is the caller's address, for the limits. */
  signIn(login: string, password: string, from: string): Promise<{ token: string; session: Session }>
  /** By the cookie's token or an API bearer token. */
  session(token: string): Promise<Session | undefined>
  signOut(token: string): Promise<void>
}

/** Someone who works here, as others name them. */
export interface PersonRef {
  readonly id: string
  readonly name: string
}

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

/** A file by what it is, without its content. */
export interface FileRef {
  readonly name: string
  readonly type: string
  /** Bytes. */
  readonly size: number
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

export interface FileView {
  readonly name: string
  /** Its media type. */
  readonly type: string
  readonly content: Buffer
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

export interface Page<T> {
  readonly items: readonly T[]
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

/** What one row of an import says in one column. */
export type ImportCell = string | number | boolean | readonly string[] | null

/** Rows of a table, each to become a case. The same `id` and line are carried out once, however often they are sent. */
export interface ImportOrder {
  readonly id: string
  readonly process: string
  /** Whether a client with a row's e-mail address is taken for its client. */
  readonly match?: 'email'
  /** Checks all that a real run would, and stores nothing. */
  readonly dryRun?: boolean
  readonly columns: readonly string[]
  readonly rows: readonly { readonly line: number; readonly cells: readonly ImportCell[] }[]
}

/** Why one of many was refused; holds no value. */
export interface RefusedOne {
  readonly ok: false
  readonly code: string
  readonly because: string
}

/** What has become of a row; a case that a dry run would make has no id, but the letters that it would write. */
export type RowOutcome =
  | {
      readonly line: number
      readonly ok: true
      readonly case?: string
      readonly again?: true
      readonly letters?: readonly string[]
    }
  | (RefusedOne & { readonly line: number; readonly column?: string })

export type MoveOutcome =
  | { readonly id: string; readonly ok: true; readonly stage: string }
  | (RefusedOne & { readonly id: string })

/** Many at once. Each is decided by every rule for itself, and one that is refused stops no other. */
export interface Bulk {
  import(by: Caller, order: ImportOrder): Promise<readonly RowOutcome[]>
  move(by: Caller, ids: readonly string[], to: string, key?: string): Promise<readonly MoveOutcome[]>
  /** The fields of a process that the caller may see at one stage or another. */
  fields(by: Caller, process: string): readonly { readonly name: string; readonly type: FieldType }[]
  /** Whole cases of a process, newest first, each as far as the caller may see it at its stage. */
  cases(by: Caller, process: string, page: { after?: string; limit?: number }): Promise<Page<CaseView>>
}

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

/** That what would have to be erased stays, and why. */
export interface HoldView {
  readonly id: string
  readonly at: string
  readonly by: string
  readonly until: string
  readonly because: string
  readonly stands: boolean
  /** Where it is about one case alone. */
  readonly case?: string
  readonly lifted?: { readonly at: string; readonly by: string }
}

export interface Holds {
  /** Newest first, those that have ended too. */
  list(by: Caller, clientId: string): Promise<readonly HoldView[]>
  place(
    by: Caller,
    clientId: string,
    hold: { readonly because: string; readonly until: string; readonly case?: string },
  ): Promise<HoldView>
  lift(by: Caller, clientId: string, holdId: string): Promise<void>
}

/** A case of which something goes by itself. */
export interface GoesView {
  readonly case: string
  readonly number: string
  readonly process: string
  readonly due: string
  /** Fields whose values go. */
  readonly fields: readonly string[]
  /** Fields that stay, for fewer purposes. */
  readonly fewer: readonly string[]
  /** Whether the words of letters, documents and messages go too. */
  readonly letters: boolean
  readonly heldUntil?: string
}

/** What went of a case by itself. */
export interface WentView {
  readonly at: string
  readonly case: string
  readonly number: string
  readonly process: string
  readonly fields: readonly string[]
  /** How many letters, documents and messages. */
  readonly kept: Readonly<Record<string, number>>
}

export interface Retention {
  /** Whether there is anything to look for there for this caller. */
  visibleTo(by: Caller): boolean
  goes(by: Caller, days: number): Promise<{ readonly items: readonly GoesView[]; readonly more: boolean }>
  went(by: Caller, page: { after?: string; limit?: number }): Promise<Page<WentView>>
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

export interface ProcessView {
  readonly name: string
  readonly title: Text
  readonly version: number
  readonly hash: string
  readonly portal: boolean
  readonly stages: readonly { readonly name: string; readonly title: Text; readonly final: boolean }[]
  /** What the caller may do here. */
  readonly rights: readonly CaseRight[]
}

/** A letter as its receiver would get it, filled in with what is nobody's. */
export interface LetterPreview {
  readonly process: string
  readonly letter: string
  readonly language: string
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly attachments: readonly { readonly name: string; readonly title: string }[]
}

export interface Workspace {
  definition(): Definition
  /** For those who look after the workspace, who have every role. */
  previewLetter(by: Caller, process: string, letter: string, language: string): LetterPreview
  /** The letters of each process, for the same people; nothing for anyone else. */
  letters(by: Caller): readonly { readonly process: string; readonly letters: readonly string[] }[]
  /** Those who work here now, by name; with `process`, those of them who may see its cases. Nobody for a client. */
  people(by: Caller, process?: string): Promise<readonly PersonRef[]>
  /** Those the caller has any right on. */
  processes(by: Caller): readonly ProcessView[]
  /**
   * What the caller may fill in as they start a case: fields that its first stage names for them, with their defaults. Those
   * held for a consent that is not among `consents` (the client's, none where absent) stay out.
   */
  startFields(by: Caller, process: string, consents?: Readonly<Record<string, ConsentStatus>>): readonly FieldView[]
}

/** A file of a workspace that is proposed. */
export interface ProposedFile {
  readonly name: string
  readonly text: string
}

/** Something that has to be put right before a plan can be applied. */
export interface Needed {
  readonly what: string
  readonly process?: string
  readonly at?: Place
  /** The open cases it is about. */
  readonly cases?: number
}

/** A purpose to which clients' earlier yes does not hold any more. */
export interface AskAgain {
  readonly purpose: string
  readonly because: readonly string[]
  /** Whether its `version` says so. */
  readonly raised: boolean
  readonly clients: number
  /** Pseudonyms of some of them. */
  readonly some: readonly string[]
}

/** What becomes of the open cases of a process. */
export interface ProcessPlan {
  readonly process: string
  readonly from: readonly number[]
  readonly to: number
  readonly cases: number
  readonly stages: readonly { readonly from: string; readonly to: string; readonly cases: number }[]
  readonly notes: readonly { readonly what: string; readonly cases: number }[]
}

/** A past case that would have ended otherwise. */
export interface EndedOtherwise {
  readonly case: string
  readonly number: string
  readonly process: string
  readonly ended: string
  /** The stage it would be in, or why it would not have come to where it did. */
  readonly would: string
}

export interface Replay {
  readonly cases: number
  readonly otherwise: readonly EndedOtherwise[]
  /** Cases whose history does not say enough. */
  readonly unclear: number
}

/** What changes where proposed files are to run, and what has to be put right first. */
export interface WorkspacePlan {
  readonly current: { readonly hash: string; readonly at: string }
  readonly proposed: { readonly hash: string }
  /** In meaning; `cases` are the open ones it touches. */
  readonly differences: readonly (Difference & { readonly cases?: number })[]
  readonly processes: readonly ProcessPlan[]
  readonly askAgain: readonly AskAgain[]
  /** Empty where it can be applied. */
  readonly needs: readonly Needed[]
  readonly replay?: Replay
}

/** Who may plan and apply: the deploy token's bearer, or a person with every role. */
export type Deployer = Caller | { readonly kind: 'deploy' }

export interface Deployment {
  /** Whether a bearer token is the one that deploys. */
  isDeployToken(token: string): boolean
  /** What runs, since when and by whom, with the open cases of each process. */
  running(by: Deployer): Promise<{
    readonly hash: string
    readonly at: string
    readonly by: string
    readonly processes: readonly { readonly name: string; readonly version: number; readonly openCases: number }[]
  }>
  /** Throws `Refusal` `invalid-workspace` where the files have mistakes. */
  plan(
    by: Deployer,
    files: readonly ProposedFile[],
    more: { readonly newCasesOnly?: boolean; readonly replay?: boolean },
  ): Promise<WorkspacePlan>
  /** Applies in one transaction or not at all. `basedOn` is the hash of what ran when it was planned. */
  apply(
    by: Deployer,
    files: readonly ProposedFile[],
    more: { readonly newCasesOnly?: boolean; readonly basedOn?: string },
  ): Promise<{ readonly plan: WorkspacePlan; readonly moved: number; readonly at: string }>
}

/** The client's own pages. */
export interface Portal {
  /** The client a signed link in a letter speaks for, or `Refusal` `link-invalid`. */
  openLink(token: string): Promise<{ clientId: string }>
  /** A code handed over on paper; slowed after failures. */
  openCode(code: string, from: string): Promise<{ clientId: string }>
  issueCode(by: Caller, clientId: string): Promise<{ code: string; expiresAt: string }>
  session(token: string): Promise<{ clientId: string; csrf: string } | undefined>
  newSession(clientId: string): Promise<{ token: string; csrf: string }>
  endSession(token: string): Promise<void>
  /** A filled-in form: starts its case, or fills the client's case `caseId`. Answers are field values and `given`/`refused`. */
  submit(form: {
    name: string
    clientId?: string
    caseId?: string
    values: Readonly<Record<string, unknown>>
    consents: Readonly<Record<string, 'given' | 'refused'>>
    /** For purposes with explicit consent: what the client typed. */
    statements: Readonly<Record<string, string>>
    language: string
    key?: string
  }): Promise<{ clientId: string; case: CaseView }>
}

/** The signed link of a letter that withdraws the consent it rests on. Whoever holds it needs no session. */
export interface Unsubscribe {
  /** The purpose's title, and whether the consent stands. `Refusal` `not-found` where the link is none of ours. */
  read(token: string, from: string): Promise<{ title: Text; stands: boolean }>
  /** Withdraws; asked again, it answers alike. */
  withdraw(token: string, from: string): Promise<{ title: Text; stands: boolean }>
}

export interface Notification {
  readonly id: string
  readonly at: string
  readonly text: Text
  readonly caseId?: string
  readonly caseNumber?: string
  readonly process?: string
  readonly read: boolean
}

export interface Notifications {
  list(by: Caller, page: { after?: string; limit?: number }): Promise<Page<Notification>>
  markRead(by: Caller, id: string): Promise<void>
  unread(by: Caller): Promise<number>
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

/** Work that failed for good and waits for a person. */
export interface IncidentView {
  readonly id: string
  /** What failed: `letter`, `call`, `timer`, `message`, … */
  readonly kind: string
  readonly at: string
  readonly because: string
  readonly tries: number
  readonly state: 'open' | 'retried' | 'skipped'
  readonly case?: { readonly id: string; readonly number: string; readonly process: string }
  readonly closedAt?: string
  readonly closedBy?: string
  /** Why it was skipped. */
  readonly closedBecause?: string
  /** Whether the caller may have it tried again, or leave it. */
  readonly mayAct: boolean
}

export interface Incidents {
  /** Newest first, of the processes that the caller has any right on. */
  list(
    by: Caller,
    filter: { state?: 'open' | 'closed'; caseId?: string },
    page: { after?: string; limit?: number },
  ): Promise<Page<IncidentView>>
  /** Puts the work back; asked again, it answers alike. */
  retry(by: Caller, id: string): Promise<IncidentView>
  /** Leaves the work undone, for a reason that is kept with who and when. */
  skip(by: Caller, id: string, because: string): Promise<IncidentView>
}

/** An address at which another system tells a process's cases of a signal. */
export interface HookView {
  readonly id: string
  readonly process: string
  readonly signal: string
  readonly at: string
  readonly madeBy: string
}

export interface Hooks {
  /** The token of its address and its secret are given this once. */
  create(
    by: Caller,
    what: { process: string; signal: string },
  ): Promise<{ readonly id: string; readonly token: string; readonly secret: string }>
  list(by: Caller): Promise<readonly HookView[]>
  remove(by: Caller, id: string): Promise<void>
  /** A signed request from outside; `from` is the sender's address, for the limits. */
  receive(
    token: string,
    request: { readonly body: string; readonly signature: string; readonly from: string },
  ): Promise<{ readonly case: string; readonly stage: string }>
}

/** What has just changed, for pages that stay open. Carries no values. */
export interface Change {
  readonly caseId?: string
  readonly process?: string
  readonly notification?: boolean
  /** Something may have gone unheard: whatever is shown is to be loaded anew. */
  readonly reload?: boolean
}

export interface Changes {
  /** Those the caller may see; the returned function ends it. */
  subscribe(by: Caller, listener: (change: Change) => void): () => void
}

export interface Health {
  /** Ready to take requests; else what is missing, for the operator. */
  ready(): Promise<{ ready: boolean; checks: Readonly<Record<string, string>> }>
}

/** Figures for monitoring. */
export interface Metrics {
  /** Who shows it may read from anywhere; without it, only from this machine. */
  readonly token?: string
  /** All of them, in Prometheus's text format. */
  text(): Promise<string>
  /** Counts a request; `route` is the pattern of its route. */
  request(method: string, route: string, status: number, seconds: number): void
}

export interface Ports {
  readonly identity: Identity
  readonly workspace: Workspace
  readonly deployment: Deployment
  readonly cases: Cases
  readonly bulk: Bulk
  readonly clients: Clients
  readonly holds: Holds
  readonly retention: Retention
  readonly portal: Portal
  readonly unsubscribe: Unsubscribe
  readonly notifications: Notifications
  readonly inbox: Inbox
  readonly writing: Writing
  readonly incidents: Incidents
  readonly hooks: Hooks
  readonly changes: Changes
  readonly health: Health
  readonly metrics?: Metrics
}
