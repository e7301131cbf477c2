import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** What may befall a letter on its way to the mail server, at its receiver's turn. */
export type LetterFault = 'refused' | 'deferred' | 'deferred at data' | 'hangs' | 'dropped after data'

export interface Proxy {
  readonly port: number
  close(): Promise<void>
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** Both ends of a connection through a proxy: what breaks one breaks the other. */
function paired(client: Socket, port: number, open: Set<Socket>): Socket {
  const server = connect(port, '127.0.0.1')
  for (const [one, other] of [
    [client, server],
    [server, client],
  ] as const) {
    open.add(one)
    one.on('error', () => undefined)
    one.on('close', () => {
      open.delete(one)
      other.destroy()
    })
  }
  return server
}

/** Without the offer to send several commands at once: each is looked at alone. */
function onePerWrite(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1')
  return text.includes('PIPELINING') ? Buffer.from(text.replace('PIPELINING', 'X-NOTHING'), 'latin1') : bytes
}

/** SMTP on its way to `port`: each receiver's letters meet the faults that `next` gives, one a try, until it gives none. */
export async function smtpProxy(port: number, next: (receiver: string) => LetterFault | undefined): Promise<Proxy> {
  const open = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = paired(client, port, open)
    let fault: LetterFault | undefined
    let dropping = false
    let inData = false
    upstream.on('data', (bytes) => {
      // The letter is delivered, and its sender never learns of it.
      if (dropping && /^250/.test(bytes.toString('latin1'))) client.destroy()
      else client.write(onePerWrite(bytes))
    })
    client.on('data', (bytes) => {
      const text = bytes.toString('latin1')
      if (inData) {
        if (/(?:^|\r\n)\.\r\n$/.test(text)) {
          inData = false
          dropping = fault === 'dropped after data'
        }
        upstream.write(bytes)
        return
      }
      const receiver = /^RCPT TO:<([^>]+)>/i.exec(text)?.[1]
      if (receiver) {
        fault = next(receiver)
        if (fault === 'refused') return client.write('550 5.1.1 no such mailbox\r\n')
        if (fault === 'deferred') return client.write('451 4.2.0 try again later\r\n')
      }
      if (/^DATA\r\n/i.test(text)) {
        if (fault === 'deferred at data') return client.write('452 4.3.1 no room\r\n')
        if (fault === 'hangs') return void setTimeout(() => client.destroy(), 300)
        inData = true
      }
      upstream.write(bytes)
    })
  })
  return { port: await listen(server), close: () => closed(server, open) }
}

export interface ImapProxy extends Proxy {
  /** Breaks every connection, whatever is under way. */
  cut(): number
  /** From the next connection on, the mailbox has another UIDVALIDITY: all of it is to be read again. */
  renumber(): void
}

/** IMAP on its way to `port`. */
export async function imapProxy(port: number): Promise<ImapProxy> {
  const open = new Set<Socket>()
  let added = 0
  const server = createServer((client) => {
    const upstream = paired(client, port, open)
    client.pipe(upstream)
    upstream.on('data', (bytes) => {
      const at = bytes.indexOf('[UIDVALIDITY ')
      if (at < 0 || added === 0) return client.write(bytes)
      const text = bytes.toString('latin1')
      client.write(
        text.replace(/\[UIDVALIDITY (\d+)\]/, (_, was) => `[UIDVALIDITY ${Number(was) + added}]`),
        'latin1',
      )
    })
  })
  return {
    port: await listen(server),
    close: () => closed(server, open),
    cut: () => destroyed(open),
    renumber() {
      added += 1
      destroyed(open)
    },
  }
}

function destroyed(open: ReadonlySet<Socket>): number {
  const sockets = [...open]
  for (const socket of sockets) socket.destroy()
  return sockets.length
}

async function closed(server: Server, open: ReadonlySet<Socket>): Promise<void> {
  const ended = new Promise((resolve) => server.close(resolve))
  destroyed(open)
  await ended
}
