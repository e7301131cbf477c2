import { isMap, isScalar, isSeq, type Node, type Pair, type Scalar, type YAMLMap } from 'yaml'
import { z102 } from '../checks/z102-unknown-word.ts'
import { z103 } from '../checks/z103-form.ts'
import { z104 } from '../checks/z104-twice.ts'
import { listOf } from '../list-of.ts'
import { didYouMean } from '../nearest.ts'
import type { EitherShape, MapShape, RecordShape, ScalarForm, Shape } from '../shape.ts'
import type { Span } from '../source.ts'
import type { Entry, Reader } from './reader.ts'
import { wordsOf } from './scalar.ts'

/**
 * Holds what is written against its shape and reports what does not fit: unknown keys, lists where a map belongs, keys
 * that are missing. What has a problem of its own is marked bad, so that nothing else is said about it.
 */
export function conforms(reader: Reader, node: Node | undefined, shape: Shape, at: Span, of: string): boolean {
  if (!node) return conformsNothing(reader, shape, at, of)
  if (reader.bad.has(node)) return false
  const fits = conformsNode(reader, node, shape, of)
  if (!fits) reader.bad.add(node)
  return fits
}

function conformsNothing(reader: Reader, shape: Shape, at: Span, of: string): boolean {
  reader.report(z103, at, `\`${of}\` says nothing`, `write ${lookOf(shape)}, or take \`${of}\` away`)
  return false
}

function conformsNode(reader: Reader, node: Node, shape: Shape, of: string): boolean {
  switch (shape.kind) {
    case 'scalar':
      if (isMap(node) && (shape.form === 'text' || shape.form === 'template'))
        return conformsLanguages(reader, node, of)
      return isScalar(node) ? conformsScalar(reader, node, shape, of) : misfit(reader, node, shape, of)
    case 'word':
    case 'mention':
      return isScalar(node) ? conformsScalar(reader, node, shape, of) : misfit(reader, node, shape, of)
    case 'list':
      if (!isSeq(node)) return conformsNode(reader, node, shape.of, of)
      if (shape.some && node.items.length === 0) return saysNothing(reader, reader.span(node), of)
      for (const item of node.items)
        conforms(reader, reader.node(item), shape.of, reader.span((item as Node) ?? node), of)
      return true
    case 'map':
      return isMap(node) ? conformsMap(reader, node, shape, of) : misfit(reader, node, shape, of)
    case 'record':
      return isMap(node) ? conformsRecord(reader, node, shape) : misfit(reader, node, shape, of)
    case 'either':
      return conformsEither(reader, node, shape, of)
  }
}

/** Words that may be none as far as their look goes: whether they must say something is the resolver's to tell. */
const words: ReadonlySet<ScalarForm> = new Set(['string', 'text', 'template', 'option', 'environment', 'value'])

function conformsScalar(reader: Reader, node: Scalar, shape: Shape, of: string): boolean {
  if (wordsOf(node).trim() !== '') return true
  if (shape.kind === 'scalar' && words.has(shape.form) && node.type !== 'PLAIN') return true
  reader.report(z103, reader.span(node), `\`${of}\` is empty`, `write something, or take \`${of}\` away`)
  return false
}

/** A text in several languages. */
function conformsLanguages(reader: Reader, map: YAMLMap, of: string): boolean {
  let fits = !reportKeys(reader, map)
  if (map.items.length === 0) {
    fits = false
    reader.report(z103, reader.span(map), `\`${of}\` is empty`, `write something, or take \`${of}\` away`)
  }
  for (const { key, value } of reader.entries(map)) {
    const language = key.text.slice(0, 40)
    if (!/^[a-z]{2}$/.test(key.text)) {
      fits = false
      reader.report(
        z102,
        key.span,
        `\`${language}\` is no language`,
        'a text has a key for each language, such as `en` and `pl`',
      )
    } else fits = conforms(reader, value, { kind: 'scalar', form: 'string' }, key.span, of) && fits
  }
  return fits
}

function conformsEither(reader: Reader, node: Node, { of: shapes }: EitherShape, of: string): boolean {
  const wanted = shapes.find((shape) => {
    if (isSeq(node)) return shape.kind === 'list'
    if (isMap(node)) return shape.kind === 'record'
    return shape.kind !== 'record'
  })
  return wanted ? conformsNode(reader, node, wanted, of) : misfit(reader, node, { kind: 'either', of: shapes }, of)
}

function saysNothing(reader: Reader, at: Span, of: string): false {
  reader.report(z103, at, `\`${of}\` is empty`, `name at least one, or take \`${of}\` away`)
  return false
}

function conformsMap(reader: Reader, map: YAMLMap, shape: MapShape, of: string): boolean {
  if (shape.some && map.items.length === 0) return saysNothing(reader, reader.span(map), of)
  reportKeys(reader, map)
  for (const { key, value } of reader.entries(map)) {
    if (value || !isEmptySaid(shape.of)) conforms(reader, value, shape.of, key.span, key.text)
  }
  return true
}

/** Whether a name alone says enough: a role or stage that has nothing to say. */
function isEmptySaid(shape: Shape): boolean {
  return shape.kind === 'record' && !shape.one && Object.values(shape.keys).every(({ required }) => !required)
}

function conformsRecord(reader: Reader, map: YAMLMap, shape: RecordShape): boolean {
  const oddKeys = reportKeys(reader, map)
  const seen = new Set<string>()
  let unknown = oddKeys
  for (const entry of reader.entries(map)) {
    const { key, value } = entry
    const known = Object.hasOwn(shape.keys, key.text) ? shape.keys[key.text] : undefined
    if (!known) {
      unknown = true
      reportUnknown(reader, entry, shape)
      if (value) reader.bad.add(value)
    } else if (seen.has(key.text)) {
      reader.report(z104, key.span, `\`${key.text}\` stands here twice`, 'keep one of them')
      if (value) reader.bad.add(value)
    } else conforms(reader, value, known.shape, key.span, key.text)
    seen.add(key.text)
  }
  if (unknown) return true
  return reportMissing(reader, map, shape, seen)
}

