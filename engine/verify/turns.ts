import type { Finding } from '../checks/check.ts'
import type { Expression, Place } from '../definition.ts'
import { expressionInWords, placeInWords } from '../wording.ts'
import { isEmpty, meet } from './bits.ts'
import { type Exploration, restOf } from './explore.ts'
import { after } from './operation.ts'
import type { Proof } from './proof.ts'
import { orderedTimers } from './timers.ts'
import { everyAction } from './workspace.ts'

/** Whether a rule ever has its turn, over all that can happen. */
interface Turn {
  readonly at: Place
  readonly condition?: Expression
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
      for (const [index, { rule, at, condition, holds, fires }] of candidates.entries()) {
        const turn = turns.get(rule) ?? {
          at,
          asked: false,
          holds: false,
          fires: false,
          before: [],
          ...(condition && { condition }),
        }
        turns.set(rule, turn)
        turn.asked ||= !isEmpty(there)
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
  const turns = turnsOf(every)
  for (const { at, holds, fires, before } of turns.values()) {
    if (!holds || fires || before.length === 0) continue
    const earlier = before.map(placeInWords).join(', ')
    yield {
      at,
      process,
      message: `this rule never has its turn: an earlier one (${earlier}) always answers first`,
      hint: 'put it before the other, or give the other a condition',
    }
  }
  for (const { rules, isLasting } of runningTimers(program, every)) {
    const order = orderedTimers(rules, isLasting && program)
    for (const { id, at, trigger } of rules) {
      if (trigger.kind !== 'after' || !(order.overtaken(id) || turns.get(id)?.asked === false)) continue
      yield {
        at,
        process,
        message: 'this rule never has its turn: the case always goes on before that time',
        hint: 'take it away, or let it come before the shorter one',
      }
    }
  }
}

/** The rules of the stages that cases rest in, and those of the process. */
function runningTimers({ stages, process }: Proof['program'], every: Exploration) {
  const resting = [...stages.values()].filter(({ stage }) => !stage.final && restOf(every, stage.name))
  const own = resting.map(({ stage }) => ({ rules: stage.rules, isLasting: false }))
  return resting.length === 0 ? own : [...own, { rules: process.rules, isLasting: true }]
}

/** Z307: conditions that are false whenever they are looked at. */
export function* neverHolding(proof: Proof): Iterable<Finding> {
  const { program, every } = proof
  const process = program.process.name
  for (const { at, condition, asked, holds } of turnsOf(every).values()) {
    if (!condition || !asked || holds) continue
    yield never(process, at, condition)
  }
  yield* neverHoldingActions(proof)
}

/** The same of the conditions of actions. */
function* neverHoldingActions({ program, exploration }: Proof): Iterable<Finding> {
  const conditional = everyAction(program.process).some(({ when }) => when !== undefined)
  if (!conditional) return
  const { system, reached } = exploration({ actions: true })
  const asked = new Set<string>()
  const holding = new Set<string>()
  const known = new Map<string, { at: Place; condition: Expression }>()
  for (const [node, points] of reached) {
    for (const { operations } of system.exitsOf(node).edges) {
      after(node.facts.space, operations, points, (number, what) => {
        const found = what === 'condition' ? system.conditions[number] : undefined
        if (!found) return
        const key = `${found.at.file}:${found.at.line}:${found.at.column}`
        known.set(key, found)
        if (found.what === 'asked') asked.add(key)
        else holding.add(key)
      })
    }
  }
  for (const key of asked) {
    const found = known.get(key)
    if (found && !holding.has(key)) yield never(program.process.name, found.at, found.condition)
  }
}

function never(process: string, at: Place, condition: Expression): Finding {
  return {
    at,
    process,
    message: `\`${expressionInWords(condition)}\` can never hold here`,
    hint: 'look at what its fields and consents can be when it is asked',
  }
}
