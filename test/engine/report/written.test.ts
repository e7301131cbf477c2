import { describe, expect, it } from 'vitest'
import type { Definition } from '../../../engine/index.ts'
import { toSvg } from '../../../engine/render/svg.ts'
import { picturesOf, registerInHtml, reportInHtml, reportInMarkdown } from '../../../engine/report/index.ts'
import { readExample } from '../examples.ts'
import { strange } from '../render/strange.ts'
import { reported } from './shop.ts'

const florist = readExample('florist/text')

async function asHtml(definition: Definition, language: 'en' | 'pl' = 'en'): Promise<string> {
  const report = reported(definition, { language })
  return reportInHtml(report, await Promise.all(picturesOf(definition, report).map((each) => toSvg([each]))))
}

function asMarkdown(definition: Definition, language: 'en' | 'pl' = 'en'): string {
  const report = reported(definition, { language })
  return reportInMarkdown(report, picturesOf(definition, report))
}

/** The flower shop, in which everything is called by signs that mean something. */
const oddlyNamed: Definition = {
  ...strange,
  company: { name: '<img src=x> | **bold** `code`', at: { file: 'a.zgoda', line: 1, column: 1 } },
}

describe('the report as a page', () => {
  it('asks for nothing and runs nothing', async () => {
    const page = await asHtml(florist)
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/)
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\son\w+=|javascript:/)
    expect(page.match(/\b(?:src|href)="[^#"][^"]*"/g)).toBeNull()
  })

  it('has every part, and a place for each link in it', async () => {
    const page = await asHtml(florist)
    for (const title of ['Requirements', 'Who sees what', 'The processes', 'Record of processing activities']) {
      expect(page).toContain(`>${title}</h2>`)
    }
    const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id)
    expect(links.length).toBeGreaterThan(16)
    expect(links.filter((id) => !page.includes(`id="${id}"`))).toEqual([])
  })

  it('says in words what is coloured: a table says each status, a picture which data', async () => {
    const page = await asHtml(florist)
    expect(page).toContain('special data may be seen here')
    expect(page).toContain('special data: Allergies')
    expect(page.match(/class="chip proved"><span aria-hidden="true">✓<\/span> proved/g)?.length).toBeGreaterThan(20)
  })

  it('is all Polish where the workspace is, but for what findings say', async () => {
    const page = await asHtml(florist, 'pl')
    expect(page).toContain('<html lang="pl">')
    for (const words of ['Wymagania', 'Kto co widzi', 'Układamy', 'przenosi', 'dane szczególne', 'dowiedzione']) {
      expect(page).toContain(words)
    }
    expect(page).not.toMatch(/>(proved|enforced|sees|edits|not concerned)</)
    expect(page).not.toMatch(/moved by|A case starts|a person moves/)
  })

  it('keeps an author’s signs from meaning anything', async () => {
    const page = await asHtml(oddlyNamed)
    expect(page).not.toMatch(/<script|<img/)
    expect(page).toContain('&lt;img src=x&gt; | **bold** `code`')
  })

  it('repeats the heads of tables on paper, and breaks pages before its parts', async () => {
    const page = await asHtml(florist)
    expect(page).toMatch(/@media print \{[\s\S]*thead \{ display: table-header-group \}[\s\S]*break-before: page/)
    expect(page.match(/<table[^>]*>\n<thead>/g)?.length).toBe(page.match(/<table/g)?.length)
  })

  it('can be the register alone', () => {
    const page = registerInHtml(reported(florist))
    expect(page).toContain('<h1>Record of processing activities</h1>')
    expect(page).not.toContain('Who sees what')
  })
})

describe('the report as Markdown', () => {
  it('has tables whose rows are as wide as their heads', () => {
    const tables = asMarkdown(florist).match(/(?:^\|.*\|\n)+/gm) ?? []
    expect(tables.length).toBeGreaterThan(2)
    for (const table of tables) {
      const widths = table
        .trimEnd()
        .split('\n')
        .map((row) => row.match(/(?<!\\)\|/g)?.length)
      expect(new Set(widths).size, table).toBe(1)
    }
  })

  it('tells each requirement with what shows it', () => {
    const text = asMarkdown(florist)
    expect(text).toContain('| **R04** No detriment | Art. 7(4) | ✅ proved | – not concerned |')
    expect(text).toContain(
      '  - proved (Z403): whichever extras are refused or withdrawn, and whenever, a successful end stays in reach',
    )
    expect(text).toContain(
      '| Allergies · *special* · *only with consent to “Choose flowers that are safe for you”* | – | sees | – | – |',
    )
  })

  it('draws each process for code hosts, marked by data', () => {
    const text = asMarkdown(florist)
    expect(text.match(/^```mermaid\nstateDiagram-v2/gm)).toHaveLength(2)
    expect(text).toContain('class order_AT_arranging special')
  })

  it('keeps an author’s signs from meaning anything', () => {
    const text = asMarkdown(oddlyNamed)
    expect(text).not.toMatch(/(?<!\\)<(script|img)/)
    expect(text).toContain('\\*\\*bold\\*\\*')
  })

  it('is in Polish where that is asked for', () => {
    expect(asMarkdown(florist, 'pl')).toContain('| art. 4 pkt 11, motyw 32 |')
    expect(asMarkdown(florist, 'pl')).toContain('| art. 5 ust. 1 lit. c, 25 ust. 2 |')
    expect(asMarkdown(florist, 'pl')).toContain(
      '| **R04** Bez uszczerbku | art. 7 ust. 4 | ✅ dowiedzione | – nie dotyczy |',
    )
  })
})

describe('a workspace with little in it', () => {
  const empty: Definition = {
    roles: {},
    purposes: {},
    letters: {},
    documents: {},
    forms: {},
    processes: {},
    tables: {},
    webhooks: {},
  }

  it('has a report too', async () => {
    expect(await asHtml(empty)).toContain('No controller is declared.')
    expect(asMarkdown(empty)).toContain('No purpose is declared.')
  })
})
