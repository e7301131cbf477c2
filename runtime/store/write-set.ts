/**
 * What a group of decisions changes, as rows of the tables it goes to; `write.ts` stores it as a single statement. Each row names
 * the case that it goes in with, or not at all.
 */
export interface WriteSet {
  readonly updates: CaseUpdate[]
  readonly inserts: CaseInsert[]
  readonly clients: NewClient[]
  readonly cards: { case_id: string; client_id: string; field: string; sealed: string }[]
  readonly lookups: { case_id: string; client_id: string; field: string; hash: string }[]
  readonly history: { case_id: string; seq: number; at: string; entry: object }[]
  readonly letters: LetterRow[]
  readonly sealedLetters: SealedLetterRow[]
  readonly calls: CallRow[]
  readonly sealedCalls: SealedLetterRow[]
  readonly values: ValueRow[]
  readonly erased: { case_id: string; client_id: string; field: string }[]
  /** Values that are held for other purposes from now on; for none under a legal hold, where they would have gone. */
  readonly narrowed: { case_id: string; client_id: string; field: string; purposes: readonly string[] }[]
  readonly children: ChildRow[]
  /** Cases that were to start and never will. */
  readonly dropped: { case_id: string; seq: number }[]
  readonly documents: DocumentRow[]
  /** Documents to go: those for this purpose, and those that name any of these fields. */
  readonly withdrawn: WithdrawnRow[]
  readonly jobs: JobRow[]
  readonly cancelled: { case_id: string; job_key: string }[]
  readonly notices: NoticeRow[]
  readonly settled: MessageRow[]
  /** Messages of no case that a person puts into one, sealed anew under its client's key. */
  readonly adopted: { case_id: string; message_key: string; client_id: string; sealed: string }[]
  /** Messages that are sealed anew, for the client of their case. */
  readonly resealed: { case_id: string; message_key: string; client_id: string | null; sealed: string }[]
  /** Files that go out with a letter, and stay with it. */
  readonly used: { case_id: string; upload_id: string }[]
  /** Drafts that have become letters. */
  readonly drafted: { case_id: string; person_id: string }[]
  /** What goes into the audit trail beside the history. */
  readonly occurrences: {
    case_id: string
    at: string
    kind: string
    actor: string
    clients: readonly string[]
    entry: object
  }[]
  readonly requests: { case_id: string; caller: string; key: string; body_hash: string; at: string }[]
}

export interface MessageRow {
  readonly case_id: string
  readonly message_key: string
  readonly class: string
  readonly status: string
  readonly because: string
  readonly reasoning: object
  /** The first and the last entry of the case's history that came of it. */
  readonly entry?: number | undefined
  readonly last_entry?: number | undefined
  /** Where it was nobody's until now. */
  readonly client_id?: string
}

export interface CaseColumns {
  readonly case_id: string
  readonly stage: string
  readonly seq: number
  readonly entered_at: string
  readonly ended: string
  readonly assignee: string | null
  readonly state: object
  /** When something of it has to go next. */
  readonly due_at: string | null
}

export interface CaseUpdate extends CaseColumns {
  readonly seq_was: number
}

export interface CaseInsert extends CaseColumns {
  readonly number: number
  readonly process: string
  readonly version: number
  readonly definition_hash: string
  readonly client_id: string | null
  readonly created_at: string
  /** What started it, where a case did. */
  readonly parent: object | null
  /** The client's `consent_seq` when the case was decided; null for no client, or one made by this very write. */
  readonly consent_seq: number | null
}

export interface NewClient {
  /** The case that it is made with. */
  readonly case_id: string
  readonly client_id: string
  readonly pseudonym: string
  readonly language: string
  readonly created_at: string
  /** Base64, as all bytes here. */
  readonly wrapped: string
}

export interface LetterRow {
  readonly case_id: string
  readonly seq: number
  readonly letter: string
  readonly client_id: string | null
  readonly purpose: string | null
  readonly status: string
  readonly because: string | null
  readonly at: string
  /** Fields it names that are in reach by a consent alone. */
  readonly names: readonly string[]
  /** Goes into the job alone. */
  readonly trace: string | null
}

export interface SealedLetterRow {
  readonly case_id: string
  readonly seq: number
  readonly client_id: string | null
  readonly sealed: string
}

export interface CallRow {
  readonly case_id: string
  readonly seq: number
  readonly webhook: string
  readonly client_id: string | null
  readonly at: string
}

export interface ValueRow {
  readonly case_id: string
  readonly client_id: string
  readonly field: string
  readonly purposes: readonly string[]
  readonly sealed: string
}

/** A case to be started by another, with what it is to start with. */
export interface ChildRow {
  readonly case_id: string
  readonly seq: number
  readonly child_id: string
  readonly process: string
  readonly depth: number
  readonly width: number
  readonly client_id: string | null
  readonly sealed: string
}

export interface DocumentRow {
  readonly case_id: string
  readonly seq: number
  readonly document: string
  readonly client_id: string | null
  readonly purpose: string | null
  /** What its words name, as far as it was there: fields, and `client.name` and the like. */
  readonly names: readonly string[]
  readonly at: string
  readonly sealed: string
}

/** What a case may do no longer, once its client has decided against a purpose. */
export interface WithdrawnRow {
  readonly case_id: string
  readonly purpose: string
  /** Out of reach now. */
  readonly fields: readonly string[]
  /** Called for the purpose alone. */
  readonly webhooks: readonly string[]
  readonly because: string
  /** What a legal hold keeps does not go out, and is not deleted. */
  readonly held: boolean
  readonly at: string
}

export interface JobRow {
  readonly case_id: string
  readonly identifier: string
  readonly payload: object
  readonly run_at: string | null
  readonly job_key: string
  /** The webhook that it calls. */
  readonly webhook?: string
}

export interface NoticeRow {
  readonly notice_id: string
  readonly case_id: string
  readonly at: string
  readonly audience: readonly string[]
  readonly text: object
  readonly case_number: number
  readonly process: string
}

export function emptyWriteSet(): WriteSet {
  return {
    updates: [],
    inserts: [],
    clients: [],
    cards: [],
    lookups: [],
    history: [],
    letters: [],
    sealedLetters: [],
    calls: [],
    sealedCalls: [],
    values: [],
    erased: [],
    narrowed: [],
    children: [],
    dropped: [],
    documents: [],
    withdrawn: [],
    jobs: [],
    cancelled: [],
    notices: [],
    settled: [],
    occurrences: [],
    adopted: [],
    resealed: [],
    used: [],
    drafted: [],
    requests: [],
  }
}
