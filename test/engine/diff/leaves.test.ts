import { describe, expect, it } from 'vitest'
import { type Difference, diff } from '../../../engine/diff/index.ts'
import type { Definition } from '../../../engine/index.ts'
import { readExample } from '../examples.ts'

type Path = readonly (string | number)[]

/** What is derived from elsewhere in the definition, says only where something stands, or can be one thing only. */
const derived: ReadonlySet<string> = new Set(['at', 'id', 'uses', 'name', 'was', 'as', 'type', 'until'])

/** Every place in a definition where a word, a number, or yes or no stands by itself. */
function leaves(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([key, each]) => {
    const typeOfField = key === 'type' && path.at(-2) === 'fields'
    const noEnd = key === 'success' && 'final' in value && !value.final
    return noEnd || (derived.has(key) && !typeOfField)
      ? []
      : leaves(each, [...path, Array.isArray(value) ? Number(key) : key])
  })
}

/** A process that is new may take more for a purpose: that is told of the purpose. */
const isItself = ({ aspect }: Difference) => aspect !== 'scope'

const isUnit = (value: unknown) => ['minute', 'hour', 'day', 'week', 'month', 'year'].some((unit) => unit === value)

function other(value: unknown): unknown {
  if (typeof value === 'boolean') return !value
  if (isUnit(value)) return value === 'day' ? 'month' : 'day'
  return typeof value === 'number' ? value + 1 : `${value}x`
}

function withOther(value: unknown, [key, ...path]: Path): unknown {
  if (key === undefined) return other(value)
  if (Array.isArray(value)) return value.map((each, index) => (index === key ? withOther(each, path) : each))
  const record = value as Record<string, unknown>
  return { ...record, [key]: withOther(record[key], path) }
}

describe.each(['florist/text', 'clinic', 'recruitment'])('in the workspace %s', (example) => {
  const definition = readExample(example)

  it('no word, number or yes and no can change without a difference', () => {
    const unseen = leaves(definition).filter(
      (path) => diff(definition, withOther(definition, path) as Definition).length === 0,
    )
    expect(unseen.map((path) => path.join('.'))).toEqual([])
  })

  it('each declaration that goes is one difference that names it, and the same the other way round', () => {
    for (const kind of [
      'roles',
      'purposes',
      'letters',
      'documents',
      'forms',
      'processes',
      'tables',
      'webhooks',
    ] as const) {
      for (const name of Object.keys(definition[kind])) {
        const rest = Object.fromEntries(Object.entries(definition[kind]).filter(([each]) => each !== name))
        const without: Definition = { ...definition, [kind]: rest }
        expect(diff(definition, without).filter(isItself)).toMatchObject([{ kind: 'removed', name }])
        expect(diff(without, definition).filter(isItself)).toMatchObject([{ kind: 'added', name }])
      }
    }
  })
})
