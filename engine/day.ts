import { shiftOf } from './arithmetic.ts'
import { dateOf } from './calendar.ts'
import type { CaseState, Value } from './case.ts'
import type { Expression, Hours } from './definition.ts'
import { type Compile, plainField, type Scope } from './reader.ts'

/** A date as the number of its day, counted from 1970-01-01; `unknown` where only the slower way knows what the value is. */
export type DayReader = (state: CaseState, now: string) => number

export const unknown = -1

const lastDay = Date.UTC(9999, 11, 31) / 86_400_000
const daysBefore1970 = 719_162
const daysBeforeMonth = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365]

/**
 * An expression that yields a date as one that yields its day, so that dates are moved and compared as numbers; undefined
 * where it is none of the common forms (a date, a field, today, one of them and some days).
 */
export function compileDay(expression: Expression, scope: Scope, compile: Compile): DayReader | undefined {
  switch (expression.kind) {
    case 'date': {
      const day = dayOf(expression.value)
      return () => day
    }
    case 'today':
      return compileToday(scope.definition.hours)
    case 'field':
      return expression.type === 'date' ? compileField(expression, scope, compile) : undefined
    case 'arithmetic':
      return compileShift(expression, scope, compile)
    default:
      return undefined
  }
}

function compileField(expression: Expression, scope: Scope, compile: Compile): DayReader {
  const field = plainField(expression, scope)
  if (field !== undefined) return (state) => dayOf(state.values[field])
  const read = compile(expression, scope)
  return (state, now) => dayOf(read(state, now))
}

/** Time stands still while a case is decided, and finding the date in a time zone is slow. */
function compileToday(hours: Hours | undefined): DayReader {
  let known: string | undefined
  let day = unknown
  return (_, now) => {
    if (now !== known) {
      day = dayOf(dateOf(now, hours))
      known = now
    }
    return day
  }
}

function compileShift(
  expression: Extract<Expression, { kind: 'arithmetic' }>,
  scope: Scope,
  compile: Compile,
): DayReader | undefined {
  const shift = shiftOf(expression)
  if (!shift || shift.by.working || (shift.by.unit !== 'day' && shift.by.unit !== 'week')) return undefined
  const of = compileDay(shift.of, scope, compile)
  const days = shift.by.amount * (shift.by.unit === 'week' ? 7 : 1)
  if (!of || !Number.isInteger(days)) return undefined
  return (state, now) => {
    const from = of(state, now)
    const day = from + days
    return from >= 0 && day >= 0 && day <= lastDay ? day : unknown
  }
}

/**
 * The day of a calendar date of the years 1970 to 9999; `unknown` for every other value. Whole numbers throughout, which V8
 * keeps in registers.
 */
function dayOf(value: Value | undefined): number {
  if (typeof value !== 'string' || value.length !== 10) return unknown
  if (value.charCodeAt(4) !== 45 || value.charCodeAt(7) !== 45) return unknown
  const year = digits(value, 0) * 100 + digits(value, 2)
  const month = digits(value, 5)
  const day = digits(value, 8)
  if (year < 1970 || month < 1 || month > 12 || day < 1) return unknown
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 1 : 0
  const begin = (daysBeforeMonth[month - 1] ?? 0) + (month > 2 ? leap : 0)
  const end = (daysBeforeMonth[month] ?? 0) + (month > 1 ? leap : 0)
  return begin + day > end ? unknown : daysBeforeYear(year) + begin + day - 1
}

function daysBeforeYear(year: number): number {
  const past = year - 1
  return past * 365 + ((past / 4) | 0) - ((past / 100) | 0) + ((past / 400) | 0) - daysBefore1970
}

/** Two digits as a number; less than any date has where they are none. */
function digits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48
  const ones = text.charCodeAt(at + 1) - 48
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1_000_000
}
