import { describe, expect, it } from 'vitest'
import {
  type CaseState,
  compileCondition,
  compileExpression,
  type Definition,
  type Expression,
  type Value,
} from '../../engine/index.ts'
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
  text,
  workspaceOf,
} from './declarations.ts'
import { noon } from './story.ts'

const process = processOf('order', [stageOf('new')], {
  fields: named(
    fieldOf('price', 'money'),
    fieldOf('weight', 'number'),
    fieldOf('paid', 'yes/no'),
    fieldOf('day', 'date'),
    fieldOf('moment', 'date and time'),
    fieldOf('note', 'text'),
    fieldOf('extras', { kind: 'many', options: ['card', 'vase'] }),
    fieldOf('constructor', 'text'),
    fieldOf('allergy', 'text', { personal: ['allergies'] }),
    fieldOf('mail', 'text', { personal: ['offers', 'delivery'] }),
  ),
})

const definition: Definition = workspaceOf(process, {
  purposes: named(
    purposeOf('allergies', 'explicit consent'),
    purposeOf('offers', 'consent'),
    purposeOf('delivery', 'contract'),
  ),
  tables: {
    shipping: {
      name: 'shipping',
      title: { en: 'Shipping' },
      inputs: [
        { name: 'kilos', type: { kind: 'number' } },
        { name: 'country', type: { kind: 'choice', options: ['pl', 'de'] } },
      ],
      gives: { kind: 'money' },
      rows: [
        {
          when: and(
            compare(field('kilos', 'number'), '<=', number(2)),
            compare(field('country', 'choice'), '=', option('pl'), 'choice'),
          ),
          value: number(12),
          at: at(1),
        },
        { when: compare(field('kilos', 'number'), '<=', number(2)), value: number(30), at: at(2) },
        { when: compare(field('kilos', 'number'), '<=', number(30)), value: number(60), at: at(3) },
      ],
      at: at(1),
    },
    endless: {
      name: 'endless',
      title: { en: 'Endless' },
      inputs: [],
      gives: { kind: 'number' },
      rows: [{ value: { kind: 'table', table: 'endless', inputs: [], type: 'number' }, at: at(1) }],
      at: at(1),
    },
  },
})

function state(values: Readonly<Record<string, Value>> = {}, more: Partial<CaseState> = {}): CaseState {
  return {
    id: 'c',
    number: '7',
    createdAt: noon,
    stage: 'new',
    enteredAt: noon,
    visited: ['new'],
    ended: 'no',
    values,
    timers: {},
    fired: [],
    seq: 0,
    client: { consents: {} },
    ...more,
  }
}

const scope = { definition, process }
const value = (expression: Expression, values: Readonly<Record<string, Value>> = {}, more: Partial<CaseState> = {}) =>
  compileExpression(expression, scope)(state(values, more), noon)
const holds = (expression: Expression, values: Readonly<Record<string, Value>> = {}, more: Partial<CaseState> = {}) =>
  compileCondition(expression, scope)(state(values, more), noon)

const sum = (
  left: Expression,
  operator: '+' | '-' | '*' | '/',
  right: Expression,
  type: Extract<Expression, { kind: 'arithmetic' }>['type'] = 'number',
): Expression => ({ kind: 'arithmetic', operator, left, right, type })
const duration = (amount: number, unit: 'hour' | 'day' | 'month', working = false): Expression => ({
  kind: 'duration',
  value: { amount, unit, working },
})

