import type { Finding } from '../checks/check.ts'
import type { Definition, Field, Process, Table } from '../definition.ts'
import { placeInWords } from '../wording.ts'
import { and, type Bits, isEmpty, least, minus, or } from './bits.ts'
import { areTooMany, type Classes, classesOf, fieldOfAtom } from './classes.ts'
import type { Known } from './facts.ts'
import { atomsOf } from './reading.ts'
import { spaceMaker } from './space.ts'
import { assumptionsFor, truthOf } from './truth.ts'

/** How many combinations of inputs are told apart at most. */
const mostPoints = 2 ** 20

/** Z306 in tables: rows that an earlier one always answers before. */
export function* deadRows(definition: Definition): Iterable<Finding> {
  for (const table of Object.values(definition.tables)) {
    const rows = judged(definition, table)
    if (!rows) continue
    for (const [index, { at, left, may }] of rows.entries()) {
      if (!isEmpty(and(left, may))) continue
      const never = isEmpty(may)
      yield {
        at,
        message: never
          ? `no input of table \`${table.name}\` ever fits this row`
          : `rows before this one (from ${placeInWords(rows[0]?.at ?? table.at)}) answer all that it says`,
        hint: never
          ? 'look at its conditions: they exclude each other'
          : `the first row that fits answers: put row ${index + 1} before them, or take it away`,
      }
    }
  }
}

/** Z310: inputs that no row of a table answers. One that is missing has no answer anyway. */
export function* unansweredInputs(definition: Definition): Iterable<Finding> {
  for (const table of Object.values(definition.tables)) {
    const known = knownOf(definition, table)
    const rows = judged(definition, table)
    const last = rows?.at(-1)
    if (!known || !last) continue
    const rest = minus(last.left, last.must)
    if (isEmpty(rest)) continue
    const point = least(rest)
    const inputs = table.inputs.map(({ name }) => `\`${name}\` ${exampleOf(known, name, point)}`).join(' and ')
    yield {
      at: table.at,
      message: `no row of table \`${table.name}\` answers ${inputs}`,
      hint: { text: 'add a row, or `otherwise: …` as the last one', yaml: 'add a row, or `otherwise` as the last one' },
    }
  }
}

interface Row {
  readonly at: Table['at']
  /** What no earlier row has answered for certain. */
  readonly left: Bits
  readonly may: Bits
  readonly must: Bits
}

function judged(definition: Definition, table: Table): readonly Row[] | undefined {
  const known = knownOf(definition, table)
  if (!known) return undefined
  let left = filledPoints(known)
  return table.rows.map(({ when, at }): Row => {
    const truths = assumptionsFor(known, [when]).map((assumed) => truthOf(known, when, assumed))
    const may = truths.reduce((set, truth) => or(set, truth.may), known.space.nothing)
    const must = truths.reduce((set, truth) => and(set, truth.must), known.space.all)
    const row = { at, left, may, must }
    left = minus(left, must)
    return row
  })
}

/** Where every input has a value. */
function filledPoints({ space, fields }: Known): Bits {
  return [...fields].reduce((set, [name, { of }]) => {
    const variable = space.indexOf(`field:${name}`)
    const filled = of.reduce<number>((bits, value, index) => (value === undefined ? bits : bits | (1 << index)), 0)
    return variable === undefined ? set : and(set, space.where(variable, filled))
  }, space.all)
}

function exampleOf({ space, fields }: Known, name: string, point: number): string {
  const variable = space.indexOf(`field:${name}`)
  const value = variable === undefined ? undefined : fields.get(name)?.of[space.valueIn(point, variable)]
  if (value === undefined) return 'of some value'
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value)
}

const made = new WeakMap<Table, Known | 'too many'>()

function knownOf(definition: Definition, table: Table): Known | undefined {
  const found = made.get(table) ?? (makeKnown(definition, table) || 'too many')
  made.set(table, found)
  return found === 'too many' ? undefined : found
}

/** The inputs as fields of a process of their own, so that conditions on them are judged as all conditions are. */
function makeKnown(definition: Definition, table: Table): Known | undefined {
  const { at } = table
  const inputs = table.inputs.map(
    ({ name, type }): Field => ({ name, title: {}, type, personal: [], special: false, at }),
  )
  const process: Process = {
    name: table.name,
    title: {},
    portal: false,
    moves: 'declared',
    access: {},
    fields: Object.fromEntries(inputs.map((field) => [field.name, field])),
    show: [],
    edit: [],
    stages: {},
    rules: [],
    at,
  }
  const ground = { definition, process }
  const atoms = table.rows.flatMap(({ when }) => (when ? atomsOf(when) : []))
  const fields = new Map<string, Classes>()
  for (const field of inputs) {
    const own = [
      ...atoms.filter((atom) => fieldOfAtom(atom) === field.name),
      { kind: 'filled', field: field.name } as const,
    ]
    if (areTooMany(field, own)) return undefined
    fields.set(field.name, classesOf(ground, field, own))
  }
  const variables = [...fields].map(([name, { of }]) => ({ key: `field:${name}`, size: of.length }))
  if (variables.reduce((product, { size }) => product * size, 1) > mostPoints) return undefined
  return { ground, space: spaceMaker()(variables), fields, consents: new Map(), asked: new Set() }
}
