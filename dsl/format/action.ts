import type { Comments } from '../comments.ts'
import type { ActionNode } from '../tree.ts'
import { clauses, list, names } from './clauses.ts'
import { breaks, type Doc } from './doc.ts'
import { condition, expression } from './expression.ts'
import { duration, paragraphs } from './literals.ts'
import { unreadable } from './unreadable.ts'

/** What a rule does, one action. */
export function action(comments: Comments, node: ActionNode): Doc {
  const parts = [...clausesOf(comments, node), ...condition(comments, node.when)]
  // What stands after the lines of a text goes on where they end.
  return node.kind === 'notify' && breaks(parts[0] ?? '')
    ? parts.map((part, index) => (index === 0 ? part : [' ', part]))
    : clauses(parts)
}

function clausesOf(comments: Comments, node: ActionNode): Doc[] {
  switch (node.kind) {
    case 'send': {
      const sent = `send ${node.letter.text} to ${node.to.text}`
      return node.attach.length === 0 ? [sent] : [sent, ['attach ', names(comments, node.attach)]]
    }
    case 'notify': {
      const [text = '', ...more] = paragraphs(node.text)
      return [[`notify ${node.to.text} `, text], ...more]
    }
    case 'set':
      return [[`set ${node.field.text} to `, expression(node.value)]]
    case 'erase': {
      const erased = ['erase ', names(comments, node.fields)]
      return node.after ? [erased, `after ${duration(node.after)}`] : [erased]
    }
    case 'record':
      return [`record consent to ${node.purpose.text}${node.refused ? ' refused' : ''}`]
    case 'assign':
      return [['assign to ', expression(node.to)]]
    case 'start': {
      const values = node.with.map(({ field, value }) => [`${field.text} = `, expression(value)])
      return [`start ${node.process.text}`, ...(values.length === 0 ? [] : [['with ', list(values)]])]
    }
    case 'write':
      return [`write ${node.document.text}`]
    case 'call':
      return [`call ${node.webhook.text}`, ...(node.with.length === 0 ? [] : [['with ', names(comments, node.with)]])]
    case 'go':
      return [`go to ${node.stage.text}`]
    case 'broken':
      return unreadable()
  }
}
