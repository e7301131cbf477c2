import { addDuration, addToDate } from './calendar.ts'
import type { Value } from './case.ts'
import type { Duration, Expression } from './definition.ts'
import { isMoment } from './moment.ts'
import type { Compile, Reader, Scope } from './reader.ts'

type Arithmetic = Extract<Expression, { kind: 'arithmetic' }>

/** A sum or product: missing where an operand is, and when dividing by zero. A date or time moves by a duration. */
export function compileArithmetic(expression: Arithmetic, scope: Scope, compile: Compile): Reader {
  const shift = shiftOf(expression)
  if (shift) return compileShift(shift, scope, compile)
  const { operator, type } = expression
  const left = compile(expression.left, scope)
  const right = compile(expression.right, scope)
  return (state, now) => {
    const a = left(state, now)
    const b = right(state, now)
    if (typeof a === 'number' && typeof b === 'number') return rounded(computed(operator, a, b))
    return type === 'text' && typeof a === 'string' && typeof b === 'string' ? a + b : undefined
  }
}

/** The value of an expression that is the same for every case: a literal, or a sum of literals. */
export function constantOf(expression: Expression): Value | undefined {
  switch (expression.kind) {
    case 'text':
    case 'number':
    case 'yes/no':
    case 'date':
    case 'option':
      return expression.value
    case 'negate': {
      const value = constantOf(expression.of)
      return typeof value === 'number' ? 0 - value : undefined
    }
    case 'arithmetic': {
      const left = constantOf(expression.left)
      const right = constantOf(expression.right)
      return typeof left === 'number' && typeof right === 'number'
        ? rounded(computed(expression.operator, left, right))
        : undefined
    }
    default:
      return undefined
  }
}

function computed(operator: Arithmetic['operator'], a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return a / b
  }
}

/** To ten decimals, so that 0.1 + 0.2 is 0.3; missing where it is no number. */
function rounded(number: number): number | undefined {
  if (Number.isInteger(number)) return number + 0
  if (!Number.isFinite(number)) return undefined
  return Math.abs(number) < 100_000 ? Math.round(number * 1e10) / 1e10 + 0 : Number(number.toFixed(10))
}

/** What moves by which duration, if this is such a sum. */
export function shiftOf({ operator, left, right }: Arithmetic): { of: Expression; by: Duration } | undefined {
  if (right.kind === 'duration') return { of: left, by: operator === '-' ? reversed(right.value) : right.value }
  return left.kind === 'duration' ? { of: right, by: left.value } : undefined
}

function reversed(duration: Duration): Duration {
  return { ...duration, amount: -duration.amount }
}

function compileShift({ of, by }: { of: Expression; by: Duration }, scope: Scope, compile: Compile): Reader {
  const read = compile(of, scope)
  const { hours } = scope.definition
  return (state, now) => {
    const value = read(state, now)
    if (!isMoment(value)) return undefined
    return value.length === 10 ? addToDate(value, by, hours) : addDuration(value, by, hours)
  }
}
