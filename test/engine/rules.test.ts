import { describe, expect, it } from 'vitest'
import type { Action, Process, Rule, Stage } from '../../engine/index.ts'
import {
  act,
  at,
  compare,
  consentIs,
  field,
  fieldOf,
  goTo,
  letterOf,
  named,
  notify,
  number,
  processOf,
  purposeOf,
  rule,
  shown,
  stageOf,
  workspaceOf,
} from './declarations.ts'
import { accepted, client, evidence, refusal, Story, staff, system } from './story.ts'

const price = (operator: '>' | '<', limit: number) => compare(field('price', 'number'), operator, number(limit))
const setPrice = (value: number): Action => act({ kind: 'set', field: 'price', value: number(value) })
const given: Rule['trigger'] = { kind: 'consent', purpose: 'care', decision: 'given' }

function story(stages: readonly Stage[], more: Partial<Process> = {}): Story {
  const process = processOf('p', stages, {
    fields: named(
      fieldOf('price', 'number'),
      fieldOf('due', 'date and time'),
      fieldOf('secret', 'text', { personal: ['care'] }),
    ),
    edit: shown('price', 'due'),
    ...more,
  })
  const definition = workspaceOf(process, {
    purposes: named(purposeOf('care', 'explicit consent')),
    letters: named(letterOf('ask')),
    forms: named({
      name: 'consents',
      title: { en: 'Consents' },
      fills: 'p',
      questions: [{ ask: { consent: 'care' }, required: true, at: at(9) }],
      at: at(9),
    }),
  })
  return new Story(definition, 'p')
}

const told = (each: Story) => each.effects('notify').map((effect) => effect.text.en)
const end = stageOf('end', { final: true, success: true })

describe('candidates of a trigger', () => {
  it('are tried in the order of writing, and the first that matches wins', () => {
    const each = story([
      stageOf('a', {
        rules: [
          rule('a.signal.1', { kind: 'signal', signal: 'ring' }, [notify('dear')], { when: price('>', 10) }),
          rule('a.signal.2', { kind: 'signal', signal: 'ring' }, [notify('cheap')], { when: price('>', 1) }),
          rule('a.signal.3', { kind: 'signal', signal: 'ring' }, [notify('other')]),
        ],
      }),
      end,
    ])
    const ring = () => each.tell({ type: 'signal', by: system, signal: 'ring' })
    ring()
    expect(told(each)).toEqual(['other'])
    each.fill({ price: 11 })
    ring()
    expect(told(each)).toEqual(['dear'])
    each.fill({ price: 5 })
    ring()
    expect(told(each)).toEqual(['cheap'])
    expect(accepted(each.last).log[0]).toMatchObject({ type: 'signal', rule: 'a.signal.2' })
  })

  it('of the stage go before those of the process', () => {
    const signal: Rule['trigger'] = { kind: 'signal', signal: 'ring' }
    const each = story([stageOf('a', { rules: [rule('a.1', signal, [notify('stage')])] }), stageOf('b'), end], {
      rules: [rule('p.1', signal, [notify('process')])],
      moves: 'free',
    })
    each.tell({ type: 'signal', by: system, signal: 'ring' })
    expect(told(each)).toEqual(['stage'])
    each.move('b', 'clerk')
    each.tell({ type: 'signal', by: system, signal: 'ring' })
    expect(told(each)).toEqual(['process'])
    expect(refusal(each.tell({ type: 'signal', by: system, signal: 'knock' })).code).toBe('not-declared')
  })

  it('that no rule of the stage waits for change nothing', () => {
    const each = story([
      stageOf('a'),
      stageOf('b', { rules: [rule('b.1', { kind: 'signal', signal: 'ring' }), rule('b.2', { kind: 'cases done' })] }),
      end,
    ])
    const { code, because } = refusal(each.tell({ type: 'signal', by: system, signal: 'ring' }))
    expect(code).toBe('nothing-to-do')
    expect(because).toContain('`a` (test.zgoda:1)')
    expect(refusal(each.tell({ type: 'cases done', by: system })).code).toBe('nothing-to-do')
  })
})

