import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migrate } from '../../runtime/store/migrate.ts'
import { type TestDatabase, testDatabase } from '../database.ts'

describe('the schema', () => {
  let database: TestDatabase
  let client: pg.Client

  beforeAll(async () => {
    database = await testDatabase()
    client = new pg.Client({ connectionString: database.url })
    await client.connect()
  })
  afterAll(async () => {
    await client?.end()
    await database?.close()
  })

  const names = async () =>
    (await client.query('select name from knex_migrations order by name')).rows.map(({ name }) => name)
  const made = (name: string) =>
    client.query('insert into knex_migrations (name, batch, migration_time) values ($1, 9, now())', [name])

  async function emptied(): Promise<void> {
    await client.query('drop schema public, vault, graphile_worker cascade; create schema public')
  }

  it('is made once by nodes that start at once on an empty database', async () => {
    const before = await names()
    await emptied()
    await Promise.all([1, 2, 3].map(() => migrate(database.url)))
    expect(await names()).toEqual(before)
  })

  it('is made though a node was killed while it made it', async () => {
    await emptied()
    await migrate(database.url)
    await client.query("delete from knex_migrations where name = '008_failed_tries'; drop table failed_tries")
    await client.query('update knex_migrations_lock set is_locked = 1')
    await migrate(database.url)
    expect(await names()).toContain('008_failed_tries')
  })

  it('may be newer by what only adds, and this version goes on and starts', async () => {
    await made('099_something_more')
    await migrate(database.url)
    expect(await names()).toContain('099_something_more')
  })

  it('may not be newer by what this version can not know', async () => {
    await made('100_something_else')
    await expect(migrate(database.url)).rejects.toThrow('made by a newer version of Zgoda')
  })
})
