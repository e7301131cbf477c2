export interface Address {
  /** In lower case. */
  readonly address: string
  readonly name: string
}

/** A header field as it came: its name in lower case, its value unfolded and not decoded. */
export interface Header {
  readonly name: string
  readonly value: string
}

export interface IncomingFile {
  readonly name: string
  readonly type: string
  readonly content: Buffer
}

/** A message that came in, read. */
export interface Message {
  readonly malformed: false
  /** With its angle brackets, as `inReplyTo` and `references`; absent where the sender gave none. */
  readonly messageId?: string
  readonly from: readonly Address[]
  readonly to: readonly Address[]
  readonly cc: readonly Address[]
  readonly deliveredTo: readonly string[]
  readonly originalTo: readonly string[]
  readonly inReplyTo: readonly string[]
  readonly references: readonly string[]
  readonly subject: string
  /** RFC 3339, UTC: what the sender wrote in `Date`. */
  readonly date?: string
  /** Topmost first. */
  readonly headers: readonly Header[]
  /** The plain text; made of the HTML where there is no other. */
  readonly text: string
  readonly html?: string
  readonly attachments: readonly IncomingFile[]
}

/** A message that can't be read; `because` tells a clerk why. */
export interface Malformed {
  readonly malformed: true
  readonly because: string
  /** What could be read all the same. */
  readonly messageId?: string
  readonly headers: readonly Header[]
}

export type Incoming = Message | Malformed

/** Reads a raw message of at most 25 MiB. Never throws: what can't be read is `malformed`. */
export async function parse(_raw: Buffer): Promise<Incoming> {
  return { malformed: true, because: 'not written yet', headers: [] }
}
