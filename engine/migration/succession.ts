import type { Process, Rule } from '../definition.ts'
import { expressionKey } from '../diff/key.ts'
import { paired, sidesOf } from '../diff/rules.ts'
import { renamedStages } from '../diff/stages.ts'
import { own } from '../named.ts'

/** What of an earlier version of a process goes on as what in a later one. */
export interface Succession {
  /** The stage that cases of a stage go on in; undefined where it is gone and none says that it `was` it. */
  readonly stage: (name: string) => string | undefined
  /** The rule that goes on where an earlier one stood, by the earlier one's id. */
  readonly rules: ReadonlyMap<string, Successor>
}

interface Successor {
  readonly before: Rule
  readonly after: Rule
  /** Whether both wait for the same to hold, wherever it stands and whatever stages are called now. */
  readonly sameCondition: boolean
}

/** A stage goes on under its own name, else in one that says it `was` it: a new one, or one that was there before. */
export function successionOf(before: Process, after: Process): Succession {
  const heirs = new Map<string, string>()
  for (const { name } of Object.values(before.stages)) {
    const heir = own(after.stages, name) ?? Object.values(after.stages).find(({ was }) => was === name)
    if (heir) heirs.set(name, heir.name)
  }
  const sides = sidesOf(before, after, new Map([...heirs, ...renamedStages(before, after)]))
  const pairs = Object.values(before.stages).flatMap((stage) => {
    const heir = own(after.stages, heirs.get(stage.name) ?? '')
    return heir ? paired(stage.rules, heir.rules, sides).pairs : []
  })
  const lasting = paired(before.rules, after.rules, sides).pairs
  const same = ({ before: one, after: other }: { readonly before: Rule; readonly after: Rule }) =>
    expressionKey(one.when, sides.before) === expressionKey(other.when, sides.after)
  return {
    stage: (name) => heirs.get(name),
    rules: new Map(
      [...lasting, ...pairs].map((pair) => [pair.before.id, { ...pair, sameCondition: same(pair) }] as const),
    ),
  }
}
