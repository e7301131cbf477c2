import type { Finding } from '../checks/check.ts'
import type { Place } from '../definition.ts'
import { expressionInWords, placeInWords } from '../wording.ts'
import { meet } from './bits.ts'
import { type Exploration, restOf } from './explore.ts'
import { after } from './operation.ts'
import type { Proof } from './proof.ts'
import { orderedTimers } from './timers.ts'

/** Whether a rule ever has its turn, over all that can happen. */
interface Turn {
  readonly at: Place
  readonly condition?: Parameters<typeof expressionInWords>[0]
  asked: boolean
  holds: boolean
  fires: boolean
  before: readonly Place[]
}

function turnsOf({ system, reached }: Exploration): ReadonlyMap<string, Turn> {
  const turns = new Map<string, Turn>()
  for (const [node, points] of reached) {
    for (const { ready, candidates } of system.exitsOf(node).choices) {
      const there = after(node.facts.space, ready, points)
      for (const [index, { rule, at, condition, asked, holds, fires }] of candidates.entries()) {
        const turn = turns.get(rule) ?? {
          at,
          asked: false,
          holds: false,
          fires: false,
          before: [],
          ...(condition && { condition }),
        }
        turns.set(rule, turn)
        turn.asked ||= meet(there, asked)
        turn.holds ||= meet(there, holds)
        turn.fires ||= meet(there, fires)
        turn.before = candidates.slice(0, index).map((each) => each.at)
      }
    }
  }
  return turns
}

/** Z306: rules that might answer, and never do, for earlier ones always answer first. */
export function* beatenRules({ program, every }: Proof): Iterable<Finding> {
  const process = program.process.name
  for (const { at, holds, fires, before } of turnsOf(every).values()) {
    if (!holds || fires || before.length === 0) continue
    const earlier = before.map(placeInWords).join(', ')
    yield {
      at,
      process,
      message: `this rule never has its turn: an earlier one (${earlier}) always answers first`,
      hint: 'put it before the other, or give the other a condition',
    }
  }
  for (const { stage } of program.stages.values()) {
    if (stage.final || !restOf(every, stage.name)) continue
    const order = orderedTimers(stage.rules)
    for (const { id, at, trigger } of stage.rules) {
      if (trigger.kind !== 'after' || !order.overtaken(id)) continue
      yield {
        at,
        process,
        message: 'this rule never has its turn: the case always goes on before that time',
        hint: 'take it away, or let it come before the shorter one',
      }
    }
  }
}

/** Z307: conditions that are false whenever they are looked at. */
export function* neverHolding({ program, every }: Proof): Iterable<Finding> {
  const process = program.process.name
  for (const { at, condition, asked, holds } of turnsOf(every).values()) {
    if (!condition || !asked || holds) continue
    yield {
      at,
      process,
      message: `\`${expressionInWords(condition)}\` can never hold here`,
      hint: 'look at what its fields and consents can be when it is asked',
    }
  }
}
