import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { run } from '../../../runtime/cli/test.ts'
import { printed } from './printed.ts'
import { zgoda } from './zgoda.ts'

const order = `role clerk "Clerk"
letter hello "Hello" { body "Hello." }
process order "Order" {
  access clerk: see, move, edit
  field price "Price" money
  stage new "New" {
    edit price
    on enter { send hello to client }
    after 14 days go to late
    move to done by clerk when price > 0
  }
  final stage done "Done" success
  final stage late "Late"
}
`

const stories = `process: order
scenarios:
  - name: An order is paid
    client: { email: anna@client.example }
    steps:
      - start: { price: 12.50 }
      - move: done
      - expect: { stage: done, letters: [hello] }
  - name: Nobody waits for ever
    steps:
      - start: {}
      - wait: 14 days
      - expect: { stage: late }
`

const wrong = stories.replace('stage: late', 'stage: new')

let dir: string

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'zgoda-test-'))
})

afterEach(async () => {
  await rm(dir, { recursive: true })
})

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, name)), { recursive: true })
    await writeFile(join(dir, name), text)
  }
}

function test(...args: readonly string[]) {
  return printed(run, dir, ...args)
}

/** The elements that are still open at the end of an XML document. Throws where it is not well-formed. */
function openAtTheEnd(xml: string): readonly string[] {
  const words = `(?:[^<&"]|&(?:amp|lt|gt|quot);)*`
  const piece = new RegExp(`<(/?)([a-z]+)(?: [a-z]+="${words}")*(/?)>|${words.replace('"', '')}`, 'y')
  const open: string[] = []
  for (piece.lastIndex = xml.indexOf('?>') + 2; piece.lastIndex < xml.length; ) {
    const at = piece.lastIndex
    const found = piece.exec(xml)
    const [text, closes, name, isEmpty] = found ?? []
    if (!text || (closes && open.pop() !== name)) throw new Error(`no XML at: ${xml.slice(at, at + 40)}`)
    if (name !== undefined && !closes && !isEmpty) open.push(name)
  }
  return open
}

