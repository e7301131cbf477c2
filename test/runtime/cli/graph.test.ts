import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { zgoda } from './zgoda.ts'

const shop = 'examples/florist/text'
let dir: string

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'zgoda-graph-'))
})

afterAll(async () => {
  await rm(dir, { recursive: true })
})

describe('zgoda graph', () => {
  it('draws all processes as one SVG where nothing else is asked for', async () => {
    const { code, out, err } = await zgoda(['graph', shop])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/^<svg .*<title>Order, Withdraw my consent<\/title>.*<\/svg>\n$/s)
  })

  it('prints a Graphviz graph a process, one after another', async () => {
    const { out } = await zgoda(['graph', shop, '--to', 'dot'])
    expect(out.match(/^digraph "\w+" \{$/gm)).toEqual(['digraph "order" {', 'digraph "withdrawal" {'])
  })

  it('prints one Mermaid diagram, of one process where that is asked for', async () => {
    const { out } = await zgoda(['graph', shop, '--to', 'mermaid', '--process', 'withdrawal'])
    expect(out).toMatch(/^stateDiagram-v2\n {2}accTitle: Withdraw my consent\n/)
    expect(out).not.toContain('order')
  })

  it('prints an XState machine', async () => {
    const { code, out } = await zgoda(['graph', shop, '--to', 'xstate', '--process', 'order'])
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ id: 'order', initial: 'start?' })
  })

  it('answers 1 for a workspace with mistakes, and names them', async () => {
    await writeFile(join(dir, 'order.zgoda'), 'process order "Order" { stage new "New" { move to gone } }')
    const { code, out, err } = await zgoda(['graph', dir])
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toContain('there is no stage `gone`')
  })

  it('answers 2 for a workspace without a process', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'zgoda-graph-'))
    await writeFile(join(dir, 'people.yaml'), 'roles: { clerk: { title: Clerk } }')
    const { code, err } = await zgoda(['graph', dir])
    expect(code).toBe(2)
    expect(err).toContain('declares no process')
    await rm(dir, { recursive: true })
  })

  it.each([
    ['an unknown process', [shop, '--process', 'oder'], 'no process `oder`, did you mean `order`?'],
    ['a process unlike any', [shop, '--process', 'zzz'], 'no process `zzz`; there is order, withdrawal'],
    ['an unknown notation', [shop, '--to', 'png'], '`--to` takes `svg`, `dot`, `mermaid` or `xstate`, not `png`'],
    ['two processes as one machine', [shop, '--to', 'xstate'], 'add `--process P`, where P is order or withdrawal'],
    ['a folder without a workspace', ['docs/decisions'], 'holds no workspace'],
    ['a folder that does not exist', ['/no/such/folder'], "can't be opened"],
  ])('answers 2 for %s', async (_, args, words) => {
    const { code, out, err } = await zgoda(['graph', ...args])
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(words)
    expect(err).not.toMatch(/\n\s+at /)
  })

  it('says in its help what it does with several processes', async () => {
    expect((await zgoda(['graph', '--help'])).out).toContain('several processes one under another')
  })
})
