import type { Check, Finding } from '../checks/check.ts'
import { z301 } from '../checks/z301-unreachable.ts'
import { z302 } from '../checks/z302-never-left.ts'
import { z303 } from '../checks/z303-no-end.ts'
import { z304 } from '../checks/z304-endless.ts'
import { z306 } from '../checks/z306-beaten.ts'
import { z307 } from '../checks/z307-never-holds.ts'
import { z308 } from '../checks/z308-required.ts'
import { z310 } from '../checks/z310-gap.ts'
import { z402 } from '../checks/z402-unconsented.ts'
import { z403 } from '../checks/z403-detriment.ts'
import { z407 } from '../checks/z407-kept.ts'
import { z418 } from '../checks/z418-contactless.ts'
import type { Definition } from '../definition.ts'
import { endlessStarts } from './endless-starts.ts'
import { type ExploringCheck, proofOf } from './proof.ts'
import { deadRows } from './tables.ts'

/** The checks that explore a process, in the order of their codes. */
export const exploringChecks: readonly ExploringCheck[] = [
  z301,
  z302,
  z303,
  z304,
  z306,
  z307,
  z308,
  z402,
  z403,
  z407,
  z418,
]

/** A finding and the check that made it. */
export interface Found extends Finding {
  readonly check: Check
}

/** Explores every process of a workspace, and its tables: all that can be proved wrong about it. */
export function verify(definition: Definition): readonly Found[] {
  return [...verifying(definition)].flat()
}

/** The same process by process, what holds across them last, for a caller with other things to do in between. */
export function* verifying(definition: Definition): Iterable<readonly Found[]> {
  for (const process of Object.values(definition.processes)) {
    if (Object.keys(process.stages).length === 0) continue
    const proof = proofOf(definition, process.name)
    yield exploringChecks.flatMap((check) => foundBy(check, check.find(proof)))
  }
  yield [
    ...foundBy(z304, endlessStarts(definition)),
    ...foundBy(z306, deadRows(definition)),
    ...foundBy(z310, z310.find(definition)),
  ]
}

function foundBy(check: Check, findings: Iterable<Finding>): readonly Found[] {
  return Array.from(findings, (finding) => ({ ...finding, check }))
}
