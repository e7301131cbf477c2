import { isScalar, type Pair, type YAMLMap } from 'yaml'
import type { ScalarForm, Shape } from '../shape.ts'
import type { Source } from '../source.ts'
import type { YamlRecord } from './yaml-place.ts'

const scalars: { readonly [form in ScalarForm]?: string } = {
  expression: '1',
  duration: '1 day',
  keep: 'until end',
  date: '2026-01-01',
  clock: '"8:00"',
  days: 'monday',
  number: '1',
  flag: 'true',
  type: 'text',
}

/** The shortest value of a shape. */
export function sampleOf(shape: Shape): string {
  switch (shape.kind) {
    case 'scalar':
      return scalars[shape.form] ?? 'x'
    case 'word':
      return shape.words[0] ?? 'x'
    case 'mention':
      return 'x'
    case 'list':
      return `[${sampleOf(shape.of)}]`
    case 'map':
      return `{ x: ${sampleOf(shape.of)} }`
    case 'record':
      return `{ ${missingOf(shape, []).join(', ')} }`
    case 'either':
      return shape.of[0] ? sampleOf(shape.of[0]) : 'x'
  }
}

/** Keys that a record can't do without, each with a value. */
function missingOf({ keys, one }: YamlRecord['shape'], present: readonly string[]): string[] {
  const wanted = Object.keys(keys).filter((name) => keys[name]?.required && !present.includes(name))
  const chosen = one?.some((name) => present.includes(name)) ? undefined : one?.[0]
  const missing = chosen === undefined || wanted.includes(chosen) ? wanted : [...wanted, chosen]
  return missing.map((name) => `${name}: ${keys[name] ? sampleOf(keys[name].shape) : 'x'}`)
}

/** The text with what the records around a place can't do without, so that they are read though they are not finished. */
export function withMissingKeys(source: Source, records: readonly YamlRecord[]): string {
  let { text } = source
  for (const { map, shape } of records.toReversed()) {
    const missing = missingOf(shape, keysOf(map))
    const at = firstKey(map)
    if (missing.length === 0 || at === undefined) continue
    const margin = ' '.repeat(source.position(at).column - 1)
    const added = missing.map((each) => (map.flow ? `${each}, ` : `${each}\n${margin}`)).join('')
    text = text.slice(0, at) + added + text.slice(at)
  }
  return text
}

export function keysOf(map: YAMLMap): string[] {
  return (map.items as Pair[]).flatMap(({ key }) => (isScalar(key) ? [String(key.value)] : []))
}

function firstKey(map: YAMLMap): number | undefined {
  const key = (map.items[0] as Pair | undefined)?.key
  return isScalar(key) ? key.range?.[0] : undefined
}
