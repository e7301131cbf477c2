import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLog } from '../../runtime/log.ts'
import { type EmbeddedPostgres, startPostgres } from '../../runtime/sandbox/index.ts'
import type { Api } from '../api.ts'
import { eventually } from '../eventually.ts'
import { inStage, type TestServer, testServer } from '../server.ts'

const markers = {
  name: 'Markername Zaznaczona',
  email: 'marker.email@client.example',
  phone: '+48 600 111 777',
  address: 'Markerstreet 7b',
  contact: 'marker.contact@client.example',
  allergy: 'markerallergen',
  words: 'markerwords in a reply',
} as const

/** Marks as they could stand somewhere: plain, and in the encodings that databases and logs use. */
const forms = Object.values(markers).flatMap((marker) => [
  marker,
  Buffer.from(marker).toString('base64').slice(2, -4),
  Buffer.from(marker).toString('hex'),
])

describe('personal data lie in the vault alone, sealed', () => {
  let postgres: EmbeddedPostgres
  let folder: string
  let shop: TestServer
  let manager: Api
  let client: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'zgoda-markers-'))
    postgres = await startPostgres({ dataDir: folder, log: createLog('silent') })
    shop = await testServer('florist/text', { databaseUrl: postgres.url })
    manager = await shop.as('manager')
    await wholeFlow()
  })
  afterAll(async () => {
    await shop?.stop()
    await postgres?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  async function wholeFlow() {
    const { name, email, phone, address, contact } = markers
    client = (await manager.post('/clients', { name, email, phone })).body.id
    const fields = { bouquet: 'tulips', address, contact }
    const { body: order } = await manager.post('/cases', { process: 'order', client, fields })
    const letter = await shop.letterTo(contact, 'May we ask')
    await shop.answer(letter, markers.words)
    await shop.answer(letter, markers.words, { from: 'stranger@else.example' })
    await shop.answer(letter, 'I agree')
    await inStage(manager, order.id, 'arranging')
    await shop.server.people.addPerson({
      login: 'both',
      password: 'a-password-for-tests',
      roles: ['florist', 'manager'],
    })
    await manager.patch(`/cases/${order.id}/fields`, { price: '40.00', paid: true })
    await manager.get(`/clients?q=${encodeURIComponent(name)}`)
    await (await shop.as('both')).post(`/cases/${order.id}/moves`, { to: 'delivered' })
    await shop.letterTo(contact, 'Your flowers have arrived')
    await eventually(
      'every job to be done',
      async () => (await rows('select 1 from graphile_worker.jobs where run_at <= now()')).length === 0,
    )
  }

  async function rows(text: string): Promise<Record<string, unknown>[]> {
    const connection = new pg.Client({ connectionString: postgres.url })
    await connection.connect()
    try {
      return (await connection.query(text)).rows
    } finally {
      await connection.end()
    }
  }

  async function tables(where: string): Promise<string[]> {
    const found = await rows(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema') and ${where}`,
    )
    return found.map(({ name }) => String(name))
  }

  it('finds no marker in any table', async () => {
    const all = await tables('true')
    expect(all.length).toBeGreaterThan(20)
    for (const table of all) {
      const text = JSON.stringify(await rows(`select t::text from ${table} t`))
      for (const form of forms) expect(text.includes(form), `\`${form}\` in ${table}`).toBe(false)
    }
  })

  it('holds something in the vault all the same, which the pages show', async () => {
    expect((await rows('select 1 from vault.values')).length).toBeGreaterThan(4)
    const { body } = await manager.get(`/clients/${client}`)
    expect(body).toMatchObject({ name: markers.name, email: markers.email })
  })

  it('finds no marker in the server’s log or Postgres’s', async () => {
    const { readFile } = await import('node:fs/promises')
    const logs = shop.logged.join('\n') + (await readFile(join(folder, 'log'), 'utf8'))
    for (const form of forms) expect(logs.includes(form)).toBe(false)
  })

  it('finds no marker in the data directory once the client is erased', async () => {
    const [key] = await rows(`select encode(wrapped, 'hex') as wrapped from vault.keys where client_id = '${client}'`)
    expect(key).toBeDefined()
    const { status, body } = await manager.post(`/clients/${client}/erase`)
    expect(status).toBe(200)
    expect(body.proof).toMatch(/^[0-9a-f]{64}$/)
    for (const schema of ['values', 'lookups', 'letters', 'messages', 'evidence', 'keys']) {
      expect(await rows(`select 1 from vault.${schema} where client_id = '${client}'`)).toEqual([])
    }
    await shop.stop()
    await postgres.stop()
    for (const marker of Object.values(markers)) expect(await filesWith(marker, join(folder, 'cluster'))).toEqual([])
  })
})

async function filesWith(text: string, folder: string): Promise<string[]> {
  const found = await promisify(execFile)('grep', ['-rlaF', text, folder]).catch(
    (error: { code: number; stdout: string }) => {
      if (error.code === 1) return { stdout: '' }
      throw error
    },
  )
  return found.stdout.split('\n').filter((line) => line !== '')
}
