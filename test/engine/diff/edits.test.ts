import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readWorkspace } from '../../../dsl/workspace.ts'
import { type Difference, diff } from '../../../engine/diff/index.ts'
import type { Definition } from '../../../engine/index.ts'

const folder = 'examples/florist/text'
const texts = Object.fromEntries(
  ['order.zgoda', 'workspace.zgoda'].map((name) => [name, readFileSync(`${folder}/${name}`, 'utf8')]),
)

type Edit = readonly [from: string, to: string]

/** The flower shop with words of its files replaced, each once. */
function florist(...edits: readonly Edit[]): Definition {
  let files = texts
  for (const [from, to] of edits) {
    const file = Object.keys(files).find((name) => files[name]?.includes(from))
    if (file === undefined) throw new Error(`the flower shop does not say \`${from}\``)
    files = { ...files, [file]: files[file]?.replace(from, () => to) ?? '' }
  }
  const { definition, problems } = readWorkspace(Object.entries(files).map(([name, text]) => ({ name, text })))
  if (!definition) throw new Error(JSON.stringify(problems))
  return definition
}

const changed = (more: Partial<Difference>): Partial<Difference> => ({ kind: 'changed', ...more })
const inOrder = (more: Partial<Difference>): Partial<Difference> => ({ process: 'order', ...more })
const at = (stage: string, more: Partial<Difference>): Partial<Difference> => ({ process: 'order', stage, ...more })

type Case = readonly [name: string, edits: readonly Edit[], expected: Partial<Difference>]

