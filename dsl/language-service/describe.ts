import type {
  Broken,
  FieldNode,
  FormNode,
  LetterNode,
  ProcessNode,
  PurposeNode,
  RoleNode,
  StageNode,
  TableNode,
  TextNode,
  TypeNode,
  WebhookNode,
} from '../tree.ts'

type InputNode = TableNode['inputs'][number]
type Described =
  | FieldNode
  | FormNode
  | LetterNode
  | ProcessNode
  | PurposeNode
  | RoleNode
  | StageNode
  | TableNode
  | WebhookNode
  | Broken

/** A declaration's title in English, or the first that it has. */
export function titleOf(node: object | undefined): string | undefined {
  const title = node && 'title' in node ? (node.title as TextNode | undefined) : undefined
  if (!title) return undefined
  const part = title.parts.find(({ language }) => !language || language.text === 'en') ?? title.parts[0]
  return part?.words.value
}

/** Titles in other languages. */
export function otherTitlesOf(node: object | undefined): readonly string[] {
  const title = node && 'title' in node ? (node.title as TextNode | undefined) : undefined
  return (title?.parts ?? []).flatMap(({ language, words }) =>
    language && language.text !== 'en' ? [`${language.text}: ${words.value}`] : [],
  )
}

/** What a declaration says of itself in a few words: a field's type, a purpose's basis. */
export function summaryOf(node: object | undefined): string | undefined {
  if (!node) return undefined
  if (!('kind' in node)) return typeWords((node as InputNode).type)
  const declared = node as Described
  switch (declared.kind) {
    case 'field':
      return fieldSummary(declared)
    case 'stage':
      return declared.final ? (declared.success ? 'final, success' : 'final') : undefined
    case 'purpose':
      return wordsOf(declared.items, 'basis')
    case 'role':
      return listed('clients', declared.items)
    case 'letter':
    case 'document':
      return prefixed('for', wordsOf(declared.items, 'for'))
    case 'form':
      return (
        prefixed('starts', wordsOf(declared.items, 'starts')) ?? prefixed('fills', wordsOf(declared.items, 'fills'))
      )
    case 'webhook':
      return prefixed('to', stringOf(declared.items, 'recipient'))
    case 'table':
      return tableSummary(declared)
    default:
      return undefined
  }
}

type Item = { readonly kind: string; readonly value?: unknown }

function wordsOf(items: readonly Item[], kind: string): string | undefined {
  const value = items.find((item) => item.kind === kind)?.value as { text?: string } | undefined
  return value?.text
}

function stringOf(items: readonly Item[], kind: string): string | undefined {
  const value = items.find((item) => item.kind === kind)?.value as { value?: string } | undefined
  return value?.value
}

function listed(kind: string, items: readonly Item[]): string | undefined {
  const value = items.find((item) => item.kind === kind)?.value as readonly { text: string }[] | undefined
  return value && `${kind}: ${value.map(({ text }) => text).join(', ')}`
}

function prefixed(prefix: string, words: string | undefined): string | undefined {
  return words === undefined ? undefined : `${prefix} ${words}`
}

function fieldSummary({ type, personal, special }: FieldNode): string | undefined {
  const traits = [
    typeWords(type),
    ...(personal.length > 0 ? [`personal for ${personal.map(({ text }) => text).join(', ')}`] : []),
    ...(special ? ['special'] : []),
  ]
  return traits.filter((trait) => trait !== undefined).join(', ') || undefined
}

function tableSummary({ inputs, gives }: TableNode): string {
  const taken = inputs.map(({ name, type }) => `${name.text} ${typeWords(type) ?? ''}`.trim()).join(', ')
  return `(${taken}) gives ${typeWords(gives) ?? '…'}`
}

function typeWords(type: TypeNode | undefined): string | undefined {
  if (!type) return undefined
  if (!type.options) return type.name.text
  return `${type.name.text} (${type.options.map(({ value }) => value).join(', ')})`
}

/** What a purpose's text says, in English or the first language it has. */
export function purposeText(node: PurposeNode): string | undefined {
  const text = node.items.find((item) => item.kind === 'text')?.value
  const part = text?.parts.find(({ language }) => !language || language.text === 'en') ?? text?.parts[0]
  return part?.words.value
}
