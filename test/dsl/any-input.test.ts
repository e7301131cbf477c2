import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadFolder, readWorkspace, type Workspace } from '../../dsl/index.ts'
import { keywords } from '../../dsl/vocabulary.ts'
import { unsound } from './soundness.ts'

const { files } = await loadFolder('examples')
const texts = files.filter((file) => file.name.endsWith('.zgoda')).map((file) => file.text)

/** Pieces that change what follows them most. */
const pieces = [
  ...keywords,
  '{',
  '}',
  '(',
  ')',
  '"',
  '"""',
  ',',
  ':',
  '#',
  '\n',
  '{{',
  '%}',
  '3 days',
  '-',
  'é',
  '\u0000',
  '😀',
]

function expectSound(text: string, workspace: Workspace): void {
  expect(unsound({ name: 'any.zgoda', text }, workspace), text).toBeUndefined()
}

const read = (text: string) => readWorkspace([{ name: 'any.zgoda', text }])
const readYaml = (text: string) => readWorkspace([{ name: 'any.yaml', text }])

describe('any text at all', () => {
  it('becomes a definition or problems, never a crash', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => expectSound(text, read(text))),
      { numRuns: 500 },
    )
  })

  it('becomes a definition or problems, never a crash, if it is made of words of the language', () => {
    const words = fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((list) => list.join(' '))
    fc.assert(
      fc.property(words, (text) => expectSound(text, read(text))),
      { numRuns: 1000 },
    )
  })

  it('becomes a definition or problems, never a crash, if it is a workspace with a few changes', () => {
    const change = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      cut: fc.nat(40),
      put: fc.constantFrom('', ...pieces),
    })
    const changed = fc
      .tuple(fc.constantFrom(...texts), fc.array(change, { minLength: 1, maxLength: 4 }))
      .map(([text, changes]) =>
        changes.reduce((whole, { at, cut, put }) => {
          const place = Math.floor(at * whole.length)
          return whole.slice(0, place) + put + whole.slice(place + cut)
        }, text),
      )
    fc.assert(
      fc.property(changed, (text) => expectSound(text, read(text))),
      { numRuns: 1500 },
    )
  }, 120_000)

  it('gives the same answer each time', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 40 }), (list) => {
        const text = list.join(' ')
        expect(read(text)).toEqual(read(text))
      }),
      { numRuns: 100 },
    )
  })
})

describe('input made to hurt', () => {
  const inProcess = (expression: string) => `process p { field a number stage s { when ${expression} go to s } }`
  const times = 100_000

  it.each([
    ['brackets without end', inProcess('('.repeat(times))],
    ['`not` without end', inProcess(`${'not '.repeat(times)}a`)],
    ['minus without end', inProcess(`${'- '.repeat(times)}a = 1`)],
    ['a sum without end', inProcess(`a${' + a'.repeat(times)} = 1`)],
    ['conditions without end', inProcess(`a = 1${' or a = 1'.repeat(times)}`)],
    ['braces without end', '{'.repeat(times)],
    ['closing braces without end', '}'.repeat(times)],
    ['processes in processes', 'process p {'.repeat(10_000)],
    ['quotes without end', '"'.repeat(times + 1)],
    ['a name without end', `role ${'a'.repeat(times)}`],
    ['signs that mean nothing', '$ a '.repeat(times)],
    ['lines that mean nothing', 'foo\n'.repeat(times)],
    ['a list without end', `process p { show ${'a, '.repeat(times)} }`],
    ['Liquid without end', `letter l "{{ ${'a.'.repeat(20_000)}b }}" { body "${'{% if a %}'.repeat(20_000)}" }`],
    ['places to fill in without end', `letter l "L" { body "${'{{ a }}'.repeat(times)}" }`],
    ['a great number', inProcess(`a > ${'9'.repeat(times)}`)],
  ])('%s ends in a few problems, soon', (_, text) => {
    const started = performance.now()
    const { definition, problems } = read(text)
    expect(definition).toBeUndefined()
    expect(problems.length).toBeGreaterThan(0)
    expect(problems.length).toBeLessThan(1000)
    expect(performance.now() - started).toBeLessThan(5000)
  })
})

describe('YAML made to hurt', () => {
  const times = 50_000
  /** Each list holds ten times the one before. */
  const bomb = (levels: number, inner: string) =>
    Array.from({ length: levels }, (_, level) => {
      const of = level === 0 ? inner : `*b${level - 1}`
      return `&b${level} [${Array(10).fill(of).join(', ')}]`
    })
  const rules = bomb(2, '{ holds: a = 1, goTo: s }')
  const stages = Array.from({ length: 400 }, (_, index) => `s${index}: { when: *w, enter: *e }`).join(', ')
  const wide = `processes: { p: { stages: { s: { when: &w [${Array(100).fill('{ holds: a = 1, goTo: s }').join(', ')}], enter: &e [${Array(100).fill('{ write: d }').join(', ')}] }, ${stages} } } }`

  it.each([
    ['brackets without end', `a: ${'['.repeat(times)}`],
    ['braces without end', `a: ${'{'.repeat(times)}`],
    ['braces over many lines', '{ a:\n'.repeat(times)],
    ['keys in keys without end', 'a: '.repeat(times)],
    ['keys in keys in braces', `a: { b: ${'a: '.repeat(times)} }`],
    ['items in items without end', `${'- '.repeat(times)}a`],
    ['question marks without end', `${'? '.repeat(times)}a`],
    ['a list without end', `roles: [${'a, '.repeat(times)}]`],
    ['maps side by side without end', `a: ${'{{ a }}'.repeat(times)}`],
    ['quotes without end', `a: ${'"'.repeat(times + 1)}`],
    ['anchors without end', `a: ${'&a '.repeat(times)}`],
    ['ten to the eighth by aliases', `a: [${bomb(8, 'x').join(', ')}]\nprocesses: *b7`],
    ['rules by aliases', `a: [${rules.join(', ')}]\nprocesses: { p: { stages: { s: { when: *b1 } } } }`],
    ['eighty thousand rules by aliases', wide],
    ['a stage in itself', 'processes: { p: &p { stages: { s: *p } } }'],
  ])('%s ends in a few problems, soon', (_, text) => {
    const started = performance.now()
    const answer = readYaml(text)
    expect(unsound({ name: 'any.yaml', text }, answer)).toBeUndefined()
    expect(answer.definition).toBeUndefined()
    expect(answer.problems.length).toBeGreaterThan(0)
    expect(answer.problems.length).toBeLessThan(1000)
    expect(performance.now() - started).toBeLessThan(5000)
  })

  it('says that aliases make a file more than can be read', () => {
    expect(readYaml(wide).problems.map(({ code }) => code)).toContain('Z105')
  })
})
