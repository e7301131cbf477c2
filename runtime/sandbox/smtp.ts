import { timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'
import type { Clock } from '../clock.ts'
import { describeError, type Log } from '../log.ts'
import { mailboxFor, plainAddress } from './address.ts'
import { takeIn } from './intake.ts'
import type { Mailboxes } from './mailboxes.ts'

export interface SmtpOptions {
  readonly mailboxes: Mailboxes
  readonly company: string
  readonly authserv: string
  /** What the mailbox pages sign in with: known to this process alone. */
  readonly pages: { readonly user: string; readonly password: string }
  readonly port: number
  readonly clock: Clock
  readonly log: Log
}

export interface Listener {
  readonly port: number
  stop(): Promise<void>
}

/** Bytes of the largest letter taken. */
const largestLetter = 25 * 1024 * 1024
const mostRecipients = 100

/** Takes mail for any address on 127.0.0.1 and puts it into the recipients' mailboxes. */
export async function startSmtp(options: SmtpOptions): Promise<Listener> {
  const { pages, authserv, log } = options
  const server = new SMTPServer({
    name: authserv,
    banner: 'Zgoda sandbox',
    size: largestLetter,
    maxClients: 200,
    authOptional: true,
    allowInsecureAuth: true,
    authMethods: ['PLAIN', 'LOGIN'],
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    socketTimeout: 60_000,
    closeTimeout: 1_000,
    onAuth(auth, _session, done) {
      const right = same(auth.username ?? '', pages.user) && same(auth.password ?? '', pages.password)
      if (right) done(null, { user: pages.user })
      else done(new Error('Wrong user or password: send without signing in'))
    },
    onMailFrom({ address }, _session, done) {
      // The null return path of bounces and automatic answers is empty.
      done(address === '' || plainAddress(address) ? null : refusal(553, 'Sender address that cannot be read'))
    },
    onRcptTo({ address }, session, done) {
      if (!plainAddress(address)) done(refusal(553, 'Recipient address that cannot be read'))
      else if (session.envelope.rcptTo.length >= mostRecipients) done(refusal(452, 'Too many recipients'))
      else done()
    },
    onData(stream, session, done) {
      receive(options, stream, session).then(
        (letters) => done(null, `Delivered as ${letters.join(', ')}`),
        (error: unknown) => {
          if (error instanceof SmtpRefusal) return done(error)
          log.error(describeError(error), 'the sandbox could not store a letter')
          done(refusal(451, 'The letter could not be stored: try again'))
        },
      )
    },
  })
  // A connection that breaks off is its client's matter; the error must only not go unheard.
  server.on('error', (error) => log.debug(describeError(error), 'a connection to the sandbox SMTP server failed'))
  const listening = server.listen(options.port, '127.0.0.1')
  await once(listening, 'listening')
  return {
    port: (listening.address() as AddressInfo).port,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

async function receive(
  options: SmtpOptions,
  stream: SMTPServerDataStream,
  session: SMTPServerSession,
): Promise<number[]> {
  const { mailboxes, company, authserv, pages, clock } = options
  const chunks: Buffer[] = []
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    // Past the limit the rest is read, as the protocol asks, and forgotten.
    if (!stream.sizeExceeded) chunks.push(chunk)
  }
  if (stream.sizeExceeded) throw refusal(552, 'Letter larger than 25 MB')
  const raw = Buffer.concat(chunks)
  const { mailFrom, rcptTo } = session.envelope
  const sender = mailFrom ? mailFrom.address : ''
  const recipients = new Set(rcptTo.map(({ address }) => plainAddress(address) ?? address))
  const deliveries = [...recipients].map((recipient) => {
    const fromPages = session.user === pages.user
    const letter = takeIn(raw, { authserv, sender, recipient, fromPages, at: clock.now() })
    return mailboxes.deliver(mailboxFor(recipient, company), letter)
  })
  return (await Promise.all(deliveries)).map(({ id }) => id)
}

class SmtpRefusal extends Error {
  override readonly name = 'SmtpRefusal'
  readonly responseCode: number

  constructor(responseCode: number, message: string) {
    super(message)
    this.responseCode = responseCode
  }
}

function refusal(code: number, message: string): SmtpRefusal {
  return new SmtpRefusal(code, message)
}

function same(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
