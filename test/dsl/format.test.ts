import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { formatText } from '../../dsl/format/format.ts'
import { printText } from '../../dsl/format/print.ts'
import { loadFolder } from '../../dsl/index.ts'
import { Source } from '../../dsl/source.ts'
import { parseText } from '../../dsl/text/parse.ts'

/** A text and what it looks like in its canonical layout; without `formatted` it has that already. */
interface Case {
  readonly it: string
  readonly source: string
  readonly formatted?: string
}

const folder = join(import.meta.dirname, 'formats')

function formatted(text: string): string {
  const result = formatText({ name: 'case.zgoda', text })
  if ('problems' in result)
    throw new Error(result.problems.map(({ line, message }) => `${line}: ${message}`).join('\n'))
  return result.text
}

for (const file of readdirSync(folder)) {
  describe(`the layout: ${file.replace('.yaml', '')}`, () => {
    for (const each of parse(readFileSync(join(folder, file), 'utf8')) as Case[]) {
      it(each.it, () => {
        const wanted = each.formatted ?? each.source
        expect(formatted(each.source)).toBe(wanted)
        expect(formatted(wanted)).toBe(wanted)
      })
    }
  })
}

describe('the workspaces of this repository', async () => {
  const folders = await Promise.all(['examples', 'bench/moves'].map((name) => loadFolder(name)))
  const texts = folders.flatMap(({ files }) => files).filter(({ name }) => name.endsWith('.zgoda'))

  it.each(texts)('have the canonical layout: $name', ({ text }) => {
    expect(formatted(text)).toBe(text)
  })

  it.each(texts)('come out the same from Windows: $name', ({ text }) => {
    expect(formatted(`\uFEFF${text.replaceAll('\n', '\r\n')}`)).toBe(text)
  })
})

describe('a file from elsewhere', () => {
  it('loses its byte order mark and its Windows line ends', () => {
    const text = '\uFEFF# a shop\r\nrole clerk {\t# rights\r\n\r\n  clients: see # all\r\n}\r\n'
    expect(formatted(text)).toBe('# a shop\nrole clerk {  # rights\n  clients: see  # all\n}\n')
  })

  it('keeps the values of its texts', () => {
    const text = 'letter l {\r\n  body """\r\n  One  \r\n\r\n    Two\r\n  """\r\n}\r\n'
    expect(formatted(text)).toBe('letter l {\n  body """\n    One  \n\n      Two\n  """\n}\n')
  })

  it('is left alone with its problems where it can’t be read', () => {
    const result = formatText({ name: 'case.zgoda', text: 'role clerk {\n  clients: see\n' })
    expect(result).toMatchObject({ problems: [{ code: 'Z101', line: 1 }] })
  })

  it('has no words for what could not be read', () => {
    const { tree } = parseText(new Source({ name: 'case.zgoda', text: 'role 7' }))
    expect(() => printText(tree, [])).toThrow('a file with problems can not be printed')
  })

  it('is formatted where only what it means is wrong', () => {
    expect(formatted('form f { starts nothing }')).toBe('form f {\n  starts nothing\n}\n')
  })
})
