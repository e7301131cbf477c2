import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkWorkspace } from '../../runtime/checked-workspace.ts'
import { openForm } from '../portal.ts'
import { type TestServer, testServer } from '../server.ts'

const plain = 'If you tell us your allergies, we pick flowers that do not harm you. You can say no.'
const legal =
  'Pursuant to Art. 9(2)(a) GDPR the data subject hereby consents to the processing of the aforementioned special categories of personal data by the controller for the purposes hereinafter specified.'

describe('R14: purposes are told in clear, simple words (GDPR Art. 12(1))', () => {
  let shop: TestServer
  let folder: string
  beforeAll(async () => {
    shop = await testServer('florist/text')
    folder = await mkdtemp(join(tmpdir(), 'zgoda-words-'))
    await cp('examples/florist/text', folder, { recursive: true })
  })
  afterAll(async () => {
    await shop?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it('warns of a purpose that is told as lawyers would, at its line, and says what is hard about it', async () => {
    const before = (await checkWorkspace(folder)).problems.filter(({ code }) => code === 'Z414')
    expect(before).toEqual([])
    const file = join(folder, 'workspace.zgoda')
    const text = await readFile(file, 'utf8')
    expect(text).toContain(plain)
    await writeFile(file, text.replace(plain, legal))
    const line = text.slice(0, text.indexOf(plain)).split('\n').length
    const warnings = (await checkWorkspace(folder)).problems.filter(({ code }) => code === 'Z414')
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toMatchObject({ severity: 'warning', file: 'workspace.zgoda' })
    expect(Math.abs((warnings[0]?.line ?? 0) - line)).toBeLessThanOrEqual(2)
    expect(warnings[0]?.message).toMatch(/hereby|pursuant|aforementioned/i)
  })

  it('shows the client just those words, in their language, before they answer', async () => {
    const { html } = await openForm(shop.url, 'order_form')
    expect(html).toContain(plain)
    const polish = await fetch(`${shop.url}/portal/forms/order_form`, { headers: { 'accept-language': 'pl' } })
    expect(await polish.text()).toContain('Jeśli powiesz nam o alergiach, wybierzemy kwiaty')
  })

  it('keeps the words that were shown with the client’s decision', async () => {
    const manager = await shop.as('manager')
    const client = (await manager.post('/clients', {})).body.id
    await manager.post(`/clients/${client}/consents`, { purpose: 'allergies', decision: 'refused' })
    const { body } = await manager.get(`/clients/${client}/consents`)
    expect(body.records[0].text).toBe(plain)
  })
})
