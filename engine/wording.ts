import type { Action, Duration, Expression, Place, Recipient, Rule } from './definition.ts'

/** Renders what the engine works on in the words of the Zgoda text notation, for messages, paths and reports. */

/** `order.zgoda:28`. */
export function placeInWords({ file, line }: Place): string {
  return `${file}:${line}`
}

/** `14 days`, `1 working day`. */
export function durationInWords({ amount, unit, working }: Duration): string {
  return `${amount} ${working ? 'working ' : ''}${unit}${amount === 1 ? '' : 's'}`
}

/** An expression in source form: what the author would write. */
export function expressionInWords(expression: Expression): string {
  return worded(expression, 0)
}

/** Binding strength, weakest first. */
const strength = { or: 1, and: 2, not: 3, compare: 4, sum: 5, product: 6, negate: 7 }

function worded(expression: Expression, around: number): string {
  const enclosed = (own: number, text: string) => (own < around ? `(${text})` : text)
  const part = (of: Expression, least: number) => worded(of, least)
  switch (expression.kind) {
    case 'text':
      return quoted(expression.value)
    case 'option':
      return /^[a-z][a-z0-9_]*$/.test(expression.value) ? expression.value : quoted(expression.value)
    case 'number':
      return String(expression.value)
    case 'yes/no':
      return expression.value ? 'yes' : 'no'
    case 'date':
      return expression.value
    case 'duration':
      return durationInWords(expression.value)
    case 'field':
      return expression.field
    case 'not':
      return enclosed(strength.not, `not ${part(expression.of, strength.not)}`)
    case 'negate':
      return enclosed(strength.negate, `-${part(expression.of, strength.negate)}`)
    case 'and':
    case 'or': {
      const own = strength[expression.kind]
      return enclosed(own, `${part(expression.left, own)} ${expression.kind} ${part(expression.right, own + 1)}`)
    }
    case 'compare': {
      const own = strength.compare
      const { left, operator, right } = expression
      return enclosed(own, `${part(left, own + 1)} ${operator} ${part(right, own + 1)}`)
    }
    case 'arithmetic': {
      const { left, operator, right } = expression
      const own = operator === '+' || operator === '-' ? strength.sum : strength.product
      return enclosed(own, `${part(left, own)} ${operator} ${part(right, own + 1)}`)
    }
    case 'filled':
    case 'missing':
      return enclosed(strength.compare, `${expression.field} is ${expression.kind}`)
    case 'in':
      return enclosed(strength.compare, `${part(expression.of, strength.sum)} in (${list(expression.options)})`)
    case 'contains':
      return enclosed(
        strength.compare,
        `${part(expression.of, strength.sum)} contains ${part(expression.part, strength.sum)}`,
      )
    case 'consent':
      return enclosed(strength.compare, consentInWords(expression.purpose, expression.statuses))
    case 'stage was':
      return enclosed(strength.compare, `stage was ${expression.stage}`)
    case 'today':
    case 'now':
      return expression.kind
    case 'client':
    case 'case':
      return `${expression.kind}.${expression.property}`
    case 'count':
    case 'lower':
    case 'length':
      return `${expression.kind}(${part(expression.of, 0)})`
    case 'days between':
      return `days between(${list([expression.from, expression.to])})`
    case 'table':
      return `${expression.table}(${list(expression.inputs)})`
  }
}

function list(expressions: readonly Expression[]): string {
  return expressions.map((each) => worded(each, 0)).join(', ')
}

function quoted(text: string): string {
  return JSON.stringify(text)
}

function consentInWords(purpose: string, statuses: readonly string[]): string {
  if (statuses.length === 1)
    return statuses[0] === 'given' ? `consent to ${purpose}` : `consent to ${purpose} is ${statuses[0]}`
  return `consent to ${purpose} in (${statuses.join(', ')})`
}

/** What sets a rule off, its condition included: `on reply from client to ask_consent saying "no"`, `after 14 days`. */
export function ruleInWords(rule: Rule): string {
  if (rule.trigger.kind === 'when') return rule.when ? `when ${expressionInWords(rule.when)}` : 'when'
  const condition = rule.when ? ` when ${expressionInWords(rule.when)}` : ''
  return `${triggerInWords(rule)}${condition}`
}

function triggerInWords({ trigger }: Rule): string {
  switch (trigger.kind) {
    case 'reply': {
      const letter = trigger.letter ? ` to ${trigger.letter}` : ''
      const saying = trigger.saying.length > 0 ? ` saying ${trigger.saying.map(quoted).join(' or ')}` : ''
      return `on reply from client${letter}${saying}`
    }
    case 'form':
      return `on form ${trigger.form}`
    case 'consent':
      return `on consent to ${trigger.purpose} ${trigger.decision}`
    case 'signal':
      return `on signal ${trigger.signal}`
    case 'after':
      return `after ${durationInWords(trigger.delay)}`
    case 'at':
      return `at ${expressionInWords(trigger.time)}`
    case 'move': {
      const by = trigger.by && trigger.by.length > 0 ? ` by ${trigger.by.join(', ')}` : ''
      return `move to ${trigger.to}${by}`
    }
    case 'cases done':
      return 'on cases done'
    case 'when':
      return 'when'
  }
}

/** One action in source form, its condition included. */
export function actionInWords(action: Action): string {
  const condition = action.when ? ` when ${expressionInWords(action.when)}` : ''
  return `${deedInWords(action)}${condition}`
}

function deedInWords(action: Action): string {
  switch (action.kind) {
    case 'send': {
      const attached = action.attach.length > 0 ? ` attach ${action.attach.join(', ')}` : ''
      return `send ${action.letter} to ${recipientInWords(action.to)}${attached}`
    }
    case 'notify':
      return `notify ${action.to.kind === 'role' ? action.to.role : action.to.kind}`
    case 'set':
      return `set ${action.field} to ${expressionInWords(action.value)}`
    case 'erase': {
      const after = action.after ? ` after ${durationInWords(action.after)}` : ''
      return `erase ${action.fields.join(', ')}${after}`
    }
    case 'erase client':
      return 'erase client'
    case 'record consent':
      return `record consent to ${action.purpose}${action.decision === 'refused' ? ' refused' : ''}`
    case 'assign':
      return `assign to ${'role' in action.to ? action.to.role : expressionInWords(action.to.person)}`
    case 'start':
      return `start ${action.process}`
    case 'write':
      return `write ${action.document}`
    case 'call':
      return `call ${action.webhook}`
    case 'go to':
      return `go to ${action.stage}`
  }
}

export function recipientInWords(to: Recipient): string {
  switch (to.kind) {
    case 'client':
    case 'assignee':
      return to.kind
    case 'role':
      return to.role
    case 'field':
      return to.field
  }
}
