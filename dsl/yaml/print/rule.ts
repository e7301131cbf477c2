import type { Comments } from '../../comments.ts'
import type { ActionNode, RuleNode, TriggerNode } from '../../tree.ts'
import type { RuleKey } from '../../workspace-shape.ts'
import type { Entry, Item } from '../layout/item.ts'
import { actionEntries } from './action.ts'
import { around, entries, keyed, list, listed, map } from './around.ts'
import type { Share } from './gather.ts'
import {
  durationItem,
  expressionItem,
  maybe,
  nameItem,
  namesItem,
  stringsItem,
  textItem,
  unlessEmpty,
} from './values.ts'

/** A rule, to stand among those of its trigger. */
export function rulePart(comments: Comments, node: RuleNode): Share {
  const key = keys[node.trigger.kind]
  return { key, as: 'list', entries: [listed(ruleItem(comments, node), around(comments, node))] }
}

const keys: Readonly<Record<TriggerNode['kind'], RuleKey>> = {
  reply: 'reply',
  form: 'form',
  consent: 'consent',
  signal: 'signal',
  when: 'when',
  after: 'after',
  at: 'at',
  'cases done': 'casesDone',
  move: 'moves',
}

function ruleItem(comments: Comments, node: RuleNode): Item {
  const when = maybe(node.when, expressionItem)
  const happening = node.trigger.kind === 'when' ? { holds: when } : { ...triggerItems(comments, node.trigger), when }
  const going = goingOf(node)
  const actions = actionEntries(comments, going ? node.actions.slice(0, -1) : node.actions)
  const ending = comments.ending(node)
  const endsInActions = actions.length > 0 && !going
  const consequence: Entry[] = [
    ...(actions.length > 0 ? [keyed('do', list(actions, endsInActions ? ending : []))] : []),
    ...(going ? [keyed('goTo', nameItem(going.stage), around(comments, going))] : []),
  ]
  return map([...entries(happening), ...consequence], endsInActions ? [] : ending)
}

/** The `go to` at the end of a rule, where it can have a key of its own: without a condition, and in no move. */
function goingOf({ trigger, actions }: RuleNode): Extract<ActionNode, { kind: 'go' }> | undefined {
  const last = trigger.kind === 'move' ? undefined : actions.at(-1)
  return last?.kind === 'go' && !last.when ? last : undefined
}

function triggerItems(comments: Comments, trigger: TriggerNode): Readonly<Record<string, Item | undefined>> {
  switch (trigger.kind) {
    case 'reply': {
      const saying = unlessEmpty(trigger.saying, (phrases) => stringsItem(comments, phrases))
      return { to: maybe(trigger.letter, nameItem), saying }
    }
    case 'form':
      return { name: nameItem(trigger.form) }
    case 'consent':
      return { to: nameItem(trigger.purpose), is: nameItem(trigger.decision) }
    case 'signal':
      return { name: nameItem(trigger.signal) }
    case 'after':
      return { delay: durationItem(trigger.delay) }
    case 'at':
      return { time: expressionItem(trigger.time) }
    case 'move': {
      const by = maybe(trigger.by, (roles) => namesItem(comments, roles))
      return { to: nameItem(trigger.to), by, as: maybe(trigger.as, textItem) }
    }
    case 'when':
    case 'cases done':
      return {}
  }
}
