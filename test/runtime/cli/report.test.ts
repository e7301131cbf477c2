import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../../../runtime/cli/report.ts'
import { printed } from './printed.ts'
import { zgoda } from './zgoda.ts'

const shop = 'examples/florist/text'
let dir: string

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'zgoda-report-'))
})

afterAll(async () => {
  await rm(dir, { recursive: true })
})

/** The flower shop in a folder of its own, its order changed. */
async function changedShop(name: string, from: string, to: string): Promise<string> {
  const copy = join(dir, name)
  await cp(shop, copy, { recursive: true })
  const file = join(copy, 'order.zgoda')
  const text = await readFile(file, 'utf8')
  if (!text.includes(from)) throw new Error(`the shop does not say \`${from}\``)
  await writeFile(file, text.replace(from, to))
  return copy
}

describe('zgoda report', () => {
  it('prints Markdown where nothing else is asked for, with the scenarios that lie beside', async () => {
    const { code, out, err } = await zgoda(['report', shop])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/^# Data protection report\n/)
    expect(out).toContain('  - tested: A refusal costs the client nothing, `../order.test.yaml:')
    expect(out).toMatch(/Made on: \d{4}-\d\d-\d\d\n/)
  })

  it('prints one page that stands alone, in the language that is asked for', async () => {
    const { code, out } = await printed(run, shop, '--to', 'html', '--language', 'pl')
    expect(code).toBe(0)
    expect(out).toMatch(/^<!doctype html>\n<html lang="pl">/)
    expect(out.match(/<svg [^>]*class="zgoda-diagram"/g)).toHaveLength(2)
  })

  it('prints data', async () => {
    const { out } = await printed(run, shop, '--to', 'json')
    const report = JSON.parse(out)
    expect(report.compliance.rows).toHaveLength(16)
    expect(report.compliance.rows[3].cells[0]).toMatchObject({ process: 'order', status: 'proved' })
    expect(report.sight.map(({ process }: { process: string }) => process)).toEqual(['order', 'withdrawal'])
  })

  it('prints the register alone', async () => {
    expect((await printed(run, shop, '--register', 'csv')).out).toMatch(
      /^Process,\(b\) Purpose,.*\r\nOrder,Deliver your order,/,
    )
    expect(JSON.parse((await printed(run, shop, '--register', 'json')).out)).toHaveLength(3)
    expect((await printed(run, shop, '--register', 'html')).out).toContain('<h1>Record of processing activities</h1>')
  })

  it('answers 1 and says what is broken, with the way there', async () => {
    const broken = await changedShop('broken', 'in (given, refused) go to arranging', 'go to arranging')
    const { code, out } = await printed(run, broken, '--to', 'json')
    expect(code).toBe(1)
    const [cell] = JSON.parse(out).compliance.rows[3].cells
    expect(cell.status).toBe('broken')
    expect(cell.reasons[0]).toMatchObject({ code: 'Z403', severity: 'error' })
    expect(cell.reasons[0].path.length).toBeGreaterThan(1)
  })

  it('answers 1 where a scenario fails', async () => {
    const copy = await changedShop('failing', 'after 14 days', 'after 13 days')
    await writeFile(
      join(copy, 'order.test.yaml'),
      'process: order\nscenarios:\n  - name: Silence\n    steps: [{ start: {} }, { wait: 14 days }, { expect: { stage: waiting, consent: { allergies: none } } }]\n',
    )
    const { code, out } = await printed(run, copy)
    expect(code).toBe(1)
    expect(out).toContain('  - broken: Silence: stage: expected waiting, found cancelled, `order.test.yaml:')
  })

  it('answers 0 where there are warnings only', async () => {
    const { code, out } = await printed(run, 'examples/clinic')
    expect(code).toBe(0)
    expect(out).toContain('broken (Z418, warning)')
  })

  it('answers 1 for a workspace with mistakes, and names them', async () => {
    const copy = await changedShop('mistaken', 'go to arranging', 'go to nowhere')
    const { code, out, err } = await zgoda(['report', copy])
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toContain('there is no stage `nowhere`')
  })

  it.each([
    ['a form that there is not', [shop, '--to', 'pdf'], '`--to` takes `md`, `html` or `json`, not `pdf`'],
    ['a language that there is not', [shop, '--language', 'de'], '`--language` takes `en` or `pl`, not `de`'],
    ['two forms at once', [shop, '--to', 'md', '--register', 'csv'], '`--register` prints the register alone'],
    ['a folder without a workspace', ['docs/decisions'], 'holds no workspace'],
  ])('answers 2 for %s', async (_, args, words) => {
    const { code, err } = await zgoda(['report', ...args])
    expect(code).toBe(2)
    expect(err).toContain(words)
  })
})
