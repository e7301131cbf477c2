import type { Action, Expression, Process, Rule, Stage } from '../definition.ts'

/** A condition of a process, and when it is looked at: on a happening, as soon as it holds, or when an action is due. */
export interface Reading {
  readonly condition: Expression
  /** Absent for a rule of the whole process. */
  readonly stage?: string
  readonly moment: 'happening' | 'always' | 'action'
}

/** Every condition that may say where a case goes; of actions only those that `counts` names. */
export function readingsOf(process: Process, counts: (action: Action) => boolean): readonly Reading[] {
  const readings: Reading[] = process.rules.flatMap((rule) => readingsOfRule(rule, undefined, counts))
  for (const stage of Object.values(process.stages)) readings.push(...readingsOfStage(stage, counts))
  return readings
}

function readingsOfStage(stage: Stage, counts: (action: Action) => boolean): readonly Reading[] {
  const at = { stage: stage.name }
  const required = stage.require.map(
    ({ field }): Reading => ({ condition: { kind: 'filled', field }, ...at, moment: 'happening' }),
  )
  return [
    ...required,
    ...stage.rules.flatMap((rule) => readingsOfRule(rule, stage.name, counts)),
    ...readingsOfActions([...stage.enter, ...stage.leave], stage.name, counts),
  ]
}

function readingsOfRule(
  rule: Rule,
  stage: string | undefined,
  counts: (action: Action) => boolean,
): readonly Reading[] {
  const at = stage === undefined ? {} : { stage }
  const moment = rule.trigger.kind === 'when' ? 'always' : 'happening'
  const own: Reading[] = rule.when ? [{ condition: rule.when, ...at, moment }] : []
  if (rule.trigger.kind === 'at') {
    own.push(...strictFields(rule.trigger.time).map((field) => filledReading(field, at)))
  }
  return [...own, ...readingsOfActions(rule.actions, stage, counts)]
}

function filledReading(field: string, at: { readonly stage?: string }): Reading {
  return { condition: { kind: 'filled', field }, ...at, moment: 'happening' }
}

function readingsOfActions(
  actions: readonly Action[],
  stage: string | undefined,
  counts: (action: Action) => boolean,
): readonly Reading[] {
  const at = stage === undefined ? {} : { stage }
  return actions.filter(counts).flatMap((action) => {
    const own: Reading[] = action.when ? [{ condition: action.when, ...at, moment: 'action' }] : []
    if (action.kind === 'set') own.push({ condition: action.value, ...at, moment: 'action' })
    return own
  })
}

/** The parts of a condition that say yes or no each for itself. */
export const atomsOf = remembered(findAtoms)

/** Every field that an expression reads. */
export const fieldsIn = remembered(findFields)

/** Answers the same question about the same expression once: checks ask it of every rule again and again. */
function remembered<T extends object>(find: (expression: Expression) => T): (expression: Expression) => T {
  const known = new WeakMap<Expression, T>()
  return (expression) => {
    const found = known.get(expression)
    if (found) return found
    const made = find(expression)
    known.set(expression, made)
    return made
  }
}

function findAtoms(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'not':
      return atomsOf(expression.of)
    case 'and':
    case 'or':
      return [...atomsOf(expression.left), ...atomsOf(expression.right)]
    default:
      return [expression]
  }
}

function findFields(expression: Expression): readonly string[] {
  switch (expression.kind) {
    case 'field':
    case 'filled':
    case 'missing':
      return [expression.field]
    default:
      return partsOf(expression).flatMap(fieldsIn)
  }
}

/** The fields without which an expression has no value, so that a comparison with it is false. */
export function strictFields(expression: Expression): readonly string[] {
  switch (expression.kind) {
    case 'field':
      return [expression.field]
    case 'count':
    case 'table':
    case 'filled':
    case 'missing':
    case 'not':
    case 'and':
    case 'or':
      return []
    case 'in':
      return strictFields(expression.of)
    default:
      return partsOf(expression).flatMap(strictFields)
  }
}

/** The expressions that an expression is made of. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'not':
    case 'negate':
    case 'count':
    case 'lower':
    case 'length':
      return [expression.of]
    case 'and':
    case 'or':
    case 'compare':
    case 'arithmetic':
      return [expression.left, expression.right]
    case 'in':
      return [expression.of, ...expression.options]
    case 'contains':
      return [expression.of, expression.part]
    case 'days between':
      return [expression.from, expression.to]
    case 'table':
      return expression.inputs
    default:
      return []
  }
}
