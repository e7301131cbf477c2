import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openQueue } from '../../runtime/store/queue.ts'
import { type TestDatabase, testDatabase } from '../database.ts'
import { type Gate, gateTo } from '../gate.ts'

describe('the job queue’s connections', () => {
  let database: TestDatabase
  let gate: Gate
  let throughGate: string

  beforeAll(async () => {
    database = await testDatabase()
    const url = new URL(database.url)
    gate = await gateTo(Number(url.port))
    url.port = String(gate.port)
    throughGate = url.href
  })
  afterAll(async () => {
    await gate?.shut()
    await database?.close()
  })

  it('answer nothing any more once the database was lost, and close though it is back and asked', async () => {
    await gate.open()
    const queue = openQueue(throughGate)
    const held = await queue.pool.connect()
    expect((await held.query('select 1 as one')).rows).toEqual([{ one: 1 }])
    await gate.shut()
    await queue.lost
    await gate.open()
    const silent = [queue.pool.connect(), queue.pool.query('select 1'), held.query('select 1')]
    await queue.close()
    const answered = await Promise.race([...silent, Promise.resolve('none of them')])
    expect(answered).toBe('none of them')
  })

  it('close while they are being opened', async () => {
    const queue = openQueue(database.url)
    const asked = queue.pool.query('select 1 as one')
    const connecting = queue.pool.connect()
    await queue.close()
    expect((await asked).rows).toEqual([{ one: 1 }])
    await connecting
  })
})
