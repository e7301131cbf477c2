import type { RecordShape, ScalarForm, Shape } from './shape.ts'
import { optionTypes, plainTypes, units } from './vocabulary.ts'

/** A JSON Schema (draft-07, the newest that the YAML language server reads), as plain data. */
export type Schema = Readonly<Record<string, unknown>>

/** The schema of a file whose top is `shape`, for editors and for whoever generates such files. */
export function schemaOf(shape: RecordShape, title: string): Schema {
  const definitions = new Map<RecordShape, string>()
  const shared: Record<string, Schema> = {}
  const write = (each: Shape): Schema => schemaFor(each, (record) => named(record))
  const named = (record: RecordShape): Schema => {
    const known = definitions.get(record)
    const name = known ?? nameFor(record, shared)
    if (!known) {
      definitions.set(record, name)
      shared[name] = {}
      shared[name] = recordSchema(record, write)
    }
    return { $ref: `#/definitions/${name}` }
  }
  const top = recordSchema(shape, write)
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title,
    ...top,
    definitions: Object.fromEntries(Object.entries(shared).sort(([a], [b]) => (a < b ? -1 : 1))),
  }
}

function nameFor(record: RecordShape, taken: Readonly<Record<string, Schema>>): string {
  const base = record.title
    .replace(/^(a|an|the) /, '')
    .replace(/[^A-Za-z]+/g, '-')
    .replace(/^-|-$/g, '')
  for (let count = 1; ; count++) {
    const name = count === 1 ? base : `${base}-${count}`
    if (!Object.hasOwn(taken, name)) return name
  }
}

function schemaFor(shape: Shape, named: (record: RecordShape) => Schema): Schema {
  const inner = (each: Shape) => schemaFor(each, named)
  switch (shape.kind) {
    case 'scalar':
      return scalars[shape.form]
    case 'word':
      return { enum: shape.words.flatMap((word) => (isTruth(word) ? [word === 'true', word] : [word])) }
    case 'mention':
      return shape.words?.length
        ? { anyOf: [{ enum: shape.words }, { type: 'string', pattern: namePattern }] }
        : { type: 'string', pattern: namePattern }
    case 'list': {
      const of = inner(shape.of)
      return { anyOf: [of, { type: 'array', items: of, ...(shape.some ? { minItems: 1 } : {}) }] }
    }
    case 'map':
      return {
        type: 'object',
        propertyNames: { pattern: namePattern },
        additionalProperties: inner(shape.of),
        ...(shape.some ? { minProperties: 1 } : {}),
      }
    case 'record':
      return named(shape)
    case 'either':
      return { anyOf: shape.of.map(inner) }
  }
}

function recordSchema(record: RecordShape, inner: (shape: Shape) => Schema): Schema {
  const { keys, help, one } = record
  const required = Object.keys(keys).filter((name) => keys[name]?.required)
  const properties = Object.entries(keys).map(([name, { shape, help: words }]) => [
    name,
    described(inner(shape), words),
  ])
  return {
    description: help,
    type: required.length === 0 && !one ? ['object', 'null'] : 'object',
    properties: Object.fromEntries(properties),
    ...(required.length > 0 ? { required } : {}),
    ...(one ? { oneOf: one.map((name) => ({ required: [name] })) } : {}),
    additionalProperties: false,
  }
}

/** Draft-07 takes nothing beside `$ref`. */
function described(schema: Schema, description: string): Schema {
  return '$ref' in schema ? { description, allOf: [schema] } : { description, ...schema }
}

function isTruth(word: string): boolean {
  return word === 'true' || word === 'false'
}

const namePattern = '^[a-z][a-z0-9_]*$'
const duration = `[0-9]+ (working )?(${Object.keys(units).join('|')})( working)?`
const string: Schema = { type: ['string', 'number', 'boolean'] }
const text: Schema = {
  anyOf: [
    string,
    { type: 'object', propertyNames: { pattern: '^[a-z]{2}$' }, additionalProperties: string, minProperties: 1 },
  ],
}

const scalars: Readonly<Record<ScalarForm, Schema>> = {
  string,
  text,
  template: text,
  expression: { type: ['string', 'number', 'boolean'] },
  duration: { type: 'string', pattern: `^\\s*${duration}\\s*$` },
  keep: { type: 'string', pattern: `^\\s*(until end|${duration} after (end|given))\\s*$` },
  date: { type: 'string', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' },
  clock: { type: 'string', pattern: '^[0-9]{1,2}:[0-9]{2}$' },
  days: { type: 'string' },
  number: { type: 'number' },
  flag: { enum: [true, false, 'yes', 'no'] },
  type: { enum: [...plainTypes, ...optionTypes] },
  option: string,
  environment: { type: 'string', pattern: '^[A-Za-z_][A-Za-z0-9_]*$' },
  value: { type: ['string', 'number', 'boolean', 'array', 'null'] },
}
