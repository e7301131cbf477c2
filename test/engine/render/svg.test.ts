import { describe, expect, it } from 'vitest'
import { diagramOf } from '../../../engine/render/diagram.ts'
import { toSvg } from '../../../engine/render/svg.ts'
import { readExample } from '../examples.ts'
import { strange } from './strange.ts'

const florist = readExample('florist/text')
const clinic = readExample('clinic')

const order = diagramOf(florist, 'order')
const withdrawal = diagramOf(florist, 'withdrawal')

describe('a diagram as SVG', () => {
  it('has a title and tells all of it to those who can’t see it', async () => {
    const svg = await toSvg([order])
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" class="zgoda-diagram" role="img" /)
    expect(svg).toContain('\n<title>Order</title>\n<desc>A case starts in Waiting for the client.')
    expect(svg).toContain('From Arranging to Delivered: moved by Florist, if paid and price &gt; 0.')
  })

  it('follows light and dark, with no colour that a style sheet could not change', async () => {
    const svg = await toSvg([order])
    expect(svg).toContain('@media (prefers-color-scheme: dark)')
    expect(svg).not.toContain('style="')
  })

  it('stacks several processes, each under its title, in one document without repeated ids', async () => {
    const svg = await toSvg([order, withdrawal])
    const headings = [...svg.matchAll(/class="zgoda-heading"[^>]* y="([\d.]+)">([^<]+)</g)]
    expect(headings.map((found) => found[2])).toEqual(['Order', 'Withdraw my consent'])
    expect(Number(headings[1]?.[1])).toBeGreaterThan(Number(headings[0]?.[1]) + 200)
    expect(svg.match(/<svg /g)).toHaveLength(3)
    expect(svg.match(/<\/svg>/g)).toHaveLength(3)
    expect(svg).not.toMatch(/ id="/)
  })

  it('explains the lines and borders that occur, and no others', async () => {
    const meanings = ['a person moves', 'the client acts', 'happens by itself', 'a consent is missing']
    const explained = async (...diagrams: Parameters<typeof toSvg>[0]) => {
      const svg = await toSvg(diagrams)
      return meanings.filter((words) => svg.slice(svg.lastIndexOf('</svg>\n<g')).includes(words))
    }
    expect(await explained(order)).toEqual(['a person moves', 'happens by itself'])
    expect(await explained(withdrawal)).toEqual(['a person moves'])
    expect(await explained(diagramOf(clinic, 'visit'))).toEqual(meanings)
  })

  it('lets no title become a tag', async () => {
    const svg = await toSvg([diagramOf(strange, 'state')])
    expect(svg).not.toContain('<script')
    expect(svg).toContain('&lt;script&gt;')
    const tags = new Set([...svg.matchAll(/<([a-z]+)/gi)].map((found) => found[1]))
    expect([...tags].toSorted()).toEqual(
      ['desc', 'ellipse', 'g', 'line', 'path', 'polygon', 'rect', 'style', 'svg', 'text', 'title'].toSorted(),
    )
  })
})
