import { isMap, isScalar, type Node } from 'yaml'
import { recordIn } from '../shape.ts'
import type {
  Broken,
  CompanyNode,
  Declaration,
  FormNode,
  HoursNode,
  LetterNode,
  Name,
  PurposeNode,
  QuestionNode,
  RoleNode,
  RowNode,
  TableNode,
  TypeNode,
  WebhookNode,
  WorkingDays,
} from '../tree.ts'
import { type DeclarationKind, declarations } from '../vocabulary.ts'
import { Body } from './body.ts'
import { processNode } from './process.ts'
import type { Entry, Reader } from './reader.ts'
import {
  expressionNode,
  itemsOf,
  nameNode,
  nameNodes,
  numberNode,
  stringNode,
  stringNodes,
  textNode,
  typeNode,
  valueNode,
} from './values.ts'

type Loners = 'company' | 'hours'
type Declare = (body: Body, name: Name) => Declaration

const readers: Readonly<Record<Exclude<DeclarationKind, Loners>, Declare>> = {
  role: roleNode,
  purpose: purposeNode,
  letter: (body, name) => letterNode(body, name, 'letter', 'subject'),
  document: (body, name) => letterNode(body, name, 'document', 'title'),
  form: formNode,
  process: processNode,
  webhook: webhookNode,
  table: tableNode,
}

/** The declarations of one kind, as they stand under their key. */
export function declarationsOf(top: Body, kind: DeclarationKind): Declaration[] {
  const key = declarations[kind].yaml
  const entry = top.entry(key)
  if (!entry?.value) return []
  if (kind === 'company' || kind === 'hours') {
    const body = new Body(top.reader, entry.value, top.shape(key) as never, entry.key.span)
    return [kind === 'company' ? companyNode(body, entry) : hoursNode(body, entry)]
  }
  return isMap(entry.value) ? named(top, kind, key, entry.value) : []
}

function named(top: Body, kind: Exclude<DeclarationKind, Loners>, key: string, map: Node): Declaration[] {
  const { reader } = top
  const shape = recordIn(top.shape(key) as never)
  if (!shape || !isMap(map)) return []
  return reader.entries(map).map(({ key: name, value, span }): Declaration => {
    if (value && reader.bad.has(value)) return { kind: 'broken', of: kind, name, span }
    return { ...readers[kind](new Body(reader, value, shape, name.span), name), extent: span } as Declaration
  })
}

/** A property of the tree for each key that `read` knows, in the order of writing. */
function properties<T>(body: Body, read: { readonly [key: string]: (reader: Reader, node: Node) => unknown }): T[] {
  const items = Object.entries(read).flatMap(([kind, value]): unknown[] => {
    const entry = body.entry(kind)
    if (!entry?.value) return []
    const made = value(body.reader, entry.value)
    return [made === undefined ? { kind: 'broken', span: entry.span } : { kind, value: made, span: entry.span }]
  })
  return [...items, ...body.broken] as T[]
}

function heading(body: Body, name: Name, key = 'title') {
  const title = body.text(key)
  return { name, ...(title ? { title } : {}), span: name.span }
}

function companyNode(body: Body, { key, span }: Entry): CompanyNode {
  const title = body.string('name')
  const items = properties<CompanyNode['items'][number]>(body, {
    address: stringNode,
    email: stringNode,
    phone: stringNode,
    officer: stringNode,
  })
  return { kind: 'company', ...(title ? { title } : {}), items, span: key.span, extent: span }
}

function roleNode(body: Body, name: Name): RoleNode {
  return { kind: 'role', ...heading(body, name), items: properties(body, { clients: nameNodes }) }
}

function purposeNode(body: Body, name: Name): PurposeNode {
  const items = properties<PurposeNode['items'][number]>(body, {
    basis: nameNode,
    version: numberNode,
    text: textNode,
    keep: (reader, node) => valueNode(reader, 'keep', node),
    recipients: stringNodes,
    about: nameNode,
  })
  const necessary = body.entry('necessary')
  const flag = necessary && body.flag('necessary')
  return {
    kind: 'purpose',
    ...heading(body, name),
    items: flag ? [...items, { kind: 'necessary', value: true, span: necessary.span }] : items,
  }
}

function letterNode(body: Body, name: Name, kind: 'letter' | 'document', title: string): LetterNode {
  return { kind, ...heading(body, name, title), items: properties(body, { for: nameNode, body: textNode }) }
}

function formNode(body: Body, name: Name): FormNode {
  const items = properties<FormNode['items'][number]>(body, { starts: nameNode, fills: nameNode })
  return { kind: 'form', ...heading(body, name), items: [...items, ...body.bodies('ask').flatMap(questionNode)] }
}

function questionNode(body: Body): QuestionNode[] {
  const [field, consent] = [body.name('field'), body.name('consent')]
  const asked = field ? { field } : consent ? { consent } : undefined
  if (!asked) return []
  const when = body.expression('when')
  return [{ kind: 'ask', ...asked, required: body.flag('required'), ...(when ? { when } : {}), span: body.extent }]
}

function webhookNode(body: Body, name: Name): WebhookNode {
  const items = properties<WebhookNode['items'][number]>(body, {
    url: stringNode,
    recipient: stringNode,
    secret: nameNode,
    for: nameNode,
  })
  return { kind: 'webhook', ...heading(body, name), items }
}

function tableNode(body: Body, name: Name): TableNode {
  const gives = body.node('gives')
  const type = gives && typeOf(body, 'gives', gives)
  return {
    kind: 'table',
    ...heading(body, name),
    inputs: inputsOf(body),
    ...(type ? { gives: type } : {}),
    rows: [...body.bodies('rows').map(rowNode), ...body.broken],
  }
}

/** A type alone, or a map of a type and its options. */
function typeOf(body: Body, key: string, node: Node): TypeNode | undefined {
  if (isScalar(node)) return typeNode(body.reader, node, undefined)
  const inner = new Body(body.reader, node, body.shape(key) as never, body.reader.span(node))
  const type = inner.node('type')
  return type && typeNode(body.reader, type, inner.node('options'))
}

function inputsOf(body: Body): TableNode['inputs'] {
  const node = body.node('inputs')
  if (!node || !isMap(node)) return []
  return body.reader.entries(node).flatMap(({ key: name, value }) => {
    const type = value && !body.reader.bad.has(value) && typeOf(body, 'inputs', value)
    return type ? [{ name, type }] : []
  })
}

function rowNode(body: Body): RowNode | Broken {
  const otherwise = body.expression('otherwise')
  const value = otherwise ?? body.expression('value')
  if (!value) return { kind: 'broken', span: body.extent }
  const when = otherwise ? undefined : body.read('when', expressionNode)
  return { kind: 'row', ...(when ? { when } : {}), value, span: body.extent }
}

function hoursNode(body: Body, { key, span }: Entry): HoursNode {
  const items = properties<HoursNode['items'][number]>(body, { timezone: stringNode, holidays: nameNodes })
  const week = body.bodies('week').flatMap(weekNode)
  return { kind: 'hours', items: [...items, ...week], span: key.span, extent: span }
}

function weekNode(body: Body): WorkingDays[] {
  const clock = (key: string) => body.read(key, (reader, node) => valueNode(reader, 'clock', node))
  const node = body.node('days')
  const days = node && itemsOf(body.reader, node).flatMap((each) => valueNode(body.reader, 'days', each) ?? [])
  const [from, to] = [clock('from'), clock('to')]
  return days && from && to ? [{ kind: 'week', days, from, to, span: body.extent }] : []
}
