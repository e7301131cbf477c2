import { describe, expect, it } from 'vitest'
import {
  applyEdits,
  definitionsOf,
  fixes,
  folds,
  format,
  hover,
  outline,
  referencesTo,
  rename,
  type WrittenWorkspace,
} from '../../dsl/language-service/index.ts'
import { everyKind, florist, replaced, workspaceOf } from './written-workspace.ts'

function offsetOf(workspace: WrittenWorkspace, file: string, words: string, into = 0): number {
  const at = workspace.source(file)?.text.indexOf(words) ?? -1
  if (at < 0) throw new Error(`\`${file}\` does not say \`${words}\``)
  return at + into
}

const said = (workspace: WrittenWorkspace, { file, start }: { file: string; start: number }) => {
  const source = workspace.source(file)
  return source?.line(source.position(start).line).trim()
}

/** Every file with the edits made; or why there are none. */
function renamed(workspace: WrittenWorkspace, file: string, offset: number, name: string): WrittenWorkspace | string {
  const renaming = rename(workspace, file, offset, name)
  if ('refused' in renaming) return renaming.refused
  const texts = workspace.names.map((each): [string, string] => {
    const edits = renaming.edits.filter((edit) => edit.file === each)
    return [each, applyEdits(workspace.source(each)?.text ?? '', edits)]
  })
  return workspace.with(new Map(texts))
}

describe('hover', () => {
  const shop = florist('text')
  const at = (words: string, into: number) => {
    const file = shop.names.find((name) => shop.source(name)?.text.includes(words)) ?? ''
    return hover(shop, file, offsetOf(shop, file, words, into))?.text
  }

  it('tells of a field its type, its title and what it is held for', () => {
    expect(at('edit bouquet, price, address', 22)).toBe(
      [
        '**field `address`** of process `order`: Delivery address',
        '`text, personal for delivery`',
        'Held for `delivery`: Deliver your order (contract)',
      ].join('\n\n'),
    )
  })

  it('tells of a purpose its ground and its words', () => {
    expect(at('record consent to allergies', 20)).toBe(
      [
        '**purpose `allergies`**: Choose flowers that are safe for you',
        '*pl: Wybór bezpiecznych kwiatów*',
        '`explicit consent`',
        '> If you tell us your allergies, we pick flowers that do not harm you. You can say no.',
      ].join('\n\n'),
    )
  })

  it.each([
    ['a word that begins an action', 'record consent to allergies', 2, '`record consent to P [refused]`'],
    ['what happens', 'on reply from client to', 4, 'the client answers a letter'],
    ['a word of a condition', 'paid and price', 6, 'both hold'],
    ['a declaration', 'purpose delivery', 2, 'Why personal data are used (Art. 5(1)(b)).'],
  ])('tells what %s means', (_, words, into, expected) => {
    expect(at(words, into)).toBe(expected)
  })

  it('tells of a key of YAML what it is for', () => {
    const yaml = florist('yaml')
    expect(hover(yaml, 'shop.yaml', offsetOf(yaml, 'shop.yaml', 'manualEntry', 3))?.text).toContain('only a rule')
  })

  it('shows titles as they are written, whatever Markdown makes of them', () => {
    const odd = workspaceOf({ 'a.zgoda': 'role clerk "**[x](http://x.example)**" { clients: see }' })
    expect(hover(odd, 'a.zgoda', 6)?.text).toContain('\\*\\*\\[x\\](http://x.example)\\*\\*')
  })
})

