import type { Definition, Place } from '../../../engine/index.ts'
import { type Step, verify } from '../../../engine/verify/index.ts'

/** The one place that knows how the verifier is asked. */

/** What the verifier found of one process. */
export interface Found {
  readonly code: string
  readonly at: Place
  readonly steps: readonly Step[]
}

export function findingsOf(definition: Definition, processName: string): readonly Found[] {
  return verify(definition).flatMap(({ check, at, process, steps }) =>
    process === processName ? [{ code: check.code, at, steps: steps ?? [] }] : [],
  )
}
