import { Drop, Liquid, type Template } from 'liquidjs'
import type { Definition } from '../../engine/definition.ts'
import { escapeLine, escapeMarkdown, withoutEmptyMarks } from './escape.ts'

/** A template that can't be filled in. Its message names the template, its line and the cause, never a value. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError'
}

/** An amount: compared and counted as a number, printed with two decimals. */
export class Money extends Drop {
  readonly amount: number
  constructor(amount: number) {
    super()
    this.amount = amount
  }
  override valueOf(): number {
    return this.amount
  }
  override toString(): string {
    return this.amount.toFixed(2)
  }
}

/** What is written around the values: Markdown, or one line of plain text. */
export type Kind = 'markdown' | 'line'

export interface TemplatePlace {
  /** `letter ask_consent`, for messages and the cache. */
  readonly of: string
  readonly part: 'subject' | 'body' | 'title'
  readonly language: string
}

/** Fills in a template, parsed once for each definition. Values are escaped; there is no `raw` and no way to a file. */
export function fillIn(definition: Definition, place: TemplatePlace, source: string, scope: object): string {
  const kind = place.part === 'body' ? 'markdown' : 'line'
  const liquid = engineFor(kind, place.language)
  try {
    const filled = String(liquid.renderSync(parsed(liquid, definition, place, source), scope))
    if (filled.length > most.output) throw new TemplateError(`${place.of}: the ${place.part} becomes too long`)
    return kind === 'line' ? filled.replace(/\s+/g, ' ').trim() : withoutEmptyMarks(filled)
  } catch (error) {
    throw error instanceof TemplateError ? error : new TemplateError(`${place.of}: its ${place.part} ${cause(error)}`)
  }
}

/** Characters of a template and of what it becomes, milliseconds, and objects (LiquidJS' measure). */
const most = { template: 1_000_000, output: 1_000_000, time: 250, memory: 2_000_000 }

const engines = new Map<string, Liquid>()

function engineFor(kind: Kind, language: string): Liquid {
  const known = language === 'pl' ? 'pl' : 'en'
  const key = `${kind} ${known}`
  let liquid = engines.get(key)
  if (!liquid) {
    liquid = createEngine(kind, known)
    engines.set(key, liquid)
  }
  return liquid
}

function createEngine(kind: Kind, language: 'en' | 'pl'): Liquid {
  const escaped = kind === 'markdown' ? escapeMarkdown : escapeLine
  const liquid = new Liquid({
    outputEscape: (value: unknown) => escaped(inWords(value, language)),
    strictFilters: true,
    ownPropertyOnly: true,
    templates: {},
    relativeReference: false,
    timezoneOffset: 0,
    locale: language,
    parseLimit: most.template,
    renderLimit: most.time,
    memoryLimit: most.memory,
  })
  for (const name of handledHere) liquid.registerFilter(name, (value) => value)
  return liquid
}

/** Filters that would escape twice or not at all: all output is escaped already. */
const handledHere = ['raw', 'escape', 'xml_escape', 'escape_once', 'newline_to_br']

/** A value as people read it, in the order of LiquidJS' own types. */
function inWords(value: unknown, language: 'en' | 'pl'): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'boolean') return yesNo[language][value ? 0 : 1]
  if (Array.isArray(value)) return value.map((item) => inWords(item, language)).join(', ')
  if (typeof value === 'object' && !(value instanceof Drop)) return ''
  return String(value)
}

const yesNo = { en: ['yes', 'no'], pl: ['tak', 'nie'] } as const

const cache = new WeakMap<Definition, Map<string, Template[]>>()

function parsed(liquid: Liquid, definition: Definition, place: TemplatePlace, source: string): Template[] {
  const templates = cache.get(definition) ?? new Map<string, Template[]>()
  cache.set(definition, templates)
  const key = `${place.of} ${place.part} ${place.language}`
  const template = templates.get(key) ?? liquid.parse(source)
  templates.set(key, template)
  return template
}

/** Of a fault found while parsing, LiquidJS' own words, which quote the author; while rendering, the place alone. */
function cause(error: unknown): string {
  const message = error instanceof Error ? error.message : ''
  const line = /line:(\d+)/.exec(message)?.[1]
  const where = line ? ` (line ${line})` : ''
  if (error instanceof Error && error.name === 'ParseError') return `is no Liquid: ${message.split('\n')[0]}`
  if (/limit exceeded/.test(message)) return `takes too much time or memory${where}`
  return `can't be filled in${where}`
}
