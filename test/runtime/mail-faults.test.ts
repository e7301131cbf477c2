import { expect, it } from 'vitest'
import { Random } from '../../bench/torture/random.ts'
import { testDatabase } from '../database.ts'
import { openFaultyMail } from '../mail-faults.ts'

it('mail servers that fail lose nothing, repeat nothing, and leave to a person what only a person can settle', async () => {
  const database = await testDatabase()
  const seed = Date.now() % 2 ** 31
  const random = new Random(seed)
  const faulty = await openFaultyMail(database.url)
  try {
    const { figures, failures } = await faulty.round((limit) => random.below(limit))
    expect(failures, `seed ${seed}`).toEqual([])
    expect((figures['connections cut'] ?? 0) + (figures['mailbox renumbered'] ?? 0)).toBeGreaterThan(0)
  } finally {
    await faulty.close()
    await database.close()
  }
})
