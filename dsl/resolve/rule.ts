import type { Rule, Trigger } from '../../engine/definition.ts'
import { z103 } from '../checks/z103-form.ts'
import { z202 } from '../checks/z202-types.ts'
import { z204 } from '../checks/z204-wrong-kind.ts'
import type { ActionNode, Name, RuleNode, TriggerNode } from '../tree.ts'
import { decisions } from '../vocabulary.ts'
import { resolveActions } from './action.ts'
import { given, place } from './context.ts'
import { resolveCondition, resolveExpression } from './expression.ts'
import { checkName } from './names.ts'
import type { ProcessScope } from './process-scope.ts'
import { consentPurpose } from './purpose.ts'
import { named } from './types.ts'
import { durationOf, oneOf, textOf } from './values.ts'

/** Numbers a stage's rules of each kind from 1: `waiting.reply.2`. */
export class RuleCounter {
  readonly #stage: string
  readonly #counts = new Map<string, number>()

  constructor(stage: string) {
    this.#stage = stage
  }

  next(kind: Trigger['kind']): string {
    const count = (this.#counts.get(kind) ?? 0) + 1
    this.#counts.set(kind, count)
    return `${this.#stage}.${kind.replaceAll(' ', '-')}.${count}`
  }
}

/**
 * By kind, then in the order of writing: between rules of different kinds the order means nothing, and YAML has none.
 */
const order: readonly Trigger['kind'][] = [
  'reply',
  'form',
  'consent',
  'signal',
  'when',
  'after',
  'at',
  'cases done',
  'move',
]

/** The rules among the items of a stage or a process, looked up, by kind. */
export function resolveRules(
  scope: ProcessScope,
  items: readonly (RuleNode | { readonly kind: string })[],
  counter: RuleCounter,
): Rule[] {
  const rules = items.filter((item): item is RuleNode => item.kind === 'rule')
  return rules
    .map((rule) => resolveRule(scope, rule, counter))
    .toSorted((a, b) => order.indexOf(a.trigger.kind) - order.indexOf(b.trigger.kind))
}

function resolveRule(scope: ProcessScope, node: RuleNode, counter: RuleCounter): Rule {
  const id = counter.next(node.trigger.kind)
  const trigger = resolveTrigger(scope, node.trigger)
  reportGoTo(scope, node)
  return {
    id,
    trigger,
    ...given('when', node.when && resolveCondition(scope, node.when)),
    actions: resolveActions(scope, node.actions),
    at: place(node.span),
  }
}

/** `go to` comes last and once; a person's move has its stage already. */
function reportGoTo(scope: ProcessScope, node: RuleNode): void {
  const goes = node.actions.filter((action): action is Extract<ActionNode, { kind: 'go' }> => action.kind === 'go')
  const last = node.actions[node.actions.length - 1]
  for (const go of goes) {
    if (node.trigger.kind === 'move') {
      scope.context.report(
        z204,
        go.span,
        {
          text: `\`move to ${node.trigger.to.text}\` goes there itself`,
          yaml: `a move to \`${node.trigger.to.text}\` goes there itself`,
        },
        {
          text: 'take `go to` away',
          yaml: 'take `goTo` away',
        },
      )
    } else if (go !== last) {
      scope.context.report(
        z103,
        go.span,
        { text: '`go to` is the last action of a rule', yaml: '`goTo` is the last action of a rule' },
        'put it at the end, once',
      )
    }
  }
}

function resolveTrigger(scope: ProcessScope, node: TriggerNode): Trigger {
  const { context } = scope
  switch (node.kind) {
    case 'reply':
      if (node.letter) context.find(context.letters, node.letter)
      return { kind: 'reply', ...given('letter', node.letter?.text), saying: sayingOf(scope, node.saying) }
    case 'form':
      checkForm(scope, node.form)
      return { kind: 'form', form: node.form.text }
    case 'consent': {
      consentPurpose(context, node.purpose)
      const decision = oneOf(context, node.decision, decisions, 'decision about a consent')
      return { kind: 'consent', purpose: node.purpose.text, decision: decision ?? 'given' }
    }
    case 'signal':
      context.listener?.offered(node.signal, [scope.signals], [])
      context.listener?.mentioned(scope.signals, node.signal)
      checkName(context, node.signal, 'signal')
      return { kind: 'signal', signal: node.signal.text }
    case 'after':
      return { kind: 'after', delay: durationOf(context, node.delay) }
    case 'at':
      return { kind: 'at', time: resolveTime(scope, node.time) }
    case 'when':
    case 'cases done':
      return { kind: node.kind }
    case 'move':
      scope.findStage(node.to)
      for (const role of node.by ?? []) context.find(context.roles, role)
      return {
        kind: 'move',
        to: node.to.text,
        ...given(
          'by',
          node.by?.map((role) => role.text),
        ),
        ...given('as', node.as && textOf(context, node.as)),
      }
  }
}

function sayingOf(scope: ProcessScope, phrases: readonly { value: string; span: Name['span'] }[]): string[] {
  for (const phrase of phrases) {
    if (/[\p{L}\p{N}]/u.test(phrase.value)) continue
    scope.context.report(z103, phrase.span, 'the client would have to say nothing', {
      text: 'write the words: `saying "I agree"`',
      yaml: 'write the words: `saying: [I agree]`',
    })
  }
  return phrases.map((phrase) => phrase.value)
}

function checkForm(scope: ProcessScope, name: Name): void {
  const form = scope.context.find(scope.context.forms, name)
  const process = form?.items.find((item) => item.kind === 'starts' || item.kind === 'fills')?.value.text
  if (process === undefined || process === scope.name) return
  scope.context.report(z204, name.span, `form \`${name.text}\` is of process \`${process}\`, not of \`${scope.name}\``)
}

function resolveTime(scope: ProcessScope, node: Extract<TriggerNode, { kind: 'at' }>['time']) {
  const time = resolveExpression(scope, node)
  if (!['date', 'date and time', 'unknown'].includes(time.type.kind)) {
    scope.context.report(z202, node.span, `\`at\` takes a date or a date and time, and this is ${named(time.type)}`)
  }
  return time.expression
}
