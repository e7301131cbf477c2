import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { generatedFiles } from '../../docs/generated.ts'
import { checks } from '../../dsl/index.ts'

const root = join(import.meta.dirname, '../..')
const ajv = new Ajv({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true })

function validatorOf(name: string) {
  return ajv.compile(JSON.parse(readFileSync(join(root, 'schema', name), 'utf8')))
}

const workspace = validatorOf('workspace.schema.json')
const scenarios = validatorOf('scenarios.schema.json')

/** What the schema finds wrong with a text, by the place in it. */
function wrong(validate: typeof workspace, text: string): string[] {
  validate(parse(text, { uniqueKeys: false }))
  return (validate.errors ?? []).map(({ instancePath }) => instancePath)
}

function examples(ending: string, folder = join(root, 'examples')): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending) && (ending === '.test.yaml' || !name.endsWith('.test.yaml')))
    .map((name) => join(folder, name))
}

describe('the schemas', () => {
  it('are as the tables of the language make them (`npm run generate` writes them)', async () => {
    for (const [name, text] of Object.entries(await generatedFiles(root))) {
      expect(readFileSync(join(root, name), 'utf8'), name).toBe(text)
    }
  })

  it('are of draft 7, which editors read', () => {
    for (const name of ['workspace', 'scenarios']) {
      const schema = JSON.parse(readFileSync(join(root, 'schema', `${name}.schema.json`), 'utf8'))
      expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#')
      expect(ajv.validateSchema(schema), JSON.stringify(ajv.errors)).toBe(true)
    }
  })

  it('say of each key what it is for', () => {
    const schema = JSON.parse(readFileSync(join(root, 'schema/workspace.schema.json'), 'utf8'))
    const records = [schema, ...Object.values(schema.definitions)] as { properties: object }[]
    const silent = records.flatMap(({ properties }) =>
      Object.entries(properties).filter(([, { description }]) => !/^.{8,}$/s.test(description ?? '')),
    )
    expect(silent).toEqual([])
  })
})

describe('the schema of a workspace', () => {
  it.each(examples('.yaml'))('takes %s', (path) => {
    expect(wrong(workspace, readFileSync(path, 'utf8'))).toEqual([])
  })

  it.each(checks.filter(({ code }) => code !== 'Z105'))('takes the right example of $code', ({ rightYaml }) => {
    expect(wrong(workspace, rightYaml)).toEqual([])
  })

  const mistakes: readonly (readonly [what: string, text: string, at: string])[] = [
    ['a key that there is not', 'processes: { p: { titel: P } }', '/processes/p'],
    ['a declaration that there is not', 'proceses: {}', ''],
    ['a basis that there is not', 'purposes: { p: { basis: agreement } }', '/purposes/p/basis'],
    ['a purpose without a basis', 'purposes: { p: { title: P } }', '/purposes/p'],
    ['a name with a capital', 'roles: { Florist: {} }', '/roles'],
    ['a right that there is not', 'roles: { r: { clients: [see, delete] } }', '/roles/r/clients/1'],
    ['a type that there is not', 'processes: { p: { fields: { f: { type: mony } } } }', '/processes/p/fields/f/type'],
    ['a field without a type', 'processes: { p: { fields: { f: { title: F } } } }', '/processes/p/fields/f'],
    [
      'a duration in words',
      'processes: { p: { stages: { s: { after: [{ delay: two weeks }] } } } }',
      '/processes/p/stages/s/after',
    ],
    ['a list where a map belongs', 'purposes: [p]', '/purposes'],
    [
      'a list of roles without one',
      'processes: { p: { stages: { s: { moves: [{ to: s, by: [] }] } } } }',
      '/processes/p/stages/s/moves',
    ],
    [
      'two actions in one',
      'processes: { p: { stages: { s: { enter: [{ write: d, assign: r }] } } } }',
      '/processes/p/stages/s/enter',
    ],
    [
      'no action at all',
      'processes: { p: { stages: { s: { enter: [{ when: a }] } } } }',
      '/processes/p/stages/s/enter',
    ],
    ['a letter without words', 'letters: { l: { subject: L } }', '/letters/l'],
    ['an end that is none', 'processes: { p: { stages: { s: { final: maybe } } } }', '/processes/p/stages/s/final'],
    ['a question about nothing', 'forms: { f: { ask: [{ required: true }] } }', '/forms/f/ask'],
    ['a language in full', 'letters: { l: { subject: { english: L }, body: b } }', '/letters/l/subject'],
    ['a date in words', 'hours: { holidays: [tomorrow] }', '/hours/holidays'],
  ]

  it.each(mistakes)('refuses %s', (_what, text, at) => {
    expect(wrong(workspace, text).some((place) => place.startsWith(at))).toBe(true)
  })
})

describe('the schema of scenarios', () => {
  it.each(examples('.test.yaml'))('takes %s', (path) => {
    expect(wrong(scenarios, readFileSync(path, 'utf8'))).toEqual([])
  })

  const story = (steps: string) => `process: p\nscenarios:\n  - { name: A story, steps: [${steps}] }\n`

  it('takes every step of the language', () => {
    const steps = [
      'start: { bouquet: roses, paid: yes }',
      'move: arranging',
      'move: { to: delivered, by: florist }, refused: price',
      'fill: { price: 12.50 }',
      'reply: { from: someone@else.example, saying: I agree, to: ask_consent, auto: true }',
      'form: order_form',
      'form: { name: order_form, fields: { address: Main St 1 }, consents: { offers: refused } }',
      'give: offers',
      'refuse: offers',
      'withdraw: offers',
      'signal: paid',
      'wait: 2 working days',
      'erase: [address]',
      'erase: client',
      'expect: { stage: s, letters: [], notified: [everyone], consent: { offers: none }, visible: [a], editable: b, hidden: [c], fields: { a: erased }, scheduled: [cancelled], ended: success }',
    ]
    expect(wrong(scenarios, story(steps.map((step) => `{ ${step} }`).join(', ')))).toEqual([])
  })

  it.each([
    ['a step that there is not', '{ moov: arranging }'],
    ['two steps in one', '{ move: a, wait: 3 days }'],
    ['an expectation that there is not', '{ expect: { stge: a } }'],
    ['a consent that can’t be', '{ expect: { consent: { offers: perhaps } } }'],
    ['a wait in words', '{ wait: a while }'],
    ['a reply without words', '{ reply: { from: a@b.example } }'],
  ])('refuses %s', (_what, step) => {
    expect(wrong(scenarios, story(step)).length).toBeGreaterThan(0)
  })

  it('refuses scenarios of no process, or without a name', () => {
    expect(wrong(scenarios, 'scenarios: []')).toEqual([''])
    expect(wrong(scenarios, 'process: p\nscenarios: [{ steps: [] }]').length).toBeGreaterThan(0)
  })
})
