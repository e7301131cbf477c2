import { constantOf } from './arithmetic.ts'
import type { Expression } from './definition.ts'

/**
 * An expression of a table's row with the inputs put in place of their names; undefined where one of its names is no input.
 * Each input is a field or a literal, so that reading it again and again costs nothing.
 */
export function substitute(expression: Expression, inputs: ReadonlyMap<string, Expression>): Expression | undefined {
  switch (expression.kind) {
    case 'field':
      return inputs.get(expression.field)
    case 'filled':
    case 'missing': {
      const input = inputs.get(expression.field)
      if (input?.kind === 'field') return { ...expression, field: input.field }
      return input && { kind: 'yes/no', value: expression.kind === 'filled' }
    }
    case 'not':
    case 'negate':
    case 'count':
    case 'lower':
    case 'length': {
      const of = substitute(expression.of, inputs)
      return of && { ...expression, of }
    }
    case 'and':
    case 'or':
    case 'compare':
    case 'arithmetic': {
      const left = substitute(expression.left, inputs)
      const right = substitute(expression.right, inputs)
      return left && right && { ...expression, left, right }
    }
    case 'contains': {
      const of = substitute(expression.of, inputs)
      const part = substitute(expression.part, inputs)
      return of && part && { ...expression, of, part }
    }
    case 'days between': {
      const from = substitute(expression.from, inputs)
      const to = substitute(expression.to, inputs)
      return from && to && { ...expression, from, to }
    }
    case 'in': {
      const of = substitute(expression.of, inputs)
      const options = all(expression.options, inputs)
      return of && options && { ...expression, of, options }
    }
    case 'table': {
      const given = all(expression.inputs, inputs)
      return given && { ...expression, inputs: given }
    }
    default:
      return expression
  }
}

function all(
  expressions: readonly Expression[],
  inputs: ReadonlyMap<string, Expression>,
): readonly Expression[] | undefined {
  const found = expressions.flatMap((expression) => substitute(expression, inputs) ?? [])
  return found.length === expressions.length ? found : undefined
}

/** Whether an input may stand in place of its name. */
export function isSubstitute(input: Expression): boolean {
  return input.kind === 'field' || constantOf(input) !== undefined
}
