import fc from 'fast-check'
import type { CaseState, ConsentStatus, Definition, Expression, Table, Value, ValueType } from '../../engine/index.ts'
import {
  and,
  at,
  compare,
  consentIs,
  field,
  fieldOf,
  named,
  number,
  option,
  processOf,
  purposeOf,
  stageOf,
  workspaceOf,
} from './declarations.ts'
import { noon } from './story.ts'

/** Expressions, right and wrong in their types, with the workspaces and cases to evaluate them in. */

const types = {
  price: 'money',
  weight: 'number',
  paid: 'yes/no',
  day: 'date',
  moment: 'date and time',
  note: 'text',
  extras: 'many',
  land: 'choice',
  constructor: 'text',
  allergy: 'text',
  born: 'date',
  gone: 'text',
} as const satisfies Readonly<Record<string, ValueType>>

export const process = processOf('order', [stageOf('new')], {
  fields: named(
    fieldOf('price', 'money'),
    fieldOf('weight', 'number'),
    fieldOf('paid', 'yes/no'),
    fieldOf('day', 'date'),
    fieldOf('moment', 'date and time'),
    fieldOf('note', 'text', { personal: ['delivery', 'offers'] }),
    fieldOf('extras', { kind: 'many', options: ['card', 'vase'] }),
    fieldOf('land', { kind: 'choice', options: ['pl', 'de'] }),
    fieldOf('constructor', 'text'),
    fieldOf('allergy', 'text', { personal: ['allergies', 'offers', 'undeclared'] }),
    fieldOf('born', 'date', { personal: ['allergies'] }),
  ),
})

const row = (value: Expression, when?: Expression): Table['rows'][number] => ({
  value,
  at: at(1),
  ...(when && { when }),
})

const shipping: Table = {
  name: 'shipping',
  title: { en: 'Shipping' },
  inputs: [
    { name: 'kilos', type: { kind: 'number' } },
    { name: 'land', type: { kind: 'choice', options: ['pl', 'de'] } },
  ],
  gives: { kind: 'money' },
  rows: [
    row(
      number(12),
      and(compare(field('kilos', 'number'), '<=', number(2)), compare(field('land'), '=', option('pl'), 'choice')),
    ),
    row(number(30), compare(field('kilos', 'number'), '<=', number(2))),
    row(number(45), and({ kind: 'missing', field: 'kilos' }, consentIs('allergies'))),
    row({ kind: 'arithmetic', operator: '*', left: field('kilos', 'number'), right: number(2), type: 'money' }),
  ],
  at: at(1),
}

/** Its rows call `shipping` with what they were given, and itself. */
const handling: Table = {
  name: 'handling',
  title: { en: 'Handling' },
  inputs: [{ name: 'price', type: { kind: 'money' } }],
  gives: { kind: 'money' },
  rows: [
    row(number(5), compare(call('handling', field('price', 'money')), '<', number(3))),
    row(number(7), compare(call('shipping', field('price', 'money'), option('pl')), '<=', number(12))),
    row(field('price', 'money'), { kind: 'filled', field: 'price' }),
  ],
  at: at(1),
}

function call(table: string, ...inputs: readonly Expression[]): Expression {
  return { kind: 'table', table, inputs, type: 'money' }
}

const workspace = workspaceOf(process, {
  purposes: named(
    purposeOf('allergies', 'explicit consent'),
    purposeOf('offers', 'consent'),
    purposeOf('delivery', 'contract'),
  ),
  tables: named(shipping, handling),
})

/** In UTC, and where the clocks change. */
export const definitions: fc.Arbitrary<Definition> = fc.constantFrom(workspace, {
  ...workspace,
  hours: {
    timezone: 'Europe/Warsaw',
    week: [{ days: ['monday', 'tuesday', 'friday'] as const, from: 480, to: 960 }],
    holidays: ['2026-05-25'],
    at: at(1),
  },
})

