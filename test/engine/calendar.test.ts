import { describe, expect, it } from 'vitest'
import {
  addDuration,
  addToDate,
  type Duration,
  dateOf,
  daysBetween,
  type Hours,
  startOfDate,
} from '../../engine/index.ts'
import { at } from './declarations.ts'

const span = (amount: number, unit: Duration['unit'], working = false): Duration => ({ amount, unit, working })

const warsaw: Hours = {
  timezone: 'Europe/Warsaw',
  week: [{ days: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'], from: 8 * 60, to: 16 * 60 }],
  holidays: ['2026-12-25', '2026-12-26', '2027-01-01'],
  at: at(1),
}
const zone = (timezone: string): Hours => ({ ...warsaw, timezone, holidays: [] })

describe('a duration added to a time', () => {
  it('counts minutes and hours as they pass', () => {
    expect(addDuration('2026-05-04T12:00:00Z', span(90, 'minute'))).toBe('2026-05-04T13:30:00.000Z')
    expect(addDuration('2026-05-04T23:00:00Z', span(2, 'hour'))).toBe('2026-05-05T01:00:00.000Z')
  })

  it('keeps the time of day over days and weeks, also when clocks change', () => {
    expect(addDuration('2026-03-28T09:00:00Z', span(1, 'day'), warsaw)).toBe('2026-03-29T08:00:00.000Z')
    expect(addDuration('2026-10-20T08:00:00Z', span(1, 'week'), warsaw)).toBe('2026-10-27T09:00:00.000Z')
    expect(addDuration('2026-03-28T09:00:00Z', span(1, 'day'))).toBe('2026-03-29T09:00:00.000Z')
  })

  it('moves on a time of day that the change of clocks leaves out', () => {
    expect(addDuration('2026-03-28T01:30:00Z', span(1, 'day'), warsaw)).toBe('2026-03-29T01:30:00.000Z')
  })

  it('takes the first of a time of day that comes twice', () => {
    expect(addDuration('2026-10-24T00:30:00Z', span(1, 'day'), warsaw)).toBe('2026-10-25T00:30:00.000Z')
  })

  it('clamps months to the month’s end and follows leap years', () => {
    expect(addDuration('2026-01-31T10:00:00Z', span(1, 'month'))).toBe('2026-02-28T10:00:00.000Z')
    expect(addDuration('2028-01-31T10:00:00Z', span(1, 'month'))).toBe('2028-02-29T10:00:00.000Z')
    expect(addDuration('2028-02-29T10:00:00Z', span(1, 'year'))).toBe('2029-02-28T10:00:00.000Z')
    expect(addDuration('2026-03-31T10:00:00Z', span(-1, 'month'))).toBe('2026-02-28T10:00:00.000Z')
  })

  it('stays within the calendar, however large', () => {
    expect(addDuration('2026-01-31T10:00:00Z', span(1e12, 'year'))).toBe('9999-12-31T23:59:59.000Z')
    expect(addDuration('2026-01-31T10:00:00Z', span(-1e12, 'day'))).toBe('1000-01-01T00:00:00.000Z')
    expect(addDuration('2026-01-31T10:00:00Z', span(-1e12, 'year'))).toBe('1000-01-01T00:00:00.000Z')
    expect(addDuration('2026-01-31T10:00:00Z', span(-1e12, 'minute', true))).toBe('1000-01-01T00:00:00.000Z')
  })

  it('counts before 1970 as after it: people were born then', () => {
    expect(addToDate('1940-05-25', span(10, 'year'))).toBe('1950-05-25')
    expect(addToDate('1940-02-29', span(25, 'year'))).toBe('1965-02-28')
    expect(addToDate('1969-12-31', span(1, 'day'))).toBe('1970-01-01')
    expect(addToDate('1970-01-01', span(-1, 'day'), warsaw)).toBe('1969-12-31')
    expect(addToDate('1969-12-30', span(3, 'day', true))).toBe('1970-01-02')
    expect(addToDate('1970-01-02', span(-3, 'day', true))).toBe('1969-12-30')
    expect(addDuration('1969-12-31T23:30:00Z', span(90, 'minute'))).toBe('1970-01-01T01:00:00.000Z')
    expect(addDuration('1969-12-31T15:30:00Z', span(60, 'minute', true), zone('UTC'))).toBe('1970-01-01T08:30:00.000Z')
    expect(dateOf('1958-06-01T22:30:00Z', warsaw)).toBe('1958-06-02')
    expect(daysBetween('1969-12-30', '1970-01-02')).toBe(3)
  })
})

describe('working time', () => {
  it('skips weekends where no hours are declared', () => {
    expect(addDuration('2026-05-04T12:00:00Z', span(10, 'day', true))).toBe('2026-05-18T12:00:00.000Z')
    expect(addDuration('2026-05-09T12:00:00Z', span(1, 'day', true))).toBe('2026-05-11T12:00:00.000Z')
    expect(addDuration('2026-05-08T23:00:00Z', span(2, 'hour', true))).toBe('2026-05-11T01:00:00.000Z')
  })

  it('skips holidays, and keeps the local time of day', () => {
    expect(addDuration('2026-12-24T09:00:00Z', span(1, 'day', true), warsaw)).toBe('2026-12-28T09:00:00.000Z')
    expect(addDuration('2026-03-27T09:00:00Z', span(1, 'day', true), warsaw)).toBe('2026-03-30T08:00:00.000Z')
  })

  it('counts hours only while people work', () => {
    expect(addDuration('2026-05-04T13:00:00Z', span(2, 'hour', true), warsaw)).toBe('2026-05-05T07:00:00.000Z')
    expect(addDuration('2026-05-08T20:00:00Z', span(30, 'minute', true), warsaw)).toBe('2026-05-11T06:30:00.000Z')
  })

  it('counts backwards too', () => {
    expect(addDuration('2026-05-11T12:00:00Z', span(-1, 'day', true))).toBe('2026-05-08T12:00:00.000Z')
    expect(addDuration('2026-05-05T07:00:00Z', span(-2, 'hour', true), warsaw)).toBe('2026-05-04T13:00:00.000Z')
  })

  it('joins spans that overlap and takes a break between two', () => {
    const hours: Hours = {
      week: [
        { days: ['monday'], from: 600, to: 720 },
        { days: ['monday'], from: 480, to: 660 },
        { days: ['monday'], from: 780, to: 840 },
      ],
      holidays: [],
      at: at(1),
    }
    expect(addDuration('2026-05-04T08:00:00Z', span(270, 'minute', true), hours)).toBe('2026-05-04T13:30:00.000Z')
    expect(addDuration('2026-05-04T08:00:00Z', span(6, 'hour', true), hours)).toBe('2026-05-11T09:00:00.000Z')
  })

  it('takes a week for its working days, and ends a month on one', () => {
    expect(addDuration('2026-05-06T12:00:00Z', span(2, 'week', true))).toBe('2026-05-20T12:00:00.000Z')
    expect(addDuration('2026-04-09T12:00:00Z', span(1, 'month', true))).toBe('2026-05-11T12:00:00.000Z')
  })

  it('takes the office week where the declared one has no time in it', () => {
    const none: Hours = { week: [{ days: [], from: 0, to: 0 }], holidays: [], at: at(1) }
    expect(addDuration('2026-05-08T12:00:00Z', span(1, 'day', true), none)).toBe('2026-05-11T12:00:00.000Z')
  })
})

describe('dates', () => {
  it('stay dates when days are added, and become times with hours', () => {
    expect(addToDate('2026-05-25', span(-1, 'day'))).toBe('2026-05-24')
    expect(addToDate('2026-05-31', span(1, 'month'))).toBe('2026-06-30')
    expect(addToDate('2026-05-25', span(3, 'hour'), warsaw)).toBe('2026-05-25T01:00:00.000Z')
    expect(addToDate('2026-05-22', span(1, 'day', true), warsaw)).toBe('2026-05-25')
  })

  it('begin and are read in the workspace’s timezone', () => {
    expect(startOfDate('2026-05-25', warsaw)).toBe('2026-05-24T22:00:00.000Z')
    expect(dateOf('2026-05-24T22:30:00.000Z', warsaw)).toBe('2026-05-25')
    expect(dateOf('2026-05-24T22:30:00.000Z')).toBe('2026-05-24')
    expect(dateOf('2026-05-25T00:30:00+02:00')).toBe('2026-05-24')
    expect(startOfDate('2026-05-25', zone('America/New_York'))).toBe('2026-05-25T04:00:00.000Z')
  })

  it('lie whole days apart', () => {
    expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2)
    expect(daysBetween('2026-03-30', '2026-03-28')).toBe(-2)
  })
})
