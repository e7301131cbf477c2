import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../../runtime/store/database.ts'
import { deadPools, openLifeline } from '../../../runtime/store/workers.ts'
import { type TestDatabase, testDatabase } from '../../database.ts'

describe('a node that has taken jobs', () => {
  const made: TestDatabase[] = []
  const open: Database[] = []

  beforeAll(async () => {
    for (let count = 0; count < 2; count++) {
      const database = await testDatabase()
      made.push(database)
      open.push(openDatabase(database.url, () => undefined))
    }
  })
  afterAll(async () => {
    for (const db of open) await db.close()
    for (const database of made) await database.close()
  })

  it('is alive on its own database, and not on a copy of it beside it that was restored with the jobs it had taken', async () => {
    const [own, copy] = open as [Database, Database]
    const line = await openLifeline(own, 'pool-1', () => undefined)
    await copy.pool.query("insert into job_pools (pool_id) values ('pool-1')")
    expect(await deadPools(own)).toEqual([])
    expect(await deadPools(copy)).toEqual(['pool-1'])
    await line.close()
  })
})
