import { isMap, type Node } from 'yaml'
import { nearest } from '../nearest.ts'
import { type Key, recordIn, type Shape } from '../shape.ts'
import type { Span } from '../source.ts'
import type { Broken, ExpressionNode, Name, StringNode, TextNode } from '../tree.ts'
import { declarations, type Keyword } from '../vocabulary.ts'
import type { Entry, Reader } from './reader.ts'
import { expressionNode, isSet, itemsOf, nameNode, nameNodes, stringNode, textNode } from './values.ts'

/** A map whose keys are known: what fits its shape of it, by key. */
export class Body {
  readonly reader: Reader
  /** From the first key to the end of the last value. */
  readonly extent: Span
  /** The first key with its value. */
  readonly head: Span
  /** Something in it could not be read: what it says is not all that it was meant to say. */
  readonly broken: readonly Broken[]
  readonly #entries = new Map<string, Entry>()
  readonly #keys: Readonly<Record<string, Key>>

  /** `node` is absent for a map that says nothing; `at` is where it stands. */
  constructor(reader: Reader, node: Node | undefined, shape: Shape, at: Span) {
    this.reader = reader
    const keys = recordIn(shape)?.keys ?? {}
    this.#keys = keys
    const entries = node && isMap(node) ? reader.entries(node) : []
    const broken: Broken[] = []
    for (const entry of entries) {
      const unread = !Object.hasOwn(keys, entry.key.text) || !entry.value || reader.bad.has(entry.value)
      if (unread) broken.push({ kind: 'broken', ...meantBy(entry.key.text, keys), span: entry.span })
      else if (!this.#entries.has(entry.key.text)) this.#entries.set(entry.key.text, entry)
    }
    this.broken = broken
    this.extent = node ? reader.span(node) : at
    this.head = entries[0]?.span ?? at
  }

  entry(key: string): Entry | undefined {
    return this.#entries.get(key)
  }

  /** The shape of what a key holds. */
  shape(key: string): Shape | undefined {
    return this.#keys[key]?.shape
  }

  node(key: string): Node | undefined {
    return this.#entries.get(key)?.value
  }

  /** What `read` makes of the value of a key, where there is one. */
  read<T>(key: string, read: (reader: Reader, node: Node) => T): T | undefined {
    const node = this.node(key)
    return node && read(this.reader, node)
  }

  name(key: string): Name | undefined {
    return this.read(key, nameNode)
  }

  names(key: string): Name[] | undefined {
    return this.read(key, nameNodes)
  }

  string(key: string): StringNode | undefined {
    return this.read(key, stringNode)
  }

  text(key: string): TextNode | undefined {
    return this.read(key, textNode)
  }

  expression(key: string): ExpressionNode | undefined {
    return this.read(key, expressionNode)
  }

  flag(key: string): boolean {
    return this.read(key, isSet) ?? false
  }

  /** The map that a key holds. */
  body(key: string): Body | undefined {
    const node = this.node(key)
    const shape = this.#keys[key]?.shape
    return node && shape && new Body(this.reader, node, shape, this.reader.span(node))
  }

  /** The maps of a list. */
  bodies(key: string): Body[] {
    const node = this.node(key)
    const shape = this.#keys[key]?.shape
    if (!node || !shape) return []
    return itemsOf(this.reader, node).map((item) => new Body(this.reader, item, shape, this.reader.span(item)))
  }
}

const declaring: Readonly<Record<string, Keyword>> = {
  fields: 'field',
  stages: 'stage',
  ...Object.fromEntries(Object.entries(declarations).map(([word, { yaml }]) => [yaml, word as Keyword])),
}

/** What a key that could not be read would have declared: nothing, where it is like one that declares nothing. */
function meantBy(written: string, keys: Readonly<Record<string, Key>>): { of?: Keyword } {
  const meant = Object.hasOwn(keys, written) ? written : nearest(written, Object.keys(keys))
  if (meant === undefined) return {}
  return { of: Object.hasOwn(declaring, meant) ? (declaring[meant] as Keyword) : 'show' }
}
