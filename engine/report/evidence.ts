import { check, proofs } from '../check.ts'
import type { Definition } from '../definition.ts'
import { own } from '../named.ts'
import { compileProgram } from '../program.ts'
import { isTooLarge } from '../verify/too-large.ts'
import type { Evidence, Outcome } from './compliance.ts'

/** What a process too large to follow in full no longer has proved: that an end stays in reach. */
const lostWhereRough: readonly string[] = ['Z303', 'Z304', 'Z403', 'Z418']

/** Runs every check on a workspace; `outcomes` are those of its scenarios. */
export function evidenceOf(definition: Definition, outcomes: readonly Outcome[]): Evidence {
  return {
    ran: proofs.map(({ code }) => code),
    found: check(definition).filter(({ unproved }) => !unproved),
    unsure: (name) => {
      const process = own(definition.processes, name)
      const isEmpty = !process || Object.keys(process.stages).length === 0
      return !isEmpty && isTooLarge(compileProgram(definition, name)) ? lostWhereRough : []
    },
    outcomes,
  }
}
