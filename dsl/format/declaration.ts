import type { Comments } from '../comments.ts'
import type { Declaration } from '../tree.ts'
import type { Doc } from './doc.ts'
import { hours } from './hours.ts'
import { process } from './process.ts'
import { company, form, letter, purpose, role, webhook } from './properties.ts'
import { table } from './table.ts'
import { unreadable } from './unreadable.ts'

/** A declaration with all that is in it. */
export function declaration(comments: Comments, node: Declaration): Doc {
  switch (node.kind) {
    case 'company':
      return company(comments, node)
    case 'role':
      return role(comments, node)
    case 'purpose':
      return purpose(comments, node)
    case 'letter':
    case 'document':
      return letter(comments, node)
    case 'form':
      return form(comments, node)
    case 'webhook':
      return webhook(comments, node)
    case 'table':
      return table(comments, node)
    case 'hours':
      return hours(comments, node)
    case 'process':
      return process(comments, node)
    case 'broken':
      return unreadable()
  }
}
