import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatText } from '../../dsl/format/format.ts'
import { printText } from '../../dsl/format/print.ts'
import { Source } from '../../dsl/source.ts'
import { parseText } from '../../dsl/text/parse.ts'
import { wildTree, withoutPlaces } from './generate.ts'

const read = (text: string) => parseText(new Source({ name: 'any.zgoda', text }))

function formatted(text: string): string {
  const result = formatText({ name: 'any.zgoda', text })
  if ('problems' in result) throw new Error(`${JSON.stringify(result.problems)}\n${text}`)
  return result.text
}

describe('any tree', () => {
  it('is printed so that reading gives the same tree', () => {
    fc.assert(
      fc.property(wildTree, (tree) => {
        const text = printText(tree, [])
        const back = read(text)
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
})
