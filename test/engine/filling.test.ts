import { describe, expect, it } from 'vitest'
import { type Definition, type NewCase, type Values, visibleFields } from '../../engine/index.ts'
import {
  at,
  compare,
  consentIs,
  field,
  fieldOf,
  named,
  option,
  processOf,
  purposeOf,
  shown,
  stageOf,
  workspaceOf,
} from './declarations.ts'
import { florist } from './florist.ts'
import { accepted, client, evidence, refusal, Story, staff } from './story.ts'

const process = processOf(
  'job',
  [
    stageOf('a', {
      at: at(5),
      show: [
        { field: 'hint', to: ['client'], at: at(6) },
        { field: 'wage', to: ['boss'], at: at(6) },
      ],
      edit: [...shown('price'), { field: 'note', to: ['clerk'], at: at(7) }],
    }),
    stageOf('b', { edit: shown('wage'), final: true, success: true }),
  ],
  {
    moves: 'free',
    access: { boss: ['see', 'move'], clerk: ['edit', 'move'], porter: ['move'] },
    fields: named(
      fieldOf('price', 'money'),
      fieldOf('note', 'text'),
      fieldOf('wage', 'money'),
      fieldOf('hint', 'text'),
      fieldOf('secret', 'text', { personal: ['care'] }),
      fieldOf('country', { kind: 'choice', options: ['pl', 'de'] }, { default: option('pl') }),
    ),
    show: shown('secret', 'country'),
  },
)

const definition: Definition = workspaceOf(process, {
  purposes: named(purposeOf('care', 'consent')),
  forms: named(
    {
      name: 'short',
      title: { en: 'Short' },
      starts: 'job',
      questions: [
        {
          ask: { field: 'note' },
          required: true,
          when: compare(field('country', 'choice'), '=', option('de'), 'choice'),
          at: at(80),
        },
        { ask: { field: 'hint' }, required: true, when: { kind: 'filled', field: 'note' }, at: at(81) },
        {
          ask: { field: 'price' },
          required: true,
          when: compare(field('country', 'choice'), '=', option('pl'), 'choice'),
          at: at(82),
        },
      ],
      at: at(79),
    },
    {
      name: 'ask',
      title: { en: 'Ask' },
      starts: 'job',
      questions: [
        { ask: { field: 'country' }, required: true, at: at(90) },
        {
          ask: { field: 'note' },
          required: true,
          when: compare(field('country', 'choice'), '=', option('de'), 'choice'),
          at: at(91),
        },
        { ask: { consent: 'care' }, required: true, at: at(92) },
        { ask: { field: 'secret' }, required: true, when: consentIs('care'), at: at(93) },
      ],
      at: at(89),
    },
  ),
})

const job = () => new Story(definition, 'job')

describe('filling in', () => {
  it('is for those with `edit`, at a stage that says so, to those it names', () => {
    const each = job()
    accepted(each.fill({ price: '3', note: 'x' }, staff('clerk')))
    expect(each.state.values).toMatchObject({ price: 3, note: 'x' })
    const { code, because } = refusal(each.fill({ wage: 1 }, staff('clerk')))
    expect(code).toBe('not-editable')
    expect(because).toBe('“wage” (`wage`) is not editable for you at “a” (test.zgoda:5); it is at “b”')
    expect(refusal(each.fill({ price: 1 }, staff('boss'))).code).toBe('not-editable')
    expect(refusal(each.fill({ nothing: 1 }, staff('clerk'))).because).toContain('not editable')
    expect(refusal(each.fill({ ['__proto__']: 1 }, staff('clerk'))).code).toBe('not-editable')
  })

  it('is all or nothing, and names every field at fault', () => {
    const each = job()
    const before = each.state
    const decision = each.fill({ note: 'y', price: '12.345' }, staff('clerk'))
    expect(refusal(decision)).toMatchObject({ code: 'invalid-value', fields: ['price'] })
    expect(each.state).toBe(before)
  })

  it('clears with nothing', () => {
    const each = job()
    each.fill({ price: 3 }, staff('clerk'))
    each.fill({ price: null }, staff('clerk'))
    expect(each.state.values).toEqual({ country: 'pl' })
    expect(accepted(each.last).log).toMatchObject([{ type: 'fill', fields: ['price'], by: { id: 'ada' } }])
  })

  it('leaves a name in the history, never a value', () => {
    const each = job()
    each.fill({ note: 'lilies' }, staff('clerk'))
    expect(JSON.stringify(accepted(each.last).log)).not.toContain('lilies')
  })
})

