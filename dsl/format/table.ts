import type { Comments } from '../comments.ts'
import type { RowNode, TableNode } from '../tree.ts'
import { braces, statements } from './body.ts'
import { clauses, headIndent, list } from './clauses.ts'
import { type Doc, flat, group, nest } from './doc.ts'
import { conditions, expression } from './expression.ts'
import { type } from './field.ts'
import { heading } from './heading.ts'
import { unreadable } from './unreadable.ts'

/** `table NAME ["Title"] (INPUT TYPE, …) gives TYPE { rows }` */
export function table(comments: Comments, node: TableNode): Doc {
  const inputs = node.inputs.map((input) => [input.name.text, ' ', type(input.type)])
  const gives = node.gives ? type(node.gives) : unreadable()
  const [called = '', ...more] = heading('table', node)
  const signature = ['(', list(inputs), ') gives ', gives]
  const head = more.length === 0 ? [[called, ' ', signature]] : [called, ...more, signature]
  const { rows } = node
  const content = rows.length === 0 ? undefined : statements(comments, rows, (each) => row(comments, each))
  return [clauses(head, headIndent), braces(comments, node, content)]
}

/** A row's answer ends with its line. */
function row(comments: Comments, node: TableNode['rows'][number]): Doc {
  if (node.kind === 'broken') return unreadable()
  return [when(comments, node), ': ', flat(expression(node.value))]
}

function when(comments: Comments, { when }: RowNode): Doc {
  if (!when) return 'otherwise'
  // A name, for else it would be the word of the last row.
  if (when.kind === 'word' && when.name.text === 'otherwise') return '(otherwise)'
  return group(nest(2, conditions(comments, when)))
}
