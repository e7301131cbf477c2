import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readWorkspace } from '../../../dsl/index.ts'
import { run } from '../../../runtime/cli/convert.ts'
import { printed } from './printed.ts'
import { zgoda } from './zgoda.ts'

let dir: string

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'zgoda-convert-'))
})

afterAll(async () => {
  await rm(dir, { recursive: true })
})

/** What a file says, wherever in it that stands. */
function meaning(name: string, text: string): unknown {
  const { definition } = readWorkspace([{ name, text }])
  expect(definition).toBeDefined()
  return JSON.parse(JSON.stringify(definition, (key, value) => (key === 'at' ? undefined : value)))
}

describe('zgoda convert', () => {
  it('prints a file in the other notation, with its comments', async () => {
    await writeFile(join(dir, 'a.zgoda'), '# the desk\nrole desk "Front desk" { clients: see, edit }\n')
    const { code, out } = await printed(run, join(dir, 'a.zgoda'), '--to', 'yaml')
    expect(code).toBe(0)
    expect(out).toContain('# the desk\n')
    expect(out).toContain('desk: { title: Front desk, clients: [see, edit] }\n')
  })

  it('takes the other notation where none is named, and loses nothing there and back', async () => {
    const yaml = await printed(run, 'examples/clinic/clinic.zgoda')
    await writeFile(join(dir, 'clinic.yaml'), yaml.out)
    const text = await printed(run, join(dir, 'clinic.yaml'))
    const before = await readFile('examples/clinic/clinic.zgoda', 'utf8')
    expect(meaning('clinic.yaml', yaml.out)).toEqual(meaning('clinic.zgoda', before))
    expect(meaning('clinic.zgoda', text.out)).toEqual(meaning('clinic.zgoda', before))
    expect(text.out).toContain('# A physiotherapist.')
  })

  it('shows the mistakes of a file that can’t be read, and prints nothing else', async () => {
    await writeFile(join(dir, 'broken.zgoda'), 'role desk {{\n')
    const { code, out, err } = await zgoda(['convert', join(dir, 'broken.zgoda'), '--to', 'yaml'])
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toContain('error[Z101]')
  })

  it.each([
    ['no file', [], 'name the file'],
    ['a file that does not exist', ['nothing.zgoda'], 'there is no file `nothing.zgoda`'],
    ['a folder', ['examples'], 'there is no file `examples`'],
    ['its own notation', ['examples/clinic/clinic.zgoda', '--to', 'text'], 'is Zgoda text already'],
    ['an unknown notation', ['examples/clinic/clinic.zgoda', '--to', 'yml'], 'not `yml`, did you mean `yaml`?'],
  ])('refuses %s', async (_, args, words) => {
    await expect(run(args)).rejects.toThrow(words)
  })
})
