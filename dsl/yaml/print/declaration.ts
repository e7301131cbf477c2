import type { Comments, Statement } from '../../comments.ts'
import { clock, keep } from '../../format/literals.ts'
import { unreadable } from '../../format/unreadable.ts'
import type {
  Broken,
  Declaration,
  FormNode,
  HoursNode,
  LetterNode,
  PurposeItem,
  QuestionNode,
  TableNode,
  TextNode,
  WebhookNode,
  WorkingDays,
} from '../../tree.ts'
import { declarations } from '../../vocabulary.ts'
import { type Item, string, token } from '../layout/item.ts'
import { type Around, around, aroundPart, entries, joined, keyed, list, listed, map, setApart } from './around.ts'
import { gather, type Part } from './gather.ts'
import { processItem } from './process.ts'
import {
  expressionItem,
  flagItem,
  maybe,
  nameItem,
  namesItem,
  numberItem,
  stringItem,
  stringsItem,
  textItem,
  typeItem,
} from './values.ts'

/** A declaration, to stand with those of its kind. */
export function declarationPart(comments: Comments, node: Declaration): Part {
  if (node.kind === 'broken') return unreadable()
  const key = declarations[node.kind].yaml
  const said = around(comments, node)
  const item = itemOf(comments, node)
  if (node.kind === 'company' || node.kind === 'hours') return { key, whole: item, around: said }
  if (!node.name) return unreadable()
  return { key, as: 'map', entries: [keyed(node.name.text, item, spaced(node, said))] }
}

/** In text a blank line stands around each declaration; here only processes are that long. */
function spaced(node: Declaration, said: Around): Around {
  if (node.kind === 'process') return setApart(said)
  return node.kind === 'role' ? said : joined(said)
}

function itemOf(comments: Comments, node: Exclude<Declaration, Broken>): Item {
  switch (node.kind) {
    case 'company':
      return bodyItem(comments, node, { name: maybe(node.title, stringItem) }, ({ value }) => stringItem(value))
    case 'role':
      return bodyItem(comments, node, titled(node), ({ value }) => namesItem(comments, value))
    case 'purpose':
      return bodyItem(comments, node, titled(node), (item) => purposeValue(comments, item))
    case 'letter':
      return bodyItem(comments, node, { subject: maybe(node.title, textItem) }, templateValue)
    case 'document':
      return bodyItem(comments, node, titled(node), templateValue)
    case 'form':
      return formItem(comments, node)
    case 'process':
      return processItem(comments, node)
    case 'webhook':
      return bodyItem(comments, node, titled(node), webhookValue)
    case 'table':
      return tableItem(comments, node)
    case 'hours':
      return hoursItem(comments, node)
  }
}

type Head = Readonly<Record<string, Item | undefined>>

function titled({ title }: { readonly title?: TextNode }): Head {
  return { title: maybe(title, textItem) }
}

/** A body of properties, each with a key of its own. */
function bodyItem<P extends Statement & { readonly kind: string }>(
  comments: Comments,
  node: Statement & { readonly items: readonly (P | Broken)[] },
  head: Head,
  write: (property: P) => Item,
): Item {
  const parts = node.items.map((item): Part => {
    if (isBroken(item)) return unreadable()
    return { key: item.kind, whole: write(item), around: around(comments, item) }
  })
  return map([...entries(head), ...gather(parts)], comments.ending(node))
}

function isBroken(item: { readonly kind: string }): item is Broken {
  return item.kind === 'broken'
}

function purposeValue(comments: Comments, item: Exclude<PurposeItem, Broken>): Item {
  switch (item.kind) {
    case 'basis':
    case 'about':
      return nameItem(item.value)
    case 'necessary':
      return token('true')
    case 'version':
      return numberItem(item.value)
    case 'text':
      return textItem(item.value)
    case 'keep':
      return string(keep(item.value))
    case 'recipients':
      return stringsItem(comments, item.value)
  }
}

function templateValue(item: Exclude<LetterNode['items'][number], Broken>): Item {
  return item.kind === 'body' ? textItem(item.value) : nameItem(item.value)
}

function webhookValue(item: Exclude<WebhookNode['items'][number], Broken>): Item {
  return item.kind === 'url' || item.kind === 'recipient' ? stringItem(item.value) : nameItem(item.value)
}

function formItem(comments: Comments, node: FormNode): Item {
  const parts = node.items.map((item) => formPart(comments, item))
  return map([...entries(titled(node)), ...gather(parts)], comments.ending(node))
}

function formPart(comments: Comments, item: FormNode['items'][number]): Part {
  const said = around(comments, item)
  switch (item.kind) {
    case 'ask':
      return { key: 'ask', as: 'list', entries: [listed(questionItem(item), said)] }
    case 'starts':
    case 'fills':
      return { key: item.kind, whole: nameItem(item.value), around: said }
    case 'broken':
      return unreadable()
  }
}

function questionItem(node: QuestionNode): Item {
  return map(
    entries({
      field: maybe(node.field, nameItem),
      consent: maybe(node.consent, nameItem),
      required: flagItem(node.required),
      when: maybe(node.when, expressionItem),
    }),
  )
}

function tableItem(comments: Comments, node: TableNode): Item {
  const rows = node.rows.map((row) => {
    if (row.kind === 'broken') return unreadable()
    const value = expressionItem(row.value)
    const item = row.when ? { when: expressionItem(row.when), value } : { otherwise: value }
    return listed(map(entries(item)), around(comments, row))
  })
  const inputs = map(node.inputs.map(({ name, type }) => keyed(name.text, typeItem(comments, type))))
  const head = { ...titled(node), inputs, gives: maybe(node.gives, (type) => typeItem(comments, type)) }
  return map([...entries(head), keyed('rows', list(rows, comments.ending(node)))])
}

function hoursItem(comments: Comments, node: HoursNode): Item {
  const parts = node.items.map((item) => hoursPart(comments, item))
  return map(gather(parts), comments.ending(node))
}

function hoursPart(comments: Comments, item: HoursNode['items'][number]): Part {
  const said = around(comments, item)
  switch (item.kind) {
    case 'week':
      return { key: 'week', as: 'list', entries: [listed(weekItem(item), said)] }
    case 'holidays': {
      const days = item.value.map((day) => listed(nameItem(day), aroundPart(comments, day)))
      return { key: 'holidays', as: 'list', entries: days, around: said }
    }
    case 'timezone':
      return { key: 'timezone', whole: stringItem(item.value), around: said }
    case 'broken':
      return unreadable()
  }
}

function weekItem({ days, from, to }: WorkingDays): Item {
  const ranges = days.map((range) => string(range.to ? `${range.from.text} to ${range.to.text}` : range.from.text))
  const [only, ...more] = ranges
  const when = only && more.length === 0 ? only : list(ranges.map((range) => listed(range)))
  return map(entries({ days: when, from: string(clock(from)), to: string(clock(to)) }))
}
