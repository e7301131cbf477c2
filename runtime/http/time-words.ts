import type { Duration } from '../../engine/definition.ts'
import type { Language } from './language.ts'
import { wordsOf } from './words.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

const dateFormats = formats({ dateStyle: 'medium', timeZone: 'UTC' })
const momentFormats = formats({ dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })

function formats(options: Intl.DateTimeFormatOptions) {
  return { en: new Intl.DateTimeFormat('en-GB', options), pl: new Intl.DateTimeFormat('pl', options) }
}

export function dateWords(at: string, language: Language): string {
  return dateFormats[language].format(new Date(at))
}

export function momentWords(at: string, language: Language): string {
  return `${momentFormats[language].format(new Date(at))} UTC`
}

/** How long ago, roughly: `3 days`. */
export function ageWords(since: string, now: string, language: Language): string {
  const age = Date.parse(now) - Date.parse(since)
  if (age < minute) return wordsOf(language).justNow
  if (age < hour) return counted(Math.floor(age / minute), 'minute', language)
  if (age < day) return counted(Math.floor(age / hour), 'hour', language)
  return counted(Math.floor(age / day), 'day', language)
}

export function durationWords({ amount, unit }: Duration, language: Language): string {
  return counted(amount, unit, language)
}

function counted(amount: number, unit: Duration['unit'], language: Language): string {
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(amount)
}
