export interface OutgoingFile {
  readonly filename: string
  readonly content: Buffer
  readonly contentType: string
}

export interface Outgoing {
  readonly messageId: string
  readonly to: string
  readonly replyTo?: string
  readonly subject: string
  readonly text: string
  readonly html?: string
  readonly attachments?: readonly OutgoingFile[]
  /** Beside `Auto-Submitted: auto-generated` (RFC 3834 §5), which every letter of a rule carries. */
  readonly headers?: Readonly<Record<string, string>>
  /** A letter that a person wrote: without `Auto-Submitted`. */
  readonly byHand?: boolean
}

/** Try again later after `temporary`, never after `permanent`. `because` and `response` hold no address. */
export type Sent =
  | { readonly accepted: true; readonly response: string }
  | { readonly accepted: false; readonly failure: 'permanent' | 'temporary'; readonly because: string; readonly status?: number }

export interface Sender {
  /** Never throws: how it went is the answer. */
  send(outgoing: Outgoing): Promise<Sent>
  /** Whether the server lets us in; why not. */
  verify(): Promise<{ readonly ok: true } | { readonly ok: false; readonly because: string }>
  close(): void
}

export interface SenderOptions {
  /** `smtp://user:password@host:587`, `smtps://…`. */
  readonly smtpUrl: string
  /** `Flower shop <mail@shop.example>`. */
  readonly from: string
  readonly connections?: number
  /** Milliseconds for connecting, greeting and each answer. */
  readonly timeout?: number
  readonly dkim?: { readonly domain: string; readonly selector: string; readonly privateKey: string }
}

export function createSender(_options: SenderOptions): Sender {
  throw new Error('not written yet')
}
