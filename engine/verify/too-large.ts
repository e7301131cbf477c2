import type { Finding } from '../checks/check.ts'
import type { Process } from '../definition.ts'
import type { Program } from '../program.ts'
import { factsOf } from './facts.ts'

/** What is said of a process of which more would have to be told apart than can be: some rules are not proved of it. */
export function tooLarge({ name, at }: Process): Finding {
  return {
    at,
    process: name,
    unproved: true,
    message: `process \`${name}\` is too large to be followed in full, so Z303, Z304, Z403 and Z418 are not proved of it`,
    hint: 'too many combinations of what its conditions ask for may come together in one stage: ask for fewer fields at once, or split the process',
  }
}

/** Whether a process is so. */
export function isTooLarge(program: Program): boolean {
  const facts = factsOf(program)
  return Object.keys(program.process.stages).some((stage) => facts.at(stage).rough)
}
