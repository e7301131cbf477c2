import { isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml'
import { z103 } from '../checks/z103-form.ts'
import { parseValue, type Values } from '../text/parse.ts'
import type { ExpressionNode, Name, NumberNode, OptionNode, StringNode, TextNode, TypeNode } from '../tree.ts'
import { optionTypes, plainTypes } from '../vocabulary.ts'
import type { Reader } from './reader.ts'
import { stretchOf, stringOf } from './scalar.ts'

/** What stands in a list; a single value stands for a list of one. */
export function itemsOf(reader: Reader, node: Node): Node[] {
  if (!isSeq(node)) return [node]
  return node.items.map((item) => reader.node(item)).filter((item): item is Node => !!item && !reader.bad.has(item))
}

export function stringNode(reader: Reader, node: Node): StringNode {
  return stringOf(reader.source, node as Scalar)
}

export function stringNodes(reader: Reader, node: Node): StringNode[] {
  return itemsOf(reader, node).map((item) => stringNode(reader, item))
}

export function nameNode(reader: Reader, node: Node): Name {
  return reader.name(node as Scalar)
}

export function nameNodes(reader: Reader, node: Node): Name[] {
  return itemsOf(reader, node).map((item) => nameNode(reader, item))
}

/** A text, or a map from language to text. */
export function textNode(reader: Reader, node: Node): TextNode {
  const span = reader.span(node)
  if (!isMap(node)) return { parts: [{ words: stringNode(reader, node) }], span }
  const parts = reader.entries(node).flatMap(({ key, value }, index) => {
    if (!value || !isScalar(value)) return []
    const words = stringNode(reader, value)
    return [index === 0 && key.text === 'en' ? { words } : { language: key, words }]
  })
  return { parts, span }
}

export function numberNode(reader: Reader, node: Node): NumberNode | undefined {
  const { text, span } = nameNode(reader, node)
  if (/^\d{1,15}(\.\d+)?$/.test(text)) return { value: Number(text), written: text, span }
  reader.report(z103, span, `\`${text.slice(0, 40)}\` is no number`)
  return undefined
}

const yes: ReadonlySet<string> = new Set(['true', 'yes'])
const no: ReadonlySet<string> = new Set(['false', 'no'])

/** `true` or `false`; `yes` and `no` are taken for them. */
export function isSet(reader: Reader, node: Node): boolean {
  const { text, span } = nameNode(reader, node)
  const word = text.toLowerCase()
  if (!yes.has(word) && !no.has(word))
    reader.report(z103, span, `\`${text.slice(0, 40)}\` is neither \`true\` nor \`false\``)
  return yes.has(word)
}

/** A scalar in the words of Zgoda text; `undefined` where it can't be read, which is reported. */
export function valueNode<K extends keyof Values>(reader: Reader, kind: K, node: Node): Values[K] | undefined {
  const { source, start, end } = stretchOf(reader.source, node as Scalar)
  const { value, problems } = parseValue(kind, source, start, end)
  reader.problems.push(...problems)
  return value
}

/** YAML’s own yes and no. */
const truths: Readonly<Record<string, string>> = { true: 'yes', false: 'no' }

export function expressionNode(reader: Reader, node: Node): ExpressionNode {
  const span = reader.span(node)
  const scalar = node as Scalar
  if (typeof scalar.value === 'boolean') {
    const name = { text: truths[String(scalar.value)] ?? 'no', span }
    return { kind: 'word', name, span }
  }
  return valueNode(reader, 'expression', node) ?? { kind: 'broken', span }
}

const typeNames: readonly string[] = [...plainTypes, ...optionTypes]

/** A type, its options apart. */
export function typeNode(reader: Reader, type: Node, options: Node | undefined): TypeNode {
  const written = nameNode(reader, type)
  const words = written.text.trim().replace(/\s+/g, ' ')
  const name = { text: typeNames.includes(words) ? words : written.text, span: written.span }
  const read =
    options &&
    itemsOf(reader, options).map((option): OptionNode => {
      const { value, span } = stringNode(reader, option)
      return { value, span }
    })
  return { name, ...(read ? { options: read } : {}), span: written.span }
}
