import type { Value } from './case.ts'
import type { FieldType } from './definition.ts'

const maxLength = 10_000
const maxNumber = 1e13

/** A value of a field's type, or what is wrong with it: a phrase that follows the field's title and shows no value. */
export type Parsed = { readonly value: Value } | { readonly problem: string }

/** Whether raw input is no answer: nothing, an empty string or an empty list. */
export function isBlank(raw: unknown): raw is null | undefined | '' {
  return (
    raw === null ||
    raw === undefined ||
    (typeof raw === 'string' && raw.trim() === '') ||
    (Array.isArray(raw) && raw.length === 0)
  )
}

/** Reads raw input (of JSON, YAML or a web form) as a value of `type`. */
export function parseValue(type: FieldType, raw: unknown): Parsed {
  switch (type.kind) {
    case 'number':
      return parseNumber(raw)
    case 'money':
      return parseMoney(raw)
    case 'date':
      return parseDate(raw)
    case 'date and time':
      return parseTime(raw)
    case 'yes/no':
      return parseYesNo(raw)
    case 'choice':
      return parseChoice(type.options, raw)
    case 'many':
      return parseMany(type.options, raw)
    case 'email':
    case 'client email':
      return parsePattern(raw, emailForm, 'must be an e-mail address')
    case 'phone':
    case 'client phone':
      return parsePattern(raw, phoneForm, 'must be a phone number')
    case 'link':
      return parseLink(raw)
    default:
      return parseText(raw)
  }
}

const emailForm = /^(?=.{3,254}$)[^\s@<>()[\]\\,;:"\p{Cc}]{1,64}@[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)*$/u
const phoneForm = /^(?=(.*\d){3})\+?[\d ()./-]{3,32}$/
const decimal = /^[+-]?\d{1,16}([.,]\d{1,10})?$/
const timeForm = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(:(\d{2})(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?$/i

function parseText(raw: unknown): Parsed {
  const text = typeof raw === 'number' && Number.isFinite(raw) ? String(raw) : raw
  if (typeof text !== 'string') return { problem: 'must be text' }
  if (text.length > maxLength) return { problem: `must be at most ${maxLength} characters` }
  if (text.includes('\0') || !text.isWellFormed()) return { problem: 'holds characters that are no text' }
  return { value: text }
}

function parsePattern(raw: unknown, form: RegExp, problem: string): Parsed {
  if (typeof raw !== 'string' || raw.length > maxLength || !raw.isWellFormed()) return { problem }
  const text = raw.trim()
  return form.test(text) ? { value: text } : { problem }
}

function parseNumber(raw: unknown): Parsed {
  const text = typeof raw === 'string' ? raw.trim() : undefined
  if (text !== undefined && !decimal.test(text)) return { problem: 'must be a number' }
  const number = text === undefined ? raw : Number(text.replace(',', '.'))
  if (typeof number !== 'number' || !Number.isFinite(number)) return { problem: 'must be a number' }
  if (Math.abs(number) >= maxNumber) return { problem: 'is too large a number' }
  return { value: number + 0 }
}

function parseMoney(raw: unknown): Parsed {
  const parsed = parseNumber(raw)
  if ('problem' in parsed) return { problem: 'must be an amount of money, such as 12.50' }
  const amount = Number(parsed.value)
  return Math.round(amount * 100) / 100 === amount
    ? parsed
    : { problem: 'must be an amount of money with at most two decimals' }
}

function parseDate(raw: unknown): Parsed {
  return typeof raw === 'string' && isDate(raw.trim())
    ? { value: raw.trim() }
    : { problem: 'must be a date, such as 2026-05-25' }
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const time = Date.parse(text)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

function parseTime(raw: unknown): Parsed {
  const problem = 'must be a date and time, such as 2026-05-25T14:30:00Z'
  const found = typeof raw === 'string' ? timeForm.exec(raw.trim()) : null
  if (!found) return { problem }
  const [, date = '', hour, minute, seconds = ':00', , , zone = 'Z'] = found
  const time = Date.parse(`${date}T${hour}:${minute}${seconds}${zone.toUpperCase()}`)
  return isDate(date) && !Number.isNaN(time) ? { value: new Date(time).toISOString() } : { problem }
}

function parseYesNo(raw: unknown): Parsed {
  if (typeof raw === 'boolean') return { value: raw }
  const word = typeof raw === 'string' ? raw.trim().toLowerCase() : ''
  return word === 'yes' || word === 'no' ? { value: word === 'yes' } : { problem: 'must be yes or no' }
}

function parseChoice(options: readonly string[], raw: unknown): Parsed {
  return typeof raw === 'string' && options.includes(raw)
    ? { value: raw }
    : { problem: `must be one of ${options.join(', ')}` }
}

function parseMany(options: readonly string[], raw: unknown): Parsed {
  const chosen: unknown[] = Array.isArray(raw) ? raw : [raw]
  const known = chosen.every((one) => typeof one === 'string' && options.includes(one))
  return known
    ? { value: options.filter((option) => chosen.includes(option)) }
    : { problem: `must be some of ${options.join(', ')}` }
}

function parseLink(raw: unknown): Parsed {
  const problem = 'must be a web address, such as https://example.org/page'
  const text = parseText(raw)
  if ('problem' in text || !URL.canParse(String(text.value).trim())) return { problem }
  const link = new URL(String(text.value).trim())
  return link.protocol === 'https:' || link.protocol === 'http:' ? { value: link.href } : { problem }
}
