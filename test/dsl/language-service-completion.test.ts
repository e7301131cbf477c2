import { describe, expect, it } from 'vitest'
import { complete } from '../../dsl/language-service/index.ts'
import { everyKind, florist, replaced, workspaceOf } from './written-workspace.ts'

/** What is offered at `|>` in a file of the flower shop in which some words are replaced. */
function offered(notation: 'text' | 'yaml', file: string, words: string, by: string): string[] {
  const shop = florist(notation)
  const text = replaced(shop, file, words, by)
  shop.set(file, text.replace('|>', ''))
  return complete(shop, file, text.indexOf('|>')).items.map(({ label }) => label)
}

const fields = ['bouquet', 'price', 'paid', 'address', 'contact', 'allergy']
const stages = ['waiting', 'arranging', 'delivered', 'cancelled']
const purposes = ['delivery', 'allergies', 'offers']
const roles = ['florist', 'manager']
const letters = ['ask_consent', 'receipt', 'spring']
const values = [
  ...fields,
  'yes',
  'no',
  'today',
  'now',
  'count',
  'lower',
  'length',
  'days between',
  'client',
  'case',
  'not',
  'consent to',
  'stage was',
]
const statuses = ['none', 'given', 'refused', 'withdrawn', 'expired']
const inStage = [
  'show',
  'edit',
  'require',
  'forbid manual entry',
  'needs consent to',
  'on',
  'after',
  'at',
  'when',
  'move to',
]
const inRule = ['send', 'notify', 'set', 'erase', 'record consent to', 'assign to', 'start', 'write', 'call', 'go to']
const types = [
  'text',
  'long text',
  'number',
  'money',
  'date',
  'date and time',
  'yes/no',
  'email',
  'phone',
  'client email',
  'client phone',
  'file',
  'link',
  'person',
  'choice',
  'many',
]

