import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { refuseNode } from '../../../runtime/cli/zgoda.ts'
import { zgoda } from './zgoda.ts'

let dir: string

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'zgoda-check-'))
  const text =
    'role florist "Florist"\n\nprocess order {\n\tstage new { move to \u001b[31mgone }\n\tstage old { show alergy }\n}\n'
  await writeFile(join(dir, 'order.zgoda'), text)
})

afterAll(async () => {
  await rm(dir, { recursive: true })
})

describe('zgoda check', () => {
  it('answers 0 for a sound workspace', async () => {
    const sound = { code: 0, out: 'no problems in 2 files\n', err: '' }
    expect(await zgoda(['check', 'examples/florist/text'])).toEqual(sound)
  })

  it('shows each problem with its code, place, line and what to do, and answers 1', async () => {
    const { code, out } = await zgoda(['check', dir])
    expect(code).toBe(1)
    expect(out).toContain('error[Z201]: there is no field `alergy` in process `order`')
    expect(out).toContain('--> order.zgoda:5:19\n')
    expect(out).toContain('5 |  stage old { show alergy }\n  |                   ^^^^^^\n')
    expect(out).toMatch(/\d errors, 0 warnings in 1 file\n$/)
  })

  it('lets no file steer the terminal', async () => {
    const { out } = await zgoda(['check', dir])
    expect(out).toContain('gone')
    expect(out).not.toContain('\u001b')
  })

  it('writes JSON for programs', async () => {
    const { code, out } = await zgoda(['check', dir, '--format', 'json'])
    expect(code).toBe(1)
    const { problems, counts } = JSON.parse(out)
    expect(counts).toEqual({ errors: problems.length, warnings: 0 })
    expect(problems.at(-1)).toMatchObject({
      code: 'Z201',
      severity: 'error',
      message: 'there is no field `alergy` in process `order`',
      file: 'order.zgoda',
      line: 5,
      column: 19,
      endLine: 5,
      endColumn: 25,
      path: [],
    })
  })

  it.each([
    ['a folder that does not exist', ['check', '/no/such/folder'], "can't be opened"],
    ['a folder without a workspace', ['check', 'docs/decisions'], 'holds no workspace'],
    ['an unknown option', ['check', '--fromat', 'json'], 'unknown option `--fromat`, did you mean `--format`?'],
    ['an unknown format', ['check', '--format', 'jsn'], 'not `jsn`, did you mean `json`?'],
    ['two folders', ['check', 'a', 'b'], 'one argument too many'],
    ['an unknown command', ['chekc'], 'there is no command `chekc`, did you mean `check`?'],
    ['no command', [], ''],
  ])('answers 2 for %s', async (_, args, words) => {
    const { code, err } = await zgoda(args)
    expect(code).toBe(2)
    expect(err).toContain(words)
    expect(err).not.toMatch(/\n\s+at /)
  })

  it.each([
    [['--help'], 'check'],
    [['check', '--help'], '--format'],
  ])('helps with %s', async (args, words) => {
    const { code, out } = await zgoda(args)
    expect(code).toBe(0)
    expect(out).toContain(words)
  })
})

describe('the program', () => {
  it('says its version', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8'))
    expect(await zgoda(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' })
  })

  it('refuses a Node that is too old', () => {
    expect(refuseNode('20.20.2')).toContain('needs Node 22.19')
    expect(refuseNode('22.18.0')).toContain('22.18.0')
    expect(refuseNode('22.19.0')).toBeUndefined()
    expect(refuseNode('24.0.0')).toBeUndefined()
  })
})
