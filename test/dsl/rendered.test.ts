import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checks, readWorkspace } from '../../dsl/index.ts'
import { renderReport } from '../../runtime/cli/diagnostics.ts'

/**
 * What an author reads, word for word: for each code a file of mistakes in each notation, and beside it the report. A
 * report is only changed by who has read it.
 */
const folder = join(import.meta.dirname, 'rendered')
const sources = readdirSync(folder).filter((name) => !name.endsWith('.txt'))

describe('the report of a file with mistakes', () => {
  it.each(sources)('of %s reads as it was found good', async (name) => {
    const file = { name, text: readFileSync(join(folder, name), 'utf8') }
    const { problems } = readWorkspace([file])
    const code = name.slice(0, 4).toUpperCase()
    expect(problems.map((problem) => problem.code)).toContain(code)
    await expect(renderReport(problems, [file], { colours: false })).toMatchFileSnapshot(join(folder, `${name}.txt`))
  })

  it('stands there in both notations, for every code of reading', () => {
    const shown = checks.map(({ code }) => code.toLowerCase()).filter((code) => /^z[12]/.test(code) && code !== 'z105')
    for (const code of shown) for (const ending of ['zgoda', 'yaml']) expect(sources).toContain(`${code}.${ending}`)
  })
})