describe('a comparison', () => {
  it('is false where either side is missing, whichever way it asks', () => {
    for (const operator of ['=', '!=', '<', '<=', '>', '>='] as const) {
      expect(holds(compare(field('price', 'money'), operator, number(1)))).toBe(false)
      expect(holds(compare(number(1), operator, field('price', 'money')))).toBe(false)
    }
  })

  it('compares numbers, words, options and lists', () => {
    expect(holds(compare(field('price', 'money'), '>=', number(12.5), 'money'), { price: 12.5 })).toBe(true)
    expect(holds(compare(field('note'), '!=', text('x'), 'text'), { note: 'y' })).toBe(true)
    const both: Expression = field('extras', 'many')
    expect(holds(compare(both, '=', both, 'many'), { extras: ['card', 'vase'] })).toBe(true)
  })

  it('compares a date with a time as dates or as times, whichever is asked', () => {
    const values = { day: '2026-05-04', moment: '2026-05-04T10:00:00Z' }
    const [day, moment] = [field('day', 'date'), field('moment', 'date and time')]
    expect(holds(compare(day, '=', moment, 'date'), values)).toBe(true)
    expect(holds(compare(day, '<', moment, 'date and time'), values)).toBe(true)
    expect(holds(compare(moment, '=', { kind: 'now' }, 'date and time'), { moment: '2026-05-04T12:00:00Z' })).toBe(true)
    expect(holds(compare(day, '=', { kind: 'today' }, 'date'), values)).toBe(true)
  })

  it('knows every date, plain or not', () => {
    const earlier = (left: string, right: Expression) =>
      holds(compare(field('day', 'date'), '<', right, 'date'), { day: left })
    const date = (value: string): Expression => ({ kind: 'date', value })
    expect(earlier('2024-02-29', date('2024-03-01'))).toBe(true)
    expect(earlier('1960-12-31', date('1961-01-01'))).toBe(true)
    expect(earlier('2026-02-31', date('2026-03-01'))).toBe(true)
    expect(earlier('2026-02-28', sum(date('2026-02-28'), '+', duration(1, 'day'), 'date'))).toBe(true)
    expect(earlier('9999-12-31', sum(date('9999-12-31'), '+', duration(1, 'day'), 'date'))).toBe(false)
    expect(earlier('soon', date('2026-03-01'))).toBe(false)
    expect(earlier('2026-13-01', date('2027-03-01'))).toBe(false)
  })

  it('takes today anew at another time', () => {
    const due = compileCondition(compare(field('day', 'date'), '<', { kind: 'today' }, 'date'), scope)
    const morning = state({ day: '2026-05-04' })
    expect(due(morning, '2026-05-04T23:59:59.000Z')).toBe(false)
    expect(due(morning, '2026-05-05T00:00:00.000Z')).toBe(true)
    expect(due(morning, '2026-05-04T23:59:59.000Z')).toBe(false)
  })

  it('stands either way round', () => {
    expect(holds(compare(number(10), '<', field('price', 'money')), { price: 11 })).toBe(true)
    expect(holds(compare(number(10), '>=', field('price', 'money')), { price: 11 })).toBe(false)
    expect(holds(compare(number(10), '<=', field('price', 'money')), { price: 10 })).toBe(true)
    expect(holds(compare(number(10), '>', field('price', 'money')), { price: 10 })).toBe(false)
    expect(holds(compare(text('x'), '=', field('note'), 'text'), { note: 'x' })).toBe(true)
  })

  it('compares durations by their length', () => {
    expect(holds(compare(duration(25, 'hour'), '>', duration(1, 'day'), 'duration'))).toBe(true)
  })

  it('never mixes types', () => {
    expect(holds(compare(field('note'), '=', number(1)), { note: '1' })).toBe(false)
  })
})

describe('logic', () => {
  it('takes what is missing for no', () => {
    const paid = field('paid', 'yes/no')
    expect(holds(paid)).toBe(false)
    expect(holds({ kind: 'not', of: paid })).toBe(true)
    expect(holds({ kind: 'or', left: paid, right: { kind: 'missing', field: 'paid' } })).toBe(true)
    expect(holds({ kind: 'filled', field: 'paid' }, { paid: false })).toBe(true)
  })
})

