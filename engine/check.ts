import type { Check } from './checks/check.ts'
import { readingChecks, readingFindings } from './checks/reading.ts'
import { z310 } from './checks/z310-gap.ts'
import type { Definition } from './definition.ts'
import { exploringChecks, type Found, verifying } from './verify/index.ts'

/** Every check of a whole definition: those that read it, and those that explore its processes. */
export const proofs: readonly Check[] = [...readingChecks, ...exploringChecks, z310]

/** All that can be said against a workspace that reads soundly. */
export function check(definition: Definition): readonly Found[] {
  return [...checking(definition)].flat()
}

/** The same in parts, for a caller with other things to do in between. */
export function* checking(definition: Definition): Iterable<readonly Found[]> {
  yield readingFindings(definition)
  yield* verifying(definition)
}
