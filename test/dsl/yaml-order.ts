import type {
  Declaration,
  FileNode,
  ProcessItem,
  ProcessNode,
  ShownNode,
  StageItem,
  StageNode,
  TextNode,
} from '../../dsl/tree.ts'
import { declarations } from '../../dsl/vocabulary.ts'
import { ruleKeys } from '../../dsl/workspace-shape.ts'

/** A tree without the mistakes that YAML leaves no room for: `on enter` of a process, and `success` without an end. */
export function sayableInYaml({ declarations }: FileNode): FileNode {
  return {
    declarations: declarations.map((node) => {
      if (node.kind !== 'process') return node
      const items = node.items.filter(({ kind }) => kind !== 'enter' && kind !== 'leave')
      return { ...node, items: items.map((item) => (item.kind === 'stage' ? ending(item) : item)) }
    }),
  }
}

function ending(node: StageNode): StageNode {
  return { ...node, final: node.final || node.success }
}

/**
 * A tree as YAML can say it: what has no order there in the order in which it is read, what stands under one key as one
 * statement, English as the language of a text that begins without one. It means the same.
 */
export function inYamlOrder(tree: FileNode): FileNode {
  const kinds = Object.keys(declarations)
  const sorted = tree.declarations.toSorted((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind))
  return mapTexts({ declarations: sorted.map(declaration) })
}

function declaration(node: Declaration): Declaration {
  switch (node.kind) {
    case 'process':
      return { ...node, items: processItems(node) }
    case 'company':
      return { ...node, items: byKind(node.items, ['address', 'email', 'phone', 'officer']) }
    case 'purpose':
      return {
        ...node,
        items: byKind(node.items, ['basis', 'version', 'text', 'keep', 'recipients', 'about', 'necessary']),
      }
    case 'letter':
    case 'document':
      return { ...node, items: byKind(node.items, ['for', 'body']) }
    case 'form':
      return { ...node, items: byKind(node.items, ['starts', 'fills', 'ask']) }
    case 'webhook':
      return { ...node, items: byKind(node.items, ['url', 'recipient', 'secret', 'for']) }
    case 'hours':
      return { ...node, items: byKind(node.items, ['timezone', 'holidays', 'week']) }
    default:
      return node
  }
}

function processItems({ items }: ProcessNode): ProcessItem[] {
  const stages = items.map((item) => (item.kind === 'stage' ? stage(item) : item))
  const sorted = byKind(stages, ['portal', 'moves', 'access', 'field', 'show', 'edit', 'stage', ...ruleKinds])
  return joinShown(sorted)
}

function stage(node: StageNode): StageNode {
  const order = ['forbid', 'needs', 'show', 'edit', 'require', 'enter', 'leave', ...ruleKinds]
  const items = byKind(joinLists(node.items), order)
  return { ...node, items: joinShown(items) }
}

const triggers: Readonly<Record<string, string>> = { casesDone: 'cases done', moves: 'move' }
const ruleKinds = Object.keys(ruleKeys).map((key) => `rule ${triggers[key] ?? key}`)

function byKind<T extends { readonly kind: string }>(items: readonly T[], order: readonly string[]): T[] {
  const kindOf = (item: T) => ('trigger' in item ? `rule ${(item.trigger as { kind: string }).kind}` : item.kind)
  return items.toSorted((a, b) => order.indexOf(kindOf(a)) - order.indexOf(kindOf(b)))
}

/** `show` without roles takes in what follows it. */
function joinShown<T extends ProcessItem | StageItem>(items: readonly T[]): T[] {
  const joined: (T | ShownNode)[] = []
  for (const item of items) {
    const last = joined.at(-1)
    const goes = isShown(item) && isShown(last) && last.kind === item.kind && !last.to && !item.to
    if (goes) joined.splice(-1, 1, { ...last, fields: [...last.fields, ...item.fields] })
    else joined.push(item)
  }
  return joined as T[]
}

function isShown(item: { readonly kind: string } | undefined): item is ShownNode {
  return item?.kind === 'show' || item?.kind === 'edit'
}

/** `require`, `on enter` and `on leave` stand once. */
function joinLists(items: readonly StageItem[]): StageItem[] {
  const joined: StageItem[] = []
  for (const item of items) {
    const first = joined.findIndex(({ kind }) => kind === item.kind)
    const known = joined[first]
    if (item.kind === 'require' && known?.kind === 'require') {
      joined[first] = { ...known, value: [...known.value, ...item.value] }
    } else if (item.kind === 'enter' && known?.kind === 'enter') {
      joined[first] = { ...known, value: [...known.value, ...item.value] }
    } else if (item.kind === 'leave' && known?.kind === 'leave') {
      joined[first] = { ...known, value: [...known.value, ...item.value] }
    } else joined.push(item)
  }
  return joined
}

/** A text that begins without a language begins in English. */
function mapTexts<T>(tree: T): T {
  return JSON.parse(
    JSON.stringify(tree, (key, value) => {
      if (key === 'source' || key === 'span') return undefined
      if (key !== 'parts') return value
      return (value as TextNode['parts']).map(({ language, words }, index) =>
        index === 0 && language?.text === 'en' ? { words } : { language, words },
      )
    }),
  )
}
