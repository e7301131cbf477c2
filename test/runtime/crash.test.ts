import { describe, expect, it } from 'vitest'
import { Random } from '../../bench/torture/random.ts'
import { testDatabase } from '../database.ts'
import { crash, moments } from '../torture/crash.ts'

describe('a server killed with -9 under load, at its start, at an apply and on an empty database', () => {
  it('has done all that it acknowledged once, and nothing by halves', async () => {
    const database = await testDatabase()
    const seed = Date.now() % 2 ** 31
    try {
      const { figures, failures } = await crash(database.url, new Random(seed), moments.length)
      expect(failures, `seed ${seed}`).toEqual([])
      expect(figures['moves acknowledged']).toBeGreaterThan(0)
      expect(figures['cases led to their end']).toBeGreaterThan(0)
    } finally {
      await database.close()
    }
  }, 300_000)
})
