import type { CompiledRule } from '../../program.ts'
import type { Operation } from '../operation.ts'
import type { Happening } from '../step.ts'
import type { Node } from '../system.ts'
import { ask } from './answering.ts'
import type { Making } from './making.ts'

/** Signals from outside, and the news that all cases it has started are done. */
export function signals(making: Making, node: Node): void {
  const rules = making.rulesAt(node.stage)
  const names = new Set(rules.flatMap(({ rule: { trigger } }) => (trigger.kind === 'signal' ? [trigger.signal] : [])))
  const tellOf = (happening: Happening, ready: readonly Operation[], answering: readonly CompiledRule[]) =>
    ask(making, {
      from: node,
      happening,
      ready: [...making.moment(), ...ready],
      rules: answering.map((rule) => ({ rule })),
      news: [],
      clientActed: false,
      unanswered: making.node('settle', node.stage),
    })
  for (const signal of names) {
    const answering = rules.filter(({ rule: { trigger } }) => trigger.kind === 'signal' && trigger.signal === signal)
    tellOf({ kind: 'signal', signal }, [], answering)
  }
  const done = rules.filter(({ rule }) => rule.trigger.kind === 'cases done')
  const began = making.facts.space.indexOf('began')
  if (done.length > 0 && began !== undefined) {
    tellOf({ kind: 'cases done' }, [{ kind: 'only', where: making.facts.space.where(began, 2) }], done)
  }
}
