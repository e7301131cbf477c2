import { compileArithmetic, constantOf } from './arithmetic.ts'
import { dateOf, daysBetween } from './calendar.ts'
import type { Value } from './case.ts'
import { caselessSearch } from './caseless.ts'
import { compileComparison } from './comparison.ts'
import { compileDay, unknown } from './day.ts'
import type { ConsentStatus, Expression } from './definition.ts'
import { asDate } from './moment.ts'
import { own } from './named.ts'
import { consentsToReach } from './reach.ts'
import { type Condition, plainField, type Reader, type Scope } from './reader.ts'
import { compileTable } from './table.ts'

export type { Condition, Reader, Scope } from './reader.ts'

type Of<K extends Expression['kind']> = Extract<Expression, { kind: K }>

/**
 * Compiles an expression once to a closure. Total: a missing operand makes a comparison false and a sum missing, division by
 * zero is missing, nothing throws. A personal field out of reach (no valid consent) reads as missing.
 */
export function compileExpression(expression: Expression, scope: Scope): Reader {
  const constant = constantOf(expression)
  if (constant !== undefined) return () => constant
  switch (expression.kind) {
    case 'field':
      return compileField(expression, scope)
    case 'negate': {
      const of = compileExpression(expression.of, scope)
      return (state, now) => {
        const value = of(state, now)
        return typeof value === 'number' ? 0 - value : undefined
      }
    }
    case 'arithmetic':
      return compileArithmetic(expression, scope, compileExpression)
    case 'now':
      return (_, now) => now
    case 'today': {
      const { hours } = scope.definition
      return (_, now) => dateOf(now, hours)
    }
    case 'client': {
      const { property } = expression
      return (state) => state.client[property]
    }
    case 'case':
      return compileCase(expression)
    case 'count':
    case 'lower':
    case 'length':
      return compileMeasure(expression, scope)
    case 'days between':
      return compileDaysBetween(expression, scope)
    case 'table':
      return compileTable(expression, scope, compileExpression, compileCondition)
    case 'duration':
      return () => undefined
    default:
      return compileCondition(expression, scope)
  }
}

/** A condition: true only where the expression yields yes; without an expression it always holds. */
export function compileCondition(expression: Expression | undefined, scope: Scope): Condition {
  if (!expression) return () => true
  switch (expression.kind) {
    case 'filled':
    case 'missing': {
      const read = compileField({ kind: 'field', field: expression.field, type: 'text' }, scope)
      const filled = expression.kind === 'filled'
      return (state, now) => (read(state, now) !== undefined) === filled
    }
    case 'not': {
      const of = compileCondition(expression.of, scope)
      return (state, now) => !of(state, now)
    }
    case 'and': {
      const field = plainField(expression.left, scope)
      const right = compileCondition(expression.right, scope)
      if (field !== undefined) return (state, now) => state.values[field] === true && right(state, now)
      const left = compileCondition(expression.left, scope)
      return (state, now) => left(state, now) && right(state, now)
    }
    case 'or': {
      const left = compileCondition(expression.left, scope)
      const right = compileCondition(expression.right, scope)
      return (state, now) => left(state, now) || right(state, now)
    }
    case 'compare':
      return compileComparison(expression, scope, compileExpression)
    case 'in':
      return compileIn(expression, scope)
    case 'contains':
      return compileContains(expression, scope)
    case 'consent':
      return compileConsent(expression)
    case 'stage was': {
      const { stage } = expression
      return (state) => state.visited.includes(stage)
    }
    default:
      return compileYes(expression, scope)
  }
}

function compileYes(expression: Expression, scope: Scope): Condition {
  const field = plainField(expression, scope)
  if (field !== undefined) return (state) => state.values[field] === true
  const read = compileExpression(expression, scope)
  return (state, now) => read(state, now) === true
}

