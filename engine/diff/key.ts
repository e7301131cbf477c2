import type { Action, Duration, Expression, Process, Rule, Text } from '../definition.ts'
import { own } from '../named.ts'
import { normalSaying } from '../saying.ts'

/**
 * Keys by which two definitions say the same: equal for equal meaning, however it is written. What follows from elsewhere
 * (types in expressions) is left out, for it is told there.
 */

/** A process as one side of a comparison: where a stage has a new name, the earlier side knows it. */
export interface Side {
  readonly process: Process
  /** What a stage is called in the later definition. */
  stage(name: string): string
}

export function textKey(text: Text | undefined): string {
  return JSON.stringify(Object.entries(text ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** A set of words: the order of writing means nothing. */
export function setKey(words: readonly string[]): string {
  return JSON.stringify([...new Set(words)].toSorted())
}

/** Lengths that are the same on every calendar are the same: an hour is 60 minutes, a week 7 days, a year 12 months. */
export function durationKey({ amount, unit, working }: Duration): string {
  const [times, plain] = plainUnits[unit]
  return `${amount * (working ? 1 : times)} ${working ? `working ${unit}` : plain}`
}

const plainUnits = {
  minute: [1, 'minute'],
  hour: [60, 'minute'],
  day: [1, 'day'],
  week: [7, 'day'],
  month: [1, 'month'],
  year: [12, 'month'],
} as const satisfies Record<Duration['unit'], readonly [number, string]>

export function expressionKey(expression: Expression | undefined, side?: Side): string {
  return expression ? JSON.stringify(plain(expression, side)) : ''
}

function plain(expression: Expression, side: Side | undefined): unknown {
  const part = (of: Expression) => plain(of, side)
  const sorted = (list: readonly Expression[]) => list.map((each) => JSON.stringify(part(each))).toSorted()
  const { kind } = expression
  switch (kind) {
    case 'duration':
      return [kind, durationKey(expression.value)]
    case 'field':
    case 'filled':
    case 'missing':
      return [kind, expression.field]
    case 'not':
    case 'negate':
    case 'count':
    case 'lower':
    case 'length':
      return [kind, part(expression.of)]
    case 'and':
    case 'or':
      return [kind, part(expression.left), part(expression.right)]
    case 'compare': {
      const { left, right, operator } = expression
      return [kind, operator, part(stageNamed(left, right, side)), part(stageNamed(right, left, side))]
    }
    case 'arithmetic':
      return [kind, expression.operator, part(expression.left), part(expression.right)]
    case 'in':
      return [
        kind,
        part(expression.of),
        sorted(expression.options.map((each) => stageNamed(each, expression.of, side))),
      ]
    case 'contains':
      return [kind, part(expression.of), part(expression.part)]
    case 'consent':
      return [kind, expression.purpose, setKey(expression.statuses)]
    case 'stage was':
      return [kind, side?.stage(expression.stage) ?? expression.stage]
    case 'today':
    case 'now':
      return [kind]
    case 'client':
    case 'case':
      return [kind, expression.property]
    case 'days between':
      return [kind, part(expression.from), part(expression.to)]
    case 'table':
      return [kind, expression.table, ...expression.inputs.map(part)]
    default:
      return [kind, expression.value]
  }
}

/** An option that is compared with `case.stage` names a stage. */
function stageNamed(option: Expression, other: Expression, side: Side | undefined): Expression {
  const isStage = option.kind === 'option' && other.kind === 'case' && other.property === 'stage'
  return isStage && side ? { ...option, value: side.stage(option.value) } : option
}

/** Actions in their order, as keys. */
export function actionKeys(actions: readonly Action[], side: Side): string[] {
  return plainActions(actions).map((action) => actionKey(action, side))
}

/** Actions with one for each field that is erased, and erasures one after another in one order: they come to the same. */
export function plainActions(actions: readonly Action[]): readonly Action[] {
  const found: Action[] = []
  let run: Action[] = []
  const endRun = () => {
    found.push(...run.toSorted((a, b) => (erasureKey(a) < erasureKey(b) ? -1 : 1)))
    run = []
  }
  for (const action of actions.flatMap(eachErased)) {
    if (action.kind === 'erase' && !action.when) run.push(action)
    else {
      endRun()
      found.push(action)
    }
  }
  endRun()
  return found
}

function eachErased(action: Action): readonly Action[] {
  if (action.kind !== 'erase') return [action]
  return [...new Set(action.fields)].toSorted().map((field) => ({ ...action, fields: [field] }))
}

function erasureKey(action: Action): string {
  return action.kind === 'erase' ? `${action.fields.join()} ${action.after ? durationKey(action.after) : ''}` : ''
}

export function actionKey(action: Action, side: Side): string {
  return JSON.stringify([action.kind, deed(action, side), expressionKey(action.when, side)])
}

function deed(action: Action, side: Side): unknown {
  switch (action.kind) {
    case 'send':
      return [action.letter, recipientKey(action.to), setKey(action.attach)]
    case 'notify':
      return [recipientKey(action.to), textKey(action.text)]
    case 'set':
      return [action.field, expressionKey(action.value, side)]
    case 'erase':
      return [setKey(action.fields), action.after ? durationKey(action.after) : '']
    case 'erase client':
      return []
    case 'record consent':
      return [action.purpose, action.decision]
    case 'assign':
      return 'role' in action.to ? ['role', action.to.role] : ['person', expressionKey(action.to.person, side)]
    case 'start':
      return [
        action.process,
        setKey(Object.entries(action.with).map(([name, value]) => `${name}=${expressionKey(value, side)}`)),
      ]
    case 'write':
      return action.document
    case 'call':
      return [action.webhook, setKey(action.with)]
    case 'go to':
      return side.stage(action.stage)
  }
}

function recipientKey(to: { readonly kind: string; readonly role?: string; readonly field?: string }): unknown {
  return [to.kind, to.role ?? to.field]
}

/** What happens that sets the rule off: for a move where it leads, for `when` its condition. */
export function triggerKey({ trigger, when }: Rule, side: Side): string {
  switch (trigger.kind) {
    case 'reply':
      return JSON.stringify([trigger.kind, trigger.letter, setKey(trigger.saying.map(normalSaying))])
    case 'after':
      return JSON.stringify([trigger.kind, durationKey(trigger.delay)])
    case 'at':
      return JSON.stringify([trigger.kind, expressionKey(trigger.time, side)])
    case 'when':
      return JSON.stringify([trigger.kind, expressionKey(when, side)])
    case 'move':
      return JSON.stringify([trigger.kind, side.stage(trigger.to)])
    default:
      return JSON.stringify(trigger, Object.keys(trigger).toSorted())
  }
}

/** A rule with all that it says. A button that is called as it would be anyway says nothing by that. */
export function ruleKey(rule: Rule, side: Side): string {
  const { trigger } = rule
  const button = trigger.kind === 'move' ? [trigger.by ? setKey(trigger.by) : '', buttonKey(trigger, side)] : []
  return JSON.stringify([
    triggerKey(rule, side),
    ...button,
    expressionKey(rule.when, side),
    actionKeys(rule.actions, side),
  ])
}

function buttonKey({ to, as }: { readonly to: string; readonly as?: Text }, { process }: Side): string {
  const title = textKey(own(process.stages, to)?.title)
  return as && textKey(as) !== title ? textKey(as) : ''
}
