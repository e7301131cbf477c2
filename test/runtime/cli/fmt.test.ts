import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { run } from '../../../runtime/cli/fmt.ts'
import { UsageError } from '../../../runtime/cli/usage.ts'
import { printed } from './printed.ts'
import { zgoda } from './zgoda.ts'

const untidy = '# the desk\nrole   desk "Front desk"   { clients: see,edit }\n'
const tidy = '# the desk\nrole desk "Front desk" { clients: see, edit }\n'
const untidyYaml = 'roles:\n    desk:   {title: Front desk}   # the desk\n'
const tidyYaml = 'roles:\n  desk: { title: Front desk }  # the desk\n'
const broken = 'role desk "Front desk" {{\n'

let dir: string
const at = (...names: string[]) => join(dir, ...names)
const read = (...names: string[]) => readFile(at(...names), 'utf8')

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'zgoda-fmt-'))
})

afterEach(async () => {
  await rm(dir, { recursive: true })
})

describe('zgoda fmt', () => {
  it('lays out every file of a workspace, both notations, and prints the names of those it changed', async () => {
    await mkdir(at('shop'))
    await writeFile(at('a.zgoda'), untidy)
    await writeFile(at('shop', 'b.yaml'), untidyYaml)
    await writeFile(at('tidy.zgoda'), tidy)
    expect(await printed(run, dir)).toEqual({ code: 0, out: `${at('a.zgoda')}\n${at('shop', 'b.yaml')}\n` })
    expect(await read('a.zgoda')).toBe(tidy)
    expect(await read('shop', 'b.yaml')).toBe(tidyYaml)
    expect(await printed(run, dir)).toEqual({ code: 0, out: '' })
  })

  it('lays out scenarios too', async () => {
    await writeFile(at('a.test.yaml'), 'process:   repair\nscenarios: []\n')
    expect((await printed(run, dir)).out).toBe(`${at('a.test.yaml')}\n`)
    expect(await read('a.test.yaml')).toMatch(/^process: repair\n/)
  })

  it('lays out one file alone', async () => {
    await writeFile(at('a.zgoda'), untidy)
    await writeFile(at('b.zgoda'), untidy)
    expect(await printed(run, at('b.zgoda'))).toEqual({ code: 0, out: `${at('b.zgoda')}\n` })
    expect([await read('a.zgoda'), await read('b.zgoda')]).toEqual([untidy, tidy])
  })

  it('with --check changes nothing, names what is not in the layout, and answers 1', async () => {
    await writeFile(at('a.zgoda'), untidy)
    await writeFile(at('b.zgoda'), tidy)
    expect(await printed(run, dir, '--check')).toEqual({ code: 1, out: `${at('a.zgoda')}\n` })
    expect(await read('a.zgoda')).toBe(untidy)
    await writeFile(at('a.zgoda'), tidy)
    expect(await printed(run, dir, '--check')).toEqual({ code: 0, out: '' })
  })

  it('leaves a file with mistakes alone and shows them, and still lays out the others', async () => {
    await writeFile(at('a.zgoda'), broken)
    await writeFile(at('b.zgoda'), untidy)
    const { code, out, err } = await zgoda(['fmt', dir])
    expect({ code, out }).toEqual({ code: 1, out: `${at('b.zgoda')}\n` })
    expect(err).toMatch(/^error\[Z101\].*\n *--> a\.zgoda:1:\d+\n/)
    expect([await read('a.zgoda'), await read('b.zgoda')]).toEqual([broken, tidy])
  })

  it('replaces a file as a whole, keeps its mode, and leaves nothing beside it', async () => {
    await writeFile(at('a.zgoda'), untidy)
    await chmod(at('a.zgoda'), 0o664)
    const before = await stat(at('a.zgoda'))
    await printed(run, dir)
    const after = await stat(at('a.zgoda'))
    expect(after.mode).toBe(before.mode)
    expect(after.ino).not.toBe(before.ino)
    expect(await readdir(dir)).toEqual(['a.zgoda'])
  })

  it('follows a link that it is given to the file itself', async () => {
    await writeFile(at('a.zgoda'), untidy)
    await symlink('a.zgoda', at('link.zgoda'))
    await printed(run, at('link.zgoda'))
    expect(await read('a.zgoda')).toBe(tidy)
    expect(
      await readdir(dir, { withFileTypes: true }).then((all) => all.filter((each) => each.isSymbolicLink())),
    ).toHaveLength(1)
  })

  it.each([
    ['text', untidy, tidy, []],
    ['YAML', untidyYaml, tidyYaml, ['--notation', 'yaml']],
  ])('reads standard input and prints the result: %s', async (_, input, output, more) => {
    expect(await zgoda(['fmt', '-', ...more], input)).toEqual({ code: 0, out: output, err: '' })
    expect(await zgoda(['fmt', '-', '--check', ...more], input)).toEqual({ code: 1, out: '-\n', err: '' })
    expect(await zgoda(['fmt', '-', '--check', ...more], output)).toEqual({ code: 0, out: '', err: '' })
  })

  it('prints nothing for standard input with mistakes, so that no editor takes it over', async () => {
    const { code, out, err } = await zgoda(['fmt', '-'], broken)
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toContain('error[Z101]')
  })

  it.each([
    ['a folder without a workspace', () => [dir], 'there is no file of a workspace here'],
    ['a place that does not exist', () => [at('nothing')], "can't be opened: it does not exist"],
    ['two places', () => [dir, dir], 'one argument too many'],
    ['an unknown notation', () => ['-', '--notation', 'yml'], 'not `yml`, did you mean `yaml`?'],
  ])('refuses %s', async (_, args, words) => {
    await expect(run(args())).rejects.toThrow(words)
  })

  it('speaks of wrong usage as such', async () => {
    await expect(run([dir])).rejects.toThrow(UsageError)
  })
})
