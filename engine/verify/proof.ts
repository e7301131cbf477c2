import type { Check, Finding } from '../checks/check.ts'
import type { Definition } from '../definition.ts'
import { compileProgram, type Program } from '../program.ts'
import { systemOf } from './exits/exits.ts'
import { type Exploration, explore } from './explore.ts'
import { type Extra, type Facts, factsOf } from './facts.ts'
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
  const plain = factsOf(program)
  const made = new Map<string, Exploration>()
  const exploration = (asked: Extra, mode: Mode = {}): Exploration => {
    const extra = beyond(plain, asked)
    const { lasting = [], fresh = [], unreachable = false } = mode
    const key = JSON.stringify([extra, [...lasting], [...fresh], unreachable])
    const found = made.get(key)
    if (found) return found
    const facts = Object.keys(extra).length === 0 ? plain : factsOf(program, extra)
    const explored = explore(systemOf(facts, mode))
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

/** What is asked to be told apart and is not anyway. */
function beyond(plain: Facts, { held, actions, purposes = [] }: Extra): Extra {
  const more = [...new Set(purposes)].filter((name) => !plain.consents.has(name)).sort()
  return {
    ...(held !== undefined && { held }),
    ...(actions && !plain.tellsAllActions && { actions }),
    ...(more.length > 0 && { purposes: more }),
  }
}