/** Keys that are lists or maps. */
function reportKeys(reader: Reader, map: YAMLMap): boolean {
  let odd = false
  for (const { key } of map.items as Pair[]) {
    if (isScalar(key)) continue
    odd = true
    const span = reader.span((key as Node | null) ?? map)
    const hint = 'write `key: value`; a value that begins with a bracket or brace stands in quotes'
    reader.report(z103, span, 'a key is a single word', hint)
  }
  return odd
}

function reportUnknown(reader: Reader, { key }: Entry, shape: RecordShape): void {
  const keys = Object.keys(shape.keys)
  const list = listOf(
    keys.map((each) => `\`${each}\``),
    'and',
  )
  const hint =
    key.text === '<<'
      ? 'YAML’s merge keys are not read here: write the keys out'
      : (didYouMean(key.text, keys) ?? `it takes ${list}`)
  reader.report(z102, key.span, `${shape.title} has no key \`${key.text.slice(0, 80)}\``, hint)
}

function reportMissing(reader: Reader, map: YAMLMap, shape: RecordShape, seen: ReadonlySet<string>): boolean {
  const missing = neededIn(shape).filter((name) => !seen.has(name))
  if (missing.length === 0 && !shape.one) return true
  const first = reader.entries(map)[0]?.key.span ?? reader.span(map)
  for (const name of missing) {
    const help = decapitalised(shape.keys[name]?.help ?? '')
    reader.report(z103, first, `${shape.title} has no \`${name}\``, `add \`${name}\`: ${help}`)
  }
  const chosen = shape.one?.filter((name) => seen.has(name))
  if (chosen?.length === 0) {
    const list = listOf(
      (shape.one ?? []).map((name) => `\`${name}\``),
      'or',
    )
    reader.report(z103, first, `${shape.title} says what it is by one of its keys`, `add ${list}`)
  } else if (chosen && chosen.length > 1) {
    const both = listOf(
      chosen.map((name) => `\`${name}\``),
      'and',
    )
    reader.report(z103, first, `${shape.title} is one thing, and here stand ${both}`, 'make a list item of each')
  }
  return missing.length === 0 && (!chosen || chosen.length === 1)
}

const needed = new WeakMap<RecordShape, readonly string[]>()

/** The keys that a map of this shape can't do without, found once: there are maps on every line. */
function neededIn(shape: RecordShape): readonly string[] {
  const known = needed.get(shape)
  if (known) return known
  const found = Object.keys(shape.keys).filter((name) => shape.keys[name]?.required === 'here')
  needed.set(shape, found)
  return found
}

function decapitalised(help: string): string {
  return help.charAt(0).toLowerCase() + help.slice(1).replace(/\.$/, '')
}

function misfit(reader: Reader, node: Node, shape: Shape, of: string): false {
  const found = isSeq(node) ? 'a list' : isMap(node) ? 'a map' : 'a single value'
  const hint = isScalar(node) ? exampleOf(shape, of) : undefined
  reader.report(z103, firstLine(reader, node), `\`${of}\` takes ${lookOf(shape)}, and this is ${found}`, hint)
  return false
}

/** How a single value may be written as the map that is wanted. */
function exampleOf(shape: Shape, of: string): string | undefined {
  if (shape.kind !== 'record') return undefined
  const first = Object.keys(shape.keys).find((name) => shape.keys[name]?.required || shape.one?.includes(name))
  return first === undefined ? undefined : `write a map: \`${of}: { ${first}: … }\``
}

/** A long value is underlined where it begins. */
export function firstLine(reader: Reader, node: Node): Span {
  const span = reader.span(node)
  const end = reader.source.text.slice(span.start, span.end).search(/\r?\n/)
  return end < 0 ? span : { ...span, end: span.start + end }
}

const looks: Readonly<Record<ScalarForm, string>> = {
  string: 'a text',
  text: 'a text, or one a language',
  template: 'a text, or one a language',
  expression: 'an expression',
  duration: 'a duration such as `14 days`',
  keep: 'a time such as `until end` or `90 days after end`',
  date: 'a date such as `2026-12-25`',
  clock: 'a time such as `"8:00"`',
  days: 'days such as `monday to friday`',
  number: 'a number',
  flag: '`true` or `false`',
  type: 'a type such as `text` or `money`',
  option: 'an option',
  environment: 'the name of an environment variable',
  value: 'a value',
}

function lookOf(shape: Shape): string {
  switch (shape.kind) {
    case 'scalar':
      return looks[shape.form]
    case 'word':
      return listOf(
        shape.words.map((each) => `\`${each}\``),
        'or',
      )
    case 'mention':
      return `the name of a ${shape.of.join(' or ')}`
    case 'list':
      return 'a list'
    case 'map':
      return `a map of ${plurals[shape.names]}`
    case 'record':
      return `a map with ${listOf(
        Object.keys(shape.keys)
          .slice(0, 4)
          .map((each) => `\`${each}\``),
        'and',
      )}`
    case 'either':
      return shape.of.map(lookOf).join(', or ')
  }
}

const plurals: Readonly<Record<MapShape['names'], string>> = {
  role: 'roles',
  purpose: 'purposes',
  letter: 'letters',
  document: 'documents',
  form: 'forms',
  process: 'processes',
  webhook: 'webhooks',
  table: 'tables',
  field: 'fields',
  stage: 'stages',
  signal: 'signals',
  input: 'inputs',
}
