import { fork } from 'node:child_process'
import { once } from 'node:events'
import { peer } from '../peers.ts'
import { query } from './drive.ts'

export interface Workflows {
  /** Workflows a second, over some seconds; throws where one failed or is not in the database. */
  measure(seconds: number): Promise<number>
  stop(): Promise<void>
}

interface Measured {
  readonly done: number
  readonly failed: number
  readonly seconds: number
}

/** DBOS Transact on a database of its own in the same Postgres. Its workflows are called in its process; ours come over HTTP. */
export async function startWorkflows(adminUrl: string, concurrency: number): Promise<Workflows> {
  // Installs it where it is missing; throws where it can't be.
  await peer('@dbos-inc/dbos-sdk')
  await query(adminUrl, 'create database dbos')
  const url = adminUrl.replace(/postgres$/, 'dbos')
  const child = fork(new URL('./dbos.ts', import.meta.url).pathname, [url, String(concurrency)], {
    // What its own use of the driver is warned of says nothing about the bench.
    execArgv: ['--no-deprecation'],
  })
  await once(child, 'message')
  return {
    measure: async (seconds) => {
      const before = await count(url)
      child.send({ seconds })
      const [measured] = (await once(child, 'message')) as [Measured]
      const stored = (await count(url)) - before
      if (measured.failed > 0 || stored !== measured.done)
        throw new Error(`DBOS: ${measured.done} workflows are done, ${measured.failed} failed, ${stored} are stored`)
      return measured.done / measured.seconds
    },
    stop: async () => {
      child.disconnect()
      await once(child, 'exit')
    },
  }
}

async function count(url: string): Promise<number> {
  const [row] = await query<{ n: string }>(
    url,
    "select count(*) as n from dbos.workflow_status where status = 'SUCCESS'",
  )
  return Number(row?.n)
}
