import { describe, expect, it } from 'vitest'
import { crossCheck } from './torture.ts'

const rounds = Number(process.env.ZGODA_ROUNDS ?? 300)
const seed = Number(process.env.ZGODA_SEED ?? 7919)

describe('the verifier against brute force, over random processes', () => {
  it(`finds the same, along paths that real cases can go, and no case does what it rules out (ZGODA_SEED=${seed})`, () => {
    const { figures, failures } = crossCheck(rounds, seed)
    expect(failures.slice(0, 3).join('\n\n')).toBe('')
    expect(figures.compared).toBeGreaterThan(rounds * 0.9)
    expect(figures.sound).toBeGreaterThan(rounds * 0.05)
  })
})
