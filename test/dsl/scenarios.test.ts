import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Diagnostic, loadFolder, readScenarios, type SourceFile } from '../../dsl/index.ts'
import { compile, failureInWords, simulate } from '../../engine/index.ts'
import { ownWords } from '../../runtime/mail/own-words.ts'

const workspace = `role clerk "Clerk"
purpose offers "Offers" { basis consent text "We write to you." }
letter question "May we?" { body "Yes or no?" }
form order_form "Order" { starts order ask price }
form visit_form "Visit" { starts visit ask day }
process order "Order" {
  access clerk: see, move, edit
  field price "Price" money
  field paid "Paid" yes/no
  field tags "Tags" many (a, b)
  field state "State" choice (fresh, erased)
  stage new "New" {
    on signal paid go to done
    move to done by clerk
  }
  final stage done "Done"
}
process visit "Visit" {
  access clerk: see, move
  field day "Day" date
  stage asked "Asked" { move to over }
  final stage over "Over"
}
`

const shop: SourceFile = { name: 'shop.zgoda', text: workspace }

function read(text: string, name = 'shop.test.yaml', files: readonly SourceFile[] = [shop]) {
  return readScenarios([{ name, text }], { files, problems: [] })
}

function file(steps: string, process = 'order'): string {
  return `process: ${process}\nscenarios:\n  - name: A story\n    steps:\n${steps.replace(/^/gm, '      ')}\n`
}

/** The steps of a sound story, without their places. */
function stepsOf(steps: string): unknown {
  const { suites, problems } = read(file(steps))
  expect(problems).toEqual([])
  const scenario = suites[0]?.scenarios[0]
  return JSON.parse(JSON.stringify(scenario?.steps, (key, value) => (key === 'at' ? undefined : value)))
}

function said(problems: readonly Diagnostic[]): readonly string[] {
  return problems.map(
    ({ code, line, column, message, hint }) => `${line}:${column} ${code} ${message}${hint ? ` (${hint})` : ''}`,
  )
}

