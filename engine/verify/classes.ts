import { constantOf } from '../arithmetic.ts'
import type { CaseState, Value } from '../case.ts'
import type { Expression, Field } from '../definition.ts'
import { compileCondition } from '../expression.ts'
import type { Ground } from '../ground.ts'
import { parseValue } from '../value.ts'
import { mostValues } from './space.ts'

/** The values of a field that no condition tells apart, by one of them; undefined is a missing one. */
export interface Classes {
  readonly field: Field
  readonly of: readonly (Value | undefined)[]
  /** The classes that some value is in, a bit each: all but that of a missing one, if no value is like it. */
  readonly filled: number
  /** Which class a value is in. */
  readonly indexOf: (value: Value | undefined) => number
  /** The classes for which a condition about this field alone holds, a bit each; undefined for one that they do not tell apart. */
  readonly holdFor: (atom: Expression) => number | undefined
}

/** Which of the values a field may have its conditions tell apart. The first class is that of a missing value. */
export function classesOf(ground: Ground, field: Field, atoms: readonly Expression[]): Classes {
  const distinct = new Map(atoms.map((atom) => [JSON.stringify(atom), compileCondition(atom, ground)]))
  const consents = Object.fromEntries(Object.keys(ground.definition.purposes).map((name) => [name, 'given'] as const))
  const stub: CaseState = { ...blank, client: { consents } }
  const signatureOf = (value: Value | undefined) => {
    const state = { ...stub, values: value === undefined ? {} : { [field.name]: value } }
    return [...distinct.values()].map((holds) => (holds(state, '') ? '1' : '0')).join('')
  }
  const signatures = new Map<string, Value | undefined>([[signatureOf(undefined), undefined]])
  const values = candidates(field, atoms)
  for (const value of values) {
    const signature = signatureOf(value)
    if (!signatures.has(signature)) signatures.set(signature, value)
  }
  const order = [...signatures.keys()]
  const keys = [...distinct.keys()]
  const held = new WeakMap<Expression, number>()
  return {
    field,
    of: [...signatures.values()],
    filled: values.reduce<number>((bits, value) => bits | (1 << order.indexOf(signatureOf(value))), 0),
    indexOf: (value) => Math.max(0, order.indexOf(signatureOf(value))),
    holdFor: (atom) => {
      const known = held.get(atom)
      if (known !== undefined) return known
      const at = keys.indexOf(JSON.stringify(atom))
      if (at < 0) return undefined
      const bits = order.reduce((set, signature, index) => (signature[at] === '1' ? set | (1 << index) : set), 0)
      held.set(atom, bits)
      return bits
    },
  }
}

const blank: CaseState = {
  id: '',
  number: '',
  createdAt: '',
  stage: '',
  enteredAt: '',
  visited: [],
  ended: 'no',
  values: {},
  timers: {},
  fired: [],
  seq: 0,
  client: { consents: {} },
}

/** Whether a condition is about the value of one field and constants, so that classes of its values can say it. */
export function fieldOfAtom(atom: Expression): string | undefined {
  switch (atom.kind) {
    case 'field':
    case 'filled':
    case 'missing':
      return atom.field
    case 'in':
      return atom.of.kind === 'field' &&
        isPlain(atom.of.type) &&
        atom.options.every((each) => constantOf(each) !== undefined)
        ? atom.of.field
        : undefined
    case 'compare': {
      if (!isPlain(atom.as)) return undefined
      if (atom.left.kind === 'field' && constantOf(atom.right) !== undefined) return atom.left.field
      if (atom.right.kind === 'field' && constantOf(atom.left) !== undefined) return atom.right.field
      return undefined
    }
    default:
      return undefined
  }
}

function isPlain(type: string): boolean {
  return type === 'number' || type === 'money' || type === 'text' || type === 'choice' || type === 'yes/no'
}

/** A value of each kind that conditions may tell apart, plainest first. */
function candidates(field: Field, atoms: readonly Expression[]): readonly Value[] {
  switch (field.type.kind) {
    case 'yes/no':
      return [false, true]
    case 'choice':
      return field.type.options
    case 'many':
      return field.type.options.slice(0, 1).map((option) => [option])
    case 'number':
    case 'money':
      return numbersAround(constantsIn(atoms).filter((value) => typeof value === 'number')).filter(
        (value) => 'value' in parseValue(field.type, value),
      )
    default:
      return [...new Set([sampleOf(field), ...constantsIn(atoms).filter((value) => typeof value === 'string')])]
  }
}

/** Whether conditions tell more values of a field apart than can be followed. */
export function areTooMany(field: Field, atoms: readonly Expression[]): boolean {
  return candidates(field, atoms).length >= mostValues
}

/** A number below each constant, at it and above. */
function numbersAround(constants: readonly number[]): readonly number[] {
  const sorted = [...new Set(constants)].sort((a, b) => a - b)
  const between = sorted.map((value, index) => {
    const next = sorted[index + 1]
    return next === undefined ? value + 1 : rounded((value + next) / 2)
  })
  const [lowest] = sorted
  return lowest === undefined ? [1] : [lowest - 1, ...sorted, ...between]
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100
}

function constantsIn(atoms: readonly Expression[]): readonly Value[] {
  return atoms.flatMap((atom) => {
    const parts = atom.kind === 'compare' ? [atom.left, atom.right] : atom.kind === 'in' ? atom.options : []
    return parts.flatMap((part) => constantOf(part) ?? [])
  })
}

/** A value of a field's type, whichever. */
export function sampleOf({ type }: Field): Value {
  switch (type.kind) {
    case 'number':
    case 'money':
      return 1
    case 'yes/no':
      return true
    case 'choice':
      return type.options[0] ?? ''
    case 'many':
      return type.options.slice(0, 1)
    case 'date':
      return '2026-06-01'
    case 'date and time':
      return '2026-06-01T09:00:00Z'
    case 'email':
    case 'client email':
      return 'someone@client.example'
    case 'phone':
    case 'client phone':
      return '+48 600 000 000'
    case 'link':
      return 'https://client.example/'
    default:
      return 'something'
  }
}
