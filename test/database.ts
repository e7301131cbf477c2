import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { inject } from 'vitest'
import type {} from './postgres.ts'

export interface TestDatabase {
  readonly url: string
  /** Drops the database; throws where a connection to it was left open. */
  close(): Promise<void>
}

/** A fresh database with the whole schema, for one test file. Close it in `afterAll`. */
export async function testDatabase(): Promise<TestDatabase> {
  const { url, template, prefix, broken } = inject('postgres')
  if (broken) throw new Error(`the test database could not be migrated: ${broken}`)
  const name = `${prefix}_${randomBytes(6).toString('hex')}`
  await create(url, name, template)
  const address = new URL(url)
  address.pathname = name
  return {
    url: address.href,
    async close() {
      const open = await openConnections(url, name)
      await withClient(url, (client) => client.query(`drop database ${name} with (force)`))
      if (open.length > 0) throw new Error(`${open.length} connections were left open: ${open.join(', ')}`)
    },
  }
}

/** The template is busy for a moment after its migration, until its last session is gone. */
async function create(url: string, name: string, template: string): Promise<void> {
  await withClient(url, async (client) => {
    for (let tries = 0; ; tries += 1) {
      try {
        await client.query(`create database ${name} template ${template}`)
        return
      } catch (error) {
        const busy = error instanceof pg.DatabaseError && error.code === '55006'
        if (!busy || tries === 100) throw error
        await pause(20)
      }
    }
  })
}

/** What is still connected once closed connections have had a second to go away, each with what it last did. */
async function openConnections(url: string, name: string): Promise<readonly string[]> {
  return withClient(url, async (client) => {
    const until = Date.now() + 1_000
    for (;;) {
      const { rows } = await client.query<{ last: string }>(
        "select left(query, 80) as last from pg_stat_activity where datname = $1 and backend_type = 'client backend'",
        [name],
      )
      if (rows.length === 0 || Date.now() > until) return rows.map(({ last }) => `\`${last}\``)
      await pause(10)
    }
  })
}

async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}
