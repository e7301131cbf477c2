import type { Comments } from '../../comments.ts'
import { unreadable } from '../../format/unreadable.ts'
import type { AccessNode, FieldNode, ProcessItem, ProcessNode, StageNode } from '../../tree.ts'
import { type Item, token } from '../layout/item.ts'
import { around, entries, joined, keyed, map } from './around.ts'
import { gather, type Part, type Share } from './gather.ts'
import { rulePart } from './rule.ts'
import { passagePart, shownPart, stageItem } from './stage.ts'
import { expressionItem, flagItem, maybe, nameItem, namesItem, textItem, typeItems, unlessEmpty } from './values.ts'

export function processItem(comments: Comments, node: ProcessNode): Item {
  const parts = node.items.map((item) => partOf(comments, item))
  return map([...entries({ title: maybe(node.title, textItem) }), ...gather(parts)], comments.ending(node))
}

function partOf(comments: Comments, node: ProcessItem): Part {
  switch (node.kind) {
    case 'portal':
      return { key: 'portal', whole: token('true'), around: around(comments, node) }
    case 'moves':
      return { key: 'moves', whole: nameItem(node.value), around: around(comments, node) }
    case 'access':
      return accessPart(comments, node)
    case 'field':
      return fieldPart(comments, node)
    case 'stage':
      return stagePart(comments, node)
    case 'rule': {
      const part = rulePart(comments, node)
      return part.key === 'moves' ? { ...part, key: 'move' } : part
    }
    case 'show':
    case 'edit':
      return shownPart(comments, node)
    case 'enter':
    case 'leave':
      return passagePart(comments, node)
    case 'broken':
      return unreadable()
  }
}

function accessPart(comments: Comments, node: AccessNode): Share {
  return {
    key: 'access',
    as: 'map',
    entries: [keyed(node.role.text, namesItem(comments, node.rights), around(comments, node))],
  }
}

function fieldPart(comments: Comments, node: FieldNode): Share {
  if (!node.name || !node.type) return unreadable()
  const item = map(
    entries({
      title: maybe(node.title, textItem),
      ...typeItems(comments, node.type),
      personal: unlessEmpty(node.personal, (purposes) => namesItem(comments, purposes)),
      special: flagItem(node.special),
      default: maybe(node.default, expressionItem),
    }),
  )
  return { key: 'fields', as: 'map', entries: [keyed(node.name.text, item, around(comments, node))] }
}

/** In text a blank line stands around each stage; here their names stand out by themselves. */
function stagePart(comments: Comments, node: StageNode): Share {
  if (!node.name) return unreadable()
  const stage = keyed(node.name.text, stageItem(comments, node), joined(around(comments, node)))
  return { key: 'stages', as: 'map', entries: [stage] }
}
