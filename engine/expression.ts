import { addDuration, addToDate, dateOf, daysBetween, startOfDate } from './calendar.ts'
import type { CaseState, Value } from './case.ts'
import type { Duration, Expression, Hours, Table } from './definition.ts'
import type { Ground } from './ground.ts'
import { own } from './named.ts'
import { inReach } from './reach.ts'

/** An expression ready to run: its value for a case at a time (RFC 3339, UTC), undefined where it is missing. */
export type Reader = (state: CaseState, now: string) => Value | undefined
export type Condition = (state: CaseState, now: string) => boolean

/** What the names of an expression mean. Inside a table they are its inputs. */
export interface Scope extends Ground {
  /** The tables whose rows are being compiled, outermost first: one that calls itself has no value. */
  readonly tables?: readonly string[]
}

type Of<K extends Expression['kind']> = Extract<Expression, { kind: K }>

/**
 * Compiles an expression once to a closure. Total: a missing operand makes a comparison false and a sum missing, division by
 * zero is missing, nothing throws. A personal field out of reach (no valid consent) reads as missing.
 */
export function compileExpression(expression: Expression, scope: Scope): Reader {
  switch (expression.kind) {
    case 'text':
    case 'number':
    case 'yes/no':
    case 'date':
    case 'option': {
      const { value } = expression
      return () => value
    }
    case 'duration':
      return () => undefined
    case 'field':
      return compileField(expression.field, scope)
    case 'filled':
    case 'missing': {
      const field = compileField(expression.field, scope)
      const filled = expression.kind === 'filled'
      return (state, now) => (field(state, now) !== undefined) === filled
    }
    case 'not': {
      const of = compileExpression(expression.of, scope)
      return (state, now) => of(state, now) !== true
    }
    case 'and': {
      const [left, right] = compileBoth(expression, scope)
      return (state, now) => left(state, now) === true && right(state, now) === true
    }
    case 'or': {
      const [left, right] = compileBoth(expression, scope)
      return (state, now) => left(state, now) === true || right(state, now) === true
    }
    case 'compare':
      return compileComparison(expression, scope)
    case 'negate': {
      const of = compileExpression(expression.of, scope)
      return (state, now) => {
        const value = of(state, now)
        return typeof value === 'number' ? 0 - value : undefined
      }
    }
    case 'arithmetic':
      return compileArithmetic(expression, scope)
    case 'in':
      return compileIn(expression, scope)
    case 'contains':
      return compileContains(expression, scope)
    case 'consent':
      return compileConsent(expression)
    case 'stage was':
      return (state) => state.visited.includes(expression.stage)
    case 'now':
      return (_, now) => now
    case 'today': {
      const { hours } = scope.definition
      return (_, now) => dateOf(now, hours)
    }
    case 'client': {
      const { property } = expression
      return (state) => state.client[property]
    }
    case 'case':
      return compileCase(expression)
    case 'count':
    case 'lower':
    case 'length':
      return compileMeasure(expression, scope)
    case 'days between':
      return compileDaysBetween(expression, scope)
    case 'table':
      return compileTable(expression, scope)
  }
}

/** A condition: true only where the expression yields yes; without an expression it always holds. */
export function compileCondition(expression: Expression | undefined, scope: Scope): Condition {
  if (!expression) return () => true
  const reader = compileExpression(expression, scope)
  return (state, now) => reader(state, now) === true
}

function compileBoth(
  { left, right }: { readonly left: Expression; readonly right: Expression },
  scope: Scope,
): [Reader, Reader] {
  return [compileExpression(left, scope), compileExpression(right, scope)]
}

function compileField(name: string, scope: Scope): Reader {
  const read: Reader = name in Object.prototype ? (state) => own(state.values, name) : (state) => state.values[name]
  if (scope.tables) return read
  const { definition, process } = scope
  const field = own(process.fields, name)
  if (!field) return () => undefined
  if (inReach(definition, field, {})) return read
  return (state, now) => (inReach(definition, field, state.client.consents) ? read(state, now) : undefined)
}

function compileConsent({ purpose, statuses }: Of<'consent'>): Reader {
  return (state) => statuses.includes(own(state.client.consents, purpose) ?? 'none')
}

function compileCase({ property }: Of<'case'>): Reader {
  switch (property) {
    case 'number':
      return (state) => state.number
    case 'created':
      return (state) => state.createdAt
    case 'stage':
      return (state) => state.stage
  }
}

function compileComparison(expression: Of<'compare'>, scope: Scope): Reader {
  const { operator, as } = expression
  const [left, right] = [expression.left, expression.right].map((side) => compileComparable(side, as, scope))
  if (!left || !right) return () => false
  const test = comparisons[operator]
  return (state, now) => {
    const a = left(state, now)
    if (a === undefined) return false
    const b = right(state, now)
    return b !== undefined && typeof a === typeof b && test(a, b)
  }
}

type Comparable = string | number | boolean

const comparisons: Record<Of<'compare'>['operator'], (a: Comparable, b: Comparable) => boolean> = {
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
}

