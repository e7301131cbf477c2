import { timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { describeError, type Log } from '../log.ts'
import { ImapInputError } from './imap-input.ts'
import { ImapSession } from './imap-session.ts'
import type { Mailboxes } from './mailboxes.ts'
import type { Listener } from './smtp.ts'

export interface ImapOptions {
  readonly mailboxes: Mailboxes
  /** The address whose mailbox is the INBOX. */
  readonly company: string
  readonly user: string
  readonly password: string
  readonly port: number
  readonly log: Log
}

const mostConnections = 100
/** Milliseconds: RFC 3501 §5.4 asks for half an hour at least. */
const idleLimit = 31 * 60_000

/** Serves the company's mailbox as INBOX on 127.0.0.1: the part of IMAP4rev1 that a reader needs, with IDLE. */
export async function startImap(options: ImapOptions): Promise<Listener> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    if (sockets.size >= mostConnections) return socket.end('* BYE too many connections\r\n')
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    serve(socket, options)
  })
  server.listen(options.port, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.end('* BYE server stops\r\n', () => socket.destroy())
      }),
  }
}

function serve(socket: Socket, { mailboxes, company, user, password, log }: ImapOptions): void {
  socket.setNoDelay(true)
  socket.setTimeout(idleLimit, () => socket.end('* BYE idle for too long\r\n'))
  // A connection that breaks off ends its reading loop; the event must only not go unheard.
  socket.on('error', () => undefined)
  const signIn = (name: string, word: string) => same(name, user) && same(word, password)
  const session = new ImapSession(socket, mailboxes, company, signIn)
  session
    .run()
    .catch((error: unknown) => {
      if (error instanceof ImapInputError) socket.write(`* BYE ${error.message}\r\n`)
      else log.error(describeError(error), 'a session of the sandbox IMAP server failed')
    })
    .finally(() => {
      session.end()
      socket.end()
    })
}

function same(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