describe('a file of scenarios', () => {
  it('becomes scenarios with their places', () => {
    const { suites } = read(`process: order
scenarios:
  - name: One
    client: { name: Anna, email: anna@client.example, phone: "+48 1" }
    steps:
      - start: {}
      - move: done
        refused: price
`)
    expect(suites).toHaveLength(1)
    expect(suites[0]?.folder).toBe('')
    expect(suites[0]?.scenarios).toEqual([
      {
        name: 'One',
        process: 'order',
        client: { name: 'Anna', email: 'anna@client.example', phone: '+48 1' },
        steps: [
          { kind: 'start', values: {}, at: { file: 'shop.test.yaml', line: 6, column: 9 } },
          { kind: 'move', to: 'done', refused: 'price', at: { file: 'shop.test.yaml', line: 7, column: 9 } },
        ],
        at: { file: 'shop.test.yaml', line: 3, column: 11 },
      },
    ])
  })

  it.each([
    [
      'start: { price: 1.50, paid: true, tags: [b, a] }',
      { kind: 'start', values: { price: '1.50', paid: 'yes', tags: ['b', 'a'] } },
    ],
    ['fill: { price: "", tags: [] }', { kind: 'fill', values: { price: '', tags: [] } }],
    ['move: { to: done, by: clerk }', { kind: 'move', to: 'done', by: 'clerk' }],
    ['reply: { saying: "no" }', { kind: 'reply', saying: 'no', auto: false }],
    [
      'reply: { saying: Yes, from: a@b.example, to: question, auto: yes }',
      { kind: 'reply', saying: 'Yes', auto: true, from: 'a@b.example', to: 'question' },
    ],
    ['form: order_form', { kind: 'form', form: 'order_form', values: {}, consents: {} }],
    [
      'form: { name: order_form, fields: { price: 1 }, consents: { offers: refused } }',
      { kind: 'form', form: 'order_form', values: { price: '1' }, consents: { offers: 'refused' } },
    ],
    ['give: offers', { kind: 'consent', purpose: 'offers', decision: 'given' }],
    ['refuse: offers', { kind: 'consent', purpose: 'offers', decision: 'refused' }],
    ['withdraw: offers', { kind: 'consent', purpose: 'offers', decision: 'withdrawn' }],
    ['signal: paid', { kind: 'signal', signal: 'paid' }],
    ['signal: cases done', { kind: 'cases done' }],
    ['wait: 2 working days', { kind: 'wait', duration: { amount: 2, unit: 'day', working: true } }],
    ['erase: price', { kind: 'erase', fields: ['price'], client: false }],
    ['erase: [price, client]', { kind: 'erase', fields: ['price'], client: true }],
    [
      'expect: { stage: new, letters: question, notified: [everyone, clerk], consent: { offers: none }, ended: no }',
      {
        kind: 'expect',
        expected: {
          stage: 'new',
          letters: ['question'],
          notified: ['everyone', 'clerk'],
          consent: { offers: 'none' },
          ended: 'false',
        },
      },
    ],
    [
      'expect: { fields: { price: erased, state: erased }, scheduled: [after 2 days], visible: [], hidden: price }',
      {
        kind: 'expect',
        expected: {
          visible: [],
          hidden: ['price'],
          fields: { price: { is: 'erased' }, state: { is: 'value', written: 'erased' } },
          scheduled: ['after 2 days'],
        },
      },
    ],
  ])('reads `%s`', (step, read) => {
    expect(stepsOf(`- ${step}`)).toEqual([read])
  })

  it('may hold a document for each process', () => {
    const { suites, problems } = read(`${file('- start: {}')}---\n${file('- start: {}', 'visit')}`)
    expect(problems).toEqual([])
    expect(suites.flatMap(({ scenarios }) => scenarios.map(({ process }) => process))).toEqual(['order', 'visit'])
  })

  it('tells of everything that is wrong with it at once, and yields nothing to run', () => {
    const text = file(`- start: { prize: 1 }
- strat: {}
- move: { to: dnoe, by: clark }
- wait: 2 fortnights
- reply: { from: a@b.example }
- form: visit_form
- give: ofers
- signal: payed
- move: done
  fill: {}
- expect: { stage: nwe, letters: [qestion], notified: [clrek], consent: { offers: gone }, ended: perhaps, fields: [price] }`)
    const { suites, problems, unread } = read(text)
    expect(said(problems)).toEqual([
      '5:18 Z201 there is no field `prize` in process `order` (did you mean `price`?)',
      '6:9 Z102 a step has no key `strat` (did you mean `start`?)',
      '7:21 Z201 there is no stage `dnoe` in process `order` (did you mean `done`?)',
      '7:31 Z201 there is no role `clark` (did you mean `clerk`?)',
      '8:17 Z103 `fortnights` is no unit of time (units are minutes, hours, days, weeks, months and years)',
      '9:18 Z103 a reply has no `saying` (add `saying`: its words, quotation and all)',
      '10:15 Z204 form `visit_form` neither starts nor fills process `order` (a form says `starts order` or `fills order`)',
      '11:15 Z201 there is no purpose `ofers` (did you mean `offers`?)',
      '12:17 Z201 there is no signal `payed` in process `order` (the only signal is `paid`)',
      '13:9 Z103 a step is one thing, and here stand `move` and `fill` (make a list item of each)',
      '15:26 Z201 there is no stage `nwe` in process `order` (did you mean `new`?)',
      '15:41 Z201 there is no letter `qestion` (did you mean `question`?)',
      '15:62 Z201 there is no role `clrek` (did you mean `clerk`?)',
      '15:89 Z102 `gone` is no state of a consent (did you mean `none`?)',
      '15:104 Z102 `perhaps` is no kind of end (it is `false`, `true` or `success`)',
      '15:121 Z103 `fields` takes a map of fields, and this is a list',
    ])
    expect(suites.flatMap(({ scenarios }) => scenarios)).toEqual([])
    expect(unread).toEqual([{ name: 'A story', file: 'shop.test.yaml', line: 3 }])
  })

  it.each([
    ['an unknown process', file('- start: {}', 'ordr'), '1:10 Z201 there is no process `ordr` (did you mean `order`?)'],
    [
      'a name that every object has',
      file('- start: {}', 'constructor'),
      '1:10 Z201 there is no process `constructor` (the processes are `order` and `visit`)',
    ],
    [
      'no process',
      'scenarios: []\n',
      '1:1 Z103 scenarios has no `process` (add `process`: the process that the scenarios are about)',
    ],
    ['a list', '- a\n', '1:1 Z103 `shop.test.yaml` takes a map with `process` and `scenarios`, and this is a list'],
    ['what is no YAML', 'process: "order\n', '1:10 Z101 this text is never closed (add the missing quotation mark)'],
  ])('tells of %s', (_, text, problem) => {
    expect(said(read(text).problems)).toEqual([problem])
  })

  it('takes no name of every object for one of its own', () => {
    const { problems } = read(
      file(
        '- fill: { constructor: 1 }\n- form: { name: toString }\n- expect: { ended: valueOf, fields: { paid: valueOf } }',
      ),
    )
    expect(problems.map(({ code }) => code)).toEqual(['Z201', 'Z201', 'Z102'])
  })

  it('may be empty', () => {
    expect(read('# nothing yet\n')).toEqual({ suites: [], unread: [], problems: [] })
  })
})

