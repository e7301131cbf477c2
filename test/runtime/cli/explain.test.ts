import { describe, expect, it } from 'vitest'
import { checks } from '../../../runtime/checked-workspace.ts'
import { run } from '../../../runtime/cli/explain.ts'
import { UsageError } from '../../../runtime/cli/usage.ts'
import { printed } from './printed.ts'

const spaceless = (text: string) => text.replace(/\s+/g, ' ')

describe('zgoda explain', () => {
  it.each(checks)(
    'tells all about $code',
    async ({ code, title, rule, source, wrong, right, wrongYaml, rightYaml }) => {
      const { code: exit, out } = await printed(run, code)
      expect(exit).toBe(0)
      const words = spaceless(out)
      for (const part of [title, rule, source ?? '', wrong, right, wrongYaml, rightYaml]) {
        expect(words).toContain(spaceless(part))
      }
      expect(words.indexOf(spaceless(wrong))).toBeLessThan(words.lastIndexOf(spaceless(right)))
    },
  )

  it('indents examples, so that a line of them is never taken for its own words', async () => {
    const { out } = await printed(run, 'Z408')
    expect(out).toContain('\nWrong\n\n    purpose treatment "Treat you"')
    expect(out).toContain('\nSource: GDPR Art. 7(3)\n')
  })

  it('knows codes in lower case', async () => {
    expect((await printed(run, 'z201')).out).toMatch(/^Z201 error: /)
  })

  it('lists all checks by group where no code is given', async () => {
    const { code, out } = await printed(run)
    expect(code).toBe(0)
    for (const { code: each, title } of checks) expect(out).toContain(`  ${each}  ${title}`)
    expect(out.indexOf('Names and types')).toBeLessThan(out.indexOf('Z201'))
    expect(out.indexOf('Z105')).toBeLessThan(out.indexOf('Names and types'))
  })

  it('writes JSON for programs', async () => {
    const one = await printed(run, 'Z201', '--format', 'json')
    expect(JSON.parse(one.out)).toEqual(checks.find((check) => check.code === 'Z201'))
    const all = await printed(run, '--format', 'json')
    expect(JSON.parse(all.out)).toEqual(JSON.parse(JSON.stringify({ checks })))
  })

  it.each([
    [['Z2O1'], 'there is no check `Z2O1`, did you mean `Z201`?'],
    [['hello'], 'there is no check `hello`; `zgoda explain` lists them all'],
    [['Z201', 'Z202'], '`Z202` is one argument too many'],
    [['Z201', '--format', 'yaml'], '`--format` takes `text` or `json`, not `yaml`'],
  ])('refuses %j', async (args, words) => {
    await expect(run(args)).rejects.toThrow(UsageError)
    await expect(run(args)).rejects.toThrow(words)
  })
})
