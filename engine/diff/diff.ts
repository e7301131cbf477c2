import type { Definition } from '../definition.ts'
import { compareDeclarations } from './declarations.ts'
import type { Difference } from './difference.ts'
import { compareForms } from './forms.ts'
import { compareProcesses } from './processes.ts'
import { comparePurposes } from './purposes.ts'
import { compareTables } from './tables.ts'

/**
 * What two definitions say differently, in meaning: where things stand, the order of what has none, and the notation make no
 * difference. Empty for two that say the same.
 */
export function diff(before: Definition, after: Definition): readonly Difference[] {
  return [
    ...compareDeclarations(before, after),
    ...comparePurposes(before, after),
    ...compareTables(before, after),
    ...compareProcesses(before, after),
    ...compareForms(before, after),
  ]
}
