import { describe, expect, it } from 'vitest'
import { type Action, addressOf, type ClientState, type Expression, type Value } from '../../engine/index.ts'
import {
  act,
  consentIs,
  field,
  fieldOf,
  letterOf,
  named,
  number,
  option,
  processOf,
  purposeOf,
  stageOf,
  text,
  workspaceOf,
} from './declarations.ts'
import { accepted, Story } from './story.ts'

const fields = named(
  fieldOf('contact', 'client email', { personal: ['delivery'] }),
  fieldOf('offers_mail', 'client email', { personal: ['offers'] }),
  fieldOf('other', 'email'),
  fieldOf('price', 'money'),
  fieldOf('kind', { kind: 'choice', options: ['big', 'small'] }),
  fieldOf('secret', 'text', { personal: ['offers'] }),
  fieldOf('helper', 'person'),
)

function doing(
  actions: readonly Action[],
  values: Readonly<Record<string, Value>> = {},
  client: ClientState = { email: 'card@client.example', consents: {} },
): Story {
  const process = processOf(
    'p',
    [
      stageOf('a', {
        rules: [
          { id: 'a.1', trigger: { kind: 'signal', signal: 'go' }, actions, at: { file: 'f', line: 1, column: 1 } },
        ],
      }),
    ],
    { fields },
  )
  const definition = workspaceOf(process, {
    purposes: named(purposeOf('delivery', 'contract'), purposeOf('offers', 'consent')),
    letters: named(letterOf('plain'), letterOf('spring', 'offers')),
    webhooks: {
      till: { name: 'till', url: 'https://till.example', purpose: 'delivery', at: { file: 'f', line: 2, column: 1 } },
    },
    documents: {
      bill: { name: 'bill', title: {}, body: {}, uses: [], at: { file: 'f', line: 3, column: 1 } },
      ad: { name: 'ad', title: {}, body: {}, uses: [], purpose: 'offers', at: { file: 'f', line: 3, column: 1 } },
    },
  })
  const story = new Story(definition, 'p', { client })
  story.state = { ...story.state, values }
  story.tell({ type: 'signal', by: { kind: 'system' }, signal: 'go' })
  return story
}

const send = (letter: string, to: Extract<Action, { kind: 'send' }>['to']): Action =>
  act({ kind: 'send', letter, to, attach: [] })
const toClient = { kind: 'client' } as const
const given: ClientState = { consents: { offers: 'given' } }

describe('a letter', () => {
  it('to the client goes to the case’s own address before the card’s', () => {
    const story = doing([send('plain', toClient)], { contact: 'order@client.example' })
    expect(addressOf(story.machine, story.state, toClient)).toBe('order@client.example')
    expect(story.letters()).toEqual(['plain'])
    const bare = doing([])
    expect(addressOf(bare.machine, bare.state, toClient)).toBe('card@client.example')
  })

  it('never goes to an address that is out of reach', () => {
    const values = { offers_mail: 'offers@client.example' }
    const without = doing([send('plain', toClient)], values, { consents: {} })
    expect(addressOf(without.machine, without.state, toClient)).toBeUndefined()
    expect(without.letters()).toEqual([])
    const story = doing([send('plain', toClient)], values, given)
    expect(addressOf(story.machine, story.state, toClient)).toBe('offers@client.example')
  })

  it('that can’t go is skipped with the reason, those who may move the case are told, and no value is', () => {
    const story = doing(
      [send('plain', toClient), send('plain', { kind: 'field', field: 'other' })],
      { secret: 'lilies' },
      { name: 'Anna', consents: {} },
    )
    expect(accepted(story.last).log.slice(1)).toMatchObject([
      { type: 'letter skipped', letter: 'plain', because: 'the client has no e-mail address', rule: 'a.1' },
      { type: 'letter skipped', letter: 'plain', because: '`other` holds no e-mail address that may be used' },
    ])
    expect(story.effects('notify')).toMatchObject([
      {
        to: { kind: 'movers' },
        text: { en: 'The letter `plain` of case 7 was not sent: the client has no e-mail address' },
        seq: story.state.seq - 1,
      },
      { to: { kind: 'movers' } },
    ])
    expect(JSON.stringify(accepted(story.last).log)).not.toMatch(/lilies|Anna/)
  })

  it('for a purpose goes only to those who consented', () => {
    const refused = doing([send('spring', toClient)])
    expect(refused.letters()).toEqual([])
    expect(accepted(refused.last).log[1]?.because).toBe('consent to offers is none')
    expect(doing([send('spring', toClient)], {}, { ...given, email: 'a@b.example' }).letters()).toEqual(['spring'])
  })

  it('goes to a role, a field and an assignee there is', () => {
    expect(doing([send('plain', { kind: 'role', role: 'clerk' })]).letters()).toEqual(['plain'])
    expect(doing([send('plain', { kind: 'field', field: 'other' })], { other: 'x@y.example' }).letters()).toEqual([
      'plain',
    ])
    expect(doing([send('plain', { kind: 'assignee' })]).letters()).toEqual([])
    const assigned = doing(
      [act({ kind: 'assign', to: { person: field('helper', 'person') } }), send('plain', { kind: 'assignee' })],
      { helper: 'ada' },
    )
    expect(assigned.letters()).toEqual(['plain'])
    expect(assigned.state.assignee).toBe('ada')
    expect(assigned.effects('assign')).toEqual([{ type: 'assign', to: { person: 'ada' } }])
  })

  it('is composed from the case as it was, before an erase that follows it', () => {
    const story = doing([send('plain', toClient), act({ kind: 'erase', fields: ['contact'] })], {
      contact: 'order@client.example',
    })
    expect(story.effects('letter')[0]?.state.values).toEqual({ contact: 'order@client.example' })
    expect(story.state.values).toEqual({})
  })
})

