import type { Check, Finding } from '../checks/check.ts'
import type { Definition } from '../definition.ts'
import { compileProgram, type Program } from '../program.ts'
import { systemOf } from './exits/exits.ts'
import { type Exploration, explore } from './explore.ts'
import { type Extra, factsOf } from './facts.ts'
import type { Mode } from './system.ts'

/** A check that explores what cases of a process can come to. */
export interface ExploringCheck extends Check {
  readonly find: (proof: Proof) => Iterable<Finding>
}

/** What checks ask about one process: each exploration is made once, when it is asked for. */
export interface Proof {
  readonly program: Program
  /** Every case there can be, told apart by what says where it goes. */
  readonly every: Exploration
  /** The same with more told apart, or of some cases alone. */
  readonly exploration: (extra: Extra, mode?: Mode) => Exploration
}

export function proofOf(definition: Definition, process: string): Proof {
  const program = compileProgram(definition, process)
  const always = factsOf(program).consents
  const made = new Map<string, Exploration>()
  const exploration = ({ held, actions, purposes = [] }: Extra, mode: Mode = {}): Exploration => {
    const extra: Extra = {
      ...(actions && { actions }),
      ...(held !== undefined && { held }),
      purposes: purposes.filter((name) => !always.has(name)),
    }
    const key = JSON.stringify([
      actions,
      extra.held,
      [...purposes.filter((name) => !always.has(name))].sort(),
      [...(mode.lasting ?? [])],
      [...(mode.fresh ?? [])],
      mode.unreachable,
    ])
    const found = made.get(key)
    if (found) return found
    const explored = explore(systemOf(factsOf(program, extra), mode))
    made.set(key, explored)
    return explored
  }
  return {
    program,
    get every() {
      return exploration({})
    },
    exploration,
  }
}