describe('replies', () => {
  const saying = (id: string, letter: string, ...phrases: string[]) =>
    rule(id, { kind: 'reply', letter, saying: phrases }, [notify(id)])

  it('that say what a rule about another letter waits for say nothing known', () => {
    const each = story([
      stageOf('a', { rules: [saying('a.1', 'ask', 'yes', 'ok'), saying('a.2', 'other', 'no', 'ok')] }),
      end,
    ])
    each.reply('ask', 'yes', 'no')
    expect(told(each)).toEqual([])
    expect(accepted(each.last).log).toMatchObject([{ type: 'reply', letter: 'ask' }])
    each.reply('ask', 'ok')
    expect(told(each)).toEqual(['a.1'])
    each.reply('other', 'ok')
    expect(told(each)).toEqual(['a.2'])
    each.reply('third', 'ok')
    expect(told(each)).toEqual([])
  })

  it('that say what a rule of the process waits for too say nothing known', () => {
    const each = story([stageOf('a', { rules: [saying('a.1', 'ask', 'yes')] }), end], {
      rules: [saying('p.1', 'ask', 'stop')],
    })
    each.reply('ask', 'yes', 'stop')
    expect(told(each)).toEqual([])
    each.reply('ask', 'stop')
    expect(told(each)).toEqual(['p.1'])
  })
})

describe('actions', () => {
  it('see the case as changed by those before them', () => {
    const each = story([
      stageOf('a', {
        enter: [setPrice(5), notify('first', price('>', 4)), setPrice(1), notify('second', price('>', 4))],
      }),
      end,
    ])
    expect(told(each)).toEqual(['first'])
    expect(each.state.values.price).toBe(1)
  })

  it('of a rule come before those of leaving, and those before entering', () => {
    const each = story([
      stageOf('a', {
        leave: [notify('leave a')],
        rules: [rule('a.1', { kind: 'move', to: 'b' }, [notify('rule')])],
      }),
      stageOf('b', { enter: [notify('enter b')] }),
      end,
    ])
    each.move('b', 'clerk')
    expect(told(each)).toEqual(['rule', 'leave a', 'enter b'])
  })

  it('end in a `go to` that looks at what they have done', () => {
    const ring: Rule['trigger'] = { kind: 'signal', signal: 'ring' }
    const each = story([
      stageOf('a', {
        leave: [notify('leave a')],
        rules: [
          rule('a.1', ring, [
            act({ kind: 'set', field: 'price', value: { kind: 'count', of: field('due', 'date and time') } }),
            goTo('b', price('>', 0)),
          ]),
        ],
      }),
      stageOf('b'),
      end,
    ])
    each.tell({ type: 'signal', by: system, signal: 'ring' })
    expect(each.stage).toBe('a')
    each.fill({ due: '2026-05-09T10:00:00Z' })
    each.tell({ type: 'signal', by: system, signal: 'ring' })
    expect(each.stage).toBe('b')
    expect(told(each)).toEqual(['leave a'])
    expect(accepted(each.last).log[0]).toMatchObject({ type: 'signal', rule: 'a.1', from: 'a', to: 'b' })
    expect(each.state).not.toHaveProperty('going')
  })

  it('may send a case into the stage it is in: it is left and entered anew', () => {
    const each = story([
      stageOf('a', {
        enter: [notify('enter')],
        leave: [notify('leave')],
        rules: [
          rule('a.1', { kind: 'signal', signal: 'ring' }, [goTo('a')]),
          rule('a.2', { kind: 'after', delay: { amount: 1, unit: 'day', working: false } }, [goTo('end')]),
        ],
      }),
      end,
    ])
    each.now = '2026-05-05T00:00:00.000Z'
    each.tell({ type: 'signal', by: system, signal: 'ring' })
    expect(told(each)).toEqual(['leave', 'enter'])
    expect(each.state.timers).toEqual({ 'a.2': '2026-05-06T00:00:00.000Z' })
    expect(each.state.visited).toEqual(['a'])
  })
})

