import { z201 } from '../checks/z201-no-such.ts'
import { z202 } from '../checks/z202-types.ts'
import { didYouMean } from '../nearest.ts'
import type { ExpressionNode, TableNode } from '../tree.ts'
import { Context } from './context.ts'
import { faulty, type Parts, type Scope, type Typed } from './scope.ts'
import { fieldTypeOf, named, type Type, text, unknown, valueTypeOf } from './types.ts'

type CallNode = Extract<ExpressionNode, { kind: 'call' }>

/** How many values each function takes. */
export const functions: Readonly<Record<string, number>> = { count: 1, lower: 1, length: 1, 'days between': 2 }

/** `count(X)`, `lower(X)`, `length(X)`, `days between(a, b)` and tables. */
export function resolveCall(scope: Scope, node: CallNode, parts: Parts): Typed {
  const name = node.name.text
  const wanted = Object.hasOwn(functions, name) ? functions[name] : undefined
  if (wanted === undefined) return resolveTable(scope, node, parts)
  if (node.inputs.length !== wanted) {
    scope.context.report(z202, node.span, `\`${name}\` takes ${valuesOf(wanted)}, and here are ${node.inputs.length}`)
    return faulty
  }
  const [first, second] = node.inputs
  if (!first) return faulty
  if (name === 'days between') return second ? resolveDays(scope, parts, first, second) : faulty
  if (name === 'count') return resolveCount(scope, parts, first)
  const of = parts.as(first, text, `what \`${name}\` takes`)
  return name === 'lower'
    ? { expression: { kind: 'lower', of }, type: text }
    : { expression: { kind: 'length', of }, type: { kind: 'number' } }
}

function resolveCount(scope: Scope, parts: Parts, input: ExpressionNode): Typed {
  const of = parts.any(input)
  if (of.type.kind !== 'many' && of.type.kind !== 'unknown') {
    const hint = of.type.kind === 'text' ? 'write `length(X)` for the letters of a text' : undefined
    scope.context.report(z202, input.span, `\`count\` takes a list of choices, and this is ${named(of.type)}`, hint)
  }
  return { expression: { kind: 'count', of: of.expression }, type: { kind: 'number' } }
}

function resolveDays(scope: Scope, parts: Parts, first: ExpressionNode, second: ExpressionNode): Typed {
  const [from, to] = [first, second].map((input) => {
    const typed = parts.any(input)
    if (!['date', 'date and time', 'unknown'].includes(typed.type.kind)) {
      scope.context.report(z202, input.span, `\`days between\` takes dates, and this is ${named(typed.type)}`)
    }
    return typed
  })
  if (!from || !to) return faulty
  return { expression: { kind: 'days between', from: from.expression, to: to.expression }, type: { kind: 'number' } }
}

function resolveTable(scope: Scope, node: CallNode, parts: Parts): Typed {
  const { context } = scope
  context.listener?.offered(node.name, [context.tables], Object.keys(functions))
  const found = context.lookUp(context.tables, node.name)
  if (!found) {
    if (!context.tables.incomplete) {
      const hint = didYouMean(node.name.text, [...context.tables.byName.keys(), ...Object.keys(functions)])
      context.report(z201, node.name.span, `there is no table \`${node.name.text}\``, hint)
    }
    return faulty
  }
  if (found.kind === 'broken') return faulty
  const types = tableTypes(found)
  if (node.inputs.length !== types.inputs.length) {
    const message = `table \`${node.name.text}\` takes ${valuesOf(types.inputs.length)}, and here are ${node.inputs.length}`
    context.report(z202, node.span, message)
    return faulty
  }
  const inputs = node.inputs.map((input, index) =>
    parts.as(input, types.inputs[index] ?? unknown, `input ${index + 1} of \`${node.name.text}\``),
  )
  if (types.gives.kind === 'unknown') return faulty
  return {
    expression: { kind: 'table', table: node.name.text, inputs, type: types.gives.kind },
    type: types.gives,
  }
}

function valuesOf(count: number): string {
  return count === 1 ? 'one value' : `${count} values`
}

const known = new WeakMap<TableNode, { inputs: Type[]; gives: Type }>()

/** The types of a table's inputs and answer. Its own problems are told where it is resolved. */
function tableTypes(table: TableNode): { inputs: Type[]; gives: Type } {
  const before = known.get(table)
  if (before) return before
  const silent = new Context()
  const typeOf = (node: TableNode['gives']) => {
    const type = fieldTypeOf(silent, node)
    return type ? valueTypeOf(type) : unknown
  }
  const types = { inputs: table.inputs.map((input) => typeOf(input.type)), gives: typeOf(table.gives) }
  known.set(table, types)
  return types
}
