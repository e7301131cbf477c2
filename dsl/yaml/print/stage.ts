import type { Comments } from '../../comments.ts'
import { unreadable } from '../../format/unreadable.ts'
import type { NeedsNode, PassageNode, ShownNode, StageItem, StageNode } from '../../tree.ts'
import { type Item, string } from '../layout/item.ts'
import { actionEntries } from './action.ts'
import { around, aroundPart, entries, listed, map } from './around.ts'
import { gather, type Part, type Share } from './gather.ts'
import { rulePart } from './rule.ts'
import { flagItem, maybe, nameItem, namesItem, textItem } from './values.ts'

export function stageItem(comments: Comments, node: StageNode): Item {
  const head = entries({
    title: maybe(node.title, textItem),
    was: maybe(node.was, nameItem),
    final: node.success ? string('success') : flagItem(node.final),
  })
  const parts = node.items.map((item) => stagePartOf(comments, item))
  return map([...head, ...gather(parts)], comments.ending(node))
}

function stagePartOf(comments: Comments, node: StageItem): Part {
  switch (node.kind) {
    case 'show':
    case 'edit':
      return shownPart(comments, node)
    case 'require': {
      const names = node.value.map((field) => listed(nameItem(field), aroundPart(comments, field)))
      return { key: 'require', as: 'list', entries: names, around: around(comments, node) }
    }
    case 'forbid':
      return { key: 'manualEntry', whole: string('forbidden'), around: around(comments, node) }
    case 'needs':
      return needsPart(comments, node)
    case 'enter':
    case 'leave':
      return passagePart(comments, node)
    case 'rule':
      return rulePart(comments, node)
    case 'broken':
      return unreadable()
  }
}

function needsPart(comments: Comments, node: NeedsNode): Share {
  const item = map(entries({ consent: nameItem(node.purpose), otherwise: maybe(node.otherwise, nameItem) }))
  return { key: 'needs', as: 'list', entries: [listed(item, around(comments, node))] }
}

/** Several blocks of one kind are one after the other. */
export function passagePart(comments: Comments, node: PassageNode): Share {
  return {
    key: node.kind,
    as: 'list',
    entries: actionEntries(comments, node.value),
    around: around(comments, node),
    below: comments.ending(node),
  }
}

/** Names beside those of other statements, or a map of names and who sees them. */
export function shownPart(comments: Comments, node: ShownNode): Share {
  const { kind, fields, to } = node
  const shown = to
    ? [listed(map(entries({ fields: namesItem(comments, fields), to: namesItem(comments, to) })))]
    : fields.map((field) => listed(nameItem(field), aroundPart(comments, field)))
  return { key: kind, as: 'list', entries: shown, around: around(comments, node) }
}
