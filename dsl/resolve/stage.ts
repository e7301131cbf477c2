import type { Stage } from '../../engine/definition.ts'
import { z103 } from '../checks/z103-form.ts'
import { z204 } from '../checks/z204-wrong-kind.ts'
import { z408 } from '../checks/z408-withdrawal.ts'
import type { ActionNode, StageItem, StageNode } from '../tree.ts'
import { resolveActions } from './action.ts'
import { given, place, single } from './context.ts'
import type { ProcessScope } from './process-scope.ts'
import { consentPurpose } from './purpose.ts'
import { RuleCounter, resolveRules } from './rule.ts'
import { shownOf } from './shown.ts'
import { titleOf } from './values.ts'

export function resolveStage(scope: ProcessScope, node: StageNode, name: string): Stage {
  const { context } = scope
  const { items } = node
  if (node.success && !node.final) {
    context.report(z103, node.name?.span ?? node.span, '`success` marks an end, and this stage is not final', {
      text: 'write `final stage`',
      yaml: 'write `final: success`',
    })
  }
  return {
    name,
    title: titleOf(context, name, node.title),
    final: node.final,
    success: node.final && node.success,
    manualEntry: single(context, items, 'forbid') ? 'forbidden' : 'allowed',
    needs: needsOf(scope, items),
    show: shownOf(scope, items, 'show'),
    edit: shownOf(scope, items, 'edit'),
    require: items
      .filter((item) => item.kind === 'require')
      .flatMap((item) => item.value)
      .filter((field) => scope.findField(field))
      .map((field) => ({ field: field.text, at: place(field.span) })),
    enter: passage(scope, items, 'enter'),
    leave: passage(scope, items, 'leave'),
    rules: resolveRules(scope, items, new RuleCounter(name)),
    ...given('was', node.was?.text),
    at: place(node.span),
  }
}

function needsOf(scope: ProcessScope, items: readonly StageItem[]): Stage['needs'] {
  return items
    .filter((item) => item.kind === 'needs')
    .flatMap((item) => {
      const purpose = consentPurpose(scope.context, item.purpose)
      if (!item.otherwise) {
        const message = `the stage needs consent to \`${item.purpose.text}\` and does not say where cases go without it`
        scope.context.report(z408, item.span, message, {
          text: 'add `, otherwise go to STAGE`',
          yaml: 'add `otherwise: STAGE`',
        })
        return []
      }
      const stage = scope.findStage(item.otherwise)
      return purpose && stage ? [{ purpose, otherwise: item.otherwise.text, at: place(item.span) }] : []
    })
}

/** The actions of `on enter` or `on leave`; several blocks are one after the other. */
function passage(scope: ProcessScope, items: readonly StageItem[], kind: 'enter' | 'leave') {
  const actions: ActionNode[] = items.flatMap((item) =>
    item.kind === 'enter' || item.kind === 'leave' ? (item.kind === kind ? item.value : []) : [],
  )
  for (const action of actions) {
    if (action.kind !== 'go') continue
    const message = {
      text: `\`on ${kind}\` does not end in \`go to\``,
      yaml: `\`${kind}\` does not end in \`goTo\``,
    }
    scope.context.report(z204, action.span, message, {
      text: `write a rule: \`when … go to ${action.stage.text}\``,
      yaml: `write a rule: \`when: [{ holds: …, goTo: ${action.stage.text} }]\``,
    })
  }
  return resolveActions(
    scope,
    actions.filter((action) => action.kind !== 'go'),
  )
}
