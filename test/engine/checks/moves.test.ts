import { describe, expect, it } from 'vitest'
import { placesOf, saidBy } from './found.ts'

const order = (process: string, stages: string) => `process order "Order" {
  ${process}
  ${stages}
  stage packing "Packing" { forbid manual entry  move to done }
  final stage done "Done"
}`

describe('a move into a stage that forbids manual entry (Z305)', () => {
  it('is told at the rule, of the process too', () => {
    expect(placesOf('Z305', order('', 'stage new "New" { move to packing }'))).toEqual(['move to packing }'])
    expect(
      placesOf('Z305', order('move to packing when case.created < now', 'stage new "New" { move to done }')),
    ).toEqual(['move to packing when case.created < now'])
  })

  it('is not told of rules that go there, nor of cases that may be moved anywhere', () => {
    expect(saidBy('Z305', order('moves free', 'stage new "New" { on signal paid go to packing }'))).toEqual([])
  })
})

describe('a final stage with a rule (Z309)', () => {
  const ended = (rule: string, process = '') =>
    order(process, `stage new "New" { move to done } final stage over "Over" { ${rule} }`)

  it.each([
    'move to new',
    'after 3 days go to new',
    'on consent to offers withdrawn { erase client }',
    'when case.created < now { erase client }',
  ])('is told at the rule: %s', (rule) => {
    const text = `purpose offers "Offers" { basis consent text "We write to you. You can say no." }\n${ended(rule)}`
    expect(placesOf('Z309', text)).toEqual([`${rule} }`])
  })

  it('is not told of what is done on entering, nor of rules of the process', () => {
    expect(saidBy('Z309', ended('on enter { erase client }', 'after 1 year go to done'))).toEqual([])
  })
})
