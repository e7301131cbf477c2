import { constantOf } from './arithmetic.ts'
import type { CaseState, Value, Values } from './case.ts'
import { equals, numberStands, wantedOf } from './comparison.ts'
import type { Expression, Table } from './definition.ts'
import { own } from './named.ts'
import { type Compile, type Condition, plainField, type Reader, type Scope } from './reader.ts'

/** A row ready to be asked. It matches where all its cells do, and its condition, if it says what no cell can. */
interface Row {
  readonly cells: readonly Cell[]
  readonly condition: Condition | undefined
  readonly constant: Value | undefined
  readonly value: Reader
}

/** That the value under `name` stands to `number` as `wanted`, or is `other`. The one not asked about is such that nothing fits. */
interface Cell {
  readonly name: string
  readonly wanted: number
  readonly number: number
  readonly other: Value | null
}

/**
 * The answer of a decision table: that of the first row that matches. Rows see the inputs and none of the case's own fields.
 * A table that calls itself has no answer.
 */
export function compileTable(
  { table: name, inputs }: Extract<Expression, { kind: 'table' }>,
  scope: Scope,
  compile: Compile,
  compileCondition: (expression: Expression | undefined, scope: Scope) => Condition,
): Reader {
  const table = own(scope.definition.tables, name)
  const within = scope.tables ?? []
  if (!table || within.includes(name)) return () => undefined
  const inside: Scope = { ...scope, tables: [...within, name] }
  const fields = plainFields(table, inputs, scope)
  const rows = table.rows.map(({ when, value }): Row => {
    const cells = cellsOf(when, table, fields)
    const condition = cells ? undefined : compileCondition(when, inside)
    return { cells: cells ?? [], condition, constant: constantOf(value), value: compile(value, inside) }
  })
  const ask = compileAsking(table, inputs, scope, compile)
  return (state, now) => {
    let asked = fields ? undefined : ask(state, now)
    const values = asked?.values ?? state.values
    for (const { cells, condition, constant, value } of rows) {
      if (!allFit(cells, values)) continue
      if (condition) {
        asked ??= ask(state, now)
        if (!condition(asked, now)) continue
      }
      return constant ?? value(asked ?? ask(state, now), now)
    }
    return undefined
  }
}

/** The case's fields that the inputs are, in their order, where each is one: cells then read them where they stand. */
function plainFields(table: Table, inputs: readonly Expression[], scope: Scope): readonly string[] | undefined {
  const fields = inputs.flatMap((input) => plainField(input, scope) ?? [])
  return fields.length === table.inputs.length && inputs.length === fields.length ? fields : undefined
}

/** Makes the case as the expressions of a table's rows see it. */
function compileAsking(
  table: Table,
  inputs: readonly Expression[],
  scope: Scope,
  compile: Compile,
): (state: CaseState, now: string) => CaseState {
  const readers = inputs.slice(0, table.inputs.length).map((input) => compile(input, scope))
  const names = table.inputs.map((input) => input.name)
  return (state, now) => {
    const values: Record<string, Value> = {}
    for (const [index, read] of readers.entries()) {
      const value = read(state, now)
      if (value !== undefined) values[names[index] ?? ''] = value
    }
    return { ...state, values }
  }
}

function allFit(cells: readonly Cell[], values: Values): boolean {
  for (const { name, wanted, number, other } of cells) {
    const value = values[name]
    if (!(typeof value === 'number' ? numberStands(wanted, value, number) : equals(value, other))) return false
  }
  return true
}

type Fields = readonly string[] | undefined

/** A condition as cells that all must fit; undefined where it says anything that no cell can. */
function cellsOf(when: Expression | undefined, table: Table, fields: Fields): readonly Cell[] | undefined {
  if (!when) return []
  if (when.kind !== 'and') {
    const cell = cellOf(when, table, fields)
    return cell && [cell]
  }
  const left = cellsOf(when.left, table, fields)
  const right = cellsOf(when.right, table, fields)
  return left && right && [...left, ...right]
}

function cellOf(when: Expression, { inputs }: Table, fields: Fields): Cell | undefined {
  const nameOf = (input: Expression) => {
    const index = inputs.findIndex(({ name }) => input.kind === 'field' && input.field === name)
    return (fields ?? inputs.map(({ name }) => name))[index]
  }
  if (when.kind === 'field') return cell(nameOf(when), '=', true)
  if (when.kind !== 'compare' || comparedOtherwise.has(when.as)) return undefined
  return cell(nameOf(when.left), when.operator, constantOf(when.right))
}

/** Their values are not compared as they are. */
const comparedOtherwise: ReadonlySet<string> = new Set(['date', 'date and time', 'duration'])

function cell(
  name: string | undefined,
  operator: Extract<Expression, { kind: 'compare' }>['operator'],
  constant: Value | undefined,
): Cell | undefined {
  if (name === undefined || name in Object.prototype || constant === undefined) return undefined
  const wanted = wantedOf(operator)
  if (typeof constant === 'number') return { name, wanted, number: constant, other: null }
  return operator === '=' ? { name, wanted, number: Number.NaN, other: constant } : undefined
}