const dates = fc.constantFrom(
  ...['2026-05-04', '2026-05-25', '2026-02-28', '2024-02-29', '2026-02-31', '2026-13-01', '1970-01-01', '1969-12-31'],
  ...['9999-12-31', '0000-01-01', '2026-5-4', '2100-02-29', '2000-12-31', '2026-05-0x', '2026-00-10', '2026-05-00'],
)
const times = fc.constantFrom(noon, '2026-05-25T21:59:59.000Z', '2026-05-25T22:00:00.000Z', '2026-03-29T01:30:00+02:00')
const texts = fc.constantFrom('', 'pl', 'de', 'card', 'Lilies', 'no LILIES please', 'İ K ſ', 'ΟΔΟΣ', 'a😀')
const numbers = fc.oneof(fc.constantFrom(0, 1, 2, 3, 12, 0.1, 0.2, -1, 1e12), fc.integer({ min: -50, max: 400 }))
const lists = fc.subarray(['vase', 'card'])
const anything: fc.Arbitrary<Value> = fc.oneof(dates, times, texts, numbers, fc.boolean(), lists)

const fitting: Readonly<Record<string, fc.Arbitrary<Value>>> = {
  price: numbers,
  weight: numbers,
  paid: fc.boolean(),
  day: dates,
  moment: times,
  note: texts,
  extras: lists,
  land: fc.constantFrom('pl', 'de'),
  constructor: texts,
  allergy: texts,
  born: dates,
  gone: texts,
}

const statuses: fc.Arbitrary<ConsentStatus> = fc.constantFrom('none', 'given', 'refused', 'withdrawn', 'expired')

/** Cases that lack values, hold those of another type, or stand in the middle of a consent. */
export const states: fc.Arbitrary<CaseState> = fc
  .record({
    values: fc.record(
      Object.fromEntries(
        Object.entries(fitting).map(([name, values]) => [
          name,
          fc.oneof({ weight: 6, arbitrary: values }, { weight: 1, arbitrary: anything }),
        ]),
      ),
      { requiredKeys: [] },
    ),
    consents: fc.dictionary(fc.constantFrom('allergies', 'offers', 'delivery'), statuses),
    visited: fc.constantFrom(['new'], ['new', 'old']),
  })
  .map(({ values, consents, visited }) => ({
    id: 'c',
    number: '7',
    createdAt: noon,
    stage: 'new',
    enteredAt: noon,
    visited,
    ended: 'no',
    values: { ...values } as Readonly<Record<string, Value>>,
    timers: {},
    fired: [],
    seq: 0,
    client: { email: 'anna@client.example', consents: { ...consents } },
  }))

export const moments: fc.Arbitrary<string> = times

const fields = fc.constantFrom(...(Object.keys(types) as (keyof typeof types)[]))
const fieldReads = fields.map((name) => field(name, types[name]))
const literals = fc.oneof(numbers.map(number), fc.constantFrom('pl', 'de').map(option))
const durations = fc
  .record({
    amount: fc.constantFrom(0, 1, 14, 40, 400, 4_000_000),
    unit: fc.constantFrom('minute' as const, 'hour' as const, 'day' as const, 'week' as const, 'month' as const),
    working: fc.constantFrom(false, false, true),
  })
  .map(({ amount, unit, working }): Expression => {
    return { kind: 'duration', value: { amount: working ? Math.min(amount, 40) : amount, unit, working } }
  })
const compared = fc.constantFrom<ValueType>(
  'text',
  'number',
  'money',
  'date',
  'date and time',
  'yes/no',
  'choice',
  'many',
)

