import { describe, expect, it } from 'vitest'
import { Random } from '../../bench/torture/random.ts'
import { testDatabase } from '../database.ts'
import { poison } from '../torture/poison.ts'

describe('work that fails however often it is tried', () => {
  it('is an incident with its reason while other cases go on, and is done once when it is mended and tried again', async () => {
    const database = await testDatabase()
    const seed = Date.now() % 2 ** 31
    try {
      const { figures, failures } = await poison(database.url, new Random(seed), 1)
      expect(failures, `seed ${seed}`).toEqual([])
      expect(figures['retried once mended']).toBe(figures['jobs poisoned'])
      expect(figures['pauses seen to grow']).toBeGreaterThan(0)
    } finally {
      await database.close()
    }
  }, 300_000)
})
