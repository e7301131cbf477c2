import { connect, type Socket } from 'node:net'

/** What one request asks; the answer's status and body go back to `next`. */
export interface Ask {
  readonly method: string
  readonly path: string
  readonly body?: string
}

export interface LoadResult {
  readonly requests: number
  readonly seconds: number
  readonly perSecond: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  readonly failures: number
}

export interface LoadOptions {
  /** The connections are shared out among them. */
  readonly ports: readonly number[]
  readonly headers: Readonly<Record<string, string>>
  readonly connections: number
  readonly seconds: number
  /** The next request of a connection. */
  next(connection: number): Ask
}

/**
 * Keeps each connection busy with one request at a time. A bare HTTP/1.1 client, so that the load costs the machine as
 * little as it can beside the server it measures.
 */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const latencies: number[] = []
  let failures = 0
  const started = performance.now()
  const until = started + options.seconds * 1000
  const run = async (connection: number) => {
    const client = await openClient(options.ports[connection % options.ports.length] ?? 0, options.headers)
    while (performance.now() < until) {
      const before = performance.now()
      const status = await client.ask(options.next(connection))
      latencies.push(performance.now() - before)
      if (status >= 300) failures += 1
    }
    client.close()
  }
  await Promise.all(Array.from({ length: options.connections }, (_, connection) => run(connection)))
  const seconds = (performance.now() - started) / 1000
  latencies.sort((a, b) => a - b)
  return {
    requests: latencies.length,
    seconds,
    perSecond: (latencies.length - failures) / seconds,
    p50: latencies[Math.floor(latencies.length * 0.5)] ?? 0,
    p99: latencies[Math.floor(latencies.length * 0.99)] ?? 0,
    failures,
  }
}

interface BareClient {
  ask(what: Ask): Promise<number>
  close(): void
}

async function openClient(port: number, headers: Readonly<Record<string, string>>): Promise<BareClient> {
  const socket: Socket = connect(port, '127.0.0.1')
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  socket.setNoDelay(true)
  const fixed = Object.entries({ host: `127.0.0.1:${port}`, 'content-type': 'application/json', ...headers })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')
  let buffer = ''
  let answer: ((status: number) => void) | undefined
  let fail: ((error: Error) => void) | undefined
  socket.setEncoding('latin1')
  socket.on('error', (error) => fail?.(error))
  socket.on('close', () => fail?.(new Error('the server closed the connection')))
  socket.on('data', (chunk) => {
    buffer += chunk
    const end = buffer.indexOf('\r\n\r\n')
    if (end < 0) return
    const length = Number(/content-length: (\d+)/i.exec(buffer.slice(0, end))?.[1] ?? 0)
    if (buffer.length < end + 4 + length) return
    const status = Number(buffer.slice(9, 12))
    buffer = buffer.slice(end + 4 + length)
    answer?.(status)
  })
  return {
    ask: ({ method, path, body = '' }) =>
      new Promise((resolve, reject) => {
        answer = resolve
        fail = reject
        socket.write(`${method} ${path} HTTP/1.1\r\n${fixed}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
      }),
    close: () => {
      fail = undefined
      socket.destroy()
    },
  }
}
