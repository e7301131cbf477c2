import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import { Refusal } from '../../refusal.ts'

/** A JSON Schema (2020-12), and the type of what it lets through. */
export interface Schema<T = unknown> {
  readonly json: JsonSchema
  /** Never there: it carries `T` for the compiler. */
  readonly type?: T
}

export type JsonSchema = Readonly<Record<string, unknown>>

export function schema<T>(json: JsonSchema): Schema<T> {
  return { json }
}

/** An object with these properties and no others. Those of `optional` may be left out. */
export function object(required: Record<string, JsonSchema>, optional: Record<string, JsonSchema> = {}): JsonSchema {
  return {
    type: 'object',
    properties: { ...required, ...optional },
    required: Object.keys(required),
    additionalProperties: false,
  }
}

const bodies = new Ajv2020({ strict: true, strictRequired: false, verbose: true, allowUnionTypes: true })
const queries = new Ajv2020({ strict: true, strictRequired: false, verbose: true, coerceTypes: true })

/** A check of a JSON body: gives it back typed, or throws `Refusal` `invalid-body` in plain words. */
export function bodyCheck<T>(of: Schema<T>): (body: unknown) => T {
  return check(bodies.compile<T>(of.json), 'The body')
}

/** The same for a query, whose numbers arrive as text. */
export function queryCheck<T>(of: Schema<T>): (query: unknown) => T {
  return check(queries.compile<T>(of.json), 'The query')
}

function check<T>(validate: ValidateFunction<T>, whole: string): (data: unknown) => T {
  return (data) => {
    if (validate(data)) return data
    const [error] = validate.errors ?? []
    throw new Refusal('invalid-body', error ? inWords(error, whole) : `${whole} is not valid.`)
  }
}

/** What was expected where, without the value that was sent. */
function inWords(error: ErrorObject, whole: string): string {
  const place = error.instancePath.slice(1).replaceAll('/', '.')
  const where = place ? `\`${place}\`` : whole
  const { params } = error
  switch (error.keyword) {
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const known = Object.keys(propertiesOf(error))
      const expected = known.length > 0 ? `expected ${known.map((name) => `\`${name}\``).join(', ')}` : 'expected none'
      return `${where} has an unknown property \`${String(params.additionalProperty).slice(0, 60)}\`: ${expected}.`
    }
    case 'required':
      return `${where} lacks \`${params.missingProperty}\`.`
    case 'type':
      return `${where} must be ${kinds(params.type)}.`
    case 'enum':
      return `${where} must be one of ${params.allowedValues.map((value: unknown) => `\`${value}\``).join(', ')}.`
    case 'maxLength':
      return `${where} must have at most ${params.limit} characters.`
    case 'minLength':
      return `${where} must have at least ${params.limit} characters.`
    case 'pattern':
      return `${where} must look like \`${params.pattern}\`.`
    case 'maxItems':
    case 'maxProperties':
      return `${where} must have at most ${params.limit} entries.`
    case 'minItems':
    case 'minProperties':
      return `${where} must have at least ${params.limit} entries.`
    default:
      return `${where} ${error.message ?? 'is not valid'}.`
  }
}

function propertiesOf(error: ErrorObject): object {
  const parent: unknown = error.parentSchema
  return parent && typeof parent === 'object' && 'properties' in parent ? (parent.properties as object) : {}
}

const names: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'a string',
  number: 'a number',
  integer: 'a whole number',
  boolean: '`true` or `false`',
  null: '`null`',
}

function kinds(type: string | readonly string[]): string {
  return [type]
    .flat()
    .map((kind) => names[kind] ?? kind)
    .join(' or ')
}
