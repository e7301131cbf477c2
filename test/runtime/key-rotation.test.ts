import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rotateMasterKey } from '../../runtime/key-rotation.ts'
import { masterKey, openSecrets } from '../../runtime/vault/master-key.ts'
import { nobody, Vault } from '../../runtime/vault/vault.ts'
import { type TestDatabase, testDatabase } from '../database.ts'
import { inStage, type SandboxLetter, type TestServer, testServer } from '../server.ts'

/** The master key of test servers. */
const first = 'c'.repeat(64)
const second = '2'.repeat(64)
const third = '3'.repeat(64)

describe('the master key of a database', () => {
  let database: TestDatabase
  let mailFolder: string
  let shop: TestServer
  let client: string
  let order: string
  let letter: SandboxLetter

  beforeAll(async () => {
    database = await testDatabase()
    mailFolder = await mkdtemp(join(tmpdir(), 'zgoda-rotation-'))
    shop = await serve(first)
    const manager = await shop.as('manager')
    const card = { name: 'Anna Nowak', email: 'anna@client.example' }
    client = (await manager.post('/clients', card)).body.id
    for (let more = 0; more < 3; more++) await manager.post('/clients', { name: `Client ${more}` })
    order = (await manager.post('/cases', { process: 'order', client, fields: { bouquet: 'tulips' } })).body.id
    letter = await shop.letterTo('anna@client.example', 'May we ask')
  })
  afterAll(async () => {
    await shop?.stop()
    await database?.close()
    await rm(mailFolder, { recursive: true, force: true })
  })

  const query = (text: string, values: unknown[] = []) => queryOf(database.url, text, values)
  const rotate = (from: string, to: string, more = {}) =>
    rotateMasterKey({ databaseUrl: database.url, from, to, ...more })
  const serve = (key: string) => testServer('florist/text', { databaseUrl: database.url, masterKey: key, mailFolder })

  it('does not change while a server runs, and the server goes on', async () => {
    await expect(rotate(first, second)).rejects.toThrow(/stop every node/)
    expect(await query('select next_sealed from vault.keyring')).toEqual([{ next_sealed: null }])
    const manager = await shop.as('manager')
    expect((await manager.get(`/clients/${client}`)).body.name).toBe('Anna Nowak')
  })

  it('does not change where the key so far is another, or the new one the same', async () => {
    await shop.stop()
    await expect(rotate(third, second)).rejects.toThrow(/not the key that this database was made with/)
    await expect(rotate(first, first)).rejects.toThrow(/openssl rand/)
  })

  it('is changed to the end by the next run where one was cut short; no server starts in between', async () => {
    const before = await query('select client_id, wrapped from vault.keys order by client_id')
    const cut = () => {
      throw new Error('cut short')
    }
    await expect(rotate(first, second, { progress: cut })).rejects.toThrow('cut short')
    for (const key of [first, second]) await expect(serve(key)).rejects.toThrow(/being changed: run `zgoda key rotate`/)
    await expect(rotate(first, third)).rejects.toThrow(/other keys than these/)
    // As if only some had been reached.
    const half = before[2]
    const later = before.slice(3)
    await query('update vault.keyring set rewrapped = $1', [half.client_id])
    for (const row of later)
      await query('update vault.keys set wrapped = $2 where client_id = $1', [row.client_id, row.wrapped])
    expect(await rotate(first, second)).toEqual({ keys: later.length, linksEnded: false })
    const after = await query('select client_id, wrapped from vault.keys order by client_id')
    expect(after.every(({ wrapped }, at) => !wrapped.equals(before[at].wrapped))).toBe(true)
    expect(await rotate(first, second)).toBeUndefined()
  })

  it('opens nothing any more once it is changed', async () => {
    const [{ sealed }] = await query('select sealed from vault.keyring')
    expect(() => openSecrets(masterKey(first), sealed)).toThrow()
    await expect(serve(first)).rejects.toThrow(/not the key that this database was made with/)
  })

  it('leaves all as it was under the new one: cards, search, the answer to a letter sent before, its link', async () => {
    shop = await serve(second)
    const manager = await shop.as('manager')
    expect((await manager.get(`/clients/${client}`)).body).toMatchObject({ name: 'Anna Nowak' })
    expect((await manager.get('/clients?q=nowak')).body.items).toHaveLength(1)
    await shop.answer(letter, 'I agree')
    await inStage(manager, order, 'arranging')
    expect(await linkOf(letter)).toBe('/portal')
  })

  it('ends links to the portal where that is asked for', async () => {
    await shop.stop()
    expect(await rotate(second, third, { endLinks: true })).toMatchObject({ linksEnded: true })
    shop = await serve(third)
    expect(await linkOf(letter)).not.toBe('/portal')
  })

  it('ends links that follow from a master key of before there was a keyring', async () => {
    const old = await testDatabase()
    const made = await testServer('florist/text', { databaseUrl: old.url })
    await made.stop()
    await queryOf(old.url, 'delete from vault.keyring')
    await queryOf(old.url, 'delete from vault.keys')
    const { wrapped } = new Vault(masterKey(first)).newKey(nobody)
    await queryOf(old.url, 'insert into vault.keys (client_id, wrapped) values ($1, $2)', [nobody, wrapped])
    const again = await testServer('florist/text', { databaseUrl: old.url })
    const manager = await again.as('manager')
    expect((await manager.post('/clients', { name: 'Jan' })).status).toBe(201)
    await again.stop()
    expect(await rotateMasterKey({ databaseUrl: old.url, from: first, to: second })).toEqual({
      keys: 2,
      linksEnded: true,
    })
    const [row] = await queryOf(old.url, 'select wrapped from vault.keys where client_id = $1', [nobody])
    expect(() => new Vault(masterKey(first)).holder(nobody, row.wrapped, {})).toThrow()
    await old.close()
  })

  /** Where the link in a letter leads. */
  async function linkOf({ text }: SandboxLetter): Promise<string | null> {
    const path = new URL(/https?:\/\/\S+\/portal\/l\/\S+/.exec(text)?.[0] ?? '').pathname
    const answer = await fetch(shop.url + path, { redirect: 'manual' })
    return answer.headers.get('location')
  }
})

// biome-ignore lint/suspicious/noExplicitAny: tests read rows freely; a wrong shape fails an assertion
async function queryOf(url: string, text: string, values: unknown[] = []): Promise<any[]> {
  const connection = new pg.Client({ connectionString: url })
  await connection.connect()
  return connection
    .query(text, values)
    .then(({ rows }) => rows)
    .finally(() => connection.end())
}