describe('a `when` rule', () => {
  it('goes as soon as its condition holds, also through several stages at once', () => {
    const each = story([
      stageOf('a', { rules: [rule('a.1', { kind: 'when' }, [goTo('b')], { when: price('>', 1) })] }),
      stageOf('b', { rules: [rule('b.1', { kind: 'when' }, [goTo('end')], { when: price('>', 2) })] }),
      end,
    ])
    each.fill({ price: 2 })
    expect(each.stage).toBe('b')
    each.fill({ price: 3 })
    expect(each.stage).toBe('end')
    expect(each.state.visited).toEqual(['a', 'b', 'end'])
    expect(each.log()).toEqual(['fill', 'when', 'ended'])
  })

  it('with actions alone fires once, and again only after its condition was false', () => {
    const each = story([
      stageOf('a', { rules: [rule('a.1', { kind: 'when' }, [notify('dear')], { when: price('>', 10) })] }),
      end,
    ])
    each.fill({ price: 11 })
    expect(told(each)).toEqual(['dear'])
    expect(each.state.fired).toEqual(['a.1'])
    each.fill({ price: 12 })
    expect(told(each)).toEqual([])
    each.fill({ price: 1 })
    expect(each.state.fired).toEqual([])
    each.fill({ price: 12 })
    expect(told(each)).toEqual(['dear'])
  })

  it('that sets off others for ever is refused, with the rules in the circle', () => {
    const each = story([
      stageOf('a', {
        rules: [rule('a.1', { kind: 'when' }, [goTo('b')], { when: price('>', 1), at: at(11) })],
      }),
      stageOf('b', {
        rules: [rule('b.1', { kind: 'when' }, [goTo('a')], { when: price('>', 1), at: at(22) })],
      }),
      end,
    ])
    const before = each.state
    const { code, because } = refusal(each.fill({ price: 2 }))
    expect(code).toBe('too-many-steps')
    expect(because).toContain('test.zgoda:11')
    expect(because).toContain('test.zgoda:22')
    expect(each.state).toBe(before)
  })

  it('of the process does not send a case where it is already', () => {
    const each = story([stageOf('a'), stageOf('b'), end], {
      rules: [rule('p.1', { kind: 'when' }, [goTo('b')], { when: price('>', 1) })],
    })
    each.fill({ price: 2 })
    expect(each.stage).toBe('b')
    accepted(each.fill({ price: 3 }))
  })
})

