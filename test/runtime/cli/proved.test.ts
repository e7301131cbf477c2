import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { zgoda } from './zgoda.ts'

let dir: string

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'zgoda-proved-'))
  await writeFile(
    join(dir, 'order.zgoda'),
    `process order "Order" {
  stage new "New" {
    move to calling
    move to done
  }
  stage calling "Calling" { move to writing }
  stage writing "Writing" { move to calling }
  final stage done "Done"
}
`,
  )
})

afterAll(async () => {
  await rm(dir, { recursive: true })
})

describe('a workspace that reads soundly and can be proved wrong', () => {
  it('is told of by check, with the steps that show it', async () => {
    const { code, out } = await zgoda(['check', dir])
    expect(code).toBe(1)
    expect(out).toContain('error[Z303]: a case in stage `calling` can come to where no end can be reached any more')
    expect(out).toContain('6 |   stage calling "Calling" { move to writing }')
    expect(out).toMatch(/1\. the case starts; it is in “New”\n.*2\. somebody moves it to “Calling” \(order\.zgoda:3\)/)
  })

  it('has the same steps in JSON and SARIF', async () => {
    const { out } = await zgoda(['check', dir, '--format', 'json'])
    const [problem] = JSON.parse(out).problems
    expect(problem).toMatchObject({ code: 'Z303', line: 6, column: 3 })
    expect(problem.path).toHaveLength(2)
    const sarif = JSON.parse((await zgoda(['check', dir, '--format', 'sarif'])).out)
    const [flow] = sarif.runs[0].results[0].codeFlows[0].threadFlows
    expect(
      flow.locations.map((each: { location: { message: { text: string } } }) => each.location.message.text),
    ).toEqual(problem.path)
  })

  it('does not run', async () => {
    const { code, err } = await zgoda(['serve', dir])
    expect(code).toBe(1)
    expect(err).toContain('order.zgoda:6:3: error Z303: ')
    expect(err).toContain('has mistakes, so it does not run')
  })

  it('has a picture all the same', async () => {
    const { code, out } = await zgoda(['graph', dir, '--to', 'dot'])
    expect(code).toBe(0)
    expect(out).toContain('digraph "order"')
  })
})
