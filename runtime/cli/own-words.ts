import type { OwnWords } from '../../engine/simulate/reply.ts'
import type { Scenario } from '../../engine/simulate/scenario.ts'

/** What takes a letter apart, where some scenario has one: loading it takes as long as playing hundreds of them. */
export async function ownWordsFor(scenarios: readonly Scenario[]): Promise<OwnWords> {
  if (!scenarios.some(({ steps }) => steps.some(({ kind }) => kind === 'reply'))) return () => []
  return (await import('../mail/own-words.ts')).ownWords
}
