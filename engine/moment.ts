import { dateOf, startOfDate } from './calendar.ts'
import type { Value } from './case.ts'
import type { Hours } from './definition.ts'

/** Whether a value is a date or a time, and not some other text. */
export function isMoment(value: Value | undefined): value is string {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}/.test(value) && !Number.isNaN(Date.parse(value))
}

/** A time as the local date it falls on. */
export function asDate(value: Value | undefined, hours: Hours | undefined): string | undefined {
  if (!isMoment(value)) return undefined
  return value.length === 10 ? value : dateOf(value, hours)
}

/** A date as the time at which it begins. */
export function asTime(value: Value | undefined, hours: Hours | undefined): string | undefined {
  if (!isMoment(value)) return undefined
  return value.length === 10 ? startOfDate(value, hours) : new Date(value).toISOString()
}
