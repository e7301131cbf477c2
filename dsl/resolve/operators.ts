import type { ValueType } from '../../engine/definition.ts'
import { z202 } from '../checks/z202-types.ts'
import type { ExpressionNode } from '../tree.ts'
import { faulty, type Scope, type Typed } from './scope.ts'
import { commonType, isNumeric, named, type Type, yesNo } from './types.ts'

type BinaryNode = Extract<ExpressionNode, { kind: 'binary' }>
type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>='
type Arithmetic = '+' | '-' | '*' | '/'

const ordered: ReadonlySet<ValueType> = new Set(['number', 'money', 'date', 'date and time'])
const never: ReadonlySet<ValueType> = new Set(['many', 'file', 'duration'])

/** `= != < <= > >=` */
export function comparison(scope: Scope, node: BinaryNode, operator: Comparison, left: Typed, right: Typed): Typed {
  if (left.type.kind === 'unknown' || right.type.kind === 'unknown') return { ...faulty, type: yesNo }
  const as = commonType(left.type, right.type)
  if (!as) {
    const hint = left.type.kind === 'many' ? 'write `X contains option`' : undefined
    scope.context.report(z202, node.span, `${named(left.type)} can't be compared with ${named(right.type)}`, hint)
    return { ...faulty, type: yesNo }
  }
  if (never.has(as)) {
    const hint = as === 'many' ? 'write `X contains option`' : undefined
    scope.context.report(z202, node.span, `${named(left.type)} can't be compared`, hint)
  } else if (operator !== '=' && operator !== '!=' && !ordered.has(as)) {
    scope.context.report(z202, node.span, `${named(left.type)} has no order`, 'compare it with `=` or `!=`')
  }
  return { expression: { kind: 'compare', operator, left: left.expression, right: right.expression, as }, type: yesNo }
}

/** `+ - * /` of numbers and money, and of a date and a length of time. */
export function arithmetic(scope: Scope, node: BinaryNode, operator: Arithmetic, left: Typed, right: Typed): Typed {
  if (left.type.kind === 'unknown' || right.type.kind === 'unknown') return faulty
  const type = resultOf(operator, left, right)
  if (!type) {
    const hint = left.type.kind === 'date' && right.type.kind === 'date' ? 'write `days between(a, b)`' : undefined
    scope.context.report(
      z202,
      node.span,
      `\`${operator}\` does not go with ${named(left.type)} and ${named(right.type)}`,
      hint,
    )
    return faulty
  }
  return {
    expression: { kind: 'arithmetic', operator, left: left.expression, right: right.expression, type },
    type: { kind: type },
  }
}

function resultOf(operator: Arithmetic, left: Typed, right: Typed): ValueType | undefined {
  if (isNumeric(left.type) && isNumeric(right.type)) return numberOf(operator, left.type, right.type)
  if (right.type.kind === 'duration' && (operator === '+' || operator === '-')) return moved(left.type, right)
  if (left.type.kind === 'duration' && operator === '+') return moved(right.type, left)
  return undefined
}

function numberOf(operator: Arithmetic, left: Type, right: Type): ValueType | undefined {
  const amounts = [left, right].filter((type) => type.kind === 'money').length
  if (operator === '*') return amounts === 2 ? undefined : amounts === 1 ? 'money' : 'number'
  if (operator === '/')
    return right.kind === 'money' && left.kind !== 'money' ? undefined : amounts === 1 ? 'money' : 'number'
  return amounts > 0 ? 'money' : 'number'
}

/** A date moved by hours or minutes is a date and time. */
function moved(from: Type, by: Typed): ValueType | undefined {
  if (from.kind === 'date and time') return from.kind
  if (from.kind !== 'date') return undefined
  const unit = by.expression.kind === 'duration' ? by.expression.value.unit : 'day'
  return unit === 'hour' || unit === 'minute' ? 'date and time' : 'date'
}
