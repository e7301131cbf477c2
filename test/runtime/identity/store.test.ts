import { hash, randomBytes, randomUUID } from 'node:crypto'
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
    store = identityStore(db, (key) => hash('sha256', key, 'buffer'))
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

  it('count a burst of failed tries once each, whichever node each is sent to, under keys that nobody can read', async () => {
    const nodes = [1, 2].map(() => new People(store, { now: () => now.toISOString() }))
    const tries = Array.from({ length: 12 }, (_, n) =>
      nodes[n % 2]?.signIn('adam', 'a wrong password', '6.6.6.6').catch(({ code }: { code: string }) => code),
    )
    const answers = await Promise.all(tries)
    expect(answers.filter((answer) => answer === 'wrong-credentials')).toHaveLength(5)
    expect(answers.filter((answer) => answer === 'too-many-tries')).toHaveLength(7)
    const kept = await db('failed_tries').where('failures', '>', 0)
    expect(kept.map(({ failures }) => failures)).toEqual([5, 5, 5])
    expect(JSON.stringify(kept.map(({ key_hash }) => key_hash.toString('latin1')))).not.toMatch(/adam|6\.6\.6\.6/)
  })

  it('forget failures an hour after the last, and a person’s own once they are in', async () => {
    const between = new Date(now.getTime() + 30 * 60_000)
    await new People(store, { now: () => between.toISOString() }).signIn('ewa', 'tulips in may', '6.6.6.6')
    await store.removeExpired(new Date(now.getTime() + 59 * 60_000))
    const before = await db('failed_tries').where('failures', '>', 0)
    await store.removeExpired(new Date(later.getTime() + 61 * 60_000))
    expect([before.length, (await db('failed_tries').select()).length]).toEqual([3, 0])
  })

  it('go with their migration', async () => {
    await down(db)
    expect(await db.schema.hasTable('sessions')).toBe(false)
    await up(db)
    expect(await db.schema.hasTable('sessions')).toBe(true)
  })
})
