import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { convertFile } from '../../../dsl/convert.ts'
import { printText } from '../../../dsl/format/print.ts'
import type { SourceFile } from '../../../dsl/source.ts'
import { readWorkspace } from '../../../dsl/workspace.ts'
import { diff } from '../../../engine/diff/index.ts'
import type { Definition } from '../../../engine/index.ts'
import { soundWorkspace } from '../../dsl/generate.ts'

function defined(files: readonly SourceFile[]): Definition {
  const { definition, problems } = readWorkspace(files)
  if (!definition) throw new Error(JSON.stringify(problems))
  return definition
}

function folder(path: string): Definition {
  const names = readdirSync(path).filter((name) => /\.(zgoda|yaml)$/.test(name) && !name.endsWith('.test.yaml'))
  return defined(names.map((name) => ({ name, text: readFileSync(`${path}/${name}`, 'utf8') })))
}

describe('two definitions do not differ', () => {
  it('where one is the flower shop in text and the other in YAML', () => {
    expect(diff(folder('examples/florist/text'), folder('examples/florist/yaml'))).toEqual([])
  })

  it('where declarations stand elsewhere, in another order, in the other notation', () => {
    fc.assert(
      fc.property(soundWorkspace, fc.boolean(), ({ declarations }, yaml) => {
        const text = printText({ declarations }, [])
        const before = defined([{ name: 'a.zgoda', text }])
        expect(diff(before, before)).toEqual([])
        const turned = { name: 'b.zgoda', text: `\n\n${printText({ declarations: declarations.toReversed() }, [])}` }
        const converted = yaml ? convertFile(turned) : undefined
        const after = converted && 'text' in converted ? { name: 'b.yaml', text: converted.text } : turned
        expect(diff(before, defined([after])), text).toEqual([])
      }),
      { numRuns: 200 },
    )
  }, 120_000)

  const roles = 'role a "A" { clients: see } role b "B" { clients: see }'
  const fields = 'field x "X" text field y "Y" choice (p, q)'
  const process = (inside: string, first = '', second = '') =>
    defined([
      {
        name: 'p.zgoda',
        text: `${roles} process p { ${inside} ${fields}
  stage one "One" { ${first} move to two }
  final stage two "Two" success { ${second} } }`,
      },
    ])

  it.each<[string, Definition, Definition]>([
    ['values by default are written out', process('moves declared'), process('')],
    ['a list has another order', process('access a: see, edit'), process('access a: edit, see')],
    ['fields are shown at the stages one by one', process('show x'), process('', 'show x', 'show x')],
    ['a field is shown twice', process('show x', 'show x to a'), process('show x')],
    ['a field may be edited at an end, where nobody edits', process('', '', 'edit x'), process('', '', 'show x')],
    [
      'an erasure names several fields',
      process('', 'on enter { erase x, y }'),
      process('', 'on enter { erase y erase x }'),
    ],
    ['a length of time has another unit', process('', 'after 1 week go to two'), process('', 'after 7 days go to two')],
    [
      'a button is called as it would be anyway',
      process('', 'move to two as "Two" by a'),
      process('', 'move to two by a'),
    ],
    [
      'words are spelt otherwise',
      process('', 'on reply from client saying "Yes!" go to two'),
      process('', 'on reply from client saying "yes" go to two'),
    ],
  ])('where %s', (_, before, after) => {
    expect(diff(before, after)).toEqual([])
  })

  it.each<[string, Definition, Definition]>([
    [
      'an hour is no working hour',
      process('', 'after 1 hour go to two'),
      process('', 'after 1 working hour go to two'),
    ],
    ['a month is no 30 days', process('', 'after 1 month go to two'), process('', 'after 30 days go to two')],
    ['a button is called otherwise', process('', 'move to two as "Go" by a'), process('', 'move to two by a')],
  ])('but they do where %s', (_, before, after) => {
    expect(diff(before, after)).toHaveLength(1)
  })
})