export const expressions: fc.Arbitrary<Expression> = fc.letrec<{ any: Expression; date: Expression; yes: Expression }>(
  (tie) => ({
    any: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fieldReads,
      fc.oneof(
        numbers.map(number),
        texts.map((value): Expression => ({ kind: 'text', value })),
        fc.constantFrom('pl', 'de', 'card').map(option),
        dates.map((value): Expression => ({ kind: 'date', value })),
        fc.boolean().map((value): Expression => ({ kind: 'yes/no', value })),
        fc.constantFrom<Expression>({ kind: 'now' }, { kind: 'today' }, { kind: 'client', property: 'email' }),
        fc.constantFrom<Expression>({ kind: 'client', property: 'name' }, { kind: 'case', property: 'created' }),
        durations,
      ),
      tie('date'),
      tie('yes'),
      fc.record({ kind: fc.constantFrom('negate', 'count', 'lower', 'length'), of: tie('any') }),
      fc.record({
        kind: fc.constant('arithmetic'),
        operator: fc.constantFrom('+', '-', '*', '/'),
        left: tie('any'),
        right: tie('any'),
        type: fc.constantFrom('number', 'text'),
      }),
      fc.record({ kind: fc.constant('days between'), from: tie('date'), to: tie('date') }),
      fc.tuple(tie('any'), tie('any')).map(([kilos, land]) => call('shipping', kilos, land)),
      fc.tuple(fieldReads, fieldReads).map(([kilos, land]) => call('shipping', kilos, land)),
      tie('any').map((price) => call('handling', price)),
    ) as fc.Arbitrary<Expression>,
    date: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('day' as const, 'born' as const, 'moment' as const).map((name) => field(name, types[name])),
      fc.constantFrom<Expression>({ kind: 'today' }, { kind: 'now' }),
      dates.map((value): Expression => ({ kind: 'date', value })),
      fc.record({
        kind: fc.constant('arithmetic'),
        operator: fc.constantFrom('+', '-'),
        left: tie('date'),
        right: durations,
        type: fc.constant('date'),
      }),
    ) as fc.Arbitrary<Expression>,
    yes: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom<Expression>(field('paid', 'yes/no'), { kind: 'stage was', stage: 'old' }),
      fc.record({ kind: fc.constantFrom('filled', 'missing'), field: fields }),
      fc.record({
        kind: fc.constant('consent'),
        purpose: fc.constantFrom('allergies', 'offers', 'constructor'),
        statuses: fc.uniqueArray(statuses, { minLength: 1, maxLength: 3 }),
      }),
      fc.record({ kind: fc.constantFrom('and', 'or'), left: tie('yes'), right: fc.oneof(tie('yes'), tie('any')) }),
      fc.record({ kind: fc.constant('not'), of: fc.oneof(tie('yes'), tie('any')) }),
      comparison(fieldReads, literals, compared),
      comparison(literals, fieldReads, compared),
      comparison(fieldReads, fieldReads, compared),
      comparison(tie('any'), tie('any'), compared),
      comparison(tie('date'), tie('date'), fc.constantFrom('date', 'date and time')),
      comparison(durations, fc.oneof(durations, fieldReads), fc.constant('duration')),
      fc.record({
        kind: fc.constant('in'),
        of: fc.oneof(fieldReads, tie('any')),
        options: fc.array(fc.oneof(fc.constantFrom('pl', 'de').map(option), numbers.map(number), tie('any'))),
      }),
      fc.record({
        kind: fc.constant('contains'),
        of: fc.oneof(
          fieldReads,
          fieldReads.map((of): Expression => ({ kind: 'lower', of })),
          tie('any'),
        ),
        part: fc.oneof(fc.constantFrom('lilies', 'i', 'k', 'σ', 'ς', 'Lilies', 'card', '').map(text), tie('any')),
      }),
    ) as fc.Arbitrary<Expression>,
  }),
).any

function text(value: string): Expression {
  return { kind: 'text', value }
}

function comparison(left: fc.Arbitrary<Expression>, right: fc.Arbitrary<Expression>, as: fc.Arbitrary<ValueType>) {
  return fc.record({
    kind: fc.constant('compare'),
    operator: fc.constantFrom('=', '!=', '<', '<=', '>', '>='),
    left,
    right,
    as,
  })
}