describe('definitions and references', () => {
  const workspace = workspaceOf(everyKind)

  it.each([
    ['a field in YAML', 'b.yaml', 'weight: weight + 1', 1, ['field weight "Weight" number default 1']],
    [
      'the own field in a value for the other',
      'b.yaml',
      ': weight + 1',
      3,
      ['weight: { title: Weight, type: number }'],
    ],
    [
      'a table within an expression',
      'b.yaml',
      '"postage(',
      2,
      ['table postage "Postage" (kilos number, land choice (pl, de)) gives money {'],
    ],
    [
      'a purpose in a letter',
      'a.zgoda',
      'purpose.news',
      9,
      ['purpose news "News" { basis consent text "News." keep until end }'],
    ],
    ['a signal, where it is first waited for', 'a.zgoda', 'on signal arrived', 12, ['on signal arrived go to sent']],
    [
      'a field in a letter, in every process that has it',
      'a.zgoda',
      '{{ weight | plus',
      4,
      ['field weight "Weight" number default 1', 'weight: { title: Weight, type: number }'],
    ],
  ])('lead from %s', (_, file, words, into, expected) => {
    const found = definitionsOf(workspace, file, offsetOf(workspace, file, words, into))
    expect(found.map((place) => said(workspace, place))).toEqual(expected)
  })

  it('lead nowhere from words that name nothing', () => {
    expect(definitionsOf(workspace, 'a.zgoda', offsetOf(workspace, 'a.zgoda', 'basis contract', 8))).toEqual([])
  })

  it('name every place of both notations', () => {
    const found = referencesTo(workspace, 'b.yaml', offsetOf(workspace, 'b.yaml', 'clerk', 1))
    expect(found.map(({ file, declares }) => `${file}${declares ? ' declares' : ''}`)).toEqual([
      'a.zgoda declares',
      ...Array(7).fill('a.zgoda'),
      'b.yaml',
      'b.yaml',
    ])
  })
})

describe('renaming', () => {
  const workspace = workspaceOf(everyKind)

  it('changes every name of both notations, and back again to the same bytes', () => {
    const { symbols } = workspace.analysis
    for (const meaning of symbols.meanings) {
      const [place] = symbols.occurrences(meaning)
      if (!place) throw new Error(`${meaning.name} is named nowhere`)
      const after = renamed(workspace, place.file, place.start, 'another_name')
      if (typeof after === 'string') throw new Error(after)
      expect(after.analysis.problems).toEqual([])
      const [moved] = after.analysis.symbols.meanings
        .filter(({ name }) => name === 'another_name')
        .flatMap((each) => after.analysis.symbols.occurrences(each))
      const back = moved && renamed(after, moved.file, moved.start, meaning.name)
      if (!back || typeof back === 'string') throw new Error(back)
      for (const name of workspace.names) expect(back.source(name)?.text).toBe(workspace.source(name)?.text)
    }
  })

  it('means the same afterwards: only the name differs in the definition', () => {
    const shop = florist('text')
    const after = renamed(shop, 'order.zgoda', offsetOf(shop, 'order.zgoda', 'field allergy', 7), 'sickness')
    if (typeof after === 'string') throw new Error(after)
    const plain = (each: WrittenWorkspace) =>
      JSON.stringify(each.analysis.definition, (key, value) => (key === 'at' ? undefined : value))
    expect(plain(after)).toBe(plain(shop).replaceAll('"allergy"', '"sickness"'))
  })

  it('lets a field be called like a word of the language', () => {
    const shop = florist('text')
    const after = renamed(shop, 'order.zgoda', offsetOf(shop, 'order.zgoda', 'field price', 7), 'stage')
    expect(typeof after === 'string' ? after : after.analysis.problems).toEqual([])
  })

  it.each([
    ['is none', 'Weight', 'is no name'],
    ['is taken', 'land', 'there is a field `land` already in process `parcel`'],
    ['means something else in a letter', 'client', 'a meaning of its own'],
    ['is an option where it would stand', 'de', 'a meaning of its own'],
  ])('refuses a name that %s', (_, name, why) => {
    const clash = workspaceOf({
      ...everyKind,
      'a.zgoda': replaced(workspace, 'a.zgoda', 'kilos <= 2 and land', 'kilos <= 2 and land').replace(
        'when case.stage',
        'when land = weight go to sent\n    when case.stage',
      ),
    })
    expect(renamed(clash, 'a.zgoda', offsetOf(clash, 'a.zgoda', 'field weight', 7), name)).toContain(why)
  })

  it('refuses to call a role like those whom letters go to anyway', () => {
    const at = offsetOf(workspace, 'a.zgoda', 'role clerk', 6)
    expect(renamed(workspace, 'a.zgoda', at, 'client')).toContain('the word has its own meaning')
  })

  it('refuses what is no name of anything', () => {
    expect(renamed(workspace, 'a.zgoda', offsetOf(workspace, 'a.zgoda', 'basis', 2), 'x')).toContain('only names')
  })
})