describe('arithmetic', () => {
  it('is exact to ten decimals', () => {
    expect(value(sum(number(0.1), '+', number(0.2)))).toBe(0.3)
    expect(value(sum(number(1), '/', number(3)))).toBe(0.3333333333)
    expect(value(sum(number(123456.1), '*', number(3)))).toBe(370368.3)
    expect(value({ kind: 'negate', of: number(0) })).toBe(0)
  })

  it('is missing where an operand is, and when dividing by zero', () => {
    expect(value(sum(number(1), '+', field('price', 'money')))).toBeUndefined()
    expect(value(sum(number(1), '/', number(0)))).toBeUndefined()
    expect(value(sum(number(0), '/', number(0)))).toBeUndefined()
    expect(value({ kind: 'negate', of: field('price', 'money') })).toBeUndefined()
  })

  it('joins texts', () => {
    expect(value(sum(text('a'), '+', text('b'), 'text'))).toBe('ab')
  })

  it('moves dates and times by durations', () => {
    expect(value(sum(field('day', 'date'), '-', duration(1, 'day'), 'date'), { day: '2026-03-01' })).toBe('2026-02-28')
    expect(value(sum(field('day', 'date'), '+', duration(1, 'month'), 'date'), { day: '2026-01-31' })).toBe(
      '2026-02-28',
    )
    expect(value(sum(field('day', 'date'), '+', duration(3, 'hour'), 'date and time'), { day: '2026-01-31' })).toBe(
      '2026-01-31T03:00:00.000Z',
    )
    expect(value(sum({ kind: 'now' }, '+', duration(2, 'day', true), 'date and time'))).toBe('2026-05-06T12:00:00.000Z')
    expect(value(sum(field('day', 'date'), '+', duration(1, 'day'), 'date'))).toBeUndefined()
    expect(value(sum(field('note'), '+', duration(1, 'day'), 'date'), { note: 'soon' })).toBeUndefined()
  })
})

describe('words about a case', () => {
  it('know its client, number, stage and the stages before', () => {
    expect(value({ kind: 'client', property: 'name' }, {}, { client: { name: 'Anna', consents: {} } })).toBe('Anna')
    expect(value({ kind: 'client', property: 'email' })).toBeUndefined()
    expect(value({ kind: 'case', property: 'number' })).toBe('7')
    expect(value({ kind: 'case', property: 'created' })).toBe(noon)
    expect(value({ kind: 'case', property: 'stage' })).toBe('new')
    expect(holds({ kind: 'stage was', stage: 'new' })).toBe(true)
    expect(holds({ kind: 'stage was', stage: 'old' })).toBe(false)
  })

  it('count, lower and measure', () => {
    expect(value({ kind: 'count', of: field('extras', 'many') }, { extras: ['card'] })).toBe(1)
    expect(value({ kind: 'count', of: field('extras', 'many') })).toBe(0)
    expect(value({ kind: 'lower', of: field('note') }, { note: 'ŻÓŁĆ' })).toBe('żółć')
    expect(value({ kind: 'length', of: field('note') }, { note: 'a😀' })).toBe(2)
    expect(value({ kind: 'length', of: field('note') })).toBeUndefined()
    const between: Expression = { kind: 'days between', from: field('day', 'date'), to: { kind: 'now' } }
    expect(value(between, { day: '2026-05-01' })).toBe(3)
    expect(value(between)).toBeUndefined()
  })

  it('look into lists and texts', () => {
    expect(holds({ kind: 'in', of: field('note'), options: [text('a'), text('b')] }, { note: 'b' })).toBe(true)
    expect(holds({ kind: 'in', of: field('note'), options: [field('mail')] })).toBe(false)
    expect(holds({ kind: 'contains', of: field('note'), part: text('b') }, { note: 'abc' })).toBe(true)
    expect(holds({ kind: 'contains', of: field('extras', 'many'), part: option('vase') }, { extras: ['vase'] })).toBe(
      true,
    )
    expect(holds({ kind: 'contains', of: field('note'), part: text('b') })).toBe(false)
  })

  it('know how a consent stands', () => {
    const given = { client: { consents: { allergies: 'given' } } } as const
    expect(holds(consentIs('allergies'), {}, given)).toBe(true)
    expect(holds(consentIs('allergies', 'none'))).toBe(true)
    expect(holds(consentIs('allergies', 'refused', 'withdrawn'), {}, given)).toBe(false)
  })
})