const cases: readonly Case[] = [
  ['the company moves', [['Kwiatowa 1', 'Polna 2']], changed({ what: 'company', aspect: 'address' })],
  [
    'work begins later on one day',
    [['monday to friday 8:00 to 16:00', 'monday 9:00 to 16:00 tuesday to friday 8:00 to 16:00']],
    changed({ what: 'hours', aspect: 'week' }),
  ],
  ['a holiday is struck', [[', 2027-01-01', '']], changed({ what: 'hours', aspect: 'holidays' })],
  [
    'a role may do more',
    [['clients: see, edit }', 'clients: see, edit, erase }']],
    changed({ what: 'role', name: 'florist', aspect: 'clients', before: 'see, edit', after: 'see, edit, erase' }),
  ],
  [
    'a letter says something else',
    [['Your flowers have arrived', 'Here they are']],
    changed({ what: 'letter', name: 'receipt', aspect: 'subject' }),
  ],
  [
    'a letter is for nothing in particular',
    [['  for offers\n', '']],
    changed({ what: 'letter', aspect: 'for', before: 'offers' }),
  ],
  [
    'a question is required',
    [['ask contact\n', 'ask contact required\n']],
    changed({ what: 'question', ...inOrder({ name: 'order_form: contact' }), after: 'ask contact required' }),
  ],
  [
    'questions change places',
    [['ask address required\n  ask contact', 'ask contact\n  ask address required']],
    changed({ what: 'form', aspect: 'order', name: 'order_form' }),
  ],
  [
    'a process leaves the portal',
    [['process order "Order" pl "Zamówienie" {\n  show in portal', 'process order "Order" pl "Zamówienie" {']],
    changed({ what: 'process', aspect: 'portal' }),
  ],
  [
    'cases move freely',
    [['moves declared', 'moves free']],
    changed({ what: 'process', aspect: 'moves', before: 'declared', after: 'free' }),
  ],
  [
    'a role may erase',
    [['access florist: see, move, edit', 'access florist: see, move, edit, erase']],
    changed(inOrder({ what: 'access', name: 'florist', before: 'see, move, edit' })),
  ],
  [
    'a role loses all',
    [['  access florist: see, move, edit\n', '']],
    { kind: 'removed', ...inOrder({ what: 'access', name: 'florist' }) },
  ],
  [
    'a field has another type',
    [['"Price"                 money', '"Price" number']],
    changed(inOrder({ what: 'field', name: 'price', aspect: 'type', before: 'money', after: 'number' })),
  ],
  [
    'a choice has one option more',
    [['(roses, tulips, ', '(roses, tulips, lilies, ']],
    changed(inOrder({ what: 'field', name: 'bouquet', aspect: 'type' })),
  ],
  [
    'a field has no default',
    [['yes/no       default no', 'yes/no']],
    changed(inOrder({ what: 'field', aspect: 'default', before: 'no' })),
  ],
  [
    'a field is new, and shown',
    [
      ['  show bouquet, price\n', '  field card "Card" text\n  show bouquet, price\n'],
      ['show address, allergy', 'show address, allergy, card'],
    ],
    { kind: 'added', ...inOrder({ what: 'field', name: 'card', notes: ['shown at arranging'] }) },
  ],
  [
    'a stage has another title',
    [['"Arranging" pl', '"Tying" pl']],
    changed(inOrder({ what: 'stage', name: 'arranging', aspect: 'title' })),
  ],
  [
    'an end is no success',
    [['"Anulowane" {', '"Anulowane" success {']],
    changed(inOrder({ what: 'stage', name: 'cancelled', aspect: 'end', after: 'final, success' })),
  ],
  [
    'people may move cases in',
    [['    forbid manual entry\n', '']],
    changed(inOrder({ what: 'stage', name: 'arranging', aspect: 'manual entry' })),
  ],
  [
    'a stage is new',
    [['  final stage delivered', '  stage idle "Idle" { show address move to cancelled }\n  final stage delivered']],
    { kind: 'added', ...inOrder({ what: 'stage', name: 'idle', notes: ['show address', 'move to cancelled'] }) },
  ],
  [
    'a stage is renamed',
    [
      ['stage arranging "Arranging" pl "Układamy" {', 'stage tying "Arranging" pl "Układamy" was arranging {'],
      ['go to arranging', 'go to tying'],
    ],
    { kind: 'renamed', ...inOrder({ what: 'stage', name: 'tying', before: 'arranging', after: 'tying' }) },
  ],
  [
    'a field is required',
    [['require price', 'require price, bouquet']],
    { kind: 'added', ...at('arranging', { what: 'required field', name: 'bouquet' }) },
  ],
  [
    'a stage needs consent',
    [
      [
        '    show address, allergy',
        '    needs consent to allergies, otherwise go to cancelled\n    show address, allergy',
      ],
    ],
    { kind: 'added', ...at('arranging', { what: 'need', name: 'allergies' }) },
  ],
  [
    'a stage shows one field less',
    [['show address, allergy', 'show address']],
    { kind: 'removed', ...at('arranging', { what: 'visibility', name: 'allergy', before: 'shown' }) },
  ],
  [
    'only a role sees a field at a stage',
    [['show address, allergy', 'show address show allergy to florist']],
    changed(at('arranging', { what: 'visibility', name: 'allergy', before: 'shown', after: 'shown to florist' })),
  ],
  [
    'a stage lets people edit what they saw',
    [['show address, allergy', 'show allergy edit address']],
    changed(at('arranging', { what: 'visibility', name: 'address', before: 'shown', after: 'editable' })),
  ],
  [
    'the client sees a field at every stage',
    [['show bouquet, price\n', 'show bouquet, price show price to client\n']],
    { kind: 'added', ...inOrder({ what: 'visibility', name: 'price', after: 'shown to client' }) },
  ],
  [
    'a rule is new',
    [['    require price\n', '    require price\n    on signal late go to cancelled\n']],
    { kind: 'added', ...at('arranging', { what: 'rule', name: 'on signal late go to cancelled' }) },
  ],
  [
    'a rule is gone',
    [['    after 14 days go to cancelled\n', '']],
    { kind: 'removed', ...at('waiting', { what: 'rule', name: 'after 14 days go to cancelled' }) },
  ],
  [
    'a rule waits for less long',
    [['after 14 days go', 'after 7 days go']],
    changed(
      at('waiting', { what: 'rule', before: 'after 14 days go to cancelled', after: 'after 7 days go to cancelled' }),
    ),
  ],
  [
    'a rule leads elsewhere',
    [['after 14 days go to cancelled', 'after 14 days go to arranging']],
    changed(at('waiting', { what: 'rule', after: 'after 14 days go to arranging' })),
  ],
  [
    'a rule has another condition',
    [['paid and price > 0', 'paid or price > 0']],
    changed(at('arranging', { what: 'rule', after: 'move to delivered by florist when paid or price > 0' })),
  ],
  [
    'a rule waits for one word more',
    [['saying "no" or "nie"', 'saying "no" or "nie" or "never"']],
    changed(at('waiting', { what: 'rule' })),
  ],
  [
    'other people may move a case',
    [['move to cancelled by manager', 'move to cancelled by florist']],
    changed(
      at('arranging', { what: 'rule', before: 'move to cancelled by manager', after: 'move to cancelled by florist' }),
    ),
  ],
  [
    'a button is called otherwise',
    [['as "Erase the card"', 'as "Erase"']],
    changed({ what: 'rule', process: 'withdrawal', stage: 'received' }),
  ],
  ['people are told something else', [['please read it', 'read it']], changed(at('waiting', { what: 'rule' }))],
  [
    'a rule that always matches comes first',
    [
      ['    on reply from client { notify florist "The client has written: please read it" }\n', ''],
      [
        '    on reply from client to ask',
        '    on reply from client { notify florist "The client has written: please read it" }\n    on reply from client to ask',
      ],
    ],
    changed(at('waiting', { what: 'rule', aspect: 'order' })),
  ],
  [
    'nothing is erased at an end',
    [['      erase allergy\n', '']],
    { kind: 'removed', ...at('delivered', { what: 'action', name: 'on enter erase allergy' }) },
  ],
  [
    'a letter has a condition',
    [['send receipt to client', 'send receipt to client when paid']],
    changed(at('delivered', { what: 'action', after: 'on enter send receipt to client when paid' })),
  ],
  [
    'actions change places',
    [['      send receipt to client\n      erase allergy', '      erase allergy\n      send receipt to client']],
    changed(at('delivered', { what: 'action', aspect: 'order' })),
  ],
]

describe('a single edit of the flower shop is the one difference: ', () => {
  it.each(cases)('%s', (_, edits, expected) => {
    const found = diff(florist(), florist(...edits))
    expect(found).toMatchObject([expected])
    expect(found[0]?.at).toMatchObject({ file: expect.any(String), line: expect.any(Number) })
  })

  it.each(cases.filter(([, , expected]) => expected.kind !== 'renamed'))(
    'and undone, the same the other way round: %s',
    (_, edits, expected) => {
      const opposite = { added: 'removed', removed: 'added', changed: 'changed', renamed: 'renamed' }
      expect(diff(florist(...edits), florist())).toMatchObject([
        { kind: opposite[expected.kind ?? 'changed'], what: expected.what },
      ])
    },
  )
})

describe('rules that no reply sets off both', () => {
  it('may stand in any order', () => {
    const yes =
      '    on reply from client to ask_consent saying "I agree" or "zgadzam się" { record consent to allergies }\n'
    const no = '    on reply from client to ask_consent saying "no" or "nie" { record consent to allergies refused }\n'
    expect(diff(florist(), florist([`${yes}${no}`, `${no}${yes}`]))).toEqual([])
  })
})
