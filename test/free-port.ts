import { once } from 'node:events'
import { createServer } from 'node:net'

/** A port of 127.0.0.1 that nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  return boundTo(0)
}

/**
 * One that nothing gets by chance while a server is away from it: it lies below those that systems give to connections. On one of those, whoever
 * tries to connect meanwhile may be connected to themselves, and hold it.
 */
export async function portToComeBackTo(below: (limit: number) => number): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    const port = await boundTo(20_000 + below(10_000)).catch(() => undefined)
    if (port) return port
  }
  throw new Error('no free port from 20000 to 30000 on 127.0.0.1')
}

async function boundTo(wanted: number): Promise<number> {
  const server = createServer().listen(wanted, '127.0.0.1')
  await once(server, 'listening')
  const bound = server.address()
  await new Promise((done) => server.close(done))
  if (bound === null || typeof bound === 'string') throw new Error('no free port on 127.0.0.1')
  return bound.port
}
