import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Random } from '../../bench/torture/random.ts'
import type { Api } from '../api.ts'
import { type TestDatabase, testDatabase } from '../database.ts'
import { type TestServer, testServer } from '../server.ts'
import { copiedPostgres } from '../torture/backup.ts'
import { backUpAndRestore } from '../torture/restore.ts'

const key = 'c'.repeat(64)
const markers = { name: 'Markername Zaznaczona', email: 'marker.email@client.example', phone: '+48 600 111 777' }

interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

function zgoda(url: string, args: readonly string[], more: Record<string, string> = {}): Promise<Ran> {
  const env = { PATH: process.env.PATH ?? '', ZGODA_DATABASE_URL: url, ZGODA_MASTER_KEY: key, ...more }
  return new Promise((resolve) => {
    execFile(process.execPath, ['runtime/cli/zgoda.ts', ...args], { env }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    )
  })
}

// biome-ignore lint/suspicious/noExplicitAny: tests read rows freely; a wrong shape fails an assertion
async function query(url: string, text: string): Promise<any[]> {
  const connection = new pg.Client({ connectionString: url })
  await connection.connect()
  return connection
    .query(text)
    .then(({ rows }) => rows)
    .finally(() => connection.end())
}

/** A copy of a database as it is now, which nobody is connected to: what a dump restored elsewhere would be. */
async function backUp(url: string): Promise<TestDatabase> {
  const address = new URL(url)
  const source = address.pathname.slice(1)
  const name = `${source.slice(0, 40)}_${randomBytes(4).toString('hex')}`
  const admin = new URL(url)
  admin.pathname = 'postgres'
  await query(admin.href, `create database ${name} template ${source}`)
  address.pathname = name
  return { url: address.href, close: async () => void (await query(admin.href, `drop database ${name} with (force)`)) }
}

describe('a backup restored after a client was erased', () => {
  let folder: string
  let database: TestDatabase
  let restored: TestDatabase
  let records: string
  let client: string
  let other: string
  let late: string
  let order: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'zgoda-restore-'))
    database = await testDatabase()
    records = join(folder, 'erasures.jsonl')
    let shop = await serve(database.url)
    let manager = await shop.as('manager')
    client = (await manager.post('/clients', markers)).body.id
    other = (await manager.post('/clients', { name: 'Somebody Else' })).body.id
    const fields = { bouquet: 'tulips', address: 'Markerstreet 7b' }
    order = (await manager.post('/cases', { process: 'order', client, fields })).body.id
    await manager.post(`/clients/${client}/consents`, { purpose: 'allergies', decision: 'given', evidence: {} })
    await shop.stop()
    restored = await backUp(database.url)
    shop = await serve(database.url)
    manager = await shop.as('manager')
    late = (await manager.post('/clients', { name: 'Late' })).body.id
    for (const id of [client, late]) expect((await manager.post(`/clients/${id}/erase`)).status).toBe(200)
    await shop.stop()
    const { code, out } = await zgoda(database.url, ['export', 'erasures'])
    expect(code).toBe(0)
    await writeFile(records, out)
  })
  afterAll(async () => {
    await restored?.close()
    await database?.close()
    await rm(folder, { recursive: true, force: true })
  })

  const serve = (databaseUrl: string): Promise<TestServer> => testServer('florist/text', { databaseUrl })
  const seen = async (read: (manager: Api) => Promise<unknown>) => {
    const shop = await serve(restored.url)
    return read(await shop.as('manager')).finally(() => shop.stop())
  }

  it('exports records that hold no personal data', async () => {
    const text = await readFile(records, 'utf8')
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).clientId),
    ).toEqual([client, late])
    for (const marker of Object.values(markers)) expect(text).not.toContain(marker)
    expect((await zgoda(database.url, ['export', 'erasures', '--since', '2999-01-01'])).out).toBe('')
    expect((await zgoda(database.url, ['export', 'erasures', '--since', 'soon'])).err).toMatch(/takes a time/)
  })

  it('brings the client back, before their erasure is replayed', async () => {
    expect(await query(restored.url, `select 1 from vault.keys where client_id = '${client}'`)).toHaveLength(1)
  })

  it('refuses a record that was forged or changed, and erases nobody for it', async () => {
    const [line = ''] = (await readFile(records, 'utf8')).split('\n')
    const forged = [
      JSON.stringify({ ...JSON.parse(line), clientId: other }),
      JSON.stringify({ ...JSON.parse(line), at: '2020-01-01T00:00:00.000Z' }),
      JSON.stringify({ ...JSON.parse(line), proof: 'f'.repeat(64) }),
      JSON.stringify({ ...JSON.parse(line), counts: null }),
      'no record',
    ]
    const file = join(folder, 'forged.jsonl')
    await writeFile(file, `${forged.join('\n')}\n`)
    const { code, out, err } = await zgoda(restored.url, ['restore', '--replay-erasures', file])
    expect({ code, out }).toMatchObject({ code: 1, out: expect.stringMatching(/^0 clients erased again/) })
    expect(err).toMatch(/5 lines .* left out: 1, 2, 3, 4, 5/)
    expect(
      await query(restored.url, "select 1 from vault.keys where client_id <> '00000000-0000-0000-0000-000000000000'"),
    ).toHaveLength(2)
  })

  it('does not replay under another master key', async () => {
    const more = { ZGODA_MASTER_KEY: 'd'.repeat(64) }
    const { code, err } = await zgoda(restored.url, ['restore', '--replay-erasures', records], more)
    expect(code).toBe(2)
    expect(err).toMatch(/not the key that this database was made with/)
  })

  it('forgets the client again: no key, no row, no marker', async () => {
    const { code, out, err } = await zgoda(restored.url, ['restore', '--replay-erasures', records])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toBe('1 clients erased again; 0 were erased already, 1 came after the backup.\n')
    for (const table of ['keys', 'values', 'lookups', 'letters', 'messages', 'evidence']) {
      expect(await query(restored.url, `select 1 from vault.${table} where client_id = '${client}'`)).toEqual([])
    }
    const told = await seen(async (manager) => [
      await manager.get(`/clients/${client}`),
      await manager.get('/clients?q=markername'),
      await manager.get(`/cases/${order}`),
      await manager.get(`/clients/${other}`),
    ])
    const text = JSON.stringify(told)
    for (const marker of [...Object.values(markers), 'Markerstreet']) expect(text).not.toContain(marker)
    expect(text).toContain('Somebody Else')
  })

  it('keeps the first record of each, and does no harm when it is done again', async () => {
    const columns = 'select client_id, at, actor, counts, proof from erasures order by client_id'
    expect(await query(restored.url, columns)).toEqual(await query(database.url, columns))
    const { out } = await zgoda(restored.url, ['restore', '--replay-erasures', records])
    expect(out).toBe('0 clients erased again; 1 were erased already, 1 came after the backup.\n')
  })
})

describe('a backup taken under load, with clients erased before, meanwhile and afterwards', () => {
  it('is restored without those who were erased, whole in all others, and goes on', async () => {
    const place = await copiedPostgres()
    const seed = Date.now() % 2 ** 31
    try {
      const { figures, failures } = await backUpAndRestore(place, new Random(seed), 1)
      expect(failures, `seed ${seed}`).toEqual([])
      expect(figures['whom the backup brought back']).toBeGreaterThan(0)
      expect(figures['not erased and whole']).toBeGreaterThan(0)
    } finally {
      await place.close()
    }
  }, 300_000)
})
