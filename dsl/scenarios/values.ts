import { isMap, isSeq, type Node } from 'yaml'
import type { FieldType } from '../../engine/definition.ts'
import type { Written } from '../../engine/simulate/scenario.ts'
import type { Name } from '../tree.ts'
import type { Body } from '../yaml/body.ts'
import type { Reader } from '../yaml/reader.ts'
import { nameNode, nameNodes } from '../yaml/values.ts'
import { isKnown, type Scope } from './scope.ts'

/** The entries of a map of fields, as they were written; those of no field are reported. */
export function writtenIn(scope: Scope, body: Body, key: string): Readonly<Record<string, Written>> {
  return writtenAt(scope, body.reader, body.node(key))
}

export function writtenAt(scope: Scope, reader: Reader, node: Node | undefined): Readonly<Record<string, Written>> {
  const values: Record<string, Written> = {}
  for (const [name, value] of entriesOf(reader, node)) {
    const type = scope.process.fields[name.text]?.type
    if (isKnown(scope, 'field', name) && type) values[name.text] = writtenOf(reader, value, type)
  }
  return values
}

/** The entries of a map with something behind them that could be read. */
export function entriesOf(reader: Reader, node: Node | undefined): readonly (readonly [Name, Node])[] {
  if (!node || !isMap(node)) return []
  return reader
    .entries(node)
    .flatMap(({ key, value }) => (value && !reader.bad.has(value) ? [[key, value] as const] : []))
}

/** YAML’s own yes and no. */
const truths: ReadonlyMap<string, string> = new Map([
  ['true', 'yes'],
  ['false', 'no'],
])

function writtenOf(reader: Reader, node: Node, { kind }: FieldType): Written {
  if (isSeq(node)) return nameNodes(reader, node).map(({ text }) => text)
  const { text } = nameNode(reader, node)
  return kind === 'yes/no' ? (truths.get(text.toLowerCase()) ?? text) : text
}
