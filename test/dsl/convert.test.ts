import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { convertFile } from '../../dsl/convert.ts'
import { isWorkspaceFile } from '../../dsl/folder.ts'
import { printText } from '../../dsl/format/print.ts'
import { formatFile } from '../../dsl/format-file.ts'
import { Source, type SourceFile } from '../../dsl/source.ts'
import { parseText } from '../../dsl/text/parse.ts'
import { readWorkspace } from '../../dsl/workspace.ts'
import { asidesOf } from '../../dsl/yaml/asides.ts'
import { parseYaml } from '../../dsl/yaml/parse.ts'
import { printYaml } from '../../dsl/yaml/print.ts'
import { anyComments, type Wish, withComments } from './any-comments.ts'
import { soundWorkspace, wildTree, withoutPlaces } from './generate.ts'
import { inYamlOrder, sayableInYaml } from './yaml-order.ts'
import { anyStyle, inStyle } from './yaml-styles.ts'
import { anySpoiling, spoilt } from './yaml-values.ts'

function converted(file: SourceFile): SourceFile {
  const result = convertFile(file)
  if ('problems' in result) throw new Error(`${JSON.stringify(result.problems)}\n${file.text}`)
  return { name: file.name.endsWith('.yaml') ? 'other.zgoda' : 'other.yaml', text: result.text }
}

const inText = (text: string): SourceFile => ({ name: 'any.zgoda', text })
const inYaml = (text: string): SourceFile => ({ name: 'any.yaml', text })

/** What files define, wherever they say it. */
function definitionOf(files: readonly SourceFile[]): unknown {
  const { definition, problems } = readWorkspace(files)
  expect(problems).toEqual([])
  return JSON.parse(JSON.stringify(definition, (_key, value) => (isPlace(value) ? undefined : value)))
}

function isPlace(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'file' in value && 'line' in value
}

/** What a file says, wherever it says it; nothing where it can't be read. */
function meaningOf(file: SourceFile): unknown {
  const source = new Source(file)
  const { tree, problems } = source.notation === 'yaml' ? parseYaml(source) : parseText(source)
  return problems.length > 0 ? undefined : withoutPlaces(inYamlOrder(tree))
}

function commentsOf(file: SourceFile): string[] {
  const source = new Source(file)
  const { comments } = source.notation === 'yaml' ? asidesOf(source) : parseText(source)
  return comments.map(({ start, end }) => file.text.slice(start, end).trimEnd()).toSorted()
}

/** A file with comments at those of the places where they change nothing. */
function commented(file: SourceFile, wishes: readonly Wish[]): SourceFile {
  const meant = JSON.stringify(meaningOf(file))
  let count = commentsOf(file).length
  const text = withComments(file.text, wishes, (text) => {
    const tried = { name: file.name, text }
    const isComment = JSON.stringify(meaningOf(tried)) === meant && commentsOf(tried).length === count + 1
    if (isComment) count++
    return isComment
  })
  return { name: file.name, text }
}

function filesIn(folder: string): SourceFile[] {
  return readdirSync(folder)
    .filter(isWorkspaceFile)
    .map((name) => ({ name, text: readFileSync(`${folder}/${name}`, 'utf8') }))
}

