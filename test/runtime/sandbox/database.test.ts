import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { testDatabase } from '../../database.ts'

describe('a test database', () => {
  it('is apart from every other', async () => {
    const one = await testDatabase()
    const two = await testDatabase()
    const client = new pg.Client({ connectionString: one.url })
    await client.connect()
    await client.query('create table only_here ()')
    await client.end()
    const other = new pg.Client({ connectionString: two.url })
    await other.connect()
    await expect(other.query('select from only_here')).rejects.toThrow('does not exist')
    await other.end()
    await one.close()
    await two.close()
  })

  it('complains of a connection left open', async () => {
    const database = await testDatabase()
    const client = new pg.Client({ connectionString: database.url })
    client.on('error', () => undefined)
    await client.connect()
    await client.query('select 1 as forgotten')
    await expect(database.close()).rejects.toThrow('1 connections were left open: `select 1 as forgotten`')
  })
})
