import { describe, expect, it } from 'vitest'
import { Random } from '../../../bench/torture/random.ts'
import { testDatabase } from '../../database.ts'
import { openWithdrawalRace } from '../../withdrawal-race.ts'

describe('a consent withdrawn while letters that rest on it are about to go, on two servers', () => {
  it('is acknowledged when the last of them has gone, and none goes after that', async () => {
    const database = await testDatabase()
    const seed = Date.now() % 2 ** 31
    const random = new Random(seed)
    const below = (limit: number) => random.below(limit)
    const race = await openWithdrawalRace(database.url, below)
    try {
      const missing = new Set(['letters before the withdrawal', 'letters stopped by it'])
      // On a busy machine a few rounds may leave one of the two out: then there are more.
      for (let again = 0; again < 5 && missing.size > 0; again++) {
        const rounds = await Promise.all(Array.from({ length: 8 }, () => race.round(below)))
        expect(
          rounds.flatMap(({ failures }) => failures),
          `seed ${seed}`,
        ).toEqual([])
        for (const { figures } of rounds)
          for (const [what, count] of Object.entries(figures)) if (count > 0) missing.delete(what)
      }
      expect([...missing]).toEqual([])
    } finally {
      await race.close()
      await database.close()
    }
  })
})
