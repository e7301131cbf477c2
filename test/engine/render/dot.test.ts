import { instance } from '@viz-js/viz'
import { describe, expect, it } from 'vitest'
import { diagramOf } from '../../../engine/render/diagram.ts'
import { toDot } from '../../../engine/render/dot.ts'
import { readExample } from '../examples.ts'
import { signs, strange } from './strange.ts'

const florist = readExample('florist/text')
const clinic = readExample('clinic')

interface Laid {
  readonly objects: readonly { readonly name: string; readonly class?: string; readonly tooltip: string }[]
  readonly edges: readonly {
    readonly tail: number
    readonly head: number
    readonly class: string
    readonly label?: string
  }[]
}

const viz = await instance()

/** What Graphviz itself makes of the text. */
function read(dot: string): Laid {
  const result = viz.render(dot, { format: 'json' })
  expect(result.errors.filter((error) => error.level !== 'warning')).toEqual([])
  return JSON.parse(result.output ?? '')
}

describe('a diagram in Graphviz’s language', () => {
  it('has a node a stage, a start, and an arrow a way', () => {
    const { objects, edges } = read(toDot(diagramOf(florist, 'order')))
    expect(objects.map(({ name, class: kind }) => `${name}: ${kind}`)).toEqual([
      'start?: start',
      'waiting: stage first',
      'arranging: stage guarded',
      'delivered: stage end success',
      'cancelled: stage end',
    ])
    const arrows = edges.map(({ tail, head, class: kind }) => `${objects[tail]?.name} ${objects[head]?.name} ${kind}`)
    expect(arrows).toEqual([
      'start? waiting way begin',
      'waiting arranging way itself',
      'waiting cancelled way itself',
      'waiting cancelled way person',
      'arranging delivered way person',
      'arranging cancelled way person',
    ])
  })

  it('draws what holds at any stage from one box', () => {
    const { objects, edges } = read(toDot(diagramOf(strange, 'state')))
    const box = objects.findIndex(({ class: kind }) => kind === 'anywhere')
    expect(edges.filter(({ tail }) => tail === box)).toHaveLength(2)
  })

  it('keeps what the author wrote, whatever signs it holds', () => {
    const { objects } = read(toDot(diagramOf(strange, 'state')))
    expect(objects.find(({ name }) => name === 'note')?.tooltip.replaceAll('\\\\', '\\')).toBe(
      signs.replaceAll('&', '&amp;'),
    )
    expect(viz.renderString(toDot(diagramOf(strange, 'state')), { format: 'svg' })).not.toContain('<script')
  })

  it('breaks long labels into lines', () => {
    const longest = read(toDot(diagramOf(clinic, 'visit'))).edges.flatMap(({ label = '' }) => label.split('\\l'))
    expect(longest.length).toBeGreaterThan(5)
    for (const line of longest) expect(line.length).toBeLessThanOrEqual(33)
  })
})
