import { type Ask, type LoadResult, load } from '../load.ts'
import { signIn, startNode } from './drive.ts'

/** A node of its own process with a clerk who is signed in. */
export interface Office {
  /** Keeps all connections asking for some seconds; throws where a request was refused. */
  ask(next: () => Ask, seconds: number): Promise<LoadResult>
  stop(): Promise<void>
}

export async function openOffice(databaseUrl: string, connections: number): Promise<Office> {
  const { port, stop } = await startNode(databaseUrl)
  const cookie = await signIn(port)
  return {
    ask: async (next, seconds) => {
      const result = await load({ ports: [port], headers: { cookie }, connections, next, seconds })
      if (result.failures > 0) throw new Error(`${result.failures} of ${result.requests} requests were refused`)
      return result
    },
    stop,
  }
}

/** The next new case, with a client of its own. */
export function beginnings(): () => Ask {
  let begun = 0
  return () => {
    begun += 1
    const fields = { item: 'tulips', price: '12.50', email: `client${begun}@client.example` }
    return { method: 'POST', path: '/api/v1/cases', body: JSON.stringify({ process: 'order', fields }) }
  }
}
