import type { Definition, Table } from '../definition.ts'
import { expressionInWords } from '../wording.ts'
import { type Aspect, added, changed, changes, compareNamed, removed } from './compare.ts'
import type { Difference, Subject } from './difference.ts'
import { expressionKey, setKey, textKey } from './key.ts'
import { edits } from './sequence.ts'
import { textInWords, typeInWords } from './words.ts'

type Row = Table['rows'][number]

/** What differs in decision tables. Their rows have an order: the first that matches answers. */
export function compareTables(before: Definition, after: Definition): Difference[] {
  const subject = ({ name }: Table): Subject => ({ what: 'table', name })
  return compareNamed(before.tables, after.tables, subject, signature, (one, other) => [
    ...changes(subject(other), aspects, one, other),
    ...compareRows(one, other),
  ])
}

function signature(table: Table): string {
  return `(${inputs(table)}) gives ${typeInWords(table.gives)}`
}

function inputs(table: Table): string {
  return table.inputs.map(({ name, type }) => `${name} ${typeInWords(type)}`).join(', ')
}

const aspects: readonly Aspect<Table>[] = [
  { name: 'title', words: ({ title }) => textInWords(title), same: ({ title }) => textKey(title) },
  {
    name: 'inputs',
    words: inputs,
    same: (table) => JSON.stringify(table.inputs.map(({ name, type }) => [name, typeKey(type)])),
  },
  { name: 'gives', words: ({ gives }) => typeInWords(gives), same: ({ gives }) => typeKey(gives) },
]

/** A type, whatever the order of its options. */
export function typeKey(type: Table['gives']): string {
  return 'options' in type ? `${type.kind} ${setKey(type.options)}` : type.kind
}

function compareRows(before: Table, after: Table): Difference[] {
  const subject = (row: Row): Subject => ({ what: 'row', name: `${after.name}: ${conditionInWords(row)}` })
  const keys = {
    all: ({ when, value }: Row) => JSON.stringify([expressionKey(when), expressionKey(value)]),
    subject: ({ when }: Row) => expressionKey(when),
  }
  return edits(before.rows, after.rows, keys).map((edit): Difference => {
    if (edit.kind === 'gone') return removed(subject(edit.before), rowInWords(edit.before), edit.before.at)
    const name = subject(edit.after)
    if (edit.kind === 'new') return added(name, rowInWords(edit.after), edit.after.at)
    const difference = changed(name, rowInWords(edit.before), rowInWords(edit.after), edit.after.at)
    return edit.kind === 'moved' ? { ...difference, aspect: 'order' } : difference
  })
}

function conditionInWords({ when }: Row): string {
  return when ? expressionInWords(when) : 'otherwise'
}

function rowInWords(row: Row): string {
  return `${conditionInWords(row)}: ${expressionInWords(row.value)}`
}
