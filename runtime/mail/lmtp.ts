import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'
import { describeError, type Log } from '../log.ts'

export interface LmtpOptions {
  readonly port: number
  /** Stores the message. Idempotent: the server that hands it in tries again where it heard no answer. */
  take(raw: Buffer): Promise<void>
  readonly log: Log
}

export interface LmtpServer {
  readonly port: number
  stop(): Promise<void>
}

const most = { bytes: 25 * 1024 * 1024, recipients: 100, clients: 50 }

/**
 * Takes mail that the mail server of this machine hands in (LMTP, RFC 2033), in place of a mailbox to read or beside it. It
 * says 250 only once the message is kept, so that the mail server goes on holding what is not. On 127.0.0.1 alone: it asks
 * nobody who they are, and what it takes in says of itself where it comes from, as the mail server before it has checked.
 */
export async function startLmtp({ port, take, log }: LmtpOptions): Promise<LmtpServer> {
  const server = new SMTPServer({
    lmtp: true,
    banner: 'Zgoda',
    size: most.bytes,
    maxClients: most.clients,
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    socketTimeout: 60_000,
    closeTimeout: 1_000,
    onRcptTo(_address, session, done) {
      done(session.envelope.rcptTo.length < most.recipients ? null : answer(452, 'Too many recipients'))
    },
    onData(stream, session, done) {
      receive(stream, session, take).then(
        () => done(null, 'kept'),
        (error: unknown) => {
          if (error instanceof LmtpAnswer) return done(error)
          log.warn(describeError(error), 'a message handed in could not be stored; the mail server keeps it')
          done(answer(451, 'The message could not be stored: try again'))
        },
      )
    },
  })
  // A connection that breaks off is its client's matter; the error must only not go unheard.
  server.on('error', (error) => log.debug(describeError(error), 'a connection to the LMTP server failed'))
  const listening = server.listen(port, '127.0.0.1')
  await once(listening, 'listening')
  return {
    port: (listening.address() as AddressInfo).port,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

async function receive(
  stream: SMTPServerDataStream,
  session: SMTPServerSession,
  take: LmtpOptions['take'],
): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    // Past the limit the rest is read, as the protocol asks, and forgotten.
    if (!stream.sizeExceeded) chunks.push(chunk)
  }
  if (stream.sizeExceeded) throw answer(552, 'Message larger than 25 MB')
  const { mailFrom, rcptTo } = session.envelope
  const sender = mailFrom ? mailFrom.address : ''
  await take(delivered(Buffer.concat(chunks), sender, [...new Set(rcptTo.map(({ address }) => address))]))
}

/** With what the last server on the way writes on top (RFC 5321 §4.4); what the message brought of that kind is not true here. */
export function delivered(raw: Buffer, sender: string, recipients: readonly string[]): Buffer {
  const plain = (address: string) => address.replace(/[^\x21-\x7e]|[<>]/g, '').slice(0, 320)
  const own = [`Return-Path: <${plain(sender)}>`, ...recipients.map((address) => `Delivered-To: ${plain(address)}`)]
  return Buffer.concat([Buffer.from(`${own.join('\r\n')}\r\n`), withoutOwnFields(raw)])
}

function withoutOwnFields(raw: Buffer): Buffer {
  const end = raw.indexOf('\r\n\r\n')
  const head = raw.toString('latin1', 0, end < 0 ? raw.length : end + 2)
  const kept = head.replace(/^(?:return-path|delivered-to)[ \t]*:.*\r?\n(?:[ \t].*\r?\n)*/gim, '')
  return end < 0 ? Buffer.from(kept, 'latin1') : Buffer.concat([Buffer.from(kept, 'latin1'), raw.subarray(end + 2)])
}

class LmtpAnswer extends Error {
  override readonly name = 'LmtpAnswer'
  readonly responseCode: number

  constructor(responseCode: number, message: string) {
    super(message)
    this.responseCode = responseCode
  }
}

function answer(code: number, message: string): LmtpAnswer {
  return new LmtpAnswer(code, message)
}