describe('the outline', () => {
  it.each(['text', 'yaml'] as const)('holds in %s each declaration with its extent around its name', (notation) => {
    const shop = florist(notation)
    const items = shop.names.flatMap((name) => outline(shop, name))
    expect(items.map(({ name }) => name)).toEqual(expect.arrayContaining(['company', 'hours', 'order', 'ask_consent']))
    const order = items.find(({ name }) => name === 'order')
    expect(order?.items.map(({ name }) => name)).toEqual([
      'bouquet',
      'price',
      'paid',
      'address',
      'contact',
      'allergy',
      'waiting',
      'arranging',
      'delivered',
      'cancelled',
    ])
    for (const { span, nameSpan } of [...items, ...items.flatMap((item) => item.items)]) {
      expect(span.start <= nameSpan.start && nameSpan.end <= span.end).toBe(true)
    }
  })
})

describe('fixes', () => {
  it.each([
    ['a name', 'a.zgoda', 'require weight', 'require weigth', 'require weight'],
    ['a word', 'a.zgoda', 'require weight', 'reqire weight', 'require weight'],
    ['a path in a letter', 'a.zgoda', 'client.name', 'client.nmae', 'client.name'],
    ['a quoted option', 'a.zgoda', 'land = pl', 'land = "dee"', 'land = "de"'],
    ['a key of YAML', 'b.yaml', 'title: Complaint', 'titel: Complaint', 'title: Complaint'],
    ['a quoted name in YAML', 'b.yaml', '{ to: closed,', '{ to: "closd",', '{ to: "closed",'],
  ])('put right %s that is misspelled', (_, file, words, wrong, right) => {
    const workspace = workspaceOf(everyKind)
    workspace.set(file, replaced(workspace, file, words, wrong))
    const text = workspace.source(file)?.text ?? ''
    const [fix] = fixes(workspace, file, 0, text.length)
    expect(fix && applyEdits(text, [fix.edit])).toContain(right)
  })

  it('are offered only where the problem is', () => {
    const workspace = workspaceOf({ 'a.zgoda': 'role clerk "Clerk" { clients: se }' })
    expect(fixes(workspace, 'a.zgoda', 0, 5)).toEqual([])
    expect(fixes(workspace, 'a.zgoda', 31, 31)).toHaveLength(1)
  })
})

describe('a file as a whole', () => {
  it('folds bodies, long texts and runs of comments', () => {
    const text = '# one\n# two\nletter a "A" {\n  body """\n  x\n  """\n}\nrole b "B" { clients: see }\n'
    expect(folds(workspaceOf({ 'a.zgoda': text }), 'a.zgoda')).toEqual([
      { startLine: 4, endLine: 6, comment: false },
      { startLine: 3, endLine: 6, comment: false },
      { startLine: 1, endLine: 2, comment: true },
    ])
  })

  it('is formatted where it can be read, and left alone where not', () => {
    const workspace = workspaceOf({ 'a.zgoda': 'role   clerk "Clerk" {clients:see}', 'b.zgoda': 'role {' })
    expect(format(workspace, 'a.zgoda')).toMatch(/^role clerk "Clerk" \{/)
    expect(format(workspace, 'b.zgoda')).toBeUndefined()
  })

  it('is read again only when it changes', () => {
    const workspace = workspaceOf(everyKind)
    const before = workspace.tree('b.yaml')
    workspace.set('a.zgoda', `${everyKind['a.zgoda']}\n`)
    workspace.set('b.yaml', everyKind['b.yaml'])
    expect(workspace.tree('b.yaml')).toBe(before)
  })
})
