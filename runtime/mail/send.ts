import { createTransport } from 'nodemailer'
import { reasonOf } from '../reasons.ts'
import { Lines } from './lines.ts'

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
  readonly headers?: Readonly<Record<string, string>>
  /** A letter that a person wrote: without `Auto-Submitted`. */
  readonly byHand?: boolean
}

/** Try again later after `temporary`, never after `permanent`. `because` and `response` hold no address. */
export type Sent =
  | { readonly accepted: true; readonly response: string }
  | {
      readonly accepted: false
      readonly failure: 'permanent' | 'temporary'
      readonly because: string
      /** The server's SMTP reply code, where it gave one. */
      readonly status?: number
    }

/** On what a letter leaves that rests on a consent. */
export interface Leave {
  /** Asked when a line is free, right before the letter goes. */
  may(): Promise<boolean>
  /** Milliseconds from then on in which the server has to take it; after that its connection is cut. */
  readonly within: number
}

export interface Sender {
  /** Where it stands, as OpenTelemetry names that. */
  readonly server: { readonly 'server.address': string; readonly 'server.port': number }
  /** Never throws: how it went is the answer. */
  send(outgoing: Outgoing): Promise<Sent>
  /** The same, of a letter that may be stopped until it leaves: `withheld` where it may not leave. Throws what `may` throws. */
  sendIf(outgoing: Outgoing, leave: Leave): Promise<Sent | 'withheld'>
  /** Whether the server lets us in, else why not; waits for each of its answers ten seconds at most. */
  verify(): Promise<{ readonly ok: true } | { readonly ok: false; readonly because: string }>
  /** Why no letter goes out just now; undefined where the last one did, or was itself at fault. */
  trouble(): string | undefined
  close(): void
}

export interface SenderOptions {
  /** `smtp://user:password@host:587` (STARTTLS, which a password away from this machine demands), `smtps://…`. */
  readonly smtpUrl: string
  /** `Flower shop <mail@shop.example>`. */
  readonly from: string
  readonly connections?: number
  /** Milliseconds that the server may take to connect, to greet, and for each answer; 60 seconds. */
  readonly timeout?: number
  readonly dkim?: { readonly domain: string; readonly selector: string; readonly privateKey: string }
}

export function createSender({ smtpUrl, from, connections = 4, timeout = 60_000, dkim }: SenderOptions): Sender {
  const transport = createTransport(
    {
      ...server(smtpUrl),
      ...waitingFor(timeout),
      pool: true,
      maxConnections: connections,
      maxRequeues: 0,
      disableFileAccess: true,
      disableUrlAccess: true,
      ...(dkim ? { dkim: { domainName: dkim.domain, keySelector: dkim.selector, privateKey: dkim.privateKey } } : {}),
    },
    { from },
  )
  let trouble: string | undefined
  const lines = new Lines(connections)
  async function send(outgoing: Outgoing, signal?: AbortSignal): Promise<Sent> {
    if (!oneAddress.test(outgoing.to)) {
      return { accepted: false, failure: 'permanent', because: reasonOf('badAddress') }
    }
    try {
      const { response } = await transport.sendMail({ ...message(outgoing), ...(signal && { signal }) })
      trouble = undefined
      return { accepted: true, response: withoutAddresses(response ?? '') }
    } catch (error) {
      const failure = signal?.aborted ? tooSlow : failed(error)
      trouble = failure.failure === 'temporary' ? failure.because : undefined
      return failure
    }
  }
  const { host, port } = server(smtpUrl)
  return {
    server: { 'server.address': host, 'server.port': port },
    send: (outgoing) => send(outgoing),
    sendIf: (outgoing, { may, within }) =>
      lines.hold(async () => {
        // From before it is asked: the permission must not outlast the time that was asked for.
        const signal = AbortSignal.timeout(within)
        return (await may()) ? send(outgoing, signal) : 'withheld'
      }),
    async verify() {
      try {
        await createTransport({ ...server(smtpUrl), ...waitingFor(Math.min(timeout, 10_000)) }).verify()
        trouble = undefined
        return { ok: true }
      } catch (error) {
        const { because } = failed(error)
        trouble = because
        return { ok: false, because }
      }
    },
    trouble: () => trouble,
    close: () => transport.close(),
  }
}

