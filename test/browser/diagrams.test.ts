import { createRequire } from 'node:module'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Diagram, diagramOf } from '../../engine/render/diagram.ts'
import { toMermaid } from '../../engine/render/mermaid.ts'
import { toSvg } from '../../engine/render/svg.ts'
import { readExample } from '../engine/examples.ts'
import { signs, strange } from '../engine/render/strange.ts'
import { openBrowser } from './browser.ts'

const shop = readExample('florist/text')
const order = diagramOf(shop, 'order')
const sets: readonly [string, readonly Diagram[]][] = [
  ['the flower shop', [order, diagramOf(shop, 'withdrawal')]],
  ['the clinic', [diagramOf(readExample('clinic'), 'visit')]],
  ['a strange process', [diagramOf(strange, 'state')]],
]

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})

afterAll(async () => {
  await browser?.close()
})

/** What a person reads in the picture that Mermaid itself makes of the text. */
async function drawnByMermaid(diagrams: readonly Diagram[]): Promise<string> {
  const page = await browser.newPage()
  await page.setContent('<div id="picture"></div>')
  await page.addScriptTag({ path: createRequire(import.meta.url).resolve('@mermaid-js/tiny') })
  const words = await page.evaluate(`(async () => {
    const { svg } = await mermaid.render('drawn', ${JSON.stringify(toMermaid(diagrams))})
    document.querySelector('#picture').innerHTML = svg
    return document.querySelector('#picture').innerText
  })()`)
  await page.close()
  return String(words).replace(/\s+/g, ' ')
}

describe('a diagram in a browser', () => {
  it.each(sets)('is drawn by Mermaid with every title and all words: %s', async (_, diagrams) => {
    const picture = await drawnByMermaid(diagrams)
    for (const { stages, ways, anywhere } of diagrams) {
      for (const { title, notes } of [...stages, ...(anywhere ? [anywhere] : [])]) {
        for (const words of [title, ...notes]) expect(picture).toContain(words)
      }
      for (const { words } of ways) for (const each of words) expect(picture).toContain(each)
    }
  })

  it('is refused by Mermaid where its text is wrong, so that the test above means something', async () => {
    const broken: Diagram = { ...order, name: '--> {' }
    await expect(drawnByMermaid([broken])).rejects.toThrow()
  })

  it.each(sets)('is well-formed SVG that runs nothing: %s', async (_, diagrams) => {
    const page = await browser.newPage()
    const svg = JSON.stringify(await toSvg(diagrams))
    const [broken, scripts, text] = (await page.evaluate(`(() => {
      const read = new DOMParser().parseFromString(${svg}, 'image/svg+xml')
      return [read.querySelectorAll('parsererror').length, read.querySelectorAll('script').length, read.documentElement.textContent]
    })()`)) as [number, number, string]
    expect([broken, scripts]).toEqual([0, 0])
    if (diagrams[0]?.name === 'state') expect(text).toContain(signs)
    await page.close()
  })

  it.each(['light', 'dark'] as const)('has readable words in %s', async (colorScheme) => {
    const page = await browser.newPage({ colorScheme })
    await page.setContent(await toSvg(sets.flatMap(([, diagrams]) => diagrams)))
    const contrasts = (await page.evaluate(`(${contrastOfTexts})()`)) as number[]
    expect(contrasts.length).toBeGreaterThan(40)
    expect(Math.min(...contrasts)).toBeGreaterThanOrEqual(4.5)
    await page.close()
  })
})

/** Runs in the page: each text's colour against the box it stands in, else against the paper (WCAG 2.2, 1.4.3). */
const contrastOfTexts = `() => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map((each) => each / 255)
      .map((each) => (each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const fillOf = (element) => getComputedStyle(element).fill
  const paper = fillOf(document.querySelector('.zgoda-paper'))
  return [...document.querySelectorAll('text')].map((text) => {
    const shape = text.closest('.stage')?.querySelector('path, polygon')
    const pair = [light(fillOf(text)), light(shape ? fillOf(shape) : paper)].sort((a, b) => b - a)
    return (pair[0] + 0.05) / (pair[1] + 0.05)
  })
}`