function compileField(expression: Of<'field'>, scope: Scope): Reader {
  const { field: name } = expression
  const read: Reader = name in Object.prototype ? (state) => own(state.values, name) : (state) => state.values[name]
  if (scope.tables) return read
  const field = own(scope.process.fields, name)
  if (!field) return () => undefined
  const purposes = consentsToReach(scope.definition, field)
  if (!purposes) return read
  return (state, now) => {
    const { consents } = state.client
    return purposes.some((purpose) => own(consents, purpose) === 'given') ? read(state, now) : undefined
  }
}

function compileConsent({ purpose, statuses }: Of<'consent'>): Condition {
  const stands = (status: ConsentStatus | undefined) => isAmong(status ?? 'none', statuses)
  if (purpose in Object.prototype) return (state) => stands(own(state.client.consents, purpose))
  return (state) => stands(state.client.consents[purpose])
}

function compileCase({ property }: Of<'case'>): Reader {
  switch (property) {
    case 'number':
      return (state) => state.number
    case 'created':
      return (state) => state.createdAt
    case 'stage':
      return (state) => state.stage
  }
}

function compileDaysBetween({ from, to }: Of<'days between'>, scope: Scope): Reader {
  const a = compileExpression(from, scope)
  const b = compileExpression(to, scope)
  const { hours } = scope.definition
  const inText: Reader = (state, now) => {
    const [first, last] = [asDate(a(state, now), hours), asDate(b(state, now), hours)]
    return first === undefined || last === undefined ? undefined : daysBetween(first, last)
  }
  const dayA = compileDay(from, scope, compileExpression)
  const dayB = compileDay(to, scope, compileExpression)
  if (!dayA || !dayB) return inText
  return (state, now) => {
    const first = dayA(state, now)
    const last = dayB(state, now)
    return first === unknown || last === unknown ? inText(state, now) : last - first
  }
}

function compileIn({ of, options }: Of<'in'>, scope: Scope): Condition {
  const read = compileExpression(of, scope)
  const constants = options.flatMap((option) => constantOf(option) ?? [])
  if (constants.length === options.length) {
    const field = plainField(of, scope)
    if (field !== undefined) return (state) => isAmong(state.values[field], constants)
    return (state, now) => isAmong(read(state, now), constants)
  }
  const among = options.map((option) => compileExpression(option, scope))
  return (state, now) => {
    const value = read(state, now)
    return value !== undefined && among.some((option) => option(state, now) === value)
  }
}

function isAmong<T extends Value>(value: T | undefined, list: readonly T[]): boolean {
  for (let index = 0; index < list.length; index++) if (list[index] === value) return true
  return false
}

function compileContains({ of, part }: Of<'contains'>, scope: Scope): Condition {
  const search = of.kind === 'lower' && part.kind === 'text' ? caselessSearch(part.value) : undefined
  if (of.kind === 'lower' && search) {
    const readText = compileExpression(of.of, scope)
    return (state, now) => {
      const text = readText(state, now)
      return typeof text === 'string' && search.test(text)
    }
  }
  const read = compileExpression(of, scope)
  const readPart = compileExpression(part, scope)
  return (state, now) => {
    const wanted = readPart(state, now)
    if (typeof wanted !== 'string') return false
    const whole = read(state, now)
    if (typeof whole === 'string') return whole.includes(wanted)
    return typeof whole === 'object' && whole.includes(wanted)
  }
}

function compileMeasure({ kind, of }: Of<'count' | 'lower' | 'length'>, scope: Scope): Reader {
  const read = compileExpression(of, scope)
  switch (kind) {
    case 'count':
      return (state, now) => {
        const value = read(state, now)
        return typeof value === 'object' ? value.length : value === undefined ? 0 : 1
      }
    case 'lower':
      return (state, now) => {
        const value = read(state, now)
        return typeof value === 'string' ? value.toLowerCase() : undefined
      }
    case 'length':
      return (state, now) => {
        const value = read(state, now)
        return typeof value === 'string' ? [...value].length : undefined
      }
  }
}
