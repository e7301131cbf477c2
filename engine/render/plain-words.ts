import type { Definition, Expression, Process, Rule, Text } from '../definition.ts'
import { own } from '../named.ts'
import { rolesWith } from '../rights.ts'
import { inLanguage } from '../text.ts'
import { durationInWords, expressionInWords } from '../wording.ts'

/** How a picture names what a process refers to. */
export interface Titles {
  role(name: string): string
  field(name: string): string
  form(name: string): string
  /** Those who may move cases, for a move that names no role. */
  movers(): string
}

export function titlesOf(definition: Definition, process: Process): Titles {
  const title = (declared: { readonly title: Text } | undefined, name: string) =>
    declared ? inLanguage(declared.title, 'en') : name
  const role = (name: string) => title(own(definition.roles, name), name)
  const movers = rolesWith(process, 'move').map(role)
  return {
    role,
    field: (name) => title(own(process.fields, name), name),
    form: (name) => title(own(definition.forms, name), name),
    movers: () => (movers.length > 0 ? alternatives(movers) : 'staff'),
  }
}

/** What sets a rule off, for people who have never seen the language: `client replies “I agree” or “yes”`, `after 14 days`. */
export function ruleInPlainWords(rule: Rule, titles: Titles): string {
  const trigger = triggerInPlainWords(rule, titles)
  if (!rule.when) return trigger
  const condition = conditionInPlainWords(rule.when)
  return rule.trigger.kind === 'when' ? `when ${condition}` : `${trigger}, if ${condition}`
}

function triggerInPlainWords({ trigger }: Rule, titles: Titles): string {
  switch (trigger.kind) {
    case 'reply': {
      if (trigger.saying.length > 0) return `client replies ${alternatives(trigger.saying.map(quoted))}`
      return trigger.letter ? `client replies to ${trigger.letter}` : 'client replies'
    }
    case 'form':
      return `client fills in ${quoted(titles.form(trigger.form))}`
    case 'consent':
      return `client ${decisions[trigger.decision]} consent to ${trigger.purpose}`
    case 'signal':
      return `signal ${trigger.signal} comes in`
    case 'after':
      return `after ${durationInWords(trigger.delay)}`
    case 'at':
      return `at ${expressionInWords(trigger.time)}`
    case 'when':
      return 'at once'
    case 'move': {
      const by = trigger.by && trigger.by.length > 0 ? alternatives(trigger.by.map(titles.role)) : titles.movers()
      return trigger.as ? `${by}: ${quoted(inLanguage(trigger.as, 'en'))}` : `moved by ${by}`
    }
    case 'cases done':
      return 'when all cases it started have ended'
  }
}

const decisions = { given: 'gives', refused: 'refuses', withdrawn: 'withdraws' } as const

/** A condition with consents and choices told in sentences; the rest stands as its author wrote it. */
export function conditionInPlainWords(expression: Expression): string {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return [expression.left, expression.right]
        .map((part) => joined(part, expression.kind))
        .join(` ${expression.kind} `)
    case 'consent':
      return `consent to ${expression.purpose} is ${alternatives(expression.statuses)}`
    case 'in':
      return `${expressionInWords(expression.of)} is ${alternatives(expression.options.map(expressionInWords))}`
    default:
      return expressionInWords(expression)
  }
}

function joined(part: Expression, around: 'and' | 'or'): string {
  const words = conditionInPlainWords(part)
  const mixed = (part.kind === 'and' || part.kind === 'or') && part.kind !== around
  return mixed ? `(${words})` : words
}

/** `a`, `a or b`, `a, b or c`. */
export function alternatives(words: readonly string[]): string {
  const last = words.at(-1) ?? ''
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`
}

function quoted(words: string): string {
  return `“${words}”`
}
