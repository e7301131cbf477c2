import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatText } from '../../dsl/format/format.ts'
import { printText } from '../../dsl/format/print.ts'
import { readWorkspace } from '../../dsl/index.ts'
import { Source } from '../../dsl/source.ts'
import { lex } from '../../dsl/text/lexer.ts'
import { parseText } from '../../dsl/text/parse.ts'
import type { FileNode } from '../../dsl/tree.ts'
import { soundWorkspace, wildTree, withoutPlaces } from './generate.ts'

const parse = (text: string) => parseText(new Source({ name: 'any.zgoda', text }))

function formatted(text: string): string {
  const result = formatText({ name: 'any.zgoda', text })
  if ('problems' in result) throw new Error(`${JSON.stringify(result.problems)}\n${text}`)
  return result.text
}

/** What a text says, if it can be read. */
function meaningOf(text: string): unknown {
  const { tree, problems } = parse(text)
  return problems.length > 0 ? undefined : withoutPlaces(tree)
}

function commentsOf(text: string): string[] {
  return parse(text).comments.map(({ source, start, end }) => source.text.slice(start, end).trimEnd())
}

/** Something to put before a token; `at` says which, counted anew from the first where there are fewer. */
interface Insertion {
  readonly at: number
  readonly put: string
}

function insertions(texts: fc.Arbitrary<string>, most: number): fc.Arbitrary<Insertion[]> {
  return fc.array(fc.record({ at: fc.nat(10_000), put: texts }), { minLength: 1, maxLength: most })
}

/** The text with those of the insertions that leave all it says as it is, where they are allowed. */
function insertedInto(
  text: string,
  all: readonly Insertion[],
  allowed: (text: string) => boolean = () => true,
): string {
  const tokens = lex(new Source({ name: 'any.zgoda', text })).tokens
  const placed = all.map(({ at, put }) => ({
    place: tokens[at % (tokens.length + 1)]?.startOffset ?? text.length,
    put,
  }))
  const meaning = JSON.stringify(meaningOf(text))
  return placed
    .toSorted((a, b) => b.place - a.place)
    .reduce((written, { place, put }) => {
      const tried = written.slice(0, place) + put + written.slice(place)
      return allowed(tried) && JSON.stringify(meaningOf(tried)) === meaning ? tried : written
    }, text)
}

describe('any tree', () => {
  it('is printed so that reading gives the same tree', () => {
    fc.assert(
      fc.property(wildTree, (tree) => {
        const text = printText(tree, [])
        const back = parse(text)
        expect(back.problems, text).toEqual([])
        expect(withoutPlaces(back.tree), text).toEqual(withoutPlaces(tree))
      }),
      { numRuns: 1000 },
    )
  }, 120_000)

  it('has one layout', () => {
    fc.assert(
      fc.property(wildTree, (tree) => {
        const text = printText(tree, [])
        expect(formatted(text)).toBe(text)
      }),
      { numRuns: 500 },
    )
  }, 120_000)

  it('has that layout however its lines were broken', () => {
    const spaces = insertions(fc.constantFrom(' ', '\n', '\n      ', '\r\n\t', '\u00a0'), 8)
    fc.assert(
      fc.property(wildTree, spaces, (tree, list) => {
        const text = printText(tree, [])
        // Blank lines are the author's, and stay.
        const blank = blankLinesIn(text)
        const written = insertedInto(text, list, (tried) => blankLinesIn(tried) === blank)
        expect(formatted(written), written).toBe(text)
      }),
      { numRuns: 300 },
    )
  }, 120_000)

  it('keeps every comment, in order, and then its layout', () => {
    const comment = fc
      .tuple(fc.constantFrom(' ', '\n', '\n\n', '\r\n', ''), fc.nat(99), fc.constantFrom('\n', '\n\n', ' \r\n'))
      .map(([before, number, after]) => `${before}# ${number}${after}`)
    fc.assert(
      fc.property(wildTree, insertions(comment, 8), (tree: FileNode, list) => {
        const written = insertedInto(printText(tree, []), list)
        const text = formatted(written)
        expect(meaningOf(text), written).toEqual(meaningOf(written))
        expect(commentsOf(text), `${written}\n----\n${text}`).toEqual(commentsOf(written))
        expect(formatted(text), written).toBe(text)
      }),
      { numRuns: 700 },
    )
  }, 120_000)
})

function blankLinesIn(text: string): number {
  return text.match(/\n(?=[^\S\n]*\n)/g)?.length ?? 0
}

describe('any workspace that means something', () => {
  it('is sound when printed', () => {
    fc.assert(
      fc.property(soundWorkspace, (tree) => {
        const text = printText(tree, [])
        const { problems, definition } = readWorkspace([{ name: 'any.zgoda', text }])
        expect(problems, text).toEqual([])
        expect(definition).toBeDefined()
      }),
      { numRuns: 300 },
    )
  }, 120_000)
})