describe('completion in Zgoda text', () => {
  it.each([
    ['a stage after `go to`', 'after 14 days go to |>', stages],
    ['what begins a statement on an empty line of a stage', '|>', inStage],
    ['the same where a word is begun', 'aft|>', inStage],
    ['what a condition begins with', 'when |>', values],
    ['what an action begins with', 'on enter {\n      |>\n    }', inRule],
    ['what goes on after a move', 'move to cancelled |>', ['by', 'as', 'when']],
    ['a role after `by`', 'move to cancelled by |>', roles],
    ['one more role', 'move to cancelled by florist, |>', roles],
    ['a letter after `send`', 'on enter { send |>', letters],
    ['whom a letter goes to', 'on enter { send receipt to |> }', [...roles, ...fields, 'client', 'assignee']],
    ['who gets a notice', 'on enter { notify |> }', [...roles, 'everyone', 'assignee']],
    ['a purpose after `consent to`', 'when consent to |>', purposes],
    ['the state of a consent', 'when consent to offers is |>', statuses],
    ['what happens', 'on |>', ['enter', 'leave', 'reply from client', 'form', 'consent to', 'signal', 'cases done']],
    ['what was decided', 'on consent to offers |>', ['given', 'refused', 'withdrawn']],
    ['a part of the client', 'when client.|>', ['name', 'email', 'phone']],
    ['the rest of `otherwise`', 'needs consent to offers, otherwise |>', ['go to']],
    ['fields to show', 'show |>', fields],
    ['who sees a field', 'show price to |>', [...roles, 'client']],
  ])('offers %s', (_, by, expected) => {
    expect(offered('text', 'order.zgoda', 'after 14 days go to cancelled', by)).toEqual(expected)
  })

  it.each([
    ['an option of the field', 'when bouquet = |>', ['roses', 'tulips', '"wild flowers"']],
    ['an option in a list that is not closed', 'when bouquet in (roses, |>', ['roses', 'tulips', '"wild flowers"']],
    ['the stages of the case', 'when case.stage = |>', stages],
    ['a unit of time', 'after 14 |>', ['minutes', 'hours', 'days']],
    ['words that join conditions', 'when paid |>', ['and', 'or', 'is']],
  ])('offers %s first', (_, by, expected) => {
    const found = offered('text', 'order.zgoda', 'after 14 days go to cancelled', by)
    expect(found.slice(0, expected.length)).toEqual(expected)
  })

  it.each([
    ['a role', 'access |>', roles],
    ['rights', 'access florist: see, |>', ['see', 'move', 'edit', 'erase']],
    ['types', 'field size |>', types],
    ['what a field says beside its type', 'field size text |>', ['personal for', 'special', 'default']],
    ['purposes', 'field size text personal for |>', purposes],
  ])('offers %s in a process', (_, by, expected) => {
    expect(offered('text', 'order.zgoda', 'access florist: see, move, edit', by)).toEqual(expected)
  })

  it.each([
    ['legal grounds', 'basis contract', 'basis |>', ['consent', 'explicit consent', 'contract']],
    ['how long data are kept', 'keep 90 days after end', 'keep |>', ['until end']],
    ['fields and consents to ask for', '  ask contact', '  ask |>', [...fields, 'consent to']],
    ['a field of the process of the form', '  ask contact', '  ask contact when |>', fields],
    ['a process', 'starts order', 'starts |>', ['order', 'withdrawal']],
    ['declarations', 'form order_form', '|>\nform order_form', ['company', 'role', 'purpose']],
    ['fields in a letter', '**{{ bouquet }}**', '{{ |> }}', [...fields, 'case', 'client', 'company']],
    ['fields where a letter’s brackets are open', '**{{ bouquet }}**', '{{ pri|>', fields],
    ['parts of the client in a letter', '**{{ bouquet }}**', '{{ client.|> }}', ['name', 'email', 'phone']],
    ['purposes in a letter', '**{{ bouquet }}**', '{{ purpose.|> }}', purposes],
    ['fields in a condition of a letter', '**{{ bouquet }}**', '{% if |> %}{% endif %}', fields],
    ['filters in a letter', '**{{ bouquet }}**', '{{ price | |> }}', ['escape']],
  ])('offers %s', (_, words, by, expected) => {
    const found = offered('text', 'workspace.zgoda', words, by)
    expect(found.slice(0, expected.length)).toEqual(expected)
  })

  it.each([
    ['in a comment', '# after |>'],
    ['in a text', 'move to cancelled as "after |>"'],
    ['where a new name stands', 'on signal |>'],
  ])('offers nothing %s', (_, by) => {
    expect(offered('text', 'order.zgoda', 'after 14 days go to cancelled', by)).toEqual([])
  })

  it('offers the fields of the other process where a case of it is started', () => {
    const workspace = workspaceOf({ ...everyKind })
    const text = replaced(workspace, 'a.zgoda', 'start parcel with weight = weight', 'start complaint with |>')
    workspace.set('a.zgoda', text.replace('|>', ''))
    const { items } = complete(workspace, 'a.zgoda', text.indexOf('|>'))
    expect(items).toEqual([{ label: 'weight', kind: 'field', detail: 'Weight · number' }])
  })

  it('works though statements around it can’t be read', () => {
    const by = 'moev to\n    after go\n    move to |>\n    when ( go to\n    sned x'
    expect(offered('text', 'order.zgoda', 'after 14 days go to cancelled', by)).toEqual(stages)
  })

  it('replaces what is written of the word, and no more', () => {
    const workspace = workspaceOf({ 'a.zgoda': 'process p {\n  sta' })
    expect(complete(workspace, 'a.zgoda', 17)).toMatchObject({ start: 14, end: 17 })
  })
})

