import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { startPostgres } from '../runtime/sandbox/postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The run's Postgres: its address, the migrated template, and the prefix of the databases made from it. */
    postgres: { readonly url: string; readonly template: string; readonly prefix: string; readonly broken?: string }
  }
}

/** One Postgres for the run, with a migrated template for `testDatabase`; `ZGODA_TEST_DATABASE_URL` brings one's own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startServer()
  const prefix = `zgoda_test_${randomBytes(4).toString('hex')}`
  const template = `${prefix}_template`
  const broken = await makeTemplate(server.url, template).catch((error: Error) => error.message)
  project.provide('postgres', { url: server.url, template, prefix, ...(broken ? { broken } : {}) })
  return async () => {
    try {
      await removeDatabases(server.url, prefix, template)
    } finally {
      await server.stop()
    }
  }
}

async function startServer(): Promise<{ url: string; stop(): Promise<void> }> {
  const given = process.env.ZGODA_TEST_DATABASE_URL
  if (given) return { url: given, stop: async () => undefined }
  const dataDir = await mkdtemp(join(tmpdir(), 'zgoda-test-'))
  const log = { info() {}, warn() {}, debug() {}, error: console.error }
  const settings = { fsync: 'off', full_page_writes: 'off', max_connections: '200' }
  const server = await startPostgres({ dataDir, settings, log })
  return {
    url: server.url,
    async stop() {
      await server.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** A failing migration fails the tests that need a database, not those that need none. */
async function makeTemplate(url: string, template: string): Promise<undefined> {
  await query(url, `create database ${template}`)
  const address = new URL(url)
  address.pathname = template
  const { migrate } = await import('../runtime/store/migrate.ts')
  await migrate(address.href)
}

async function removeDatabases(url: string, prefix: string, template: string): Promise<void> {
  const left = await query(url, 'select datname from pg_database where starts_with(datname, $1)', [prefix])
  for (const { datname } of left) await query(url, `drop database "${datname}" with (force)`)
  const forgotten = left.filter(({ datname }) => datname !== template)
  if (forgotten.length > 0) throw new Error(`${forgotten.length} test databases were never closed`)
}

async function query(url: string, text: string, values: readonly string[] = []): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text, [...values])).rows
  } finally {
    await client.end()
  }
}
