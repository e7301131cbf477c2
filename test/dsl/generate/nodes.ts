import { Source, type Span } from '../../../dsl/source.ts'
import type { DurationNode, FileNode, Name, NumberNode, StringNode } from '../../../dsl/tree.ts'

/** Where generated nodes stand. */
export const nowhere: Span = { source: new Source({ name: 'generated.zgoda', text: '' }), start: 0, end: 0 }

export function name(text: string): Name {
  return { text, span: nowhere }
}

export function string(value: string): StringNode {
  return { value, span: nowhere }
}

/** A number as written. */
export function number(written: string): NumberNode {
  return { value: Number(written), written, span: nowhere }
}

export function duration(amount: string, unit: string, working: boolean): DurationNode {
  return { amount: number(amount), unit: name(unit), working, span: nowhere }
}

const places: ReadonlySet<string> = new Set(['span', 'extent', 'pieces'])

/** A tree without the places of its nodes, so that two can be compared. A number counts as it is written. */
export function withoutPlaces(tree: FileNode): unknown {
  return JSON.parse(
    JSON.stringify(tree, (key, value) => {
      if (places.has(key)) return undefined
      const isNumber = typeof value === 'object' && value !== null && typeof value.value === 'number'
      return isNumber ? { written: String(value.value), ...value } : value
    }),
  )
}
