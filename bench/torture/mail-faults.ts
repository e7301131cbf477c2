import { openFaultyMail, type Round } from '../../test/mail-faults.ts'
import { onPostgres } from '../on-postgres.ts'
import { Random } from './random.ts'
import type { TortureResult } from './result.ts'

/**
 * The mail server refuses, defers, hangs and breaks off after it has taken a letter; the mailbox breaks off in IDLE, is
 * numbered anew and holds messages twice. Nothing may be lost and nothing happen twice, and the incident list says what
 * needs a person, and no more.
 */
export function torture(rounds: number, seed: number): Promise<TortureResult> {
  return onPostgres(async ({ url }) => {
    const random = new Random(seed)
    const done: Round[] = []
    const faulty = await openFaultyMail(url)
    try {
      for (let round = 0; round < rounds; round++) done.push(await faulty.round((limit) => random.below(limit)))
    } finally {
      await faulty.close()
    }
    return { figures: total(done), failures: done.flatMap(({ failures }) => failures) }
  })
}

function total(rounds: readonly Round[]): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const { figures } of rounds) {
    for (const [what, count] of Object.entries(figures)) sums[what] = (sums[what] ?? 0) + count
  }
  return sums
}
