import {
  addDuration,
  addToDate,
  type CaseState,
  type Definition,
  type Duration,
  dateOf,
  daysBetween,
  type Expression,
  inReach,
  type Process,
  startOfDate,
  type Value,
  type Values,
} from '../../engine/index.ts'

/** What an expression is evaluated in. `inputs` are those of the table whose row it stands in. */
export interface Setting {
  readonly definition: Definition
  readonly process: Process
  readonly state: CaseState
  readonly now: string
  readonly inputs?: Values
  readonly tables?: readonly string[]
}

type Of<K extends Expression['kind']> = Extract<Expression, { kind: K }>

/**
 * The value of an expression, step by step as the language describes it and with no thought of speed: what the compiled
 * closures are compared with.
 */
export function evaluate(expression: Expression, setting: Setting): Value | undefined {
  const { state, now, definition } = setting
  const of = (part: Expression) => evaluate(part, setting)
  switch (expression.kind) {
    case 'text':
    case 'number':
    case 'yes/no':
    case 'date':
    case 'option':
      return expression.value
    case 'duration':
      return undefined
    case 'field':
      return fieldValue(expression.field, setting)
    case 'filled':
      return fieldValue(expression.field, setting) !== undefined
    case 'missing':
      return fieldValue(expression.field, setting) === undefined
    case 'not':
      return of(expression.of) !== true
    case 'and':
      return of(expression.left) === true && of(expression.right) === true
    case 'or':
      return of(expression.left) === true || of(expression.right) === true
    case 'negate': {
      const value = of(expression.of)
      return typeof value === 'number' ? 0 - value : undefined
    }
    case 'compare':
      return compared(expression, setting)
    case 'arithmetic':
      return computed(expression, setting)
    case 'in': {
      const value = of(expression.of)
      return value !== undefined && expression.options.some((option) => of(option) === value)
    }
    case 'contains': {
      const [whole, part] = [of(expression.of), of(expression.part)]
      if (typeof part !== 'string') return false
      return (typeof whole === 'string' || Array.isArray(whole)) && whole.includes(part)
    }
    case 'consent': {
      const { consents } = state.client
      const { purpose, statuses } = expression
      const status = Object.hasOwn(consents, purpose) ? consents[purpose] : undefined
      return statuses.includes(status ?? 'none')
    }
    case 'stage was':
      return state.visited.includes(expression.stage)
    case 'now':
      return now
    case 'today':
      return dateOf(now, definition.hours)
    case 'client':
      return state.client[expression.property]
    case 'case':
      return { number: state.number, created: state.createdAt, stage: state.stage }[expression.property]
    case 'count': {
      const value = of(expression.of)
      if (Array.isArray(value)) return value.length
      return value === undefined ? 0 : 1
    }
    case 'lower': {
      const value = of(expression.of)
      return typeof value === 'string' ? value.toLowerCase() : undefined
    }
    case 'length': {
      const value = of(expression.of)
      return typeof value === 'string' ? [...value].length : undefined
    }
    case 'days between': {
      const [from, to] = [asDate(of(expression.from), setting), asDate(of(expression.to), setting)]
      return from === undefined || to === undefined ? undefined : daysBetween(from, to)
    }
    case 'table':
      return answered(expression, setting)
  }
}

function fieldValue(name: string, { definition, process, state, inputs }: Setting): Value | undefined {
  if (inputs) return Object.hasOwn(inputs, name) ? inputs[name] : undefined
  const field = Object.hasOwn(process.fields, name) ? process.fields[name] : undefined
  if (!field || !inReach(definition, field, state.client.consents)) return undefined
  return Object.hasOwn(state.values, name) ? state.values[name] : undefined
}

function compared({ operator, as, left, right }: Of<'compare'>, setting: Setting): boolean {
  const [a, b] = [comparable(left, as, setting), comparable(right, as, setting)]
  if (a === undefined || b === undefined || typeof a !== typeof b) return false
  switch (operator) {
    case '=':
      return a === b
    case '!=':
      return a !== b
    case '<':
      return a < b
    case '<=':
      return a <= b
    case '>':
      return a > b
    case '>=':
      return a >= b
  }
}

const minutesOf = { minute: 1, hour: 60, day: 1440, week: 10_080, month: 43_830, year: 525_960 }

function comparable(
  expression: Expression,
  as: Of<'compare'>['as'],
  setting: Setting,
): string | number | boolean | undefined {
  if (as === 'duration') {
    return expression.kind === 'duration' ? expression.value.amount * minutesOf[expression.value.unit] : undefined
  }
  const value = evaluate(expression, setting)
  if (as === 'date') return asDate(value, setting)
  if (as === 'date and time') {
    if (!isMoment(value)) return undefined
    return Date.parse(value.length === 10 ? startOfDate(value, setting.definition.hours) : value)
  }
  return typeof value === 'object' ? value.toSorted().join('\n') : value
}

function isMoment(value: Value | undefined): value is string {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}/.test(value) && !Number.isNaN(Date.parse(value))
}

function asDate(value: Value | undefined, { definition }: Setting): string | undefined {
  if (!isMoment(value)) return undefined
  return value.length === 10 ? value : dateOf(value, definition.hours)
}

function computed({ operator, left, right, type }: Of<'arithmetic'>, setting: Setting): Value | undefined {
  if (right.kind === 'duration') return moved(left, right.value, operator === '-' ? -1 : 1, setting)
  if (left.kind === 'duration') return moved(right, left.value, 1, setting)
  const [a, b] = [evaluate(left, setting), evaluate(right, setting)]
  if (typeof a === 'number' && typeof b === 'number') {
    return toTenDecimals({ '+': a + b, '-': a - b, '*': a * b, '/': a / b }[operator])
  }
  return type === 'text' && typeof a === 'string' && typeof b === 'string' ? a + b : undefined
}

function toTenDecimals(number: number): number | undefined {
  if (!Number.isFinite(number)) return undefined
  if (Number.isInteger(number)) return number + 0
  return Math.abs(number) < 100_000 ? Math.round(number * 1e10) / 1e10 + 0 : Number(number.toFixed(10))
}

function moved(of: Expression, by: Duration, sign: 1 | -1, setting: Setting): string | undefined {
  const value = evaluate(of, setting)
  if (!isMoment(value)) return undefined
  const { hours } = setting.definition
  const signed = { ...by, amount: sign * by.amount }
  return value.length === 10 ? addToDate(value, signed, hours) : addDuration(value, signed, hours)
}

function answered({ table: name, inputs }: Of<'table'>, setting: Setting): Value | undefined {
  const table = setting.definition.tables[name]
  const tables = setting.tables ?? []
  if (!table || tables.includes(name)) return undefined
  const values = table.inputs.flatMap((input, index) => {
    const given = inputs[index]
    const value = given && evaluate(given, setting)
    return value === undefined ? [] : [[input.name, value] as const]
  })
  const within: Setting = { ...setting, inputs: Object.fromEntries(values), tables: [...tables, name] }
  const row = table.rows.find(({ when }) => !when || evaluate(when, within) === true)
  return row && evaluate(row.value, within)
}
