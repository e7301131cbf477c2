import { type Duration, type Hours, type Weekday, weekdays } from './definition.ts'

/**
 * Calendar arithmetic in the workspace's timezone. Pure: the time zones come from Intl's tables.
 * Inside, a wall clock is "local milliseconds": what Date.UTC would give for the clock's reading.
 */

const minute = 60_000
const day = 86_400_000
/** Times go from here to there: a year has four digits, and no lesser one is a date of anybody. */
const firstMoment = Date.UTC(1000, 0, 1)
const lastMoment = Date.UTC(9999, 11, 31, 23, 59, 59)

/** `time` (RFC 3339) moved by `duration`, which may be negative; RFC 3339 in UTC. Days keep the local time of day. */
export function addDuration(time: string, duration: Duration, hours?: Hours): string {
  const start = Date.parse(time)
  if (duration.unit === 'minute' || duration.unit === 'hour') {
    const span = duration.amount * (duration.unit === 'hour' ? 60 : 1)
    return toTime(duration.working ? addWorkingMinutes(start, span, hours) : start + span * minute)
  }
  return toTime(fromLocal(addDays(toLocal(start, hours), duration, hours), hours))
}

/** `date` (`2026-05-25`) moved by `duration`: a date, or a time where the duration counts hours or minutes. */
export function addToDate(date: string, duration: Duration, hours?: Hours): string {
  if (duration.unit === 'minute' || duration.unit === 'hour') {
    return addDuration(startOfDate(date, hours), duration, hours)
  }
  return toTime(addDays(Date.parse(date), duration, hours)).slice(0, 10)
}

/** The local date of a time. */
export function dateOf(time: string, hours?: Hours): string {
  return zoneOf(hours) === 'UTC' && time.endsWith('Z')
    ? time.slice(0, 10)
    : toTime(toLocal(Date.parse(time), hours)).slice(0, 10)
}

/** The time at which a local date begins. */
export function startOfDate(date: string, hours?: Hours): string {
  return toTime(fromLocal(Date.parse(date), hours))
}

/** Whole days from one date to another; negative where `to` is before `from`. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / day)
}

function toTime(milliseconds: number): string {
  const safe = Number.isFinite(milliseconds) ? Math.max(firstMoment, Math.min(milliseconds, lastMoment)) : lastMoment
  return new Date(safe).toISOString()
}

function addDays(local: number, duration: Duration, hours: Hours | undefined): number {
  const { amount, unit, working } = duration
  if (unit === 'month' || unit === 'year') {
    const moved = addMonths(local, unit === 'year' ? amount * 12 : amount)
    return working ? toWorkingDay(moved, hours) : moved
  }
  if (!working) return local + amount * (unit === 'week' ? 7 : 1) * day
  const week = workingWeek(hours)
  return addWorkingDays(local, unit === 'week' ? amount * week.size : amount, hours)
}

function addMonths(local: number, months: number): number {
  const from = new Date(local)
  const first = Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months, 1)
  if (!Number.isFinite(first)) return months < 0 ? firstMoment : lastMoment
  const target = new Date(first)
  const length = new Date(Date.UTC(target.getUTCFullYear(), target.getUTCMonth() + 1, 0)).getUTCDate()
  return first + (Math.min(from.getUTCDate(), length) - 1) * day + timeOfDay(local)
}

/** Since midnight, before 1970 too. */
function timeOfDay(local: number): number {
  return ((local % day) + day) % day
}

function addWorkingDays(local: number, amount: number, hours: Hours | undefined): number {
  const week = workingWeek(hours)
  const step = amount < 0 ? -day : day
  let at = local
  for (let left = Math.abs(amount); left > 0 && at > firstMoment && at < lastMoment; ) {
    at += step
    if (worksOn(at, week, hours)) left -= 1
  }
  return at
}

function toWorkingDay(local: number, hours: Hours | undefined): number {
  const week = workingWeek(hours)
  let at = local
  while (!worksOn(at, week, hours) && at < lastMoment) at += day
  return at
}

