import type { Log } from '../log.ts'

/** How far the mailbox has been read: all up to `uid` under that UIDVALIDITY (RFC 3501 §2.3.1.1). */
export interface MailboxPosition {
  readonly uidValidity: string
  readonly uid: number
}

/** Where the receiver's position is kept. */
export interface Cursor {
  load(): Promise<MailboxPosition | undefined>
  save(position: MailboxPosition): Promise<void>
}

export interface ReceivedMessage {
  readonly raw: Buffer
  readonly uidValidity: string
  readonly uid: number
}

export interface ReceiverOptions {
  /** `imap://user:password@host:143`, `imaps://…`. */
  readonly imapUrl: string
  /** `INBOX` where left out. */
  readonly mailbox?: string
  readonly cursor: Cursor
  /** Stores the message. Idempotent by Message-ID: it gets a message again after a crash or a changed UIDVALIDITY. */
  take(message: ReceivedMessage): Promise<void>
  readonly log: Log
  readonly backoff?: { readonly first: number; readonly most: number }
}

export interface ReceiverStatus {
  readonly state: 'stopped' | 'connecting' | 'listening' | 'waiting to reconnect'
  readonly taken: number
  readonly position?: MailboxPosition
  /** Why it is not connected, without addresses or passwords. */
  readonly because?: string
}

export interface Receiver {
  /** Goes on for ever, through lost connections, until `stop`. */
  start(): void
  stop(): Promise<void>
  status(): ReceiverStatus
}

export function createReceiver(_options: ReceiverOptions): Receiver {
  throw new Error('not written yet')
}
