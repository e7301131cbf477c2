import { constantOf } from './arithmetic.ts'
import type { Value } from './case.ts'
import { compileDay, unknown } from './day.ts'
import type { Duration, Expression } from './definition.ts'
import { asDate, asTime } from './moment.ts'
import { type Compile, type Condition, plainField, type Reader, type Scope } from './reader.ts'

type Comparison = Extract<Expression, { kind: 'compare' }>

/** How two values may stand to each other, a bit each; an operator is the set of those it holds for. */
const less = 1
const equal = 2
const more = 4
const apart = 8

const wantedBy: Readonly<Record<Comparison['operator'], number>> = {
  '=': equal,
  '!=': less | more | apart,
  '<': less,
  '<=': less | equal,
  '>': more,
  '>=': more | equal,
}

const turned: Readonly<Record<Comparison['operator'], Comparison['operator']>> = {
  '=': '=',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
}

/** A comparison: false where either side is missing or they are not of one kind, whichever way it asks. */
export function compileComparison(expression: Comparison, scope: Scope, compile: Compile): Condition {
  const order = wantedOf(expression.operator)
  switch (expression.as) {
    case 'duration': {
      const holds = stands(order, lengthOf(expression.left), lengthOf(expression.right))
      return () => holds
    }
    case 'date':
      return compareDates(expression, scope, compile)
    case 'date and time': {
      const left = compile(expression.left, scope)
      const right = compile(expression.right, scope)
      const { hours } = scope.definition
      const momentOf = (value: Value | undefined) => {
        const time = asTime(value, hours)
        return time === undefined ? undefined : Date.parse(time)
      }
      return (state, now) => stands(order, momentOf(left(state, now)), momentOf(right(state, now)))
    }
    default:
      return compareValues(expression, scope, compile)
  }
}

function compareValues({ operator, left, right }: Comparison, scope: Scope, compile: Compile): Condition {
  const constant = constantOf(right)
  if (constant !== undefined) return compareWith(constant, operator, left, scope, compile)
  const other = constantOf(left)
  if (other !== undefined) return compareWith(other, turned[operator], right, scope, compile)
  const order = wantedOf(operator)
  const a = compile(left, scope)
  const b = compile(right, scope)
  return (state, now) => stands(order, a(state, now), b(state, now))
}

function compareWith(
  constant: Value,
  operator: Comparison['operator'],
  of: Expression,
  scope: Scope,
  compile: Compile,
): Condition {
  const order = wantedOf(operator)
  const field = plainField(of, scope)
  if (typeof constant === 'number') return compareWithNumber(constant, order, field, compile(of, scope))
  const read = compile(of, scope)
  if (operator !== '=') return (state, now) => stands(order, read(state, now), constant)
  if (field === undefined) return (state, now) => equals(read(state, now), constant)
  return (state) => equals(state.values[field], constant)
}

function compareWithNumber(constant: number, order: number, field: string | undefined, read: Reader): Condition {
  if (field === undefined) {
    return (state, now) => {
      const value = read(state, now)
      return typeof value === 'number' && numberStands(order, value, constant)
    }
  }
  return (state) => {
    const value = state.values[field]
    return typeof value === 'number' && numberStands(order, value, constant)
  }
}

/** Whether a value is a constant; null is one that no value is. */
export function equals(value: Value | undefined, constant: Value | null): boolean {
  return value === constant || (typeof value === 'object' && constant !== null && stands(equal, value, constant))
}

/** The ways in which two values may stand to each other for `operator` to hold. */
export function wantedOf(operator: Comparison['operator']): number {
  return wantedBy[operator]
}

/** Whether a number stands to another as `wanted`. */
export function numberStands(wanted: number, value: number, constant: number): boolean {
  return (orderOfNumbers(value, constant) & wanted) !== 0
}

/** Dates are compared as days, and as text where a side is anything else than a plain date. */
function compareDates({ operator, left, right }: Comparison, scope: Scope, compile: Compile): Condition {
  const order = wantedOf(operator)
  const { hours } = scope.definition
  const a = compile(left, scope)
  const b = compile(right, scope)
  const inText: Condition = (state, now) => stands(order, asDate(a(state, now), hours), asDate(b(state, now), hours))
  const dayA = compileDay(left, scope, compile)
  const dayB = compileDay(right, scope, compile)
  if (!dayA || !dayB) return inText
  return (state, now) => {
    const first = dayA(state, now)
    const second = dayB(state, now)
    if (first === unknown || second === unknown) return inText(state, now)
    return numberStands(order, first, second)
  }
}

/** Whether two values stand to each other as `order` wants. A list is compared by what it holds. */
function stands(order: number, a: Value | undefined, b: Value | undefined): boolean {
  if (a === undefined || b === undefined) return false
  const x = typeof a === 'object' ? joined(a) : a
  const y = typeof b === 'object' ? joined(b) : b
  return typeof x === typeof y && (orderOf(x, y) & order) !== 0
}

function orderOf<T extends string | number | boolean>(a: T, b: T): number {
  if (a === b) return equal
  if (a < b) return less
  return a > b ? more : apart
}

/** The same, apart from it so that V8 compiles it for numbers alone. */
function orderOfNumbers(a: number, b: number): number {
  if (a < b) return less
  if (a > b) return more
  return a === b ? equal : apart
}

function joined(list: readonly string[]): string {
  return [...list].sort().join('\n')
}

const minutesOf = { minute: 1, hour: 60, day: 1440, week: 10_080, month: 43_830, year: 525_960 }

function lengthOf(expression: Expression): number | undefined {
  return expression.kind === 'duration' ? roughMinutes(expression.value) : undefined
}

function roughMinutes({ amount, unit }: Duration): number {
  return amount * minutesOf[unit]
}
