import type { CaseState, Value } from '../../engine/case.ts'
import type { Definition, Field, Process, Purpose } from '../../engine/definition.ts'
import { own } from '../../engine/named.ts'
import { inReach } from '../../engine/reach.ts'
import { formatValue, inLanguage } from '../../engine/text.ts'
import { keepInWords } from './keep.ts'
import { fillIn, Money, TemplateError, type TemplatePlace } from './template.ts'

export { TemplateError } from './template.ts'

export interface ComposedDocument {
  /** A file name: `agreement.pdf`. */
  readonly name: string
  readonly title: string
  readonly markdown: string
}

/** A letter's words, templates filled in. */
export interface Composed {
  readonly subject: string
  readonly markdown: string
  readonly attachments: readonly ComposedDocument[]
}

export interface ComposeContext {
  readonly process: Process
  /** The case, with the values that this letter may use; those whose consent does not stand are left out here too. */
  readonly state: CaseState
  readonly language: string
  /** Names of the documents to attach. */
  readonly documents: readonly string[]
}

/** Fills in a letter and its documents. Throws `TemplateError` where a template can't be filled in. */
export function compose(definition: Definition, letter: string, context: ComposeContext): Composed {
  const template = own(definition.letters, letter)
  if (!template) throw new TemplateError(`letter ${letter}: there is none`)
  const scope = scopeOf(definition, context)
  const { language } = context
  const of = `letter ${letter}`
  return {
    subject: fillIn(definition, { of, part: 'subject', language }, inLanguage(template.subject, language), scope),
    markdown: fillIn(definition, { of, part: 'body', language }, inLanguage(template.body, language), scope),
    attachments: context.documents.map((name) => document(definition, name, language, scope)),
  }
}

/** Fills in one document, as `write DOCUMENT` does. Throws `TemplateError`. */
export function composeDocument(
  definition: Definition,
  name: string,
  context: Omit<ComposeContext, 'documents'>,
): ComposedDocument {
  return document(definition, name, context.language, scopeOf(definition, context))
}

function document(definition: Definition, name: string, language: string, scope: object): ComposedDocument {
  const template = own(definition.documents, name)
  if (!template) throw new TemplateError(`document ${name}: there is none`)
  const place = (part: TemplatePlace['part']): TemplatePlace => ({ of: `document ${name}`, part, language })
  return {
    name: `${name}.pdf`,
    title: fillIn(definition, place('title'), inLanguage(template.title, language), scope),
    markdown: fillIn(definition, place('body'), inLanguage(template.body, language), scope),
  }
}

/** All that a template may name. The fixed names go before fields of the same name. */
function scopeOf(definition: Definition, context: Omit<ComposeContext, 'documents'>): object {
  const { process, state, language } = context
  const { name, email, phone } = state.client
  const stage = own(process.stages, state.stage)
  const purposes = Object.values(definition.purposes).map((purpose) => described(purpose, language))
  const used = purposesOf(definition, process)
  return {
    ...fieldValues(definition, process, state, language),
    client: { name, email, phone },
    case: {
      number: state.number,
      created: state.createdAt.slice(0, 10),
      stage: stage && inLanguage(stage.title, language),
    },
    company: definition.company && { ...definition.company, at: undefined },
    purpose: Object.fromEntries(purposes.map((purpose) => [purpose.name, purpose])),
    purposes: purposes.filter((purpose) => used.has(purpose.name)),
  }
}

function described(purpose: Purpose, language: string) {
  return {
    name: purpose.name,
    title: inLanguage(purpose.title, language),
    text: purpose.text && inLanguage(purpose.text, language),
    keep: purpose.keep && keepInWords(purpose.keep, language),
  }
}

/** The purposes that this process' fields are held for or its forms ask about. */
function purposesOf(definition: Definition, process: Process): ReadonlySet<string> {
  const used = new Set(Object.values(process.fields).flatMap((field) => field.personal))
  for (const form of Object.values(definition.forms)) {
    if (form.starts !== process.name && form.fills !== process.name) continue
    for (const { ask } of form.questions) if ('consent' in ask) used.add(ask.consent)
  }
  return used
}

function fieldValues(definition: Definition, process: Process, state: CaseState, language: string) {
  const values: Record<string, unknown> = {}
  for (const field of Object.values(process.fields)) {
    const value = own(state.values, field.name)
    if (value === undefined || !inReach(definition, field, state.client.consents)) continue
    values[field.name] = shown(value, field, language)
  }
  return values
}

/** What conditions in a template compare stays comparable (`{% if paid %}`, `price > 10`); all else is as people read it. */
function shown(value: Value, field: Field, language: string): unknown {
  switch (field.type.kind) {
    case 'money':
      return new Money(Number(value))
    case 'number':
    case 'yes/no':
    case 'many':
      return value
    default:
      return formatValue(value, field.type, language)
  }
}