describe('lower(…) contains …', () => {
  it('is what it says for every character', () => {
    const parts = ['k', 'i', 's', 'ik', 'ki', 'si', 'is', 'a.b', 'a b', 'ß', 'σ', 'S', '']
    const letters = Array.from({ length: 0x2200 }, (_, code) => String.fromCharCode(code))
    for (const part of parts) {
      const found = compileCondition(
        { kind: 'contains', of: { kind: 'lower', of: field('note') }, part: text(part) },
        scope,
      )
      for (const letter of letters) {
        for (const note of [letter, `x${letter}k`, `S${letter}`, `${letter}i`, part.toUpperCase()]) {
          if (found(state({ note }), noon) !== note.toLowerCase().includes(part)) throw new Error(`${part} in ${note}`)
        }
      }
    }
  })
})

describe('a personal field', () => {
  const given = { client: { consents: { allergies: 'given' } } } as const

  it('reads as missing without a valid consent', () => {
    expect(value(field('allergy'), { allergy: 'lilies' })).toBeUndefined()
    expect(value(field('allergy'), { allergy: 'lilies' }, given)).toBe('lilies')
    expect(holds({ kind: 'filled', field: 'allergy' }, { allergy: 'lilies' })).toBe(false)
    const expired = { client: { consents: { allergies: 'expired' } } } as const
    expect(value(field('allergy'), { allergy: 'lilies' }, expired)).toBeUndefined()
  })

  it('is in reach whenever one of its purposes rests on something else', () => {
    expect(value(field('mail'), { mail: 'a@b.example' })).toBe('a@b.example')
  })

  it('named like a part of every object is no more than a field', () => {
    expect(value(field('constructor'))).toBeUndefined()
    expect(value(field('constructor'), { constructor: 'x' })).toBe('x')
    expect(holds(consentIs('constructor', 'none'))).toBe(true)
  })
})

describe('a table', () => {
  const shipping = (kilos: Expression, country: string): Expression => ({
    kind: 'table',
    table: 'shipping',
    inputs: [kilos, option(country)],
    type: 'money',
  })

  it('answers with its first row that matches', () => {
    expect(value(shipping(number(1), 'pl'))).toBe(12)
    expect(value(shipping(number(1), 'de'))).toBe(30)
    expect(value(shipping(field('weight', 'number'), 'de'), { weight: 9 })).toBe(60)
  })

  it('has no answer where no row matches or an input is missing', () => {
    expect(value(shipping(number(31), 'pl'))).toBeUndefined()
    expect(value(shipping(field('weight', 'number'), 'pl'))).toBeUndefined()
  })

  it('takes what is computed as well as what stands in the case', () => {
    const heavier = shipping(sum(field('weight', 'number'), '+', number(1)), 'de')
    expect(value(heavier, { weight: 1 })).toBe(30)
    expect(value(heavier, { weight: 2 })).toBe(60)
    expect(value(heavier)).toBeUndefined()
  })

  it('does not see fields that are no inputs of it', () => {
    const rows = [{ when: compare(field('price', 'money'), '>', number(1)), value: number(1), at: at(1) }]
    const nosy = { ...definition.tables.shipping, rows } as Definition['tables'][string]
    const around = { definition: { ...definition, tables: { shipping: nosy } }, process }
    expect(compileExpression(shipping(number(1), 'pl'), around)(state({ price: 5 }), noon)).toBeUndefined()
  })

  it('that calls itself has none either', () => {
    expect(value({ kind: 'table', table: 'endless', inputs: [], type: 'number' })).toBeUndefined()
  })
})