describe('timers', () => {
  const dayAfter: Rule['trigger'] = { kind: 'after', delay: { amount: 1, unit: 'day', working: false } }

  it('of a stage go with it', () => {
    const each = story([stageOf('a', { rules: [rule('a.1', dayAfter, [goTo('end')])] }), stageOf('b'), end], {
      moves: 'free',
    })
    each.move('b', 'clerk')
    expect(each.state.timers).toEqual({})
    expect(each.effects('cancel timer')).toEqual([{ type: 'cancel timer', key: 'a.1' }])
    expect(refusal(each.timer('a.1', '2026-05-06T00:00:00.000Z')).code).toBe('nothing-to-do')
  })

  it('whose condition does not hold when due do nothing but leave an entry', () => {
    const each = story([stageOf('a', { rules: [rule('a.1', dayAfter, [goTo('end')], { when: price('>', 1) })] }), end])
    each.timer('a.1')
    expect(each.stage).toBe('a')
    expect(accepted(each.last).log).toMatchObject([{ type: 'timer', rule: 'a.1' }])
    expect(each.state.timers).toEqual({})
  })

  it('that come before they are due count for nothing', () => {
    const each = story([stageOf('a', { rules: [rule('a.1', dayAfter, [goTo('end')])] }), end])
    expect(refusal(each.timer('a.1', each.now)).because).toContain('not due before 2026-05-05T12:00:00.000Z')
    accepted(each.timer('a.1', '2026-05-05T11:59:30.000Z'))
  })

  it('of the process run from the start to the end of a case, whatever its stage', () => {
    const each = story([stageOf('a'), stageOf('b'), end], {
      moves: 'free',
      rules: [rule('p.1', dayAfter, [goTo('end')])],
    })
    expect(each.state.timers).toEqual({ 'p.1': '2026-05-05T12:00:00.000Z' })
    each.now = '2026-05-05T00:00:00.000Z'
    each.move('b', 'clerk')
    expect(each.state.timers).toEqual({ 'p.1': '2026-05-05T12:00:00.000Z' })
    each.move('end', 'clerk')
    expect(each.state.timers).toEqual({})
  })

  it('at a time are planned when it is filled in by a rule, and once only', () => {
    const each = story([
      stageOf('a', {
        rules: [
          rule('a.1', { kind: 'at', time: field('due', 'date and time') }, [notify('now')]),
          rule('a.2', { kind: 'signal', signal: 'ring' }, [act({ kind: 'set', field: 'due', value: { kind: 'now' } })]),
        ],
      }),
      end,
    ])
    expect(each.state.timers).toEqual({})
    each.tell({ type: 'signal', by: system, signal: 'ring' })
    expect(each.state.timers).toEqual({ 'a.1': each.now })
    each.timer('a.1')
    expect(told(each)).toEqual(['now'])
    each.fill({ price: 1 })
    expect(each.state.timers).toEqual({})
  })

  it('at a time kept for a consent come and go with it', () => {
    const each = story(
      [stageOf('a', { rules: [rule('a.1', { kind: 'at', time: field('visit', 'date') }, [notify('visit')])] }), end],
      { fields: named(fieldOf('visit', 'date', { personal: ['care'] })) },
    )
    each.state = { ...each.state, values: { visit: '2026-06-01' } }
    each.consent('care', 'given')
    expect(each.state.timers).toEqual({ 'a.1': '2026-06-01T00:00:00.000Z' })
    each.consent('care', 'withdrawn')
    expect(each.state.timers).toEqual({})
    expect(each.effects('cancel timer')).toHaveLength(1)
    each.state = { ...each.state, values: { visit: '2026-01-01' } }
    each.consent('care', 'given')
    expect(each.state.timers).toEqual({})
  })
})