describe('zgoda test', () => {
  it.each([
    ['examples/florist', 4],
    ['definitions/starter', 6],
  ])('answers 0 where all scenarios of %s come true', async (folder, count) => {
    const { code, out, err } = await zgoda(['test', folder])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain(`${count} scenarios: ${count} passed, 0 failed`)
  })

  it('names every scenario and says how much they show', async () => {
    await write({ 'shop.zgoda': order, 'shop.test.yaml': stories })
    expect(await test()).toEqual({
      code: 0,
      out: `shop.test.yaml
  passed   An order is paid
  passed   Nobody waits for ever

2 scenarios: 2 passed, 0 failed; shown: 2 of 2 transitions, 3 of 3 stages
`,
    })
  })

  it('tells the story of a scenario that failed, and answers 1', async () => {
    await write({ 'shop.zgoda': order, 'tests/shop.test.yaml': wrong })
    expect(await test()).toEqual({
      code: 1,
      out: `tests/shop.test.yaml
  passed   An order is paid
  FAILED   Nobody waits for ever

FAILED  Nobody waits for ever
  tests/shop.test.yaml:13
    stage
      expected  new
      found     late
  1. start  tests/shop.test.yaml:11
     started, in new
     letter \`hello\` not sent: the client has no e-mail address (on enter of new, shop.zgoda:6)
  2. wait 14 days  tests/shop.test.yaml:12
     2026-03-16 09:00 UTC  its time has come, new → late (after 14 days, shop.zgoda:9)
     2026-03-16 09:00 UTC  ended in late
  3. expect stage  tests/shop.test.yaml:13

2 scenarios: 1 passed, 1 failed; shown: 2 of 2 transitions, 3 of 3 stages
`,
    })
  })

  it('holds scenarios against each subfolder that is a workspace by itself', async () => {
    await write({ 'a/o.zgoda': order, 'b/o.zgoda': order.replace('14 days', '15 days'), 'o.test.yaml': stories })
    const { code, out } = await test()
    expect(code).toBe(1)
    expect(out).toContain('  o.test.yaml:13 (against b)\n')
    expect(out).toContain('2 scenarios: 1 passed, 1 failed (against a and b)')
  })

  it('finds the workspace above', async () => {
    await write({ 'shop.zgoda': order, 'tests/deep/shop.test.yaml': wrong })
    const { code, out } = await printed(run, join(dir, 'tests/deep'))
    expect(code).toBe(1)
    expect(out).toContain('(after 14 days, ../../shop.zgoda:9)')
  })

  it('runs what it can, and prints why the rest can’t run', async () => {
    await write({ 'a/o.zgoda': order, 'a/o.test.yaml': stories, 'b/o.zgoda': order.replace('go to late', 'go to lat') })
    await write({ 'b/o.test.yaml': stories, 'a/other.test.yaml': stories.replace('process: order', 'process: ordr') })
    const { code, out } = await test()
    expect(code).toBe(1)
    expect(out).toContain('  not run  An order is paid')
    expect(out).toContain('error[Z201]: there is no stage `lat` in process `order`\n --> b/o.zgoda:9:25\n')
    expect(out).toContain('error[Z201]: there is no process `ordr`\n --> a/other.test.yaml:1:10\n')
    expect(out).toContain('6 scenarios: 2 passed, 0 failed, 4 not run')
  })

  it('answers 2 where nothing could run', async () => {
    await write({ 'o.zgoda': order, 'o.test.yaml': stories.replace('stage: late', 'stage: lte') })
    const { code, out } = await test()
    expect(code).toBe(2)
    expect(out).toContain('did you mean `late`?')
  })

  it('plays what is read soundly, whatever `check` proves of it', async () => {
    const stuck = order.replace('final stage late "Late"', 'stage late "Late"')
    await write({ 'o.zgoda': stuck, 'o.test.yaml': stories })
    expect((await zgoda(['check', dir])).code).toBe(1)
    expect((await test()).code).toBe(0)
  })

  it('lists what no scenario shows', async () => {
    await write({ 'shop.zgoda': order, 'shop.test.yaml': stories.split('  - name: Nobody')[0] ?? '' })
    const { out } = await test('--coverage')
    expect(out).toContain(`process order: 1 of 2 transitions, 2 of 3 stages
  no scenario comes to late  shop.zgoda:13
  no scenario takes new → late, after 14 days  shop.zgoda:9
`)
  })

  it('writes JSON for programs', async () => {
    await write({ 'shop.zgoda': order, 'shop.test.yaml': wrong })
    const { code, out } = await test('--format', 'json')
    expect(code).toBe(1)
    const report = JSON.parse(out)
    expect(report).toMatchObject({
      scenarios: [
        { name: 'An order is paid', file: 'shop.test.yaml', line: 3, passed: true, failure: null },
        { name: 'Nobody waits for ever', file: 'shop.test.yaml', line: 9, passed: false },
      ],
      passed: 1,
      failed: 1,
      coverage: { transitions: 1, stages: 1 },
    })
    expect(report.scenarios[1].failure).toMatch(
      /^shop\.test\.yaml:13\n {2}stage\n {4}expected {2}new\n {4}found {5}late\n1\. start/,
    )
    expect(Object.keys(report)).toEqual(['scenarios', 'passed', 'failed', 'coverage'])
  })

  it('tells programs of problems as `check` does', async () => {
    await write({ 'shop.zgoda': order, 'shop.test.yaml': stories.replace('stage: late', 'stage: lte') })
    const { code, out } = await test('--format', 'json')
    expect(code).toBe(2)
    expect(JSON.parse(out)).toMatchObject({
      scenarios: [{ passed: false }, { passed: false }],
      passed: 0,
      failed: 2,
      problems: [{ code: 'Z201', file: 'shop.test.yaml', line: 13 }],
    })
  })

  it('writes JUnit XML that is well-formed whatever scenarios are called', async () => {
    const name = String.raw`"<&> \"quoted\" \e[31m\x00\uFFFE'"`
    await write({ 'shop.zgoda': order, 'shop.test.yaml': wrong.replace('Nobody waits for ever', name) })
    const { code, out } = await test('--format', 'junit')
    expect(code).toBe(1)
    expect(openAtTheEnd(out)).toEqual([])
    expect(out).toContain('<testsuite name="shop.test.yaml" tests="2" failures="1" errors="0">')
    expect(out).toContain(
      '<testcase name="An order is paid" classname="shop.test.yaml" file="shop.test.yaml" line="3"/>',
    )
    expect(out).toContain('name="&lt;&amp;&gt; &quot;quoted&quot; �[31m��\'"')
    expect(out).toContain('<failure message="stage; expected new; found late">shop.test.yaml:13\n')
    expect([...out].some((sign) => (sign < ' ' && sign !== '\n') || sign === '\ufffe')).toBe(false)
  })

  it('tells in JUnit XML of what could not run', async () => {
    await write({ 'shop.zgoda': order, 'shop.test.yaml': stories.replace('stage: late', 'stage: lte') })
    await write({ 'other.test.yaml': 'process: "order\n' })
    const { out } = await test('--format', 'junit')
    expect(openAtTheEnd(out)).toEqual([])
    expect(out).toContain('<testsuites name="zgoda test" tests="3" failures="0" errors="3">')
    expect(out).toContain('other.test.yaml:1:10: Z101: this text is never closed\n')
    expect(out).toContain('\nshop.test.yaml:13:26: Z201: there is no stage `lte` in process `order`</error>')
    expect(out).toContain('<error message="not run: its file or its workspace has mistakes">')
  })

  it('lets no file steer the terminal', async () => {
    await write({
      'shop.zgoda': order,
      'shop.test.yaml': wrong.replace('Nobody waits for ever', String.raw`"\e[31mred"`),
    })
    expect((await test()).out).not.toContain('\u001b')
  })

  it.each([
    [
      'a folder without scenarios',
      { 'shop.zgoda': order },
      [],
      'holds no scenarios: there is no `*.test.yaml` file in it',
    ],
    ['files that say nothing', { 'shop.zgoda': order, 'a.test.yaml': '# later\n' }, [], 'files are empty'],
    ['an unknown format', {}, ['--format', 'xml'], '`--format` takes `text`, `json` or `junit`, not `xml`'],
    ['an unknown option', {}, ['--covrage'], 'did you mean `--coverage`?'],
  ])('answers 2 for %s', async (_, files, args, words) => {
    await write(files)
    const { code, err } = await zgoda(['test', dir, ...args])
    expect(code).toBe(2)
    expect(err).toContain(words)
    expect(err).not.toMatch(/\n\s+at /)
  })
})

