import type { Definition, Expression, Field, Process, Value } from '../../../engine/index.ts'
import { expressionsIn, fieldsIn, partsOf, rulesIn } from './expressions.ts'

/** For each field one value of each sort that the process can tell apart. Missing is none of them. */
export type Representatives = Readonly<Record<string, readonly Value[]>>

export function representativesOf(definition: Definition, process: Process): Representatives {
  const parts = expressionsIn(definition, process).flatMap(partsOf)
  const timed = rulesIn(process).flatMap(({ trigger }) => (trigger.kind === 'at' ? fieldsIn(trigger.time) : []))
  const read = fieldsRead(definition, process)
  return Object.fromEntries(
    Object.values(process.fields).map((field) => {
      const values = valuesOf(field, constantsFor(field.name, parts), timed.includes(field.name))
      return [field.name, read.has(field.name) ? values : values.slice(0, 1)]
    }),
  )
}

/** Fields that make a difference: something reads them, or they are personal. */
export function fieldsThatMatter(definition: Definition, process: Process): readonly string[] {
  const read = fieldsRead(definition, process)
  const fields = Object.values(process.fields).filter(({ name, personal }) => read.has(name) || personal.length > 0)
  return fields.map(({ name }) => name)
}

function fieldsRead(definition: Definition, process: Process): ReadonlySet<string> {
  return new Set([
    ...expressionsIn(definition, process).flatMap(fieldsIn),
    ...Object.values(process.stages).flatMap(({ require }) => require.map(({ field }) => field)),
  ])
}

function valuesOf({ type }: Field, constants: readonly Value[], timed: boolean): readonly Value[] {
  switch (type.kind) {
    case 'yes/no':
      return [true, false]
    case 'choice':
      return type.options
    case 'many':
      return [...type.options.map((option) => [option]), [...type.options]]
    case 'number':
    case 'money':
      return aroundAll(constants.filter((value) => typeof value === 'number'))
    case 'date':
      return timed ? ['2026-03-01', '2026-03-02'] : unlike('2026-03-01', constants)
    case 'date and time':
      return timed ? ['2026-03-01T08:00:00.000Z', '2026-03-02T08:00:00.000Z'] : ['2026-03-01T08:00:00.000Z']
    case 'email':
    case 'client email':
      return ['some@client.example']
    case 'phone':
    case 'client phone':
      return ['+48 600 000 000']
    case 'link':
      return ['https://client.example/']
    default:
      return unlike('something', constants)
  }
}

/** The constants, and a value that is none of them. */
function unlike(value: string, constants: readonly Value[]): readonly Value[] {
  return [...new Set([value, ...constants.filter((constant) => typeof constant === 'string')])]
}

/** Each constant, what is below the least, between two, and above the greatest. */
function aroundAll(constants: readonly number[]): readonly number[] {
  const sorted = [...new Set(constants)].sort((a, b) => a - b)
  const [least] = sorted
  if (least === undefined) return [1]
  return [least - 1, ...sorted.flatMap((each, index) => [each, (each + (sorted[index + 1] ?? each + 2)) / 2])]
}

function constantsFor(field: string, parts: readonly Expression[]): readonly Value[] {
  return parts.flatMap((part) => {
    if (part.kind === 'in') return isField(part.of, field) ? part.options.flatMap(constantOf) : []
    if (part.kind !== 'compare') return []
    if (isField(part.left, field)) return constantOf(part.right)
    return isField(part.right, field) ? constantOf(part.left) : []
  })
}

function isField(part: Expression, field: string): boolean {
  return part.kind === 'field' && part.field === field
}

function constantOf(part: Expression): readonly Value[] {
  switch (part.kind) {
    case 'number':
    case 'text':
    case 'date':
      return [part.value]
    case 'negate':
      return part.of.kind === 'number' ? [-part.of.value] : []
    default:
      return []
  }
}
