import { fork } from 'node:child_process'
import { once } from 'node:events'
import { type Ask, type LoadResult, load } from '../load.ts'

/** A node of its own process with a clerk who is signed in. */
export interface Office {
  /** Keeps all connections asking for some seconds; throws where a request was refused. */
  ask(next: () => Ask, seconds: number): Promise<LoadResult>
  stop(): Promise<void>
}

export async function openOffice(databaseUrl: string, connections: number): Promise<Office> {
  const node = fork(new URL('./server.ts', import.meta.url).pathname, [databaseUrl])
  const [{ port }] = (await once(node, 'message')) as [{ port: number }]
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login: 'bench', password: 'bench-password' }),
  })
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  return {
    ask: async (next, seconds) => {
      const result = await load({ ports: [port], headers: { cookie }, connections, next, seconds })
      if (result.failures > 0) throw new Error(`${result.failures} of ${result.requests} requests were refused`)
      return result
    },
    stop: async () => {
      node.disconnect()
      await once(node, 'exit')
    },
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

/** Cases that go to and fro, one after another. */
export function movesOf(caseIds: readonly string[]): () => Ask {
  const shipping = caseIds.map(() => false)
  let position = 0
  return () => {
    const index = position++ % caseIds.length
    shipping[index] = !shipping[index]
    const to = shipping[index] ? 'shipping' : 'packing'
    return { method: 'POST', path: `/api/v1/cases/${caseIds[index]}/moves`, body: `{"to":"${to}"}` }
  }
}
