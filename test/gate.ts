import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { Transform } from 'node:stream'

/** A way to a server that a test may shut: connections break off, and new ones are refused. */
export interface Gate {
  readonly port: number
  shut(): Promise<void>
  open(): Promise<void>
  /** As in a network that swallows everything: connections stand, new ones too, and nothing comes through. */
  silence(): void
  /** What was swallowed comes through, as sent again. */
  speak(): void
  /** Each piece takes so many milliseconds more to come through, either way. */
  slow(milliseconds: number): void
}

/** Shut at first. */
export async function gateTo(target: number): Promise<Gate> {
  const sockets = new Set<Socket>()
  let silent = false
  let lag = 0
  const late = () =>
    new Transform({
      transform: (piece, _encoding, done) => {
        if (lag === 0) done(null, piece)
        else setTimeout(() => done(null, piece), lag)
      },
    })
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => sockets.delete(socket))
    if (silent) socket.pause()
  }
  let server: Server | undefined
  const listen = async (port: number): Promise<number> => {
    server = createServer((inner) => {
      const outer = connect(target, '127.0.0.1')
      inner.pipe(late()).pipe(outer).pipe(late()).pipe(inner)
      keep(inner)
      keep(outer)
      inner.once('close', () => outer.destroy())
      outer.once('close', () => inner.destroy())
    }).listen(port, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }
  const shut = async () => {
    const closing = server && once(server, 'close')
    server?.close()
    server = undefined
    for (const socket of sockets) socket.destroy()
    await closing
  }
  const port = await listen(0)
  await shut()
  return {
    port,
    shut,
    open: async () => void (await listen(port)),
    silence: () => {
      silent = true
      for (const socket of sockets) socket.pause()
    },
    speak: () => {
      silent = false
      for (const socket of sockets) socket.resume()
    },
    slow: (milliseconds) => {
      lag = milliseconds
    },
  }
}
