import { EventEmitter, once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { SMTPServer } from 'smtp-server'

/** A mail server of the world outside that takes its time, and notes the moment at which it has the whole of each letter. */
export interface SlowPost {
  readonly url: string
  /** By receiver: when the last byte of a letter to them came, by `performance.now()`. */
  readonly arrived: ReadonlyMap<string, readonly number[]>
  /** Resolves when a letter to this receiver begins to come. */
  begins(receiver: string): Promise<void>
  close(): Promise<void>
}

/** `delay` gives the milliseconds it takes for each step of a delivery. */
export async function startSlowPost(delay: () => number): Promise<SlowPost> {
  const arrived = new Map<string, number[]>()
  const begun = new EventEmitter()
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onMailFrom: (_address, _session, done) => void pause(delay()).then(() => done()),
    onRcptTo: ({ address }, _session, done) => {
      begun.emit(address)
      void pause(delay()).then(() => done())
    },
    onData: (stream, session, done) => {
      stream.resume()
      stream.on('end', () => {
        for (const { address } of session.envelope.rcptTo)
          arrived.set(address, [...(arrived.get(address) ?? []), performance.now()])
        void pause(delay()).then(() => done())
      })
    },
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `smtp://127.0.0.1:${port}`,
    arrived,
    begins: async (receiver) => void (await once(begun, receiver)),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