describe('completion in YAML', () => {
  const actions = [
    'send',
    'notify',
    'set',
    'erase',
    'recordConsent',
    'assign',
    'start',
    'write',
    'call',
    'goTo',
    'when',
  ]

  it.each([
    ['a stage', '- { delay: 14 days, goTo: |> }', stages],
    ['keys that are not there yet', '- { delay: 14 days, |> }', ['when', 'do', 'goTo']],
    ['keys on a line of their own', '- delay: 14 days\n            |>', ['when', 'do', 'goTo']],
    ['actions', '- delay: 14 days\n            do:\n              - |>', actions],
    ['letters, though whom they go to is missing', '- { delay: 1 day, do: [{ send: { letter: |> } }] }', letters],
    [
      'whom a letter goes to',
      '- { delay: 1 day, do: [{ send: { letter: receipt, to: |> } }] }',
      [...roles, ...fields, 'client', 'assignee'],
    ],
    ['what a condition begins with', '- delay: 14 days\n            when: |>', values],
    ['purposes within quotes', '- delay: 14 days\n            when: "consent to |>"', purposes],
    [
      'how a decision may be recorded',
      '- { delay: 1 day, do: [{ recordConsent: { to: offers, as: |> } }] }',
      ['given', 'refused'],
    ],
  ])('offers %s', (_, by, expected) => {
    expect(offered('yaml', 'shop.yaml', '- { delay: 14 days, goTo: cancelled }', by)).toEqual(expected)
  })

  it.each([
    ['options in a list that is not closed', 'when: bouquet in (|>', ['roses', 'tulips']],
    ['what joins conditions', 'when: paid |>', ['and', 'or']],
  ])('offers %s first', (_, by, expected) => {
    const words = '- { delay: 14 days, goTo: cancelled }'
    const found = offered('yaml', 'shop.yaml', words, `- delay: 14 days\n            ${by}`)
    expect(found.slice(0, expected.length)).toEqual(expected)
  })

  it.each([
    ['units of time', '{ delay: 14 days, goTo: cancelled }', '{ delay: 14 |> }', ['minutes', 'hours']],
    ['fields of a list', 'show: [bouquet, price]', 'show: [bouquet, |>]', fields],
    [
      'roles that have no access yet',
      'access: { florist: [see, move, edit], manager',
      'access: { |>, manager',
      ['florist'],
    ],
    ['rights', 'florist: [see, move, edit]', 'florist: [see, |>]', ['see', 'move', 'edit', 'erase']],
    ['types', '{ title: Price, type: money }', '{ title: Price, type: |> }', types],
    ['legal grounds', 'basis: contract', 'basis: |>', ['consent', 'explicit consent']],
    ['yes and no', 'portal: true', 'portal: |>', ['true', 'false']],
    ['kinds of declarations', 'letters:', '|>\nletters:', ['webhooks', 'tables']],
    ['fields in a letter', '**{{ bouquet }}**', '{{ |> }}', fields],
  ])('offers %s', (_, words, by, expected) => {
    const found = offered('yaml', 'shop.yaml', words, by)
    expect(found.slice(0, expected.length)).toEqual(expected)
  })
})

describe('completion in YAML with mistakes', () => {
  const rule = '- { delay: 14 days, goTo: cancelled }'

  it.each([
    ['a line above', '        show: [address, allergy]', '        show\n        show: [|>]', fields],
    ['a bracket above', rule, '- { delay: 14 days\n          - { delay: 2 days, goTo: |> }', stages],
    ['a bracket that is still open', rule, '- { delay: 14 days, goTo: |>', stages],
    ['two brackets that are still open', rule, '- { delay: 14 days, do: [{ goTo: |>', stages],
    ['a quote above', '    portal: true', '    title: "Order\n    show: [|>]', fields],
    ['a line below', rule, '- { delay: 14 days, goTo: |> }\n        nonsense', stages],
  ])('works though %s can’t be read', (_, words, by, expected) => {
    expect(offered('yaml', 'shop.yaml', words, by).slice(0, expected.length)).toEqual(expected)
  })
})

describe('completion anywhere', () => {
  it.each(['text', 'yaml'] as const)('never fails in %s, though the file ends where it is asked', (notation) => {
    const shop = florist(notation)
    for (const file of shop.names) {
      const text = shop.source(file)?.text ?? ''
      for (let offset = 0; offset <= text.length; offset += 37) {
        const cut = shop.with(new Map([[file, text.slice(0, offset)]]))
        const { start, end } = complete(cut, file, offset)
        expect(start <= end && end === offset).toBe(true)
      }
    }
  })
})
