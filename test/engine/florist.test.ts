import { describe, expect, it } from 'vitest'
import { possibleMoves, visibleFields } from '../../engine/index.ts'
import { readExample } from './examples.ts'
import { florist as byHand } from './florist.ts'
import { accepted, evidence, refusal, Story, staff } from './story.ts'

describe.each([
  ['written by hand', byHand],
  ['read from its text', readExample('florist/text')],
])('an order of flowers, %s', (_, florist) => {
  const order = (values = {}) => new Story(florist, 'order', { values: { bouquet: 'roses', ...values } })

  it('starts in the first stage, fills in defaults, sends the letter and sets the timer', () => {
    const story = order()
    expect(story.stage).toBe('waiting')
    expect(story.state.values).toEqual({ bouquet: 'roses', paid: false })
    expect(story.letters()).toEqual(['ask_consent'])
    expect(story.state.timers).toEqual({ 'waiting.after.1': '2026-05-18T12:00:00.000Z' })
    expect(story.effects('timer')).toHaveLength(1)
    expect(accepted(story.last).log).toMatchObject([
      { seq: 1, type: 'started', to: 'waiting', fields: ['bouquet'] },
      { seq: 2, type: 'letter', letter: 'ask_consent', rule: 'waiting.enter', by: { kind: 'rule' } },
    ])
    expect(story.state.seq).toBe(2)
  })

  it('goes to Arranging by itself once the client agrees, with the evidence', () => {
    const story = order()
    story.reply('ask_consent', 'Hello,', ' „I AGREE!” ', 'Anna')
    expect(story.stage).toBe('arranging')
    expect(story.state.client.consents).toEqual({ allergies: 'given' })
    expect(story.effects('consent')).toEqual([{ type: 'consent', purpose: 'allergies', decision: 'given', evidence }])
    expect(story.effects('cancel timer')).toEqual([{ type: 'cancel timer', key: 'waiting.after.1' }])
    expect(story.state.timers).toEqual({})
    expect(accepted(story.last).log).toMatchObject([
      { type: 'reply', rule: 'waiting.reply.1', letter: 'ask_consent', by: { kind: 'client' } },
      { type: 'consent', purpose: 'allergies', decision: 'given', by: { kind: 'client' } },
      { type: 'when', rule: 'waiting.when.1', from: 'waiting', to: 'arranging' },
    ])
  })

  it('is carried out all the same when the client refuses, in Polish too', () => {
    const story = order()
    story.reply('ask_consent', 'Nie.')
    expect(story.stage).toBe('arranging')
    expect(story.state.client.consents).toEqual({ allergies: 'refused' })
  })

  it('takes a letter with both phrases for neither, and asks a person to read it', () => {
    const story = order()
    story.reply('ask_consent', 'I agree', 'no')
    expect(story.stage).toBe('waiting')
    expect(story.state.client.consents).toEqual({})
    expect(story.effects('notify')).toMatchObject([{ to: { kind: 'role', role: 'florist' } }])
  })

  it('takes words around the phrase for no answer', () => {
    const story = order()
    story.reply('ask_consent', 'I do not think I agree')
    expect(story.state.client.consents).toEqual({})
    story.reply('receipt', 'I agree')
    expect(story.state.client.consents).toEqual({})
    expect(story.stage).toBe('waiting')
  })

  it('is cancelled after fourteen days of silence, and its personal data are erased', () => {
    const story = order({ address: 'Rose Street 1', contact: 'a@b.example' })
    story.timer('waiting.after.1')
    expect(story.stage).toBe('cancelled')
    expect(story.state.ended).toBe('other')
    expect(story.state.values).toEqual({ bouquet: 'roses', paid: false })
    expect(story.effects('erase')).toEqual([{ type: 'erase', fields: ['address', 'contact', 'allergy'] }])
    expect(story.log()).toEqual(['timer', 'erase', 'ended'])
  })

  it('can’t be brought to Arranging by hand, and says what leads there', () => {
    const story = order()
    const { code, because } = refusal(story.move('arranging', 'manager'))
    expect(code).toBe('manual-entry-forbidden')
    expect(because).toContain('manual entry (order.zgoda:27)')
    expect(because).toContain('when consent to allergies in (given, refused) (order.zgoda:22)')
  })

  it('delivers only when paid, with a price and by a florist', () => {
    const story = order()
    story.reply('ask_consent', 'no')
    expect(refusal(story.move('delivered', 'manager'))).toMatchObject({ code: 'role-missing' })
    expect(refusal(story.move('delivered', 'florist'))).toMatchObject({ code: 'required-missing', fields: ['price'] })
    story.fill({ price: '12.50' }, staff('florist'))
    const { code, because } = refusal(story.move('delivered', 'florist'))
    expect(code).toBe('condition-not-met')
    expect(because).toContain('only when paid and price > 0 (order.zgoda:32)')
    story.fill({ paid: 'yes' }, staff('florist'))
    accepted(story.move('delivered', 'florist'))
    expect(story.state.ended).toBe('success')
  })

  it('erases address and contact thirty days after delivery, though the case has ended', () => {
    const story = order({ address: 'Rose Street 1', contact: 'a@b.example', price: 3, paid: true })
    story.reply('ask_consent', 'no')
    accepted(story.move('delivered', 'florist'))
    expect(story.effects('letter')[0]?.state.values).toMatchObject({ address: 'Rose Street 1' })
    expect(story.state.timers).toEqual({ 'erase:delivered.enter.3': '2026-06-03T12:00:00.000Z' })
    accepted(story.timer('erase:delivered.enter.3'))
    expect(story.effects('erase')).toEqual([{ type: 'erase', fields: ['address', 'contact'] }])
    expect(story.state.values).toEqual({ bouquet: 'roses', price: 3, paid: true })
    expect(story.state.timers).toEqual({})
    expect(refusal(story.timer('erase:delivered.enter.3')).code).toBe('nothing-to-do')
  })

  it('started by the form sees its consents before the first letter', () => {
    const story = new Story(florist, 'order', {
      values: { bouquet: 'tulips', address: 'Rose Street 1', allergy: 'lilies' },
      form: { name: 'order_form', consents: { allergies: 'given', offers: 'refused' }, evidence },
    })
    expect(story.stage).toBe('arranging')
    expect(story.letters()).toEqual([])
    expect(story.state.values).toMatchObject({ allergy: 'lilies' })
    expect(story.effects('consent')).toHaveLength(2)
    expect(story.log()).toEqual(['started', 'consent', 'consent', 'when'])
  })

  it('hides the allergy before consent and after withdrawal, and erases it', () => {
    const story = order()
    const seen = () => [...visibleFields(story.machine, story.state, { kind: 'staff', roles: ['florist'] })]
    expect(seen()).toEqual([
      ['bouquet', 'edit'],
      ['price', 'edit'],
      ['address', 'edit'],
      ['contact', 'edit'],
    ])
    story.reply('ask_consent', 'I agree')
    expect(seen()).toEqual([
      ['bouquet', 'read'],
      ['price', 'edit'],
      ['paid', 'edit'],
      ['address', 'read'],
      ['allergy', 'read'],
    ])
    expect(refusal(story.fill({ allergy: 'lilies' }, staff('florist')))).toMatchObject({ code: 'not-editable' })
    accepted(story.fill({ allergy: 'lilies' }))
    story.consent('allergies', 'withdrawn')
    expect(story.stage).toBe('arranging')
    expect(story.state.values).not.toHaveProperty('allergy')
    expect(story.effects('erase')).toEqual([{ type: 'erase', fields: ['allergy'] }])
    expect(seen().map(([name]) => name)).not.toContain('allergy')
  })

  it('lists every other stage with the answer a move there would get', () => {
    const story = order()
    const moves = possibleMoves(story.machine, story.state, staff('florist'), { now: story.now })
    expect(moves).toMatchObject([
      { to: 'arranging', title: { en: 'Arranging' }, allowed: false, declared: false, code: 'manual-entry-forbidden' },
      { to: 'delivered', allowed: false, declared: false, code: 'not-declared' },
      { to: 'cancelled', allowed: true, declared: true },
    ])
    story.move('cancelled', 'florist')
    expect(possibleMoves(story.machine, story.state, staff('florist'), { now: story.now })).toEqual([])
  })
})
