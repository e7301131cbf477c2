import { and, minus } from '../bits.ts'
import type { Operation } from '../operation.ts'
import type { Node } from '../system.ts'
import { basisOf } from '../truth.ts'
import { type Asked, ask, judge } from './answering.ts'
import type { Making } from './making.ts'

/** Before a stage that needs a consent: in, or elsewhere. */
export function gate(making: Making, node: Node): void {
  let left = making.facts.space.all
  for (const { purpose, otherwise } of making.stage(node.stage).needs) {
    const { may, must } = basisOf(making.facts, purpose)
    const { to, operations } = making.into(otherwise, node.news)
    const lacking = and(left, minus(making.facts.space.all, must))
    making.edge({ from: node, to, operations: [{ kind: 'only', where: lacking }, ...operations], needs: purpose })
    left = and(left, may)
  }
  const operations: readonly Operation[] = [{ kind: 'only', where: left }, ...making.entering(node.stage)]
  making.edge({ from: node, to: making.arrived(node.stage, node.news), operations })
}

/** The rules that wait for a decision are told of it. */
export function tell(making: Making, node: Node): void {
  const [first, ...news] = node.news
  if (!first) return
  const rules = making
    .rulesAt(node.stage)
    .filter(
      ({ rule: { trigger } }) =>
        trigger.kind === 'consent' && trigger.purpose === first.purpose && trigger.decision === first.decision,
    )
  ask(making, {
    from: node,
    ready: [],
    rules: rules.map((rule) => ({ rule })),
    news,
    clientActed: false,
    unanswered: making.arrived(node.stage, news),
  })
}

/** What happens as soon as it holds, when nothing is left to be told. */
export function settle(making: Making, node: Node): void {
  const { space } = making.facts
  let left = space.all
  for (const { purpose, otherwise } of making.stage(node.stage).needs) {
    const { may, must } = basisOf(making.facts, purpose)
    const { to, operations } = making.into(otherwise, [])
    const lacking: Operation = { kind: 'only', where: and(left, minus(space.all, must)) }
    making.edge({ from: node, to, operations: [lacking, ...making.leaving(node.stage), ...operations], needs: purpose })
    left = and(left, may)
  }
  const rules = making
    .rulesAt(node.stage)
    .filter(({ rule, stage, goTo }) => rule.trigger.kind === 'when' && (stage !== undefined || goTo !== node.stage))
  const asked = rules.map((rule): Asked => {
    const fired = rule.goTo === undefined ? space.indexOf(`fired:${rule.rule.id}`) : undefined
    return fired === undefined ? { rule } : { rule, also: space.where(fired, 1) }
  })
  const effective = asked.filter(({ rule, also }) => rule.goTo !== undefined || also !== undefined)
  ask(making, {
    from: node,
    ready: [{ kind: 'only', where: left }],
    rules: effective,
    news: [],
    clientActed: false,
    unanswered: making.node('rest', node.stage),
  })
  const ready: readonly Operation[] = [{ kind: 'only', where: left }]
  for (const [index, each] of asked.entries()) {
    if (effective.includes(each)) continue
    const before = asked.slice(0, index).filter((other) => effective.includes(other))
    making.choose({ ready, candidates: judge(making, [...before, each]).candidates })
  }
}
