import { describe, expect, it } from 'vitest'
import { Random } from '../../bench/torture/random.ts'
import { harmDatabase } from '../torture/database.ts'

describe('a server whose database is cut off, aborted, ended session by session, silent and slow', () => {
  it('says so in time, loses nothing that it acknowledged, and goes on by itself', async () => {
    const seed = Date.now() % 2 ** 31
    const turns = ['cut', 'aborted', 'terminated', 'stalled', 'far'] as const
    const { figures, failures } = await harmDatabase(new Random(seed), turns.length, turns)
    expect(failures, `seed ${seed}`).toEqual([])
    expect(figures['of them with 503']).toBeGreaterThan(0)
    expect(figures['moves acknowledged']).toBeGreaterThan(0)
  }, 300_000)
})
