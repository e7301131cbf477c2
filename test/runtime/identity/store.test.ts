import { randomBytes, randomUUID } from 'node:crypto'
import knex, { type Knex } from 'knex'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type IdentityStore, People } from '../../../runtime/identity/index.ts'
import { down, up } from '../../../runtime/store/migrations/002_people.ts'
import { identityStore } from '../../../runtime/store/people.ts'
import { type TestDatabase, testDatabase } from '../../database.ts'

describe('people and sessions in Postgres', () => {
  let database: TestDatabase
  let db: Knex
  let store: IdentityStore

  beforeAll(async () => {
    database = await testDatabase()
    db = knex({ client: 'pg', connection: database.url, pool: { min: 0, max: 3 } })
    store = identityStore(db)
  })
  afterAll(async () => {
    await db.destroy()
    await database.close()
  })

  const client = randomUUID()
  const now = new Date('2026-05-25T08:00:00Z')
  const later = new Date('2026-05-25T09:00:00Z')

  it('carry a person through signing in and out', async () => {
    const people = new People(store, { now: () => now.toISOString() })
    await people.addPerson({ login: 'Ewa', password: 'tulips in may', roles: ['florist', 'manager'] })
    const { token } = await people.signIn('ewa', 'tulips in may', '1.2.3.4')
    expect((await people.session(token))?.person.roles).toEqual(['florist', 'manager'])
    expect((await db('sessions').select('token_hash'))[0].token_hash).toHaveLength(32)
    await people.signOut(token)
    expect(await db('sessions').select()).toEqual([])
  })

  it('refuse a login that is taken without an error, and one in capitals by the schema', async () => {
    const person = { id: randomUUID(), login: 'adam', name: 'Adam', roles: [], active: true, createdAt: now }
    expect(await store.addPerson(person)).toBe(true)
    expect(await store.addPerson({ ...person, id: randomUUID() })).toBe(false)
    await expect(store.addPerson({ ...person, id: randomUUID(), login: 'ADAM' })).rejects.toThrow('people_login_lower')
  })

  it('use a portal code up once, though it is tried ten times at once', async () => {
    const code = randomBytes(32)
    await store.addPortalCode(code, { clientId: client, expiresAt: later })
    const opened = await Promise.all(Array.from({ length: 10 }, () => store.usePortalCode(code, now)))
    expect(opened.filter((clientId) => clientId !== undefined)).toEqual([client])
  })

  it('clear away what has run out, and all of an erased client', async () => {
    const session = { kind: 'client', subjectId: client, csrf: 'x', createdAt: now } as const
    const [old, fresh] = [randomBytes(32), randomBytes(32)]
    await store.addSession(old, { ...session, expiresAt: now })
    await store.addSession(fresh, { ...session, expiresAt: later })
    await store.removeExpired(new Date(now.getTime() + 1))
    expect([await store.session(old), (await store.session(fresh))?.subjectId]).toEqual([undefined, client])
    await store.endSessionsOf('client', client)
    await store.removePortalCodesOf(client)
    expect(await store.session(fresh)).toBeUndefined()
    expect(await db('portal_codes').where({ client_id: client })).toEqual([])
  })

  it('go with their migration', async () => {
    await down(db)
    expect(await db.schema.hasTable('sessions')).toBe(false)
    await up(db)
    expect(await db.schema.hasTable('sessions')).toBe(true)
  })
})