describe('the examples', () => {
  const folders = ['examples/florist/text', 'examples/florist/yaml', 'examples/clinic']

  it.each(folders)('in %s mean the same in the other notation, and back again', (folder) => {
    const files = filesIn(folder)
    const there = files.map((file, index) => ({ ...converted(file), name: `${index}${converted(file).name}` }))
    const back = there.map((file, index) => ({ ...converted(file), name: `${index}${converted(file).name}` }))
    expect(definitionOf(there)).toEqual(definitionOf(files))
    expect(definitionOf(back)).toEqual(definitionOf(files))
  })

  it('become the same file, whichever notation they are written in', () => {
    const [yaml] = filesIn('examples/florist/yaml')
    const texts = filesIn('examples/florist/text').toSorted((a, b) => (a.name > b.name ? -1 : 1))
    const whole = inText(texts.map(({ text }) => text).join(''))
    const withoutComments = (text: string) => text.replace(/^#.*\n+/gm, '')
    expect(withoutComments(converted(whole).text)).toBe(withoutComments(yaml?.text ?? ''))
  })
})

const runs = 300

describe('any sound workspace', () => {
  it('defines the same in YAML, and back in text', () => {
    fc.assert(
      fc.property(soundWorkspace, (tree) => {
        const file = inText(printText(tree, []))
        const meant = definitionOf([file])
        const yaml = converted(file)
        expect(definitionOf([yaml]), yaml.text).toEqual(meant)
        expect(definitionOf([converted(yaml)]), converted(yaml).text).toEqual(meant)
      }),
      { numRuns: runs },
    )
  }, 120_000)
})

describe('any file of Zgoda text', () => {
  it('says the same in YAML and back in text, with every comment', () => {
    fc.assert(
      fc.property(wildTree.map(sayableInYaml), anyComments, (tree, wishes) => {
        const file = commented(inText(printText(tree, [])), wishes)
        const yaml = converted(file)
        const back = converted(yaml)
        const shown = `${file.text}\n----\n${yaml.text}\n----\n${back.text}`
        for (const each of [yaml, back]) {
          expect(meaningOf(each), shown).toEqual(meaningOf(file))
          expect(commentsOf(each), shown).toEqual(commentsOf(file))
          expect(formatFile(each), shown).toEqual({ text: each.text })
        }
      }),
      { numRuns: runs },
    )
  }, 120_000)
})

describe('any file of YAML', () => {
  it('says the same in text, with every comment', () => {
    fc.assert(
      fc.property(wildTree.map(sayableInYaml), anyStyle, anyComments, (tree, style, wishes) => {
        const styled = inYaml(inStyle(printYaml(tree, []), style))
        fc.pre(meaningOf(styled) !== undefined)
        const file = commented(styled, wishes)
        const text = converted(file)
        const shown = `${file.text}\n----\n${text.text}`
        expect(meaningOf(text), shown).toEqual(meaningOf(file))
        expect(commentsOf(text), shown).toEqual(commentsOf(file))
        expect(formatFile(text), shown).toEqual({ text: text.text })
      }),
      { numRuns: runs },
    )
  }, 120_000)

  it('says the same in text, or text has no words for it', () => {
    fc.assert(
      fc.property(wildTree.map(sayableInYaml), anySpoiling, (tree, spoiling) => {
        const file = inYaml(spoilt(printYaml(tree, []), spoiling))
        const meaning = meaningOf(file)
        fc.pre(meaning !== undefined)
        const result = convertFile(file)
        if ('text' in result) {
          expect(meaningOf(inText(result.text)), `${file.text}\n----\n${result.text}`).toEqual(meaning)
        }
      }),
      { numRuns: 2 * runs },
    )
  }, 120_000)
})

describe('a file that is converted', () => {
  it('takes comments and what belongs together along', () => {
    const file = inText(`# The shop.

# Who we are
company "Shop" # of flowers

process order "Order" { # the main one
  # what we sell
  field bouquet "Bouquet" choice (roses, # red
    tulips)
  show bouquet # always

  stage new {
    # first
    on enter { notify everyone "new" } # at once
    when bouquet = roses go to done # roses are quick
    # then
    after 2 days go to done
    # that is all
  }
  final stage done
} # end
# The end.
`)
    expect(converted(file).text).toBe(`# The shop.

# Who we are
company:  # of flowers
  name: Shop

processes:
  # the main one
  order:  # end
    title: Order
    fields:
      # what we sell
      bouquet:
        title: Bouquet
        type: choice
        options:
          - roses  # red
          - tulips
    show: [bouquet]  # always
    stages:
      new:
        # first
        enter:  # at once
          - notify: { to: everyone, text: new }
        when:
          - { holds: bouquet = roses, goTo: done }  # roses are quick
        after:
          # then
          - { delay: 2 days, goTo: done }
        # that is all
      done:
        final: true
# The end.
`)
  })

  it('has what stands in several statements under one key, each with its comments', () => {
    const file = inText(`process p {
  show a  # seen by all
  show b, c  # seen too
  stage s {
    # one
    on enter {  # two
      write d
      # three
    }  # four
    # five
    on enter {  # six
      write e  # seven
      # eight
    }  # nine
    on leave {
      # ten
    }
  }
}
`)
    expect(converted(file).text).toBe(`processes:
  p:
    show:  # seen by all
      - a
      - b
      - c  # seen too
    stages:
      s:
        # one
        # two
        enter:  # four
          - write: d
          # three
          # five
          # six
          - write: e  # seven
          # eight
          # nine
        # ten
        leave: []
`)
  })

  it('has the ends of bodies where they are set in so', () => {
    const file = inYaml(`purposes:
  a:
    basis: contract # why
    # ends a
  # before b
  b:
    basis: contract
# ends the file
`)
    expect(converted(file).text).toBe(`purpose a {
  basis contract  # why
  # ends a
}

# before b
purpose b {
  basis contract
}
# ends the file
`)
  })

  it('writes out what aliases stand for, and drops what is for editors of YAML', () => {
    const file = inYaml(`# yaml-language-server: $schema=workspace.schema.json
roles:
  a: &rights { clients: &list [see, edit] }
  b: *rights
  c: { clients: *list }
`)
    expect(converted(file).text).toBe(`role a { clients: see, edit }
role b { clients: see, edit }
role c { clients: see, edit }
`)
  })

  it('puts one declaration in several languages, the first of which is not English', () => {
    const file = inYaml('roles:\n  a: { title: { pl: Rola, en: Role } }\n')
    expect(converted(file).text).toBe('role a pl "Rola" en "Role"\n')
    expect(converted(converted(file)).text).toBe(file.text)
  })
})

describe('what the other notation has no words for', () => {
  const problemsOf = (file: SourceFile) => {
    const result = convertFile(file)
    return 'problems' in result ? result.problems.map(({ line, column, message }) => [line, column, message]) : []
  }

  it('is told where it stands: mistakes in the writing', () => {
    expect(problemsOf(inText('role a {\n'))).toHaveLength(1)
    expect(problemsOf(inYaml('roles: [a]\n'))).toHaveLength(1)
  })

  it('is told where it stands: names that are no words', () => {
    const file = inYaml('roles:\n  front desk: { clients: [see] }\nhours: { holidays: [Easter] }\n')
    expect(problemsOf(file)).toEqual([
      [2, 3, '`front desk` is no word of Zgoda text'],
      [3, 21, '`Easter` is no word of Zgoda text'],
    ])
  })

  it('is told where it stands: lists without members, which are mistakes in YAML too', () => {
    const file = inYaml('processes:\n  p:\n    stages:\n      a: { moves: [{ to: a, by: [] }], require: [] }\n')
    expect(problemsOf(file)).toEqual([
      [4, 33, '`by` is empty'],
      [4, 49, '`require` is empty'],
    ])
  })

  it('is told where it stands: mistakes that YAML leaves no room for', () => {
    const file = inText('process p {\n  on enter { }\n  stage a success\n}\n')
    expect(problemsOf(file)).toEqual([
      [2, 3, 'YAML has no `enter` for a whole process'],
      [3, 3, 'YAML has no `success` without an end'],
    ])
  })
})
