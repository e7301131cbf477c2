import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { deployToken, type TestServer, testServer } from '../../server.ts'
import { zgoda } from './zgoda.ts'

let shop: TestServer
let dir: string

beforeAll(async () => {
  shop = await testServer('florist/text')
  dir = await mkdtemp(join(tmpdir(), 'zgoda-deploy-'))
  await cp('examples/florist/text', dir, { recursive: true })
  process.env.ZGODA_TOKEN = deployToken
})

afterAll(async () => {
  delete process.env.ZGODA_TOKEN
  await rm(dir, { recursive: true })
  await shop.stop()
})

async function edit(from: string, to: string): Promise<void> {
  const text = await readFile(join(dir, 'order.zgoda'), 'utf8')
  expect(text).toContain(from)
  await writeFile(join(dir, 'order.zgoda'), text.replace(from, to))
}

describe('zgoda plan and apply', () => {
  it('say what is in the way and end with 1, then apply and end with 0', async () => {
    const api = await shop.as('admin')
    const client = (await api.post('/clients', {})).body.id
    expect((await api.post('/cases', { process: 'order', client, fields: { bouquet: 'roses' } })).status).toBe(201)
    await edit('stage waiting "', 'stage asking "')
    const blocked = await zgoda(['plan', dir, '--server', shop.url])
    expect(blocked.code).toBe(1)
    expect(blocked.out).toContain('Before this can be applied\n  ! stage `waiting` is gone (order.zgoda:16)')
    expect(blocked.out).toContain('as in `stage asking was waiting`: 1 open case')
    expect((await zgoda(['apply', dir, '--server', shop.url, '--yes'])).code).toBe(1)
    await edit('stage asking "', 'stage asking was waiting "')
    const planned = await zgoda(['plan', dir, '--server', shop.url])
    expect([planned.code, planned.out]).toEqual([0, expect.stringContaining('    1 in waiting → asking')])
    const applied = await zgoda(['apply', dir, '--server', shop.url, '--yes'])
    expect([applied.code, applied.out]).toEqual([0, expect.stringContaining('Applied; 1 open case goes on by it.')])
    expect((await zgoda(['plan', dir, '--server', shop.url])).out).toBe('nothing changes in meaning\n')
  })

  it('give the plan as data', async () => {
    const { code, out } = await zgoda(['plan', dir, '--server', shop.url, '--format', 'json'])
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ differences: [], needs: [] })
  })

  it('say which setting is missing or wrong', async () => {
    expect((await zgoda(['plan', dir])).err).toContain('Name it with `--server https://office.example` or ZGODA_URL')
    process.env.ZGODA_TOKEN = 'another-token-of-good-length'
    expect((await zgoda(['plan', dir, '--server', shop.url])).err).toContain('ZGODA_TOKEN is not what the server has')
    process.env.ZGODA_TOKEN = deployToken
    const nowhere = await zgoda(['plan', dir, '--server', 'http://127.0.0.1:9'])
    expect([nowhere.code, nowhere.err]).toEqual([2, expect.stringContaining('does not answer')])
  })
})

describe('the workflow in the documentation', () => {
  it('plans pull requests of the repository itself, and applies what is merged', async () => {
    const page = await readFile('docs/deploying.md', 'utf8')
    const workflow = parse(/```yaml\n([\s\S]+?)\n```\n/.exec(page)?.[1] ?? '')
    expect(Object.keys(workflow.jobs)).toEqual(['check', 'plan', 'apply'])
    expect(workflow.jobs.plan.if).toContain('head.repo.full_name == github.repository')
    expect(workflow.jobs.apply.steps.at(-1).run).toBe('npx zgoda apply workspace --yes')
  })
})
