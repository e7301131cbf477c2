import type { Value } from '../../../engine/case.ts'
import type { FieldType, Text } from '../../../engine/definition.ts'
import { inLanguage } from '../../../engine/text.ts'
import { parseValue } from '../../../engine/value.ts'
import { type Html, html } from '../html.ts'
import type { Language } from '../language.ts'
import type { PersonRef } from '../ports.ts'
import type { Words } from '../words.ts'

export interface Input {
  /** The name it is sent under, and the ground of its ids. */
  readonly name: string
  readonly title: string
  readonly type: FieldType
  /** What is in it: as typed before, or as `typed` gives a value. */
  readonly typed: readonly string[]
  readonly required: boolean
  /** Whether the browser may insist: not where the question may be hidden. */
  readonly insist?: boolean
  readonly note?: string
  /** Whom a field for people may name; where absent it is typed. */
  readonly people?: readonly PersonRef[] | undefined
  readonly problem?: string | undefined
}

/** A question with the input that fits its type; what is wrong with the answer stands beside it. */
export function fieldInput(input: Input, words: Words): Html {
  const { name, title, type, required, problem, note } = input
  const id = `in-${name}`
  const marks = html`${required && html` <span class="mark-required">${words.required}</span>`}${note && html` <span class="tag">${note}</span>`}`
  const about = problem && html`<p class="problem" id="${id}-problem">${problem}</p>`
  if (type.kind === 'yes/no' || type.kind === 'many') {
    return html`<fieldset class="${problem ? 'field invalid' : 'field'}"${problem && html` aria-describedby="${id}-problem"`}><legend>${title}${marks}</legend>
${choices(input, words)}${about}</fieldset>`
  }
  return html`<div class="${problem ? 'field invalid' : 'field'}"><label for="${id}">${title}${marks}</label>
${control(input, id, words)}${about}</div>`
}

function choices({ name, type, typed }: Input, words: Words): Html {
  if (type.kind === 'many') {
    return html`<div class="choices"><input type="hidden" name="${name}" value="">${type.options.map(
      (option) =>
        html`<label class="choice"><input type="checkbox" name="${name}" value="${option}"${typed.includes(option) && html` checked`}> ${option}</label>`,
    )}</div>`
  }
  const radio = (value: string, label: string) =>
    html`<label class="choice"><input type="radio" name="${name}" value="${value}"${typed[0] === value && html` checked`}> ${label}</label>`
  return html`<div class="choices">${radio('yes', words.yes)}${radio('no', words.no)}</div>`
}

function control(input: Input, id: string, words: Words): Html {
  const { name, type, typed, problem } = input
  const value = typed[0] ?? ''
  const common = html`id="${id}" name="${name}"${input.required && input.insist && html` required`}${problem && html` aria-invalid="true" aria-describedby="${id}-problem"`}`
  if (type.kind === 'person' && input.people)
    return html`<select ${common}>${personOptions(input.people, value, words.choose, words)}</select>`
  switch (type.kind) {
    case 'choice':
      return html`<select ${common}><option value="">${words.choose}</option>${type.options.map(
        (option) => html`<option value="${option}"${option === value && html` selected`}>${option}</option>`,
      )}</select>`
    case 'long text':
      return html`<textarea ${common} rows="4" maxlength="10000">${value}</textarea>`
    case 'number':
    case 'money':
      return html`<input ${common} value="${value}" inputmode="decimal" autocomplete="off" maxlength="30">`
    case 'date':
      return html`<input ${common} type="date" value="${value}">`
    case 'date and time':
      return html`<input ${common} type="datetime-local" value="${value}">`
    case 'email':
    case 'client email':
      return html`<input ${common} type="email" value="${value}" autocomplete="email" maxlength="254">`
    case 'phone':
    case 'client phone':
      return html`<input ${common} type="tel" value="${value}" autocomplete="tel" maxlength="50">`
    case 'link':
      return html`<input ${common} type="url" value="${value}" maxlength="2000">`
    default:
      return html`<input ${common} value="${value}" maxlength="10000">`
  }
}

/** Somebody who works here no more stays as long as nobody else is chosen. */
export function personOptions(people: readonly PersonRef[], chosen: string, none: string, words: Words): Html {
  const gone = chosen !== '' && people.every(({ id }) => id !== chosen)
  return html`<option value="">${none}</option>${gone && html`<option value="${chosen}" selected>${words.notHereNow}</option>`}${people.map(
    ({ id, name }) => html`<option value="${id}"${id === chosen && html` selected`}>${name}</option>`,
  )}`
}

/** A value as its input shows it. */
export function typedValue(value: Value | null, type: FieldType): readonly string[] {
  if (value === null) return []
  if (typeof value === 'boolean') return [value ? 'yes' : 'no']
  if (Array.isArray(value)) return value
  if (type.kind === 'money') return [Number(value).toFixed(2)]
  if (type.kind === 'date and time') return [String(value).slice(0, 16)]
  return [String(value)]
}

/** What was typed, as the rest of the server takes it: `null` for nothing, a list for `many`; times are taken as UTC. */
export function rawValue(typed: readonly string[], type: FieldType): unknown {
  const answers = typed.map((answer) => answer.trim()).filter((answer) => answer !== '')
  const [answer] = answers
  if (answer === undefined) return null
  switch (type.kind) {
    case 'many':
      return answers
    case 'yes/no':
      return answer === 'yes'
    case 'number':
      return decimal(answer)
    case 'money':
      return answer.replace(',', '.')
    case 'date and time':
      return /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(answer) ? `${answer}:00Z` : answer
    default:
      return answer.replaceAll('\r\n', '\n')
  }
}

/** What a form brings for a field: a raw value that fits its type, or what is wrong with it; nothing where it was left empty. */
export function readTyped(
  sent: URLSearchParams,
  { name, title, type }: { readonly name: string; readonly title: Text; readonly type: FieldType },
  language: Language,
  words: Words,
): { readonly raw: unknown } | { readonly problem: string } | undefined {
  const raw = rawValue(sent.getAll(`field.${name}`), type)
  if (raw === null) return undefined
  const parsed = parseValue(type, raw)
  if ('value' in parsed) return { raw }
  // The engine's reasons are English.
  const problem = language === 'en' ? `${inLanguage(title, language)} ${parsed.problem}.` : words.valueWrongShort
  return { problem }
}

/** A number as Poles and others write it; what is none stays as it is, for its message. */
function decimal(answer: string): number | string {
  const plain = answer.replace(',', '.')
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : answer
}
