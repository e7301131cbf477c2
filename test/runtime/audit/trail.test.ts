import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyAudit } from '../../../runtime/audit/verify.ts'
import { openKeyring } from '../../../runtime/keyring.ts'
import { openDatabase } from '../../../runtime/store/database.ts'
import type { Api } from '../../api.ts'
import { type TestDatabase, testDatabase } from '../../database.ts'
import { query } from '../../database-query.ts'
import { eventually } from '../../eventually.ts'
import { inStage, type TestServer, testServer } from '../../server.ts'

const key = 'c'.repeat(64)

describe('the audit trail', () => {
  let database: TestDatabase
  let mailFolder: string
  let shop: TestServer
  let manager: Api
  let florist: Api
  let client: string
  let order: string

  beforeAll(async () => {
    database = await testDatabase()
    mailFolder = await mkdtemp(join(tmpdir(), 'zgoda-audit-'))
    shop = await testServer('florist/text', { databaseUrl: database.url, mailFolder })
    manager = await shop.as('manager')
    florist = await shop.as('florist')
    client = (await manager.post('/clients', { name: 'Anna Nowak', phone: '600 100 200' })).body.id
    const started = { process: 'order', client, fields: { bouquet: 'tulips', address: 'Polna 1' } }
    order = (await florist.post('/cases', started)).body.id
    await manager.post(`/clients/${client}/consents`, { purpose: 'allergies', decision: 'refused' })
    await inStage(florist, order, 'arranging')
  })
  afterAll(async () => {
    await shop?.stop()
    await database?.close()
    await rm(mailFolder, { recursive: true, force: true })
  })

  const sql = (text: string, values: unknown[] = []) => query(database.url, text, values)
  const chained = () =>
    eventually('the chain takes all that waits', async () => (await sql('select 1 from audit_waiting')).length === 0)
  const looks = async () => (await manager.get(`/clients/${client}/looks`)).body.items
  const verify = async (head?: { seq: string; hash: string }) => {
    const db = openDatabase(database.url, () => undefined)
    try {
      return await verifyAudit(db, await openKeyring(db.pool, key), head)
    } finally {
      await db.close()
    }
  }
  /** Does something past the server, looks what is told of it, and takes it back. */
  const tamperedWith = async (change: string, back: string) => {
    await sql(change)
    const { broken } = await verify()
    await sql(back)
    expect((await verify()).broken).toEqual([])
    return broken
  }

  it('says who was shown whose data, in which case, by names of fields', async () => {
    await chained()
    const shown = await looks()
    expect(shown).toContainEqual({
      at: expect.any(String),
      by: 'manager',
      fields: ['client.name', 'client.phone'],
    })
    expect(shown).toContainEqual({
      at: expect.any(String),
      by: 'florist',
      case: order,
      fields: expect.arrayContaining(['address']),
    })
    expect(JSON.stringify(await sql('select entry from audit'))).not.toMatch(/Nowak|Polna|600 100/)
  })

  it('writes a look down before its answer goes out', async () => {
    const colleague = (await manager.post('/clients', { name: 'Jan Kowal' })).body.id
    await florist.get(`/clients?q=Kowal`)
    const written = await sql(
      `select actor from audit_waiting where clients @> array[$1::uuid]
       union all select actor from audit where clients @> array[$1::uuid]`,
      [colleague],
    )
    expect(written).toHaveLength(2)
  })

  it('counts seeing the same again within a quarter of an hour once', async () => {
    await chained()
    const before = (await looks()).length
    for (let times = 0; times < 3; times++) await florist.get(`/cases/${order}`)
    await chained()
    expect((await looks()).length).toBe(before)
  })

  it('does not write down who sees nothing of a person', async () => {
    const bare = (await manager.post('/clients', {})).body.id
    await manager.get(`/clients/${bare}`)
    await chained()
    expect((await manager.get(`/clients/${bare}/looks`)).body.items).toEqual([])
  })

  it('stands, while all is as the server wrote it', async () => {
    await chained()
    const verified = await verify()
    expect(verified).toMatchObject({ broken: [], waiting: 0, head: expect.stringMatching(/^\d+:[0-9a-f]{64}$/) })
    const [{ n }] = (await sql('select (select count(*) from history) + (select count(*) from consents) as n')) as [
      { n: string },
    ]
    expect(verified.rows).toBe(Number(n))
  })

  it('tells an entry of a history that was changed, and one that was put in past the server', async () => {
    const change = `update history set entry = entry || '{"to":"delivered"}' where case_id = '${order}' and seq = 1`
    const [{ entry }] = (await sql('select entry from history where case_id = $1 and seq = 1', [order])) as [
      { entry: object },
    ]
    const back = `update history set entry = '${JSON.stringify(entry)}' where case_id = '${order}' and seq = 1`
    expect(await tamperedWith(change, back)).toEqual([
      expect.stringContaining(`history of case ${order}, number 1: changed or gone since entry`),
    ])
    const added = await tamperedWith(
      `insert into history select case_id, 9999, at, entry from history where case_id = '${order}' and seq = 1`,
      'delete from history where seq = 9999',
    )
    expect(added).toEqual(['1 rows of `history` are in no entry: they came in by another way'])
  })

  it('tells a consent that was changed', async () => {
    const broken = await tamperedWith(
      `update consents set decision = 'given' where client_id = '${client}'`,
      `update consents set decision = 'refused' where client_id = '${client}'`,
    )
    expect(broken).toEqual([expect.stringContaining(`consent of client ${client}, number 1: changed or gone`)])
  })

  it('tells an entry of the chain that was changed or taken out', async () => {
    const look = `(select min(seq) from audit where kind = 'look')`
    const [{ actor, seq }] = (await sql(`select actor, seq from audit where seq = ${look}`)) as [
      { actor: string; seq: string },
    ]
    const changed = await tamperedWith(
      `update audit set actor = 'staff:somebody' where seq = ${seq}`,
      `update audit set actor = '${actor}' where seq = ${seq}`,
    )
    expect(changed).toEqual([`entry ${seq} was changed, or the one before it was`])
    await sql(`create table taken as select * from audit where seq = ${seq}`)
    const gone = await tamperedWith(
      `delete from audit where seq = ${seq}`,
      'insert into audit select * from taken; drop table taken',
    )
    expect(gone).toContain(`entries ${seq} to ${seq} are missing`)
  })

  it('misses what was cut off its end once its head is known from elsewhere', async () => {
    const { head } = await verify()
    const [seq, hash] = (head ?? '').split(':') as [string, string]
    expect((await verify({ seq, hash })).broken).toEqual([])
    await sql(`create table cut as select * from audit where seq = ${seq}`)
    await sql(`delete from audit where seq = ${seq}`)
    const { broken } = await verify({ seq, hash })
    expect(broken).toContainEqual(expect.stringContaining('the end was cut off'))
    await sql('insert into audit select * from cut')
    await sql('drop table cut')
    expect((await verify({ seq, hash })).broken).toEqual([])
  })

  it('holds the erasure of a client and the definition that was made to run', async () => {
    await manager.post(`/clients/${client}/erase`)
    await chained()
    const kinds = (await sql('select distinct kind from audit')).map(({ kind }) => kind)
    expect(kinds).toEqual(expect.arrayContaining(['erasure', 'definition', 'person', 'history', 'consent', 'look']))
    expect((await verify()).broken).toEqual([])
  })
})
