import type { Action, Definition, Expression, Form, Process, Rule } from '../../../engine/index.ts'

/** The expressions an expression is made of, itself first. */
export function partsOf(expression: Expression): readonly Expression[] {
  return [expression, ...childrenOf(expression).flatMap(partsOf)]
}

function childrenOf(expression: Expression): readonly Expression[] {
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

/** The field that an expression names by itself. */
export function fieldIn(expression: Expression): string | undefined {
  switch (expression.kind) {
    case 'field':
    case 'filled':
    case 'missing':
      return expression.field
    default:
      return undefined
  }
}

export function fieldsIn(expression: Expression): readonly string[] {
  return partsOf(expression).flatMap((part) => fieldIn(part) ?? [])
}

/** Every rule of a process, those of its stages first. */
export function rulesIn(process: Process): readonly Rule[] {
  return [...Object.values(process.stages).flatMap((stage) => stage.rules), ...process.rules]
}

/** Every list of actions of a process, with its owner: a rule's id, or `STAGE.enter` and `STAGE.leave`. */
export function actionsIn(
  process: Process,
): readonly { readonly owner: string; readonly actions: readonly Action[] }[] {
  return [
    ...Object.values(process.stages).flatMap(({ name, enter, leave }) => [
      { owner: `${name}.enter`, actions: enter },
      { owner: `${name}.leave`, actions: leave },
    ]),
    ...rulesIn(process).map(({ id, actions }) => ({ owner: id, actions })),
  ]
}

/** Every expression that may decide about a case of a process. */
export function expressionsIn(definition: Definition, process: Process): readonly Expression[] {
  const found: (Expression | undefined)[] = [
    ...Object.values(process.fields).map((field) => field.default),
    ...rulesIn(process).flatMap(({ when, trigger }) => [when, trigger.kind === 'at' ? trigger.time : undefined]),
    ...actionsIn(process)
      .flatMap(({ actions }) => actions)
      .flatMap((action) => [action.when, action.kind === 'set' ? action.value : undefined]),
    ...formsOf(definition, process.name).flatMap(({ questions }) => questions.map((question) => question.when)),
  ]
  return found.flatMap((expression) => expression ?? [])
}

/** The forms that start or fill a process. */
export function formsOf({ forms }: Definition, process: string): readonly Form[] {
  return Object.values(forms).filter(({ starts, fills }) => starts === process || fills === process)
}
