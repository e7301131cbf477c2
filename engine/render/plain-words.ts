import type { Definition, Expression, Process, Rule, Text } from '../definition.ts'
import { own } from '../named.ts'
import { rolesWith } from '../rights.ts'
import { inLanguage } from '../text.ts'
import { expressionInWords } from '../wording.ts'
import { type Phrases, phrasesIn } from './phrases.ts'

/** How a picture names what a process refers to. */
export interface Titles {
  readonly language: string
  readonly phrases: Phrases
  role(name: string): string
  field(name: string): string
  form(name: string): string
  /** Those who may move cases, for a move that names no role. */
  movers(): string
}

export function titlesOf(definition: Definition, process: Process, language = 'en'): Titles {
  const phrases = phrasesIn(language)
  const title = (declared: { readonly title: Text } | undefined, name: string) =>
    declared ? inLanguage(declared.title, language) : name
  const role = (name: string) => title(own(definition.roles, name), name)
  const movers = rolesWith(process, 'move').map(role)
  return {
    language,
    phrases,
    role,
    field: (name) => title(own(process.fields, name), name),
    form: (name) => title(own(definition.forms, name), name),
    movers: () => (movers.length > 0 ? alternatives(movers, phrases.or) : phrases.staff),
  }
}

/** What sets a rule off, for people who have never seen the language: `client replies “I agree” or “yes”`, `after 14 days`. */
export function ruleInPlainWords(rule: Rule, titles: Titles): string {
  const trigger = triggerInPlainWords(rule, titles)
  if (!rule.when) return trigger
  const condition = conditionInPlainWords(rule.when, titles)
  const { phrases } = titles
  return rule.trigger.kind === 'when' ? phrases.when(condition) : `${trigger}, ${phrases.if} ${condition}`
}

function triggerInPlainWords({ trigger }: Rule, titles: Titles): string {
  const { phrases, language } = titles
  switch (trigger.kind) {
    case 'reply': {
      if (trigger.saying.length > 0) {
        return `${phrases.reply} ${alternatives(
          trigger.saying.map((said) => quoted(said, titles)),
          phrases.or,
        )}`
      }
      return trigger.letter ? phrases.replyTo(trigger.letter) : phrases.reply
    }
    case 'form':
      return phrases.fills(quoted(titles.form(trigger.form), titles))
    case 'consent':
      return phrases.decides(trigger.decision, trigger.purpose)
    case 'signal':
      return phrases.signal(trigger.signal)
    case 'after':
      return phrases.after(trigger.delay)
    case 'at':
      return phrases.at(expressionInWords(trigger.time))
    case 'when':
      return phrases.atOnce
    case 'move': {
      const by =
        trigger.by && trigger.by.length > 0 ? alternatives(trigger.by.map(titles.role), phrases.or) : titles.movers()
      return trigger.as ? `${by}: ${quoted(inLanguage(trigger.as, language), titles)}` : phrases.movedBy(by)
    }
    case 'cases done':
      return phrases.casesDone
  }
}

/** A condition with consents and choices told in sentences; the rest stands as its author wrote it. */
export function conditionInPlainWords(expression: Expression, titles: Pick<Titles, 'language' | 'phrases'>): string {
  const { phrases } = titles
  switch (expression.kind) {
    case 'and':
    case 'or':
      return [expression.left, expression.right]
        .map((part) => joined(part, expression.kind, titles))
        .join(` ${expression.kind === 'or' ? phrases.or : phrases.and} `)
    case 'consent': {
      const statuses = expression.statuses.map((status) => phrases.statuses[status])
      return phrases.consentIs(expression.purpose, alternatives(statuses, phrases.or))
    }
    case 'in':
      return phrases.oneOf(
        expressionInWords(expression.of),
        alternatives(expression.options.map(expressionInWords), phrases.or),
      )
    default:
      return expressionInWords(expression)
  }
}

function joined(part: Expression, around: 'and' | 'or', titles: Pick<Titles, 'language' | 'phrases'>): string {
  const words = conditionInPlainWords(part, titles)
  const mixed = (part.kind === 'and' || part.kind === 'or') && part.kind !== around
  return mixed ? `(${words})` : words
}

/** `a`, `a or b`, `a, b or c`. */
export function alternatives(words: readonly string[], or: string): string {
  const last = words.at(-1) ?? ''
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} ${or} ${last}`
}

function quoted(words: string, { language }: Pick<Titles, 'language'>): string {
  return language === 'pl' ? `„${words}”` : `“${words}”`
}
