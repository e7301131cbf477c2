import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readiness } from '../../runtime/readiness.ts'
import { type Database, isAway, openDatabase } from '../../runtime/store/database.ts'
import { inTransaction } from '../../runtime/store/transaction.ts'
import { type TestDatabase, testDatabase } from '../database.ts'
import { type Gate, gateTo } from '../gate.ts'

/** Milliseconds. */
const patience = 100

describe('a database behind a network that swallows what is sent to it', () => {
  let made: TestDatabase
  let gate: Gate
  let db: Database

  beforeAll(async () => {
    made = await testDatabase()
    const url = new URL(made.url)
    gate = await gateTo(Number(url.port))
    await gate.open()
    url.port = String(gate.port)
    db = openDatabase(url.href, () => undefined, patience)
  })
  afterAll(async () => {
    gate?.speak()
    await db?.close()
    await gate?.shut()
    await made?.close()
  })

  const away = (work: Promise<unknown>) => expect(work.catch((error: unknown) => isAway(error))).resolves.toBe(true)

  it('counts as away where a statement waits too long, on each kind of connection, and is ready again afterwards', async () => {
    await Promise.all([db.pool.query('select 1'), db.road.query('select 1'), db.knex.raw('select 1')])
    expect((await readiness(db.pool, {})).ready).toBe(true)
    gate.silence()
    await Promise.all([
      away(db.pool.query('select 1')),
      away(db.road.query('select 1')),
      away(Promise.resolve(db.knex.raw('select 1'))),
    ])
    gate.speak()
    expect((await readiness(db.pool, {})).ready).toBe(true)
    expect((await db.road.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  })

  it('has stored nothing of a transaction that it was lost in, and hands its connection to nobody', async () => {
    await db.pool.query('create table counted (n int)')
    await away(
      inTransaction(db.pool, async (client) => {
        await client.query('insert into counted values (1)')
        gate.silence()
        await client.query('insert into counted values (2)')
      }),
    )
    gate.speak()
    expect((await db.pool.query('select n from counted')).rows).toEqual([])
  })
})