describe('the workspace that a file of scenarios belongs to', () => {
  const story = file('- start: {}')
  const at = (name: string, text = workspace): SourceFile => ({ name, text })

  it.each([
    ['the folder it lies in', 'a/x.test.yaml', [at('a/shop.zgoda'), at('b/shop.zgoda')], ['a']],
    ['the nearest one above', 'a/tests/x.test.yaml', [at('a/shop.zgoda'), at('b/shop.zgoda')], ['a']],
    [
      'the whole where its own folder is only a part',
      'a/x.test.yaml',
      [at('a/shop.zgoda', workspace.replace(/^role.*$/m, '')), at('roles.yaml', 'roles: { clerk: {} }')],
      [''],
    ],
    [
      'the whole of several folders',
      'x.test.yaml',
      [at('a/shop.zgoda', workspace.replace(/^role.*$/m, '')), at('b/roles.yaml', 'roles: { clerk: {} }')],
      [''],
    ],
    [
      'each subfolder that says the same by itself',
      'x.test.yaml',
      [at('text/shop.zgoda'), at('other/shop.zgoda')],
      ['text', 'other'],
    ],
    [
      'the one subfolder that declares the process',
      'x.test.yaml',
      [at('text/shop.zgoda'), at('other/o.zgoda', 'role clerk')],
      ['text'],
    ],
    [
      'the one around, past a workspace that lacks the process',
      'a/x.test.yaml',
      [at('a/o.zgoda', 'role boss'), at('shop.zgoda')],
      [''],
    ],
  ] as const)('is %s', (_, name, files, folders) => {
    const { suites, problems } = read(story, name, files)
    expect(problems).toEqual([])
    expect(suites.map(({ folder }) => folder)).toEqual(folders)
    expect(suites.map(({ scenarios }) => scenarios.length)).toEqual(folders.map(() => 1))
  })

  it('tells of its errors, as `check` does, and holds nothing against it', () => {
    const broken = workspace.replace('go to done', 'go to doen')
    const { suites, problems, unread } = read(story, 'a/x.test.yaml', [at('a/shop.zgoda', broken), at('b/shop.zgoda')])
    expect(problems.map(({ file: name, line, code }) => `${name}:${line} ${code}`)).toEqual(['a/shop.zgoda:13 Z201'])
    expect(suites).toEqual([])
    expect(unread).toHaveLength(1)
  })

  it('is told of where it declares the process with mistakes, and not where another lies around', () => {
    const broken = workspace.replace('go to done', 'go to doen')
    const { problems } = read(story, 'a/x.test.yaml', [at('a/shop.zgoda', broken), at('b/o.zgoda', 'role boss')])
    expect(problems.map(({ file: name, code }) => `${name} ${code}`)).toEqual(['a/shop.zgoda Z201'])
  })

  it('is whole where files lie in it beside its subfolders', () => {
    const files = [at('a/shop.zgoda'), at('roles.yaml', 'roles: { clerk: {}, boss: { clints: [see] } }')]
    const { suites, problems } = read(story, 'x.test.yaml', files)
    expect(problems.map(({ file: name, code }) => `${name} ${code}`)).toEqual(['roles.yaml Z104', 'roles.yaml Z102'])
    expect(suites).toEqual([])
  })

  it('tells of the errors of one of several subfolders', () => {
    const broken = workspace.replace('go to done', 'go to doen')
    const { suites, problems } = read(story, 'x.test.yaml', [at('a/shop.zgoda', broken), at('b/shop.zgoda')])
    expect(problems.map(({ file: name }) => name)).toEqual(['a/shop.zgoda'])
    expect(suites).toEqual([])
  })

  it('is not one with a file that can’t be read', () => {
    const lost = { ...(read(file('- strat: {}')).problems[0] as Diagnostic), code: 'Z105', file: 'a/lost.zgoda' }
    const { suites, problems } = readScenarios([{ name: 'a/x.test.yaml', text: story }], {
      files: [at('a/shop.zgoda')],
      problems: [lost],
    })
    expect(problems).toEqual([lost])
    expect(suites).toEqual([])
  })

  it('misspelt, is told with what there is in the nearest', () => {
    const { problems } = read(file('- start: {}', 'vist'), 'x.test.yaml', [
      at('text/shop.zgoda'),
      at('yaml/shop.zgoda'),
    ])
    expect(said(problems)).toEqual(['1:10 Z201 there is no process `vist` (did you mean `visit`?)'])
  })
})

describe('the reference', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/language.md'), 'utf8')
  const stories = [...page.matchAll(/^```yml\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text)

  it('has scenarios of the flower shop that come true', async () => {
    const { files } = await loadFolder('examples/florist/text')
    expect(stories.length).toBeGreaterThan(0)
    for (const text of stories) {
      const { problems, suites } = read(text, 'page.test.yaml', files)
      expect(said(problems)).toEqual([])
      for (const { definition, scenarios } of suites) {
        expect(scenarios.length).toBeGreaterThan(0)
        const tellings = scenarios.map((each) => simulate(compile(definition, each.process), each, ownWords))
        expect(tellings.flatMap(({ failure }) => (failure ? failureInWords(failure) : []))).toEqual([])
      }
    }
  })
})
