import type { Comments } from '../../comments.ts'
import { unreadable } from '../../format/unreadable.ts'
import type { ActionNode } from '../../tree.ts'
import type { ActionKey } from '../../workspace-shape.ts'
import { type Entry, type Item, string } from '../layout/item.ts'
import { around, entries, keyed, listed, map } from './around.ts'
import { durationItem, expressionItem, maybe, nameItem, namesItem, textItem, unlessEmpty } from './values.ts'

/** Actions as a list, each with its comments. */
export function actionEntries(comments: Comments, actions: readonly ActionNode[]): Entry[] {
  return actions.map((action) => listed(actionItem(comments, action), around(comments, action)))
}

function actionItem(comments: Comments, node: ActionNode): Item {
  const [key, value] = bodyOf(comments, node)
  return map([keyed(key, value), ...entries({ when: maybe(node.when, expressionItem) })])
}

function bodyOf(comments: Comments, node: ActionNode): [ActionKey, Item] {
  switch (node.kind) {
    case 'send': {
      const attach = unlessEmpty(node.attach, (names) => namesItem(comments, names))
      return ['send', map(entries({ letter: nameItem(node.letter), to: nameItem(node.to), attach }))]
    }
    case 'notify':
      return ['notify', map(entries({ to: nameItem(node.to), text: textItem(node.text) }))]
    case 'set':
      return ['set', map(entries({ field: nameItem(node.field), to: expressionItem(node.value) }))]
    case 'erase':
      return ['erase', erasedItem(comments, node)]
    case 'record': {
      const to = nameItem(node.purpose)
      return ['recordConsent', node.refused ? map(entries({ to, as: string('refused') })) : to]
    }
    case 'assign':
      return ['assign', expressionItem(node.to)]
    case 'start': {
      const values = node.with.map(({ field, value }) => keyed(field.text, expressionItem(value)))
      return ['start', withMore('process', nameItem(node.process), unlessEmpty(values, map))]
    }
    case 'write':
      return ['write', nameItem(node.document)]
    case 'call':
      return [
        'call',
        withMore(
          'webhook',
          nameItem(node.webhook),
          unlessEmpty(node.with, (names) => namesItem(comments, names)),
        ),
      ]
    case 'go':
      return ['goTo', nameItem(node.stage)]
    case 'broken':
      return unreadable()
  }
}

/** `client` alone is the card. */
function erasedItem(comments: Comments, { fields, after }: Extract<ActionNode, { kind: 'erase' }>): Item {
  if (after) return map(entries({ fields: namesItem(comments, fields), after: durationItem(after) }))
  const [first, ...more] = fields
  return first?.text === 'client' && more.length === 0 ? nameItem(first) : namesItem(comments, fields)
}

/** A name alone, or under its key with what goes with it. */
function withMore(key: string, name: Item, more: Item | undefined): Item {
  return more ? map(entries({ [key]: name, with: more })) : name
}
