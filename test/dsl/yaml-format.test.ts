import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { Source } from '../../dsl/source.ts'
import { asidesOf } from '../../dsl/yaml/asides.ts'
import { formatYaml } from '../../dsl/yaml/format.ts'
import { parseYaml } from '../../dsl/yaml/parse.ts'
import { printYaml } from '../../dsl/yaml/print.ts'
import { anyComments, withComments } from './any-comments.ts'
import { wildTree, withoutPlaces } from './generate.ts'
import { sayableInYaml } from './yaml-order.ts'
import { anyStyle, inStyle } from './yaml-styles.ts'

const source = (text: string) => new Source({ name: 'any.yaml', text })
const commentsOf = (text: string) =>
  asidesOf(source(text))
    .comments.map(({ start, end }) => text.slice(start, end))
    .toSorted()

function formatted(text: string): string {
  const result = formatYaml({ name: 'any.yaml', text })
  if ('problems' in result) throw new Error(`${JSON.stringify(result.problems)}\n${text}`)
  return result.text
}

function meaningOf(text: string): string {
  const { tree, problems } = parseYaml(source(text))
  return problems.length > 0 ? '' : JSON.stringify(withoutPlaces(tree))
}

/** Formats a text that can be read; holds that nothing is lost. */
function expectKept(text: string): void {
  const before = parseYaml(source(text))
  const result = formatted(text)
  const after = parseYaml(source(result))
  const shown = `${text}\n----\n${result}`
  expect(after.problems, shown).toEqual([])
  expect(withoutPlaces(after.tree), shown).toEqual(withoutPlaces(before.tree))
  expect(commentsOf(result), shown).toEqual(commentsOf(text))
  expect(formatted(result), shown).toBe(result)
}

interface Layout {
  readonly it: string
  readonly name?: string
  readonly source: string
  readonly layout: string
}

const layouts = parse(readFileSync('test/dsl/yaml-layouts.yaml', 'utf8')) as Layout[]

describe('the layout of YAML', () => {
  it.each(layouts)('$it', ({ name = 'any.yaml', source, layout }) => {
    expect(formatYaml({ name, text: source })).toEqual({ text: layout })
    expect(formatYaml({ name, text: layout })).toEqual({ text: layout })
    if (name === 'any.yaml') expectKept(source)
  })

  it.each(['examples/florist/yaml/shop.yaml', 'definitions/starter/office.yaml'])('is that of %s', (path) => {
    const text = readFileSync(path, 'utf8')
    expect(formatted(text)).toBe(text)
  })

  it('is not given to what can not be read', () => {
    for (const text of ['roles: [', 'roles: [a]\n', 'purposes: { a: { basic: consent } }\n', 'a text\n']) {
      expect(formatYaml({ name: 'any.yaml', text })).toHaveProperty('problems')
    }
    expect(formatYaml({ name: 'any.test.yaml', text: 'process: p\nscenario: []\n' })).toHaveProperty('problems')
  })

  it('is no line for nothing, and comments alone stay', () => {
    expect(formatted('')).toBe('')
    expect(formatted('---\n')).toBe('')
    expect(formatted('\n# one\n\n\n# two\n')).toBe('# one\n\n# two\n')
    expect(formatted('\ufeffroles: {}\r\n# end\r\n')).toBe('roles: {}\n# end\n')
  })
})

const nasty = [
  '',
  ' ',
  '\n',
  '\n\n',
  ' before',
  'behind ',
  'a # b',
  'a #b',
  '# a',
  'a: b',
  'a:',
  ': a',
  '- a',
  '-',
  '--- a',
  '...',
  '? a',
  '*a',
  '&a',
  '!a',
  '%a',
  '@a',
  '`a`',
  '|',
  '>',
  "'a'",
  '"a"',
  `"a" 'b'`,
  'back\\slash',
  '{a}',
  '[a]',
  'a, b',
  'a{b',
  '{{ a }}',
  'null',
  '~',
  'True',
  'off',
  'y',
  '12',
  '1_000',
  '0o17',
  '0x1f',
  '.5',
  '1e3',
  '.inf',
  '8:00',
  '2026-05-25',
  '=',
  '<<',
  'a\tb',
  '\ta',
  'a\r\nb',
  'a\rb',
  'a\u0085b',
  'a\u2028b',
  '\ufeffa',
  '\u00a0a\u00a0',
  '\u0000\u007f',
  '😀 ż',
  'word '.repeat(400).trim(),
  'x'.repeat(3000),
  'a\nb',
  'a\nb\n',
  'a\n\n\n',
  '\n\na',
  ' a\nb',
  '\ta\nb\n',
  'a\n  b\n    c\n',
  'a\n   \nb\n',
  'a\n  ',
  'a\n  \n',
  '   \na\n',
  '# a\n- b\n---\n...\n',
  'a  \nb\n',
]

describe('any string', () => {
  const file = (value: string, style: 'letters' | 'options') =>
    style === 'letters'
      ? { letters: { a: { subject: value, body: value }, b: { body: { en: value, pl: value }, subject: 'x' } } }
      : {
          processes: { p: { fields: { f: { type: 'choice', options: [value, 'x'] } }, stages: { s: { title: 'S' } } } },
        }

  it.each(nasty)('%j is read back as it is, where it has a line, a body or a place in a list', (value) => {
    for (const style of ['letters', 'options'] as const) {
      const meant = file(value, style)
      const text = formatted(stringify(meant))
      expect(parse(text), text).toEqual(meant)
      expect(parse(text, { version: '1.1' }), text).toEqual(meant)
      expect(formatted(text)).toBe(text)
    }
  })

  it('is read back as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const text = formatted(stringify(file(value, 'letters')))
        expect(parse(text), text).toEqual(file(value, 'letters'))
      }),
      { numRuns: 500 },
    )
  })
})

describe('any YAML', () => {
  it('means the same in its layout, keeps its comments, and has one layout', () => {
    fc.assert(
      fc.property(wildTree.map(sayableInYaml), anyStyle, (tree, style) => {
        const text = inStyle(printYaml(tree, []), style)
        fc.pre(parseYaml(source(text)).problems.length === 0)
        expectKept(text)
      }),
      { numRuns: 300 },
    )
  }, 120_000)

  it('keeps comments wherever they stand', () => {
    fc.assert(
      fc.property(wildTree.map(sayableInYaml), anyStyle, anyComments, (tree, style, wishes) => {
        const text = inStyle(printYaml(tree, []), style)
        fc.pre(parseYaml(source(text)).problems.length === 0)
        const meant = meaningOf(text)
        let count = commentsOf(text).length
        const commented = withComments(text, wishes, (tried) => {
          const isComment = meaningOf(tried) === meant && commentsOf(tried).length === count + 1
          if (isComment) count++
          return isComment
        })
        expectKept(commented)
      }),
      { numRuns: 300 },
    )
  }, 120_000)
})
