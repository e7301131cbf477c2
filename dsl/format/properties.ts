import type { Comments, Statement } from '../comments.ts'
import type {
  CompanyNode,
  FormNode,
  LetterNode,
  PurposeItem,
  PurposeNode,
  QuestionNode,
  RoleNode,
  TextNode,
  WebhookNode,
} from '../tree.ts'
import { braces, foldedComment, hasComments, optionalBraces, statements } from './body.ts'
import { clauses, headIndent, names, parts } from './clauses.ts'
import { inColumns } from './columns.ts'
import { breaks, choice, type Doc, join } from './doc.ts'
import { condition } from './expression.ts'
import { heading } from './heading.ts'
import { keep, number, paragraphs, quoted, wordOrText } from './literals.ts'
import { unreadable } from './unreadable.ts'

const indent = 2

/** `company ["Name"] { … }`, its properties in columns */
export function company(comments: Comments, node: CompanyNode): Doc {
  const { items, title } = node
  const rows = inColumns(comments, items, cells, indent)
  const content =
    items.length === 0 ? undefined : statements(comments, items, (item) => rows.get(item) ?? join(' ', cells(item)))
  return [title ? `company ${quoted(title.value)}` : 'company', optionalBraces(comments, node, content)]
}

/** `webhook NAME ["Title"] { … }`, its properties in columns */
export function webhook(comments: Comments, node: WebhookNode): Doc {
  const { items } = node
  const rows = inColumns(comments, items, cells, indent)
  return declared(comments, node, items, (item) => rows.get(item) ?? join(' ', cells(item)))
}

/** A word and its value. */
function cells(item: CompanyNode['items'][number] | WebhookNode['items'][number]): string[] {
  if (item.kind === 'broken') return unreadable()
  if (item.kind === 'for') return ['for', item.value.text]
  return [item.kind, item.kind === 'secret' ? wordOrText(item.value.text) : quoted(item.value.value)]
}

/** `role NAME ["Title"] [{ clients: … }]`, on one line where it fits. */
export function role(comments: Comments, node: RoleNode): Doc {
  const { items } = node
  const head = heading('role', node)
  const content = items.length === 0 ? undefined : statements(comments, items, (item) => roleItem(comments, item))
  const broken = [clauses(head, headIndent), optionalBraces(comments, node, content)]
  const [only, ...more] = items
  const comment = foldedComment(comments, node)
  if (!only || more.length > 0 || comment === undefined || hasComments(comments, node, items)) return broken
  const short = [join(' ', head), ' { ', roleItem(comments, only), ' }', comment]
  return breaks(short) ? broken : choice(short, broken)
}

function roleItem(comments: Comments, node: RoleNode['items'][number]): Doc {
  return node.kind === 'broken' ? unreadable() : clauses([['clients: ', names(comments, node.value)]])
}

/** `purpose NAME ["Title"] { … }` */
export function purpose(comments: Comments, node: PurposeNode): Doc {
  return declared(comments, node, node.items, (item) => purposeItem(comments, item))
}

function purposeItem(comments: Comments, node: PurposeItem): Doc {
  switch (node.kind) {
    case 'basis':
    case 'about':
      return `${node.kind} ${node.value.text}`
    case 'necessary':
      return 'necessary'
    case 'version':
      return `version ${number(node.value)}`
    case 'text':
      return worded('text', node.value)
    case 'keep':
      return `keep ${keep(node.value)}`
    case 'recipients':
      return clauses([['recipients ', parts(comments, node.value, ({ value }) => quoted(value))]])
    case 'broken':
      return unreadable()
  }
}

/** A property that is a text, of one line or of several. */
function worded(word: string, text: TextNode): Doc {
  const [words = '', ...translations] = paragraphs(text)
  const first = [`${word} `, words]
  return breaks(first) ? first : clauses([first, ...translations])
}

/** `letter NAME ["Title"] { … }` and `document NAME ["Title"] { … }` */
export function letter(comments: Comments, node: LetterNode): Doc {
  return declared(comments, node, node.items, letterItem)
}

function letterItem(node: LetterNode['items'][number]): Doc {
  switch (node.kind) {
    case 'body':
      return worded('body', node.value)
    case 'for':
      return `for ${node.value.text}`
    case 'broken':
      return unreadable()
  }
}

/** `form NAME ["Title"] { … }` */
export function form(comments: Comments, node: FormNode): Doc {
  return declared(comments, node, node.items, (item) => formItem(comments, item))
}

function formItem(comments: Comments, node: FormNode['items'][number]): Doc {
  switch (node.kind) {
    case 'starts':
    case 'fills':
      return `${node.kind} ${node.value.text}`
    case 'ask':
      return question(comments, node)
    case 'broken':
      return unreadable()
  }
}

/** `ask FIELD [required] [when EXPR]`, `ask consent to P …` */
function question(comments: Comments, { field, consent, required, when }: QuestionNode): Doc {
  const asked = field?.text ?? (consent ? `consent to ${consent.text}` : unreadable())
  return clauses([`ask ${asked}${required ? ' required' : ''}`, ...condition(comments, when)])
}

/** A declaration that is a list of properties. */
function declared<S extends Statement>(
  comments: Comments,
  node: PurposeNode | LetterNode | FormNode | WebhookNode,
  items: readonly S[],
  print: (item: S) => Doc,
): Doc {
  const content = items.length === 0 ? undefined : statements(comments, items, print)
  return [clauses(heading(node.kind, node), headIndent), braces(comments, node, content)]
}