describe('consents', () => {
  const reply: Rule['trigger'] = { kind: 'reply', saying: ['yes'] }
  const record = act({ kind: 'record consent', purpose: 'care', decision: 'given' })

  it('recorded by a rule are told to the case’s rules before its `when`s', () => {
    const each = story([
      stageOf('a', {
        rules: [
          rule('a.1', reply, [record]),
          rule('a.2', given, [notify('thank you'), goTo('b')]),
          rule('a.3', { kind: 'when' }, [goTo('end')], { when: consentIs('care') }),
        ],
      }),
      stageOf('b'),
      end,
    ])
    each.reply('ask', 'yes')
    expect(each.stage).toBe('b')
    expect(told(each)).toEqual(['thank you'])
    expect(accepted(each.last).log).toMatchObject([
      { type: 'reply', rule: 'a.1' },
      { type: 'consent', rule: 'a.1', decision: 'given', by: { kind: 'client' } },
      { type: 'consent', rule: 'a.2', from: 'a', to: 'b' },
      { type: 'notify', rule: 'a.2' },
    ])
  })

  it('of a form are recorded before its rules run, with its evidence', () => {
    const each = story([
      stageOf('a', {
        rules: [
          rule('a.1', { kind: 'form', form: 'consents' }, [notify('form', consentIs('care'))]),
          rule('a.2', given, [notify('given')]),
        ],
      }),
      end,
    ])
    const answers = { type: 'form', by: client, form: 'consents', values: {}, evidence } as const
    expect(refusal(each.tell({ ...answers, consents: {} }))).toMatchObject({
      code: 'required-missing',
      fields: ['care'],
    })
    each.tell({ ...answers, consents: { care: 'given' } })
    expect(told(each)).toEqual(['form', 'given'])
    expect(each.effects('consent')).toEqual([{ type: 'consent', purpose: 'care', decision: 'given', evidence }])
  })

  it('are not recorded where nobody acted', () => {
    const each = story([stageOf('a', { rules: [rule('a.1', { kind: 'signal', signal: 'ring' }, [record])] }), end])
    each.tell({ type: 'signal', by: system, signal: 'ring' })
    expect(each.state.client.consents).toEqual({})
    expect(each.effects('consent')).toEqual([])
    expect(accepted(each.last).log[1]?.because).toContain('not recorded')
  })

  it('refused by a reply after they were given erase what was held for them', () => {
    const refuse = act({ kind: 'record consent', purpose: 'care', decision: 'refused' })
    const each = story([
      stageOf('a', { rules: [rule('a.1', reply, [record]), rule('a.2', { kind: 'reply', saying: ['no'] }, [refuse])] }),
      end,
    ])
    each.reply('ask', 'yes')
    each.fill({ secret: 'lilies' })
    each.reply('ask', 'no')
    expect(each.state.values).toEqual({})
    expect(each.effects('erase')).toEqual([{ type: 'erase', fields: ['secret'] }])
  })

  it('withdrawn are seen by rules with the values gone', () => {
    const withdrawn: Rule['trigger'] = { kind: 'consent', purpose: 'care', decision: 'withdrawn' }
    const each = story([
      stageOf('a', {
        rules: [rule('a.1', withdrawn, [notify('gone', { kind: 'missing', field: 'secret' }), goTo('end')])],
      }),
      end,
    ])
    each.consent('care', 'given')
    each.fill({ secret: 'lilies' })
    each.consent('care', 'withdrawn')
    expect(told(each)).toEqual(['gone'])
    expect(each.stage).toBe('end')
    expect(accepted(each.last).effects.map((effect) => effect.type)).toEqual(['erase', 'notify'])
  })

  it('refused where nothing was held leave one entry and no more', () => {
    const each = story([stageOf('a'), end])
    each.consent('care', 'refused')
    expect(each.log()).toEqual(['consent'])
    expect(each.effects('erase')).toEqual([{ type: 'erase', fields: ['secret'] }])
  })

  it('for purposes nobody declared are refused', () => {
    const each = story([stageOf('a'), end])
    expect(refusal(each.consent('constructor', 'given')).code).toBe('not-declared')
  })
})

