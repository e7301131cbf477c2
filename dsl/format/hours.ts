import type { Comments } from '../comments.ts'
import type { HoursNode, WorkingDays } from '../tree.ts'
import { braces, statements } from './body.ts'
import { clauses, list, names } from './clauses.ts'
import type { Doc } from './doc.ts'
import { clock, quoted } from './literals.ts'
import { unreadable } from './unreadable.ts'

/** `hours { … }` */
export function hours(comments: Comments, node: HoursNode): Doc {
  const { items } = node
  return [
    'hours',
    braces(
      comments,
      node,
      items.length === 0 ? undefined : statements(comments, items, (each) => item(comments, each)),
    ),
  ]
}

function item(comments: Comments, node: HoursNode['items'][number]): Doc {
  switch (node.kind) {
    case 'week':
      return week(node)
    case 'holidays':
      return clauses([['holidays ', names(comments, node.value)]])
    case 'timezone':
      return `timezone ${quoted(node.value.value)}`
    case 'broken':
      return unreadable()
  }
}

/** `monday to friday 8:00 to 16:00` */
function week({ days, from, to }: WorkingDays): Doc {
  const ranges = days.map((day) => (day.to ? `${day.from.text} to ${day.to.text}` : day.from.text))
  return clauses([[list(ranges), ` ${clock(from)} to ${clock(to)}`]])
}