describe('a value set by a rule', () => {
  const set = (name: string, value: Expression) => act({ kind: 'set', field: name, value })

  it('is rounded to cents where it is money, and cleared where it is missing', () => {
    const third = { kind: 'arithmetic', operator: '/', left: number(10), right: number(3), type: 'money' } as const
    expect(doing([set('price', third)]).state.values).toEqual({ price: 3.33 })
    expect(doing([set('price', { ...third, right: number(0) })], { price: 5 }).state.values).toEqual({})
  })

  it('that does not fit or may not be held is left out, and the history says so', () => {
    const misfit = doing([set('kind', option('huge'))], { kind: 'big' })
    expect(misfit.state.values).toEqual({ kind: 'big' })
    expect(accepted(misfit.last).log[1]?.because).toContain('must be one of big, small')
    const held = doing([set('secret', text('lilies'))])
    expect(held.state.values).toEqual({})
    expect(accepted(held.last).log[1]).toMatchObject({
      type: 'set',
      fields: ['secret'],
      because: expect.stringContaining('consent'),
    })
    expect(doing([set('secret', text('lilies'))], {}, given).state.values).toEqual({ secret: 'lilies' })
  })
})

describe('other actions', () => {
  it('become effects as data', () => {
    const story = doing(
      [
        act({ kind: 'assign', to: { role: 'clerk' } }),
        act({ kind: 'start', process: 'q', with: { price: field('price', 'money'), secret: field('secret') } }),
        act({ kind: 'write', document: 'bill' }),
        act({ kind: 'write', document: 'ad' }),
        act({ kind: 'call', webhook: 'till', with: ['price', 'secret'] }),
        act({ kind: 'notify', to: { kind: 'assignee' }, text: { en: 'look' } }, consentIs('offers')),
      ],
      { price: 5, secret: 'lilies' },
    )
    expect(accepted(story.last).effects).toMatchObject([
      { type: 'assign', to: { role: 'clerk' } },
      { type: 'start', process: 'q', values: { price: 5 } },
      { type: 'write', document: 'bill' },
      { type: 'call', webhook: 'till', fields: ['price'] },
    ])
    expect(story.log()).toEqual(['signal', 'assign', 'start', 'write', 'write', 'call'])
    const seqs = accepted(story.last).log.map((entry) => entry.seq)
    expect(seqs).toEqual(seqs.map((_, index) => story.state.seq - seqs.length + 1 + index))
  })

  it('erase the client: the card and every personal value go, the record of consents stays', () => {
    const story = doing(
      [act({ kind: 'erase client' })],
      { price: 5, contact: 'a@b.example', secret: 'x' },
      { name: 'Anna', email: 'a@b.example', consents: { offers: 'given' } },
    )
    expect(story.state.values).toEqual({ price: 5 })
    expect(story.state.client).toEqual({ consents: { offers: 'given' } })
    expect(story.effects('erase client')).toHaveLength(1)
  })
})
