import type { Comments } from '../comments.ts'
import type { FieldNode, Name, OptionNode, TypeNode } from '../tree.ts'
import { clauses, haveComments, list, parts, withMore } from './clauses.ts'
import { breaks, type Doc, flat, furtherLine, join, nest } from './doc.ts'
import { expression } from './expression.ts'
import { heading } from './heading.ts'
import { translated, wordOrText } from './literals.ts'
import { unreadable } from './unreadable.ts'

/** `field NAME ["Title"] TYPE [personal for P, …] [, special] [default EXPR]` */
export function field(comments: Comments, node: FieldNode): Doc {
  const head = withMore(heading('field', node), [' ', typeOf(comments, node)])
  const more = traits(comments, node)
  // Behind the bracket that closes a list of lines there is room.
  const isOpen = haveComments(comments, node.type?.options ?? [])
  return clauses(isOpen ? withMore(head, [more.map((trait) => [' ', trait])]) : [...head, ...more])
}

/** The same in columns: the name, the title, the type, and the rest. A field with comments in it has none. */
export function fieldCells(comments: Comments, node: FieldNode): string[] | undefined {
  const title = node.title ? translated(node.title) : []
  const cells = [heading('field', { name: node.name }), title, [typeOf(comments, node)], traits(comments, node)]
  return breaks(cells) ? undefined : cells.map((cell) => flat(join(' ', cell)))
}

function typeOf(comments: Comments, { type: node }: FieldNode): Doc {
  if (!node) return unreadable()
  const { name, options = [] } = node
  if (!haveComments(comments, options)) return type(node)
  const inner = [furtherLine, parts(comments, options, option), nest(-2, furtherLine)]
  return [name.text, ' (', inner, ')']
}

/** `choice (a, b)` */
export function type({ name, options }: TypeNode): Doc {
  return options ? [name.text, ' (', list(options.map(option)), ')'] : name.text
}

function option({ value }: OptionNode): string {
  return wordOrText(value)
}

function traits(comments: Comments, node: FieldNode): Doc[] {
  const special = node.special ? 'special' : undefined
  const personal = node.personal.length > 0 ? personalFor(comments, node.personal) : undefined
  const traits = personal && special ? [personal, ', ', special] : (personal ?? special)
  return [...(traits ? [traits] : []), ...(node.default ? [['default ', expression(node.default)]] : [])]
}

/** Words that end a list of purposes, where they stand after a comma. */
const endingWords: ReadonlySet<string> = new Set(['special', 'default', 'personal'])

function personalFor(comments: Comments, purposes: readonly Name[]): Doc {
  const [first] = purposes
  const purpose = (node: Name) =>
    node !== first && endingWords.has(node.text) ? `personal for ${node.text}` : node.text
  return ['personal for ', parts(comments, purposes, purpose)]
}