/** Of an address that nothing can be put behind: no list, no group, no quoted part. */
const oneAddress = /^[^\s@<>()[\]\\,;:"]{1,64}@[^\s@<>()\\,;"]{1,255}$/

function server(smtpUrl: string) {
  const url = new URL(smtpUrl)
  const secure = url.protocol === 'smtps:'
  if (!secure && url.protocol !== 'smtp:') throw new Error('the SMTP address must begin with smtp:// or smtps://')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const here = host === 'localhost' || host === '::1' || host.startsWith('127.')
  const auth = url.username
    ? { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) }
    : undefined
  return {
    host,
    port: url.port ? Number(url.port) : secure ? 465 : auth ? 587 : 25,
    secure,
    requireTLS: auth !== undefined && !secure && !here,
    tls: { rejectUnauthorized: !here },
    ...(auth ? { auth } : {}),
  }
}

function waitingFor(milliseconds: number) {
  return { connectionTimeout: milliseconds, greetingTimeout: milliseconds, socketTimeout: milliseconds }
}

function message({ messageId, to, replyTo, subject, text, html, attachments = [], headers, byHand }: Outgoing) {
  return {
    messageId,
    to: { name: '', address: to },
    ...(replyTo ? { replyTo } : {}),
    subject,
    text,
    ...(html ? { html } : {}),
    attachments: attachments.map((file) => ({ ...file })),
    headers: {
      ...headers,
      // RFC 3834 §5; the second asks Exchange not to answer with an out-of-office note.
      ...(byHand ? {} : { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'OOF, AutoReply' }),
    },
  }
}

/** What nodemailer's errors carry. */
interface SmtpError {
  readonly code?: string
  readonly command?: string
  readonly responseCode?: number
  readonly response?: string
}

/** A refusal is final only where it is of this letter: a server that lets nobody in may do so again tomorrow. */
const aboutTheLetter = new Set(['MAIL FROM', 'RCPT TO', 'DATA', 'API'])

const tooSlow = {
  accepted: false,
  failure: 'temporary',
  because: 'the mail server did not take the letter in time',
} as const

function failed(error: unknown): Extract<Sent, { accepted: false }> {
  const { code, command, responseCode, response } = (error instanceof Error ? error : {}) as SmtpError
  const refused = responseCode !== undefined && responseCode >= 500 && aboutTheLetter.has(command ?? '')
  const unfit = code === 'EENVELOPE' && responseCode === undefined
  return {
    accepted: false,
    failure: refused || unfit ? 'permanent' : 'temporary',
    because: response
      ? reasonOf('mailAnswered', { answer: withoutAddresses(response) })
      : (causes[code ?? ''] ?? causes.ESOCKET),
    ...(responseCode === undefined ? {} : { status: responseCode }),
  }
}

const causes = {
  EAUTH: reasonOf('mailSignIn'),
  ECONNECTION: reasonOf('mailAway'),
  ESOCKET: reasonOf('mailBroke'),
  ETIMEDOUT: reasonOf('mailSilent'),
  EDNS: reasonOf('mailUnknown'),
  ETLS: reasonOf('mailUnsafe'),
  EENVELOPE: reasonOf('badAddress'),
} as Readonly<Record<string, string>> & { readonly ESOCKET: string }

/** The server's words, one line, without addresses. */
function withoutAddresses(response: string): string {
  return response
    .slice(0, 500)
    .replace(/[^\s<>"'(),;:@]+@[^\s<>"'(),;:]+/g, 'address')
    .replace(/\s+/g, ' ')
    .trim()
}
