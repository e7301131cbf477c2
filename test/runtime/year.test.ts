import { describe, expect, it } from 'vitest'
import { liveThroughYear } from './year.ts'

describe('a year of the flower shop, with two changes of its process', () => {
  it('ends every case legally, and every history is a run of the versions that the case went through', async () => {
    const { wrong, ...year } = await liveThroughYear(60, 7919)
    process.stdout.write(`${JSON.stringify(year)}\n`)
    expect(wrong).toEqual([])
    expect(year.ended).toBe(year.cases)
    expect(year.cases).toBeGreaterThanOrEqual(60)
    expect(year.migrated).toBeGreaterThan(0)
    expect(year.timers).toBeGreaterThan(0)
  }, 240_000)
})