describe('zgoda test --watch', () => {
  it('plays scenarios again as they or their workspace change, and ends with the last answer', async () => {
    await write({ 'shop.zgoda': order, 'tests/shop.test.yaml': stories })
    const child = spawn(process.execPath, ['runtime/cli/zgoda.ts', 'test', join(dir, 'tests'), '--watch'])
    const ended = once(child, 'exit')
    let all = ''
    let more = () => {}
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        all += text
        more()
      })
    }
    const printed = async (words: RegExp) => {
      while (!words.test(all)) {
        await new Promise<void>((resolve) => {
          more = resolve
        })
      }
      all = ''
    }
    try {
      await printed(/2 passed, 0 failed.*\n\[\d\d:\d\d:\d\d\] Waiting for changes; Ctrl-C ends\.\n/)
      await write({ 'tests/shop.test.yaml': wrong })
      await printed(/1 passed, 1 failed[\s\S]*Waiting/)
      await write({ 'shop.zgoda': order.replace('14 days', '15 days') })
      await printed(/2 passed, 0 failed[\s\S]*Waiting/)
      await write({ 'tests/shop.test.yaml': '# later\n' })
      await printed(/holds no scenarios: its .* files are empty\n/)
    } finally {
      child.kill('SIGINT')
    }
    expect((await ended)[0]).toBe(2)
  })
})