function addWorkingMinutes(start: number, minutes: number, hours: Hours | undefined): number {
  const forward = minutes >= 0
  let left = Math.abs(minutes) * minute
  let at = toLocal(start, hours)
  for (let date = at - timeOfDay(at); date > firstMoment && date < lastMoment; date += forward ? day : -day) {
    for (const [from, to] of spans(date, hours, forward)) {
      const begin = forward ? Math.max(from, at) : Math.min(to, at)
      const room = forward ? to - begin : begin - from
      if (room <= 0) continue
      if (left <= room) return fromLocal(forward ? begin + left : begin - left, hours)
      left -= room
      at = forward ? to : from
    }
  }
  return forward ? lastMoment : firstMoment
}

/** The working spans of one local day, joined where they overlap; latest first when counting backwards. */
function spans(date: number, hours: Hours | undefined, forward: boolean): [number, number][] {
  const week = workingWeek(hours)
  if (!worksOn(date, week, hours)) return []
  const found = (week.get(weekdayOf(date)) ?? []).map(([from, to]): [number, number] => [
    date + from * minute,
    date + to * minute,
  ])
  return forward ? found : found.reverse()
}

type Week = ReadonlyMap<Weekday, readonly (readonly [number, number])[]>

const officeWeek: Week = new Map(weekdays.slice(0, 5).map((name) => [name, [[0, 24 * 60]]]))
const weeks = new WeakMap<Hours, Week>()

function workingWeek(hours: Hours | undefined): Week {
  if (!hours || hours.week.every((part) => part.days.length === 0 || part.to <= part.from)) return officeWeek
  const known = weeks.get(hours)
  if (known) return known
  const week = new Map<Weekday, [number, number][]>()
  const parts = [...hours.week].sort((a, b) => a.from - b.from)
  for (const { days, from, to } of parts) {
    for (const name of days) {
      const spans = week.get(name) ?? []
      const before = spans.at(-1)
      if (before && from <= before[1]) before[1] = Math.max(before[1], to)
      else if (to > from) spans.push([from, to])
      if (spans.length > 0) week.set(name, spans)
    }
  }
  weeks.set(hours, week)
  return week
}

function worksOn(local: number, week: Week, hours: Hours | undefined): boolean {
  if (!week.has(weekdayOf(local))) return false
  return !hours || hours.holidays.length === 0 || !hours.holidays.includes(new Date(local).toISOString().slice(0, 10))
}

function weekdayOf(local: number): Weekday {
  return weekdays[(new Date(local).getUTCDay() + 6) % 7] ?? 'monday'
}

function zoneOf(hours: Hours | undefined): string {
  return hours?.timezone ?? 'UTC'
}

const clocks = new Map<string, Intl.DateTimeFormat>()

function clockIn(zone: string): Intl.DateTimeFormat {
  let clock = clocks.get(zone)
  if (!clock) {
    clock = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'iso8601',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
    clocks.set(zone, clock)
  }
  return clock
}

function toLocal(milliseconds: number, hours: Hours | undefined): number {
  const zone = zoneOf(hours)
  if (zone === 'UTC') return milliseconds
  const parts: Record<string, number> = {}
  for (const { type, value } of clockIn(zone).formatToParts(milliseconds)) parts[type] = Number(value)
  const { year = 0, month = 1, day: date = 1, hour = 0, minute: minutes = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, date, hour, minutes, second) + (((milliseconds % 1000) + 1000) % 1000)
}

/** A clock's reading that comes twice is the first of the two; one that a change of clocks leaves out is moved on by it. */
function fromLocal(local: number, hours: Hours | undefined): number {
  if (zoneOf(hours) === 'UTC') return local
  const offsetAt = (at: number) => toLocal(at, hours) - at
  const before = offsetAt(local - day)
  const after = offsetAt(local + day)
  if (offsetAt(local - before) === before) return local - before
  if (offsetAt(local - after) === after) return local - after
  return local - before
}