/** One side of a comparison as something that JavaScript compares the way the type means. */
function compileComparable(
  expression: Expression,
  as: Of<'compare'>['as'],
  scope: Scope,
): (state: CaseState, now: string) => Comparable | undefined {
  if (as === 'duration') {
    const length = expression.kind === 'duration' ? roughMinutes(expression.value) : undefined
    return () => length
  }
  const read = compileExpression(expression, scope)
  const { hours } = scope.definition
  if (as === 'date') return (state, now) => asDate(read(state, now), hours)
  if (as === 'date and time') {
    return (state, now) => {
      const time = asTime(read(state, now), hours)
      return time === undefined ? undefined : Date.parse(time)
    }
  }
  return (state, now) => {
    const value = read(state, now)
    return typeof value === 'object' ? [...value].sort().join('\n') : value
  }
}

const minutesOf = { minute: 1, hour: 60, day: 1440, week: 10_080, month: 43_830, year: 525_960 }

function roughMinutes({ amount, unit }: Duration): number {
  return amount * minutesOf[unit]
}

function compileArithmetic(expression: Of<'arithmetic'>, scope: Scope): Reader {
  const { operator, left, right, type } = expression
  if (right.kind === 'duration')
    return compileShift(left, operator === '-' ? reversed(right.value) : right.value, scope)
  if (left.kind === 'duration') return compileShift(right, left.value, scope)
  const [a, b] = compileBoth(expression, scope)
  const compute = operations[operator]
  return (state, now) => {
    const x = a(state, now)
    const y = b(state, now)
    if (typeof x === 'number' && typeof y === 'number') return rounded(compute(x, y))
    return type === 'text' && typeof x === 'string' && typeof y === 'string' ? x + y : undefined
  }
}

const operations: Record<Of<'arithmetic'>['operator'], (a: number, b: number) => number> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
}

/** To ten decimals, so that 0.1 + 0.2 is 0.3; missing where it is no number. */
function rounded(number: number): number | undefined {
  if (Number.isInteger(number)) return number + 0
  if (!Number.isFinite(number)) return undefined
  return Math.abs(number) < 100_000 ? Math.round(number * 1e10) / 1e10 + 0 : Number(number.toFixed(10))
}

function reversed(duration: Duration): Duration {
  return { ...duration, amount: -duration.amount }
}

function compileShift(of: Expression, by: Duration, scope: Scope): Reader {
  const read = compileExpression(of, scope)
  const { hours } = scope.definition
  return (state, now) => {
    const value = read(state, now)
    if (!isMoment(value)) return undefined
    return value.length === 10 ? addToDate(value, by, hours) : addDuration(value, by, hours)
  }
}

/** Whether a value is a date or a time, and not some other text. */
function isMoment(value: Value | undefined): value is string {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}/.test(value) && !Number.isNaN(Date.parse(value))
}

function asDate(value: Value | undefined, hours: Hours | undefined): string | undefined {
  if (!isMoment(value)) return undefined
  return value.length === 10 ? value : dateOf(value, hours)
}

/** A date as the time at which it begins. */
export function asTime(value: Value | undefined, hours: Hours | undefined): string | undefined {
  if (!isMoment(value)) return undefined
  return value.length === 10 ? startOfDate(value, hours) : new Date(value).toISOString()
}

function compileDaysBetween(expression: Of<'days between'>, scope: Scope): Reader {
  const from = compileExpression(expression.from, scope)
  const to = compileExpression(expression.to, scope)
  const { hours } = scope.definition
  return (state, now) => {
    const a = asDate(from(state, now), hours)
    const b = asDate(to(state, now), hours)
    return a === undefined || b === undefined ? undefined : daysBetween(a, b)
  }
}

function compileIn({ of, options }: Of<'in'>, scope: Scope): Reader {
  const read = compileExpression(of, scope)
  const among = options.map((option) => compileExpression(option, scope))
  return (state, now) => {
    const value = read(state, now)
    return value !== undefined && among.some((option) => option(state, now) === value)
  }
}

function compileContains({ of, part }: Of<'contains'>, scope: Scope): Reader {
  const read = compileExpression(of, scope)
  const readPart = compileExpression(part, scope)
  return (state, now) => {
    const whole = read(state, now)
    const wanted = readPart(state, now)
    if (typeof wanted !== 'string') return false
    return (typeof whole === 'string' || typeof whole === 'object') && whole.includes(wanted)
  }
}

function compileMeasure({ kind, of }: Of<'count' | 'lower' | 'length'>, scope: Scope): Reader {
  const read = compileExpression(of, scope)
  return (state, now) => {
    const value = read(state, now)
    if (kind === 'count') return typeof value === 'object' ? value.length : value === undefined ? 0 : 1
    if (typeof value !== 'string') return undefined
    return kind === 'lower' ? value.toLowerCase() : [...value].length
  }
}

function compileTable({ table: name, inputs }: Of<'table'>, scope: Scope): Reader {
  const table = own(scope.definition.tables, name)
  const within = scope.tables ?? []
  if (!table || within.includes(name)) return () => undefined
  const rows = compileRows(table, { ...scope, tables: [...within, name] })
  const readers = inputs.map((input) => compileExpression(input, scope))
  return (state, now) => {
    const values: Record<string, Value> = {}
    for (const [index, input] of table.inputs.entries()) {
      const value = readers[index]?.(state, now)
      if (value !== undefined) values[input.name] = value
    }
    const asked = { ...state, values }
    return rows.find((row) => row.holds(asked, now))?.value(asked, now)
  }
}

function compileRows(table: Table, scope: Scope): readonly { readonly holds: Condition; readonly value: Reader }[] {
  return table.rows.map((row) => ({
    holds: compileCondition(row.when, scope),
    value: compileExpression(row.value, scope),
  }))
}
