import type { FieldType, ValueType } from '../../engine/definition.ts'
import { z103 } from '../checks/z103-form.ts'
import { z104 } from '../checks/z104-twice.ts'
import type { TypeNode } from '../tree.ts'
import { optionTypes, plainTypes } from '../vocabulary.ts'
import type { Context } from './context.ts'
import { oneOf } from './values.ts'

/** What is known of an expression's value. `unknown` is what had a problem already: it fits everywhere. */
export interface Type {
  readonly kind: ValueType | 'unknown'
  /** Of a choice or a list of choices. */
  readonly options?: readonly string[]
  /** The options are the stages of the process. */
  readonly stages?: true
}

export const unknown: Type = { kind: 'unknown' }
export const yesNo: Type = { kind: 'yes/no' }
export const text: Type = { kind: 'text' }

const valueKinds: Readonly<Record<FieldType['kind'], ValueType>> = {
  text: 'text',
  'long text': 'text',
  number: 'number',
  money: 'money',
  date: 'date',
  'date and time': 'date and time',
  'yes/no': 'yes/no',
  email: 'text',
  phone: 'text',
  'client email': 'text',
  'client phone': 'text',
  file: 'file',
  link: 'text',
  person: 'person',
  choice: 'choice',
  many: 'many',
}

/** The type of a field's values in expressions. */
export function valueTypeOf(type: FieldType): Type {
  const kind = valueKinds[type.kind]
  return 'options' in type ? { kind, options: type.options } : { kind }
}

const typeNames = [...plainTypes, ...optionTypes]

/** A field's or input's type; `undefined` where it could not be made out, which is reported. */
export function fieldTypeOf(context: Context, node: TypeNode | undefined): FieldType | undefined {
  if (!node) return undefined
  const name = oneOf(context, node.name, typeNames, 'type of field')
  if (!name) return undefined
  const takesOptions = name === 'choice' || name === 'many'
  if (!takesOptions) {
    if (node.options)
      context.report(z103, node.span, `\`${name}\` takes no options`, {
        text: 'options stand after `choice` or `many`',
        yaml: '`options` belong to `choice` or `many`',
      })
    return { kind: name }
  }
  if (!node.options) {
    context.report(z103, node.span, `\`${name}\` needs its options`, {
      text: `write them in brackets: \`${name} (small, large)\``,
      yaml: 'add a list of them: `options: [small, large]`',
    })
    return { kind: name, options: [] }
  }
  return { kind: name, options: optionsOf(context, node) }
}

function optionsOf(context: Context, node: TypeNode): string[] {
  const options = new Set<string>()
  for (const { value, span } of node.options ?? []) {
    if (value.trim() === '') context.report(z103, span, 'an option has no words')
    else if (options.has(value)) context.report(z104, span, `option \`${value}\` stands here twice`)
    else options.add(value)
  }
  return [...options]
}

const names: Readonly<Record<Type['kind'], string>> = {
  text: 'a text',
  number: 'a number',
  money: 'an amount of money',
  date: 'a date',
  'date and time': 'a date and time',
  'yes/no': 'yes or no',
  choice: 'a choice',
  many: 'a list of choices',
  duration: 'a length of time',
  person: 'a person',
  file: 'a file',
  unknown: 'unknown',
}

/** A type in words, with its article. */
export function named(type: Type): string {
  return names[type.kind]
}

export function isNumeric(type: Type): boolean {
  return type.kind === 'number' || type.kind === 'money'
}

/** Whether a value of one type may be put where the other is wanted. */
export function fits(from: Type, to: Type): boolean {
  if (from.kind === 'unknown' || to.kind === 'unknown') return true
  if (isNumeric(from) && isNumeric(to)) return true
  if (to.kind === 'text') return from.kind === 'text' || from.kind === 'choice'
  if (from.kind !== to.kind) return false
  const options = to.options
  return !from.options || !options || from.options.every((option) => options.includes(option))
}

/** What a comparison compares both sides as; `undefined` where they can't be compared. */
export function commonType(a: Type, b: Type): ValueType | undefined {
  if (isNumeric(a) && isNumeric(b)) return a.kind === 'money' || b.kind === 'money' ? 'money' : 'number'
  if (isMoment(a) && isMoment(b)) return a.kind === b.kind ? (a.kind as ValueType) : 'date'
  if (a.kind === b.kind && a.kind !== 'unknown') return a.kind
  const both = new Set([a.kind, b.kind])
  return both.has('choice') && both.has('text') ? 'text' : undefined
}

function isMoment(type: Type): boolean {
  return type.kind === 'date' || type.kind === 'date and time'
}
