import { isMap, isScalar, type Node } from 'yaml'
import { z102 } from '../checks/z102-unknown-word.ts'
import { listOf } from '../list-of.ts'
import { didYouMean } from '../nearest.ts'
import { recordIn } from '../shape.ts'
import type {
  AccessNode,
  Broken,
  FieldNode,
  Name,
  NeedsNode,
  ProcessItem,
  ProcessNode,
  ShownNode,
  StageItem,
  StageNode,
} from '../tree.ts'
import { type RuleKey, ruleKeys } from '../workspace-shape.ts'
import { Body } from './body.ts'
import type { Entry } from './reader.ts'
import { passagesOf, rulesOf } from './rule.ts'
import { expressionNode, itemsOf, nameNode, nameNodes, typeNode } from './values.ts'

const ruleKinds = Object.keys(ruleKeys) as RuleKey[]

/** A process; its items come in the order in which Zgoda text is written, whatever the order of the keys. */
export function processNode(body: Body, name: Name): ProcessNode {
  const title = body.text('title')
  const items: ProcessItem[] = [
    ...portalOf(body),
    ...movesOf(body),
    ...accessOf(body),
    ...each(body, 'fields', 'field', fieldNode),
    ...shownOf(body, 'show'),
    ...shownOf(body, 'edit'),
    ...each(body, 'stages', 'stage', stageNode),
    ...ruleKinds.flatMap((kind) => rulesOf(body, kind, kind === 'moves' ? 'move' : kind)),
    ...body.broken,
  ]
  return { kind: 'process', name, ...(title ? { title } : {}), items, span: name.span }
}

function portalOf(body: Body): ProcessItem[] {
  const entry = body.entry('portal')
  return entry && body.flag('portal') ? [{ kind: 'portal', value: true, span: entry.span }] : []
}

function movesOf(body: Body): ProcessItem[] {
  const entry = body.entry('moves')
  const value = wordOf(body, 'moves')
  return entry && value ? [{ kind: 'moves', value, span: entry.span }] : []
}

/** One of the words that a key takes; others are reported. */
function wordOf(body: Body, key: string): Name | undefined {
  const word = body.name(key)
  const shape = body.shape(key)
  if (!word || shape?.kind !== 'word' || shape.words.includes(word.text)) return word
  const list = listOf(
    shape.words.map((each) => `\`${each}\``),
    'or',
  )
  const hint = didYouMean(word.text, shape.words) ?? `it is ${list}`
  body.reader.report(z102, word.span, `\`${word.text.slice(0, 40)}\` is no ${shape.what}`, hint)
  return undefined
}

function accessOf(body: Body): AccessNode[] {
  const node = body.node('access')
  if (!node || !isMap(node)) return []
  return body.reader.entries(node).flatMap(({ key, value, span }): AccessNode[] => {
    if (!value || body.reader.bad.has(value)) return []
    return [{ kind: 'access', role: key, rights: nameNodes(body.reader, value), span }]
  })
}

/** What a map declares: each of its entries, those that could not be read by their names alone. */
function each<T>(body: Body, key: string, of: 'field' | 'stage', read: (inner: Body, entry: Entry) => T | Broken) {
  const node = body.node(key)
  const shape = body.shape(key)
  if (!node || !shape || !isMap(node)) return []
  return body.reader.entries(node).map((entry): T | Broken => {
    const { key: name, value, span } = entry
    if (value && body.reader.bad.has(value)) return { kind: 'broken', of, name, span }
    return read(new Body(body.reader, value, recordIn(shape) ?? shape, name.span), entry)
  })
}

function fieldNode(body: Body, { key: name, span }: Entry): FieldNode | Broken {
  const type = body.node('type')
  if (!type) return { kind: 'broken', of: 'field', name, span }
  const title = body.text('title')
  const value = body.read('default', expressionNode)
  return {
    kind: 'field',
    name,
    ...(title ? { title } : {}),
    type: typeNode(body.reader, type, body.node('options')),
    personal: body.names('personal') ?? [],
    special: body.flag('special'),
    ...(value ? { default: value } : {}),
    span: name.span,
    extent: span,
  }
}

/** `show` and `edit`: names, and names with who sees them. Names that stand side by side are one statement. */
function shownOf(body: Body, kind: 'show' | 'edit'): ShownNode[] {
  const entry = body.entry(kind)
  if (!entry?.value) return []
  const shown: ShownNode[] = []
  let side: Name[] = []
  const flush = () => {
    if (side.length > 0) shown.push({ kind, fields: side, span: entry.span })
    side = []
  }
  for (const item of itemsOf(body.reader, entry.value)) {
    if (isScalar(item)) side.push(nameNode(body.reader, item))
    else {
      flush()
      shown.push(...shownTo(body, kind, item))
    }
  }
  flush()
  return shown
}

function shownTo(body: Body, kind: 'show' | 'edit', item: Node): ShownNode[] {
  const shape = body.shape(kind)
  const inner = shape && new Body(body.reader, item, shape, body.reader.span(item))
  const fields = inner?.names('fields')
  const to = inner?.names('to')
  return inner && fields ? [{ kind, fields, ...(to ? { to } : {}), span: inner.extent }] : []
}

function stageNode(body: Body, { key: name, span }: Entry): StageNode {
  const [title, was] = [body.text('title'), body.name('was')]
  const final = wordOf(body, 'final')?.text
  const items: StageItem[] = [
    ...manualEntryOf(body),
    ...body.bodies('needs').flatMap(needsNode),
    ...shownOf(body, 'show'),
    ...shownOf(body, 'edit'),
    ...requireOf(body),
    ...passagesOf(body),
    ...ruleKinds.flatMap((kind) => rulesOf(body, kind)),
    ...body.broken,
  ]
  return {
    kind: 'stage',
    name,
    ...(title ? { title } : {}),
    ...(was ? { was } : {}),
    final: final === 'true' || final === 'success',
    success: final === 'success',
    items,
    span: name.span,
    extent: span,
  }
}

function manualEntryOf(body: Body): StageItem[] {
  const entry = body.entry('manualEntry')
  const forbidden = wordOf(body, 'manualEntry')?.text === 'forbidden'
  return entry && forbidden ? [{ kind: 'forbid', value: true, span: entry.span }] : []
}

function needsNode(body: Body): NeedsNode[] {
  const [purpose, otherwise] = [body.name('consent'), body.name('otherwise')]
  return purpose ? [{ kind: 'needs', purpose, ...(otherwise ? { otherwise } : {}), span: body.extent }] : []
}

function requireOf(body: Body): StageItem[] {
  const entry = body.entry('require')
  const value = body.names('require')
  return entry && value ? [{ kind: 'require', value, span: entry.span }] : []
}
