import type { Comments } from '../comments.ts'
import type { ProcessItem, ProcessNode } from '../tree.ts'
import { braces, statements } from './body.ts'
import { clauses, headIndent, names } from './clauses.ts'
import { inColumns } from './columns.ts'
import { type Doc, isOneLine } from './doc.ts'
import { field, fieldCells } from './field.ts'
import { heading } from './heading.ts'
import { passage, rule } from './rule.ts'
import { shown, stage } from './stage.ts'
import { unreadable } from './unreadable.ts'

const indent = 2

/** `process NAME ["Title"] { … }` */
export function process(comments: Comments, node: ProcessNode): Doc {
  const { items } = node
  const rows = inColumns(
    comments,
    items,
    (item) => (item.kind === 'field' ? fieldCells(comments, item) : undefined),
    indent,
  )
  const docs = new Map(items.map((item) => [item, rows.get(item) ?? processItem(comments, item)]))
  const content = statements(
    comments,
    items,
    (item) => docs.get(item) ?? '',
    (before, after) => areApart(docs, before, after),
  )
  return [
    clauses(heading('process', node), headIndent),
    braces(comments, node, items.length === 0 ? undefined : content),
  ]
}

/** A blank line stands around each stage; only stages of one line each may stand together. */
function areApart(docs: ReadonlyMap<ProcessItem, Doc>, before: ProcessItem, after: ProcessItem): boolean {
  if (before.kind !== 'stage' && after.kind !== 'stage') return false
  return before.kind !== after.kind || ![before, after].every((item) => isOneLine(docs.get(item) ?? '', indent))
}

function processItem(comments: Comments, node: ProcessItem): Doc {
  switch (node.kind) {
    case 'portal':
      return 'show in portal'
    case 'moves':
      return `moves ${node.value.text}`
    case 'access':
      return clauses([[`access ${node.role.text}: `, names(comments, node.rights)]])
    case 'field':
      return field(comments, node)
    case 'show':
    case 'edit':
      return shown(comments, node)
    case 'stage':
      return stage(comments, node)
    case 'enter':
    case 'leave':
      return passage(comments, node)
    case 'rule':
      return rule(comments, node)
    case 'broken':
      return unreadable()
  }
}