describe('a stage that needs a consent', () => {
  const needs = (otherwise: string) => [{ purpose: 'care', otherwise, at: at(5) }]
  const reply: Rule['trigger'] = { kind: 'reply', saying: [] }

  it('is never entered without it, not even for its first action', () => {
    const each = story([
      stageOf('a', { rules: [rule('a.1', { kind: 'signal', signal: 'ring' }, [goTo('b')])] }),
      stageOf('b', { needs: needs('c'), enter: [notify('in b')] }),
      stageOf('c', { enter: [notify('in c')] }),
      end,
    ])
    each.tell({ type: 'signal', by: system, signal: 'ring' })
    expect(each.state.visited).toEqual(['a', 'c'])
    expect(told(each)).toEqual(['in c'])
    expect(accepted(each.last).log).toMatchObject([
      { type: 'signal' },
      { type: 'needs consent', purpose: 'care', from: 'a', to: 'c' },
      { type: 'notify' },
    ])
    expect(accepted(each.last).log[0]).not.toHaveProperty('to')
  })

  it('that is the first one sends a new case elsewhere, whose own needs count too', () => {
    const each = story([stageOf('a', { needs: needs('b') }), stageOf('b', { needs: needs('c') }), stageOf('c'), end])
    expect(each.state.visited).toEqual(['c'])
    expect(each.stage).toBe('c')
  })

  it('is left the moment the consent is recorded as refused', () => {
    const each = story([
      stageOf('a', {
        rules: [rule('a.1', reply, [act({ kind: 'record consent', purpose: 'care', decision: 'given' }), goTo('b')])],
      }),
      stageOf('b', {
        needs: needs('c'),
        rules: [rule('b.1', reply, [act({ kind: 'record consent', purpose: 'care', decision: 'refused' })])],
      }),
      stageOf('c'),
      end,
    ])
    each.reply('ask', 'x')
    expect(each.stage).toBe('b')
    each.reply('ask', 'y')
    expect(each.stage).toBe('c')
  })

  it('tells its rules of the refusal before it is left', () => {
    const refused: Rule['trigger'] = { kind: 'consent', purpose: 'care', decision: 'refused' }
    const each = story([
      stageOf('a', {
        rules: [rule('a.1', reply, [act({ kind: 'record consent', purpose: 'care', decision: 'given' }), goTo('b')])],
      }),
      stageOf('b', {
        needs: needs('c'),
        rules: [
          rule('b.1', reply, [act({ kind: 'record consent', purpose: 'care', decision: 'refused' })]),
          rule('b.2', refused, [notify('told')]),
        ],
      }),
      stageOf('c', { enter: [notify('in c')] }),
      end,
    ])
    each.reply('ask', 'x')
    each.reply('ask', 'y')
    expect(told(each)).toEqual(['told', 'in c'])
  })

  it('refuses a person’s move and says which consent', () => {
    const each = story([stageOf('a'), stageOf('b', { needs: needs('end') }), end], { moves: 'free' })
    const { code, because } = refusal(each.move('b', 'clerk'))
    expect(code).toBe('consent-missing')
    expect(because).toContain('`care`, which is none (test.zgoda:5)')
  })

  it('that sends cases round in a circle is refused', () => {
    const ring: Rule['trigger'] = { kind: 'signal', signal: 'ring' }
    const each = story([
      stageOf('a', { rules: [rule('a.1', ring, [goTo('b')])] }),
      stageOf('b', { needs: needs('c') }),
      stageOf('c', { needs: needs('b') }),
      end,
    ])
    expect(refusal(each.tell({ type: 'signal', by: system, signal: 'ring' })).code).toBe('too-many-steps')
  })
})

describe('a case that has ended', () => {
  it('takes no moves, answers or values', () => {
    const each = story([stageOf('a'), end], { moves: 'free' })
    each.move('end', 'clerk')
    expect(each.state.ended).toBe('success')
    for (const decision of [
      each.move('a', 'clerk'),
      each.fill({ price: 1 }, staff('clerk')),
      each.reply('ask', 'yes'),
      each.tell({ type: 'signal', by: system, signal: 'ring' }),
      each.tell({ type: 'form', by: client, form: 'consents', values: {}, consents: {}, evidence }),
    ]) {
      expect(refusal(decision).code).toBe('case-ended')
    }
  })

  it('can still be erased, by those who may', () => {
    const each = story([stageOf('a'), end], { moves: 'free', access: { clerk: ['move', 'erase'], guest: ['see'] } })
    each.consent('care', 'given')
    each.fill({ secret: 'lilies' })
    each.move('end', 'clerk')
    const erase = (by = staff('clerk'), ...fields: string[]) => each.tell({ type: 'erase', by, fields })
    expect(refusal(erase(staff('guest'), 'secret'))).toMatchObject({ code: 'role-missing' })
    expect(refusal(erase(client, 'secret')).code).toBe('role-missing')
    expect(refusal(erase(staff('clerk'), 'toString')).code).toBe('not-declared')
    expect(refusal(erase(staff('clerk'))).code).toBe('nothing-to-do')
    accepted(erase(staff('clerk'), 'secret'))
    expect(each.state.values).toEqual({})
    expect(accepted(each.last).log).toMatchObject([{ type: 'erase', fields: ['secret'], by: { kind: 'staff' } }])
  })
})
