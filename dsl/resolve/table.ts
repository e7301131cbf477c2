import type { Expression, FieldType, Table } from '../../engine/definition.ts'
import { z103 } from '../checks/z103-form.ts'
import { z104 } from '../checks/z104-twice.ts'
import type { Name, TableNode } from '../tree.ts'
import { type Context, given, place } from './context.ts'
import { resolveAs, resolveCondition } from './expression.ts'
import { checkName } from './names.ts'
import { Names } from './namespace.ts'
import type { Scope } from './scope.ts'
import { fieldTypeOf, type Type, unknown, valueTypeOf } from './types.ts'
import { titleOf } from './values.ts'

const unknownType: FieldType = { kind: 'text' }

/** A decision table: its rows name its inputs, and each gives a value of its type. */
export function resolveTable(context: Context, node: TableNode, name: string): Table {
  const inputs = inputsOf(context, node)
  const types = new Map(inputs.map((input) => [input.name, input.known ? valueTypeOf(input.type) : unknown]))
  const scope = tableScope(context, node, types, name)
  const gives = fieldTypeOf(context, node.gives)
  const wanted = gives ? valueTypeOf(gives) : unknown
  return {
    name,
    title: titleOf(context, name, node.title),
    inputs: inputs.map((input) => ({ name: input.name, type: input.type })),
    gives: gives ?? unknownType,
    rows: rowsOf(scope, node, wanted),
    at: place(node.span),
  }
}

function inputsOf(context: Context, node: TableNode): { name: string; type: FieldType; known: boolean }[] {
  const seen = new Set<string>()
  return node.inputs.map(({ name, type }) => {
    checkName(context, name, 'input')
    if (seen.has(name.text)) context.report(z104, name.span, `input \`${name.text}\` stands here twice`)
    seen.add(name.text)
    const known = fieldTypeOf(context, type)
    return { name: name.text, type: known ?? unknownType, known: known !== undefined }
  })
}

function tableScope(context: Context, node: TableNode, types: ReadonlyMap<string, Type>, table: string): Scope {
  const values = new Names<TableNode['inputs'][number]>('input', table)
  for (const input of node.inputs) {
    context.listener?.declared(values, input.name, input)
    if (!values.byName.has(input.name.text)) values.byName.set(input.name.text, input)
  }
  return {
    context,
    values,
    typeOf: (name) => types.get(name),
    noSuchField: (name: Name, others) => context.missing(values, name, ` in table \`${table}\``, others),
  }
}

function rowsOf(scope: Scope, node: TableNode, wanted: Type): Table['rows'] {
  const rows = node.rows.filter((row) => row.kind === 'row')
  return rows.map((row, index) => {
    if (!row.when && index < rows.length - 1) {
      scope.context.report(z103, row.span, '`otherwise` is the last row of a table', 'put it at the end, once')
    }
    const when: Expression | undefined = row.when && resolveCondition(scope, row.when)
    return { ...given('when', when), value: resolveAs(scope, row.value, wanted, 'the answer'), at: place(row.span) }
  })
}
