import type { Comments } from '../comments.ts'
import type { ShownNode, StageItem, StageNode } from '../tree.ts'
import { optionalBraces, statements } from './body.ts'
import { clauses, headIndent, names, withMore } from './clauses.ts'
import type { Doc } from './doc.ts'
import { heading } from './heading.ts'
import { passage, rule } from './rule.ts'
import { unreadable } from './unreadable.ts'

/** `[final] stage NAME [was OLD] ["Title"] [success] { … }` */
export function stage(comments: Comments, node: StageNode): Doc {
  const word = node.final ? 'final stage' : 'stage'
  const parts = heading(word, node, node.was ? ` was ${node.was.text}` : '')
  const head = node.success ? withMore(parts, ' success') : parts
  const { items } = node
  const content = items.length === 0 ? undefined : statements(comments, items, (item) => stageItem(comments, item))
  return [clauses(head, headIndent), optionalBraces(comments, node, content)]
}

function stageItem(comments: Comments, node: StageItem): Doc {
  switch (node.kind) {
    case 'show':
    case 'edit':
      return shown(comments, node)
    case 'require':
      return clauses([['require ', names(comments, node.value)]])
    case 'forbid':
      return 'forbid manual entry'
    case 'needs': {
      const needed = `needs consent to ${node.purpose.text}`
      return clauses(node.otherwise ? [`${needed},`, `otherwise go to ${node.otherwise.text}`] : [needed])
    }
    case 'enter':
    case 'leave':
      return passage(comments, node)
    case 'rule':
      return rule(comments, node)
    case 'broken':
      return unreadable()
  }
}

/** `show FIELD, … [to ROLE, …]` */
export function shown(comments: Comments, node: ShownNode): Doc {
  const fields = [`${node.kind} `, names(comments, node.fields)]
  return clauses(node.to ? [fields, ['to ', names(comments, node.to)]] : [fields])
}
