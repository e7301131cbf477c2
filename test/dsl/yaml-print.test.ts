import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Source } from '../../dsl/source.ts'
import { formatYaml } from '../../dsl/yaml/format.ts'
import { parseYaml } from '../../dsl/yaml/parse.ts'
import { printYaml } from '../../dsl/yaml/print.ts'
import { wildTree, withoutPlaces } from './generate.ts'
import { inYamlOrder, sayableInYaml } from './yaml-order.ts'

const read = (text: string) => parseYaml(new Source({ name: 'any.yaml', text }))

describe('any tree', () => {
  it('is printed as YAML so that reading gives the same tree', () => {
    fc.assert(
      fc.property(wildTree.map(sayableInYaml), (tree) => {
        const text = printYaml(tree, [])
        const back = read(text)
        expect(back.problems, text).toEqual([])
        expect(withoutPlaces(back.tree), text).toEqual(withoutPlaces(inYamlOrder(tree)))
      }),
      { numRuns: 1000 },
    )
  }, 120_000)

  it('has one layout', () => {
    fc.assert(
      fc.property(wildTree.map(sayableInYaml), (tree) => {
        const text = printYaml(tree, [])
        expect(formatYaml({ name: 'any.yaml', text })).toEqual({ text })
      }),
      { numRuns: 500 },
    )
  }, 120_000)
})
