import { describe, expect, it } from 'vitest'
import { requirements } from '../../../engine/report/requirements.ts'
import type { Scenario, Step } from '../../../engine/simulate/scenario.ts'
import { at } from '../declarations.ts'
import { readExample } from '../examples.ts'

const florist = readExample('florist/text')
const order = florist.processes.order
if (!order) throw new Error('the flower shop has no orders')
const ground = { definition: florist, process: order }

const where = { at: at(1) }
const expecting = (expected: Extract<Step, { kind: 'expect' }>['expected']): Step => ({
  kind: 'expect',
  expected,
  ...where,
})
const consent = (purpose: string, decision: 'given' | 'refused' | 'withdrawn'): Step => ({
  kind: 'consent',
  purpose,
  decision,
  ...where,
})
const starts = (values = {}): Step => ({ kind: 'start', values, ...where })
const reply = (more: Partial<Extract<Step, { kind: 'reply' }>> = {}): Step => ({
  kind: 'reply',
  saying: 'I agree',
  auto: false,
  ...more,
  ...where,
})

/** The rows of the report that a scenario speaks for. */
function rowsOf(steps: readonly Step[], client: Scenario['client'] = { email: 'anna@client.example' }): string[] {
  const scenario: Scenario = { name: 'A story', process: 'order', client, steps, ...where }
  return requirements.filter(({ shows }) => shows?.(scenario, ground)).map(({ row }) => row)
}

describe('a scenario speaks for the requirements that it shows', () => {
  it.each<[string, readonly Step[], readonly string[]]>([
    ['a refusal that ends well', [starts(), consent('allergies', 'refused'), expecting({ ended: 'success' })], ['R04']],
    ['a refusal that is not followed to its end', [starts(), consent('allergies', 'refused')], []],
    ['an end that nobody refused anything for', [starts(), expecting({ ended: 'success' })], []],
    [
      'silence that is no consent',
      [
        starts(),
        { kind: 'wait', duration: { amount: 14, unit: 'day', working: false }, ...where },
        expecting({ consent: { allergies: 'none' } }),
      ],
      ['R07'],
    ],
    [
      'a consent of the client’s own words',
      [starts(), reply(), expecting({ consent: { allergies: 'given' } })],
      ['R16'],
    ],
    ['an answer of a machine', [starts(), reply({ auto: true }), expecting({ stage: 'waiting' })], ['R08']],
    ['a stranger’s answer', [starts(), reply({ from: 'x@y.example' }), expecting({ stage: 'waiting' })], ['R08']],
    [
      'a withdrawal that stops the work',
      [starts(), consent('allergies', 'withdrawn'), expecting({ hidden: ['allergy'] })],
      ['R09', 'R11', 'R15'],
    ],
    ['a withdrawal of which nothing is expected', [starts(), consent('allergies', 'withdrawn')], ['R09']],
    [
      'two purposes, one of them withdrawn',
      [starts(), consent('offers', 'given'), consent('allergies', 'withdrawn')],
      ['R03', 'R09', 'R13'],
    ],
    ['an erasure by hand', [starts(), { kind: 'erase', fields: ['address'], client: false, ...where }], ['R10']],
    ['an address of the case alone', [starts({ contact: 'a@b.example' })], ['R05']],
    ['values that are gone', [starts(), expecting({ fields: { address: { is: 'erased' } } })], ['R15']],
  ])('%s', (_, steps, rows) => {
    expect(rowsOf(steps)).toEqual(rows)
  })

  it('a client without any contact who is served', () => {
    expect(rowsOf([starts(), expecting({ stage: 'arranging' })], {})).toEqual(['R01'])
    expect(rowsOf([starts(), expecting({ ended: 'success' })], {})).toEqual(['R01'])
    expect(rowsOf([starts(), expecting({ stage: 'cancelled' })], {})).toEqual([])
    expect(rowsOf([starts({ contact: 'a@b.example' }), expecting({ stage: 'arranging' })], {})).toEqual(['R05'])
  })
})
