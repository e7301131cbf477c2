import { describe, expect, it } from 'vitest'
import { tell } from './tell.ts'

/** What differs after a start from what is expected. */
function differs(expected: string, before = '- start: { goods: roses, price: 3 }', client?: string): readonly string[] {
  return tell(`${before}\n- expect: ${expected}`, client === undefined ? {} : { client }).wrong
}

describe('an expectation', () => {
  it.each([
    ['{ stage: new }'],
    ['{ letters: [question] }'],
    ['{ notified: [] }'],
    ['{ consent: { offers: none } }'],
    ['{ visible: [goods, price] }'],
    ['{ visible: goods }'],
    ['{ editable: [price] }'],
    ['{ hidden: [hobby] }'],
    ['{ fields: { price: "3.00", goods: roses, address: "" } }'],
    ['{ scheduled: [closed] }'],
    ['{ scheduled: [after 10 days, news, closed, new.after.1] }'],
    ['{ ended: false }'],
    ['{}'],
  ])('comes true where it holds: %s', (expected) => {
    expect(differs(expected)).toEqual([])
  })

  it.each([
    ['{ stage: packing }', ['stage', 'packing', 'new']],
    ['{ letters: [] }', ['letters', 'none', 'question']],
    ['{ letters: [question, question] }', ['letters', 'question, question', 'question']],
    ['{ notified: [clerk] }', ['notified', 'clerk', 'none']],
    ['{ consent: { offers: given } }', ['consent to offers', 'given', 'none']],
    ['{ fields: { price: 4 } }', ['field price', '`4.00`', '`3.00`']],
    [
      '{ fields: { price: much } }',
      ['field price', '`much`, which can’t be: it must be an amount of money, such as 12.50', '`3.00`'],
    ],
    ['{ fields: { price: "" } }', ['field price', 'nothing', '`3.00`']],
    ['{ fields: { price: erased } }', ['field price', 'erased', '`3.00`']],
    ['{ fields: { address: erased } }', ['field address', 'erased', 'nothing, and it was never filled']],
    ['{ hidden: [price] }', ['hidden', 'price', 'hobby']],
    [
      '{ scheduled: [packing] }',
      ['scheduled', 'packing', 'after 2 working days (send news to client), after 10 days (to closed)'],
    ],
    [
      '{ scheduled: [] }',
      ['scheduled', 'none', 'after 2 working days (send news to client), after 10 days (to closed)'],
    ],
    ['{ ended: true }', ['ended', 'true', 'false']],
    ['{ ended: success }', ['ended', 'success', 'false']],
  ])('says what it expected and what it found: %s', (expected, [what, wanted, found]) => {
    expect(differs(expected)).toEqual([what, `  expected  ${wanted}`, `  found     ${found}`])
  })

  it('tells of everything that differs at once', () => {
    expect(differs('{ stage: packing, ended: true, letters: [] }')).toHaveLength(9)
  })

  it('tells of fields that nobody may see or change', () => {
    const ended = '- start: {}\n- signal: paid\n- move: closed'
    expect(differs('{ editable: [], visible: [goods], hidden: [price, contact] }', ended)).toEqual([])
    expect(differs('{ editable: [goods] }', ended)).toEqual(['editable', '  expected  goods', '  found     none'])
    expect(differs('{ visible: [] }', ended)[2]).toBe('  found     goods')
  })

  it('takes what the client alone sees for seen', () => {
    const workspace = `role r\nprocess p { show in portal access r: see, move field x "X" text field y "Y" text
stage s { show x to client move to e } final stage e { } }`
    const told = tell('- start: {}\n- expect: { hidden: [y] }\n- expect: { hidden: [x] }', { process: 'p', workspace })
    expect(told.wrong).toEqual(['hidden', '  expected  x', '  found     y'])
  })

  it('counts those who hear of a letter that could not be sent', () => {
    expect(differs('{ letters: [], notified: [boss, clerk] }', '- start: {}', '{}')).toEqual([])
  })

  it('takes a value that was erased as soon as it came for erased', () => {
    const workspace = `role r
process p { access r: see, move, edit field x "X" text field y "Y" text
stage s { edit x on enter { set y to "a" erase x, y } move to e } final stage e { } }`
    const told = tell('- start: { x: b }\n- expect: { fields: { x: erased, y: erased } }', { process: 'p', workspace })
    expect(told.wrong).toEqual([])
  })

  it('takes those who may move a case for its assignee while it has none', () => {
    const workspace = `role r
role other
process p { access r: see, move access other: see
stage s { on enter { notify assignee "Look" } move to e } final stage e { } }`
    const told = tell('- start: {}\n- expect: { notified: [r] }', { process: 'p', workspace })
    expect(told.wrong).toEqual([])
  })

  it('knows the assignee', () => {
    const steps = '- start: {}\n- give: offers\n- move: checked\n- signal: ask'
    expect(differs('{ notified: [assignee] }', steps)).toEqual([])
  })

  it('can be made before the case starts, of what there is by then', () => {
    expect(differs('{ letters: [], consent: { offers: given } }', '- give: offers')).toEqual([])
    expect(differs('{ stage: new, letters: [] }', '- give: offers')[0]).toBe('stage')
  })

  it('of an end tells success from others', () => {
    const workspace = `role r\nprocess p { access r: see, move stage s { move to good move to bad }
final stage good success { } final stage bad { } }`
    const endedBy = (to: string, ended: string) =>
      tell(`- start: {}\n- move: ${to}\n- expect: { ended: ${ended} }`, { process: 'p', workspace }).wrong
    expect([endedBy('good', 'success'), endedBy('good', 'true'), endedBy('bad', 'true')]).toEqual([[], [], []])
    expect(endedBy('bad', 'success')).toEqual(['ended', '  expected  success', '  found     true, without success'])
    expect(endedBy('bad', 'no')).toHaveLength(3)
  })
})
