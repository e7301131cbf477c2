import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { checkFolder } from '../../../dsl/index.ts'
import { run as format } from '../../../runtime/cli/fmt.ts'
import { run } from '../../../runtime/cli/new.ts'
import { UsageError } from '../../../runtime/cli/usage.ts'
import { printed } from './printed.ts'

let parent: string
let dir: string

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'zgoda-new-'))
  dir = join(parent, 'my office')
})

afterEach(async () => {
  await rm(parent, { recursive: true })
})

const read = (name: string) => readFile(join(dir, name), 'utf8')

describe('zgoda new', () => {
  it('writes a workspace without a single problem, and says what to do next', async () => {
    const { code, out } = await printed(run, dir)
    expect(code).toBe(0)
    expect(out).toContain(`npx zgoda check '${dir}' --watch`)
    const { definition, problems } = await checkFolder(dir)
    expect(problems).toEqual([])
    expect(Object.values(definition?.purposes ?? {}).map(({ basis }) => basis)).toEqual(['contract', 'consent'])
    expect(Object.keys(definition?.roles ?? {})).toEqual(['desk', 'workshop'])
  })

  it('brings what its own README names, and keeps the demo’s data out of git', async () => {
    await printed(run, dir)
    const files = await readdir(dir)
    const named = [...(await read('README.md')).matchAll(/^\| `([^`]+?)\/?` \|/gm)].map((found) => found[1])
    expect(named.length).toBeGreaterThan(3)
    for (const name of named) expect(files).toContain(name)
    expect(files).toContain('.gitignore')
    expect(files).not.toContain('gitignore')
    expect(await read('.gitignore')).toMatch(/^\.zgoda\/$/m)
  })

  it.each(['office.yaml', 'repair.test.yaml'])(
    'begins %s with a modeline whose schema is there and agrees',
    async (name) => {
      await printed(run, dir)
      const text = await read(name)
      const schema = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text)?.[1] ?? ''
      const validate = new Ajv({ strict: false }).compile(JSON.parse(await read(schema)))
      validate(parse(text))
      expect(validate.errors).toBeNull()
    },
  )

  it('lies in the canonical layout', async () => {
    await printed(run, dir)
    expect(await printed(format, dir, '--check')).toEqual({ code: 0, out: '' })
  })

  it('comes with scenarios of its process', async () => {
    await printed(run, dir)
    const { process, scenarios } = parse(await read('repair.test.yaml'))
    const { definition } = await checkFolder(dir)
    expect(Object.keys(definition?.processes ?? {})).toEqual([process])
    expect(scenarios.length).toBeGreaterThan(3)
  })

  it('takes a folder that holds nothing but an empty repository', async () => {
    await mkdir(join(dir, '.git'), { recursive: true })
    expect((await printed(run, dir)).code).toBe(0)
  })

  it('touches nothing in a folder that holds something', async () => {
    await mkdir(dir)
    await writeFile(join(dir, 'README.md'), 'mine')
    await expect(run([dir])).rejects.toThrow('is not empty (it holds `README.md`)')
    expect(await readdir(dir)).toEqual(['README.md'])
    expect(await read('README.md')).toBe('mine')
  })

  it.each([
    ['no folder', () => [], 'name the folder to make'],
    ['two folders', () => [dir, dir], 'one argument too many'],
    ['a file', () => [join(import.meta.dirname, 'new.test.ts')], 'is a file'],
    ['a folder inside a file', () => [join(import.meta.dirname, 'new.test.ts', 'x')], 'is a file or inside one'],
    ['an option', () => [dir, '--force'], 'unknown option `--force`'],
  ])('refuses %s', async (_, args, words) => {
    await expect(run(args())).rejects.toThrow(UsageError)
    await expect(run(args())).rejects.toThrow(words)
  })
})