describe('what a viewer sees', () => {
  const seen = (each: Story, ...roles: string[]) =>
    Object.fromEntries(visibleFields(each.machine, each.state, { kind: 'staff', roles }))

  it('follows stage, role and right', () => {
    const each = job()
    expect(seen(each, 'clerk')).toEqual({ price: 'edit', note: 'edit', country: 'read' })
    expect(seen(each, 'boss')).toEqual({ price: 'read', wage: 'read', country: 'read' })
    expect(seen(each, 'porter')).toEqual({})
    expect(seen(each)).toEqual({})
  })

  it('holds a field that needs consent only while there is one', () => {
    const each = job()
    each.consent('care', 'given')
    expect(seen(each, 'clerk')).toHaveProperty('secret', 'read')
    each.consent('care', 'withdrawn')
    expect(seen(each, 'clerk')).not.toHaveProperty('secret')
  })

  it('is, for a client, only what is shown to the client', () => {
    const each = job()
    expect([...visibleFields(each.machine, each.state, { kind: 'client' })]).toEqual([['hint', 'read']])
  })

  it('can’t be edited in a case that has ended', () => {
    const each = job()
    each.move('b', 'boss')
    expect(seen(each, 'clerk')).toEqual({ wage: 'read', country: 'read' })
  })
})

describe('starting a case', () => {
  const start = (values: Values, form?: NewCase['form']) =>
    new Story(definition, 'job', { values, ...(form && { form }) })
  const form = (consents: Readonly<Record<string, 'given' | 'refused'>>) => ({ name: 'ask', consents, evidence })

  it('fills in defaults where nothing was given', () => {
    expect(start({}).state.values).toEqual({ country: 'pl' })
    expect(start({ country: 'de' }).state.values).toEqual({ country: 'de' })
  })

  it('needs the right to move, and values that may be edited in the first stage', () => {
    const by = (roles: string[], values: Values) => () => new Story(definition, 'job', { by: staff(...roles), values })
    expect(by(['clerk'], { price: 1 })).not.toThrow()
    expect(by(['clerk'], { wage: 1 })).toThrow(/not-editable/)
    expect(by(['guest'], {})).toThrow(/role-missing/)
    expect(() => new Story(definition, 'job', { by: client })).toThrow(/not shown in the portal/)
    expect(() => new Story(florist, 'order', { by: client })).not.toThrow()
  })

  it('by a form takes what it asks, and no more', () => {
    const each = start({ country: 'de', note: 'x', secret: 'lilies' }, form({ care: 'given' }))
    expect(each.state.values).toEqual({ country: 'de', note: 'x', secret: 'lilies' })
    expect(() => start({ country: 'pl', wage: 1 }, form({ care: 'refused' }))).toThrow(/invalid-value/)
    expect(() => start({ country: 'pl' }, form({ care: 'refused', other: 'given' }))).toThrow(/invalid-value/)
    expect(() => start({}, { name: 'order_form', consents: {}, evidence })).toThrow(/not-declared/)
  })

  it('by a form needs every required answer of the questions that are asked', () => {
    expect(() => start({ country: 'pl' }, form({}))).toThrow(/needs an answer to: care/)
    expect(() => start({ country: 'de' }, form({ care: 'refused' }))).toThrow(/needs an answer to: note/)
    expect(() => start({ country: 'pl' }, form({ care: 'given' }))).toThrow(/needs an answer to: secret/)
    expect(start({ country: 'pl' }, form({ care: 'refused' })).stage).toBe('a')
  })

  it('by a form asks by defaults, and never by the answer to what it did not ask', () => {
    const short = { name: 'short', consents: {}, evidence }
    expect(() => start({}, short)).toThrow(/needs an answer to: price/)
    expect(start({ price: 1, note: 'x' }, short).state.values).toEqual({ price: 1, country: 'pl' })
  })

  it('by a form leaves out answers to questions that are not asked', () => {
    const each = start({ country: 'pl', note: 'x', secret: 'lilies' }, form({ care: 'refused' }))
    expect(each.state.values).toEqual({ country: 'pl' })
    expect(each.state.client.consents).toEqual({ care: 'refused' })
  })
})
