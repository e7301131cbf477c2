import type { Part } from '../../beside.ts'
import type { Comments } from '../../comments.ts'
import { flat } from '../../format/doc.ts'
import { expression } from '../../format/expression.ts'
import { duration, number } from '../../format/literals.ts'
import type { DurationNode, ExpressionNode, Name, NumberNode, StringNode, TextNode, TypeNode } from '../../tree.ts'
import { type Item, string, token } from '../layout/item.ts'
import { aroundPart, entries, keyed, list, listed, map } from './around.ts'

/** What the reader takes for a text without a language. */
const usual = 'en'

/** A text, or a map from language to text. */
export function textItem({ parts }: TextNode): Item {
  const [first, ...more] = parts
  if (first && more.length === 0 && (first.language?.text ?? usual) === usual) return string(first.words.value)
  return map(parts.map(({ language, words }) => keyed(language?.text ?? usual, string(words.value))))
}

export function nameItem({ text }: Name): Item {
  return string(text)
}

/** A list, each item with its comments. */
export function listItem<P extends Part>(comments: Comments, parts: readonly P[], write: (part: P) => Item): Item {
  return list(parts.map((part) => listed(write(part), aroundPart(comments, part))))
}

export function namesItem(comments: Comments, names: readonly Name[]): Item {
  return listItem(comments, names, nameItem)
}

export function stringItem({ value }: StringNode): Item {
  return string(value)
}

export function stringsItem(comments: Comments, strings: readonly StringNode[]): Item {
  return listItem(comments, strings, stringItem)
}

export function expressionItem(node: ExpressionNode): Item {
  return string(flat(expression(node)))
}

export function durationItem(node: DurationNode): Item {
  return string(duration(node))
}

export function numberItem(node: NumberNode): Item {
  return token(number(node))
}

/** `true`, or nothing. */
export function flagItem(set: boolean): Item | undefined {
  return set ? token('true') : undefined
}

/** The type of a field, for its keys. */
export function typeItems(
  comments: Comments,
  { name, options }: TypeNode,
): { readonly type: Item; readonly options?: Item } {
  const choices = options && listItem(comments, options, ({ value }) => string(value))
  return { type: nameItem(name), ...(choices ? { options: choices } : {}) }
}

/** A type that stands alone. */
export function typeItem(comments: Comments, node: TypeNode): Item {
  const items = typeItems(comments, node)
  return items.options ? map(entries(items)) : items.type
}

/** What `write` makes of something, where there is something. */
export function maybe<T>(value: T | undefined, write: (value: T) => Item): Item | undefined {
  return value === undefined ? undefined : write(value)
}

/** A list that is left out where it is empty. */
export function unlessEmpty<T>(values: readonly T[], write: (values: readonly T[]) => Item): Item | undefined {
  return values.length === 0 ? undefined : write(values)
}
