import { Schema } from 'yaml'
import type { ScalarForm } from '../../shape.ts'

/** Where a scalar is written: between brackets or braces, some signs mean more. */
export type Place = 'block' | 'flow'

/** A string on one line, between quotes only where readers of YAML 1.1 or 1.2 would take it for something else. */
export function oneLine(value: string, place: Place, form: ScalarForm | undefined): string {
  const truth = form === 'flag' ? truths[value.toLowerCase()] : undefined
  if (truth !== undefined) return truth
  return isPlain(value, place) && (isString(value) || meansIt(value, form)) ? value : quoted(value)
}

const truths: Readonly<Record<string, string>> = { true: 'true', yes: 'true', false: 'false', no: 'false' }

const number = /^-?\d+(\.\d+)?$/
const date = /^\d{4}-\d{2}-\d{2}$/

/** Whether a form is read the same from a number or a date as from the words that look like it. */
function meansIt(value: string, form: ScalarForm | undefined): boolean {
  switch (form) {
    case 'expression':
      return number.test(value) || date.test(value)
    case 'number':
      return number.test(value)
    case 'date':
    case 'value':
      return date.test(value)
    default:
      return false
  }
}

/** What plain words are taken for instead of a string, by both versions of YAML. */
const otherwiseRead: readonly RegExp[] = ['core', 'yaml-1.1'].flatMap((schema) =>
  new Schema({ schema }).tags.flatMap((tag) => ('test' in tag && tag.test ? [tag.test] : [])),
)

function isString(value: string): boolean {
  return value !== '=' && !otherwiseRead.some((test) => test.test(value))
}

/** Control characters, the line breaks of YAML 1.1, marks that nobody sees, and halves of characters. */
const unprintable = /[\p{Cc}\p{Cs}\u2028\u2029\ufeff\ufffe\uffff]/u

const plainStart = /^[^\s\-?:,[\]{}#&*!|>'"%@`]|^-[^\s\-,[\]{}]/u
const signsInFlow = /[,[\]{}?]/

/** Whether words can stand without quotes, whatever they are then taken for. */
function isPlain(value: string, place: Place): boolean {
  if (!plainStart.test(value) || value.trim() !== value || unprintable.test(value)) return false
  if (value.includes(': ') || value.endsWith(':') || value.includes(' #')) return false
  return place === 'block' || !signsInFlow.test(value)
}

/** Between `"`; between `'` where that saves escapes. */
function quoted(value: string): string {
  if (/["\\]/.test(value) && !value.includes("'") && !unprintable.test(value)) return `'${value}'`
  return `"${value.replace(/["\\]|[\p{Cc}\p{Cs}\u2028\u2029\ufeff\ufffe\uffff]/gu, escaped)}"`
}

const escapes: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function escaped(character: string): string {
  return escapes[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** A string of several lines as a block of its own. */
export interface Block {
  /** `|`, with what is not the usual about the spaces before the lines and the line breaks after them. */
  readonly header: string
  readonly lines: readonly string[]
}

/** How far a block is set in from what holds it. */
const blockIndent = 2

/** What a block can't show, and spaces at its end that would look like the blank lines after it. */
const unfitForBlock = /[^\P{Cc}\n\t]|[\p{Cs}\u2028\u2029\ufeff\ufffe\uffff]|\n[ \t]+\n*$/u

/** The block that says a string, if it has several lines and a block can show it. */
export function blockOf(value: string): Block | undefined {
  if (!value.includes('\n') || value.trim() === '' || unfitForBlock.test(value)) return undefined
  const words = value.replace(/\n+$/, '')
  const breaks = value.length - words.length
  const margin = /^\n*[ \t]/.test(value) ? String(blockIndent) : ''
  const chomping = breaks === 0 ? '-' : breaks === 1 ? '' : '+'
  const lines = [...words.split('\n'), ...Array.from({ length: Math.max(0, breaks - 1) }, () => '')]
  return { header: `|${margin}${chomping}`, lines }
}
