import type { Expression } from '../../definition.ts'
import type { CompiledRule } from '../../program.ts'
import { emptied, flagged } from '../doing.ts'
import type { Operation } from '../operation.ts'
import { strictFields } from '../reading.ts'
import type { Happening } from '../step.ts'
import type { Node } from '../system.ts'
import { orderedTimers } from '../timers.ts'
import { filledTruth, nothingAssumed } from '../truth.ts'
import { ask } from './answering.ts'
import { allFilled } from './filling-in.ts'
import type { Making } from './making.ts'

/** What comes with time: rules `after` and `at`. */
export function timers(making: Making, node: Node): void {
  const { process } = making.program
  const stage = making.stage(node.stage)
  for (const [rules, lasting] of [
    [stage.rules, false],
    [process.rules, true],
  ] as const) {
    const order = orderedTimers(rules, lasting && making.program)
    for (const { id } of rules) {
      const compiled = making.program.rules.get(id)
      if (!compiled || order.overtaken(id)) continue
      const { trigger } = compiled.rule
      if (trigger.kind === 'at')
        timer(making, node, compiled, timeMayBeKnown(making, trigger.time), allFilled(strictFields(trigger.time)))
      if (trigger.kind === 'after') timer(making, node, compiled, due(making, id, order.earlier(id)))
    }
  }
}

function timer(
  making: Making,
  node: Node,
  rule: CompiledRule,
  ready: readonly Operation[],
  possible?: Expression,
): void {
  const happening: Happening = { kind: 'timer', rule: rule.rule.id }
  const unanswered = making.node('settle', node.stage)
  const all = [...making.moment(), ...ready]
  ask(making, {
    from: node,
    happening,
    ready: all,
    ...(possible && { possible }),
    rules: [{ rule }],
    news: [],
    clientActed: false,
    unanswered,
  })
}

function due(making: Making, id: string, earlier: readonly string[]): readonly Operation[] {
  const { space } = making.facts
  const pending = (key: string, values: number): Operation[] => {
    const variable = space.indexOf(`pending:${key}`)
    return variable === undefined ? [] : [{ kind: 'only', where: space.where(variable, values) }]
  }
  return [...pending(id, 2), ...earlier.flatMap((key) => pending(key, 1)), ...flagged(making.facts, `pending:${id}`, 0)]
}

function timeMayBeKnown(making: Making, time: Expression): readonly Operation[] {
  return strictFields(time).map((field) => ({
    kind: 'only',
    where: filledTruth(making.facts, field, nothingAssumed).may,
  }))
}

/** Erasures that were put off, when their time has come. */
export function erasures(making: Making, node: Node): void {
  const { space } = making.facts
  for (const [key, fields] of making.program.erasures) {
    const due = space.indexOf(`due:${key}`)
    if (due === undefined) continue
    const operations: readonly Operation[] = [
      ...making.moment(),
      { kind: 'only', where: space.where(due, 2) },
      { kind: 'put', variable: due, values: 1 },
      ...fields.flatMap((field) => emptied(making.facts, field)),
    ]
    making.edge({ from: node, to: making.node('settle', node.stage), operations, happening: { kind: 'erasure', key } })
  }
}
