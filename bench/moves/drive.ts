import { fork } from 'node:child_process'
import { once } from 'node:events'
import pg from 'pg'
import { type Ask, type LoadResult, load } from '../load.ts'
import { clerk } from './credentials.ts'

export const cases = 2_000
export const connections = 64

export interface BenchNode {
  readonly port: number
  readonly pid: number
  stop(): Promise<void>
}

/**
 * A node in a process of its own, on the workspace of `moves` or of another folder; with jobs it also sends, fires timers and
 * waits for work.
 */
export async function startNode(
  url: string,
  jobs: 'jobs' | 'no jobs' = 'no jobs',
  workspace?: string,
): Promise<BenchNode> {
  const node = fork(new URL('./server.ts', import.meta.url).pathname, [url, jobs, ...(workspace ? [workspace] : [])])
  const [{ port }] = (await once(node, 'message')) as [{ port: number }]
  return {
    port,
    pid: node.pid ?? 0,
    stop: async () => {
      node.disconnect()
      await once(node, 'exit')
    },
  }
}

/** Answers a function that drives moves for some seconds over some of the nodes, all where it is not said, and checks that each one acknowledged is in the log. */
export async function prepareMoves(
  nodes: readonly [number, ...number[]],
  url: string,
): Promise<(seconds: number, ports?: readonly number[]) => Promise<LoadResult>> {
  const [port] = nodes
  const cookie = await signIn(port)
  const ids = await makeCases(port, cookie)
  const next = movesOf(ids)
  return async (seconds, ports = nodes) => {
    const before = await countMoves(url)
    const result = await load({ ports, headers: { cookie }, connections, next, seconds })
    const stored = (await countMoves(url)) - before
    if (stored !== result.requests - result.failures) {
      throw new Error(`${result.requests - result.failures} moves were acknowledged and ${stored} are in the log`)
    }
    return result
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

export async function signIn(port: number): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(clerk),
  })
  return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
}

async function makeCases(port: number, cookie: string): Promise<string[]> {
  const ids: string[] = []
  const make = async () => {
    while (ids.length < cases) {
      const answer = await fetch(`http://127.0.0.1:${port}/api/v1/cases`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', cookie },
        body: JSON.stringify({
          process: 'order',
          fields: { item: 'tulips', price: '12.50', email: 'anna@client.example' },
        }),
      })
      if (answer.status !== 201) throw new Error(`a case could not be made: ${await answer.text()}`)
      ids.push(((await answer.json()) as { id: string }).id)
    }
  }
  await Promise.all(Array.from({ length: 16 }, make))
  return ids.slice(0, cases)
}

async function countMoves(url: string): Promise<number> {
  const [row] = await query<{ n: string }>(url, "select count(*) as n from history where entry->>'type' = 'move'")
  return Number(row?.n)
}

export async function query<T extends pg.QueryResultRow>(url: string, text: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<T>(text)).rows
  } finally {
    await client.end()
  }
}
