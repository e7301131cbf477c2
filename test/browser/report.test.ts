import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toSvg } from '../../engine/render/svg.ts'
import { picturesOf, reportInHtml } from '../../engine/report/index.ts'
import { readExample } from '../engine/examples.ts'
import { reported } from '../engine/report/shop.ts'
import { openBrowser } from './browser.ts'

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

let browser: Browser
let axeSource: string

beforeAll(async () => {
  browser = await openBrowser()
  axeSource = await readFile(axe, 'utf8')
})

afterAll(async () => {
  await browser?.close()
})

async function page(example: string, language: 'en' | 'pl'): Promise<string> {
  const definition = readExample(example)
  const report = reported(definition, { language })
  return reportInHtml(report, await Promise.all(picturesOf(definition, report).map((each) => toSvg([each]))))
}

describe.each([
  ['florist/text', 'en'],
  ['florist/text', 'pl'],
  ['recruitment', 'en'],
] as const)('the report of %s in %s', (example, language) => {
  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
    ['dark', 390],
  ] as const)('is accessible and as wide as the screen: %s, %d pixels', async (colorScheme, width) => {
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 }, bypassCSP: true })
    const tab = await context.newPage()
    const asked: string[] = []
    tab.on('request', (request) => asked.push(request.url()))
    await tab.setContent(await page(example, language))
    expect(await tab.evaluate('document.documentElement.scrollWidth')).toBe(width)
    await tab.evaluate(axeSource)
    const found = await tab.evaluate(
      `axe.run({ runOnly: ${JSON.stringify(tags)} }).then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].html))`,
    )
    expect(found).toEqual([])
    expect(asked).toEqual([])
    await context.close()
  })

  it('cuts nothing off on paper', async () => {
    const tab = await browser.newPage({ viewport: { width: 688, height: 1000 } })
    await tab.emulateMedia({ media: 'print' })
    await tab.setContent(await page(example, language))
    const wide = await tab.evaluate(
      `[...document.querySelectorAll('table, p, h1, h2, h3, h4, li, dd, svg.zgoda-diagram')]
        .filter((each) => each.getBoundingClientRect().right > 689).map((each) => each.outerHTML.slice(0, 80))`,
    )
    expect(wide).toEqual([])
    await tab.close()
  })
})
