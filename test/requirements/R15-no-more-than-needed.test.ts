import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkWorkspace } from '../../runtime/checked-workspace.ts'
import type { Api } from '../api.ts'
import { query } from '../database-query.ts'
import { eventually } from '../eventually.ts'
import { type TestServer, testServer } from '../server.ts'

const day = 86_400_000

describe('R15: no more than is needed, no longer, and only before those who need it (GDPR Art. 5(1)(c), (e))', () => {
  let shop: TestServer
  let florist: Api
  let folder: string
  let now = Date.parse('2026-06-01T09:00:00Z')

  beforeAll(async () => {
    shop = await testServer('florist/text', { clock: { now: () => new Date(now).toISOString() } })
    florist = await shop.as('florist')
    folder = await mkdtemp(join(tmpdir(), 'zgoda-needed-'))
    await cp('examples/florist/text', folder, { recursive: true })
  })
  afterAll(async () => {
    await shop?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  async function problemsWith(...edits: readonly (readonly [file: string, from: string, to: string])[]) {
    const before = await Promise.all(edits.map(([file]) => readFile(join(folder, file), 'utf8')))
    for (const [index, [file, from, to]] of edits.entries()) {
      expect(before[index]).toContain(from)
      await writeFile(join(folder, file), (before[index] as string).replace(from, to))
    }
    const { problems } = await checkWorkspace(folder)
    for (const [index, [file]] of edits.entries()) await writeFile(join(folder, file), before[index] as string)
    return problems.map(({ code }) => code)
  }

  it('reports a personal field that nothing uses', async () => {
    const unused = 'field born "Date of birth" date personal for delivery\n  field price'
    expect(await problemsWith(['order.zgoda', 'field price', unused])).toContain('Z409')
  })

  it('refuses one that is never erased under a purpose without a limit', async () => {
    const noLimit = ['workspace.zgoda', '  keep 90 days after end\n', ''] as const
    const noErasing = ['order.zgoda', 'erase address, contact after 30 days', ''] as const
    expect(await problemsWith(noLimit, noErasing)).toContain('Z407')
    expect(await problemsWith(noErasing)).not.toContain('Z407')
  })

  it('removes by itself what is no longer needed, and says so in the history', async () => {
    const client = (await florist.post('/clients', {})).body.id
    const fields = { bouquet: 'tulips', address: 'Main St 1' }
    const { body: order } = await florist.post('/cases', { process: 'order', client, fields })
    await florist.post(`/clients/${client}/consents`, { purpose: 'allergies', decision: 'refused' })
    await florist.patch(`/cases/${order.id}/fields`, { price: '40.00', paid: true })
    expect((await florist.post(`/cases/${order.id}/moves`, { to: 'delivered' })).body.ended).toBe('success')
    const held = () => query(shop.databaseUrl, 'select field from vault.values where case_id = $1', [order.id])
    expect(await held()).toEqual([{ field: 'address' }])
    now += 91 * day
    await query(shop.databaseUrl, "select graphile_worker.add_job('retention')")
    await eventually('the address to go', async () => (await held()).length === 0)
    const again = await shop.as('florist')
    const { body } = await again.get(`/cases/${order.id}/history`)
    expect(body.items.at(-1)).toMatchObject({ type: 'erase', by: 'system', fields: ['address'] })
  })

  it('shows a value only at the stages that name it', async () => {
    const manager = await shop.as('manager')
    const client = (await manager.post('/clients', {})).body.id
    const fields = { bouquet: 'roses', address: 'Side St 2', contact: 'order@client.example' }
    const { body: order } = await manager.post('/cases', { process: 'order', client, fields })
    expect(Object.keys(order.fields)).toEqual(expect.arrayContaining(['address', 'contact']))
    await manager.post(`/clients/${client}/consents`, { purpose: 'allergies', decision: 'refused' })
    const { body } = await manager.get(`/cases/${order.id}`)
    expect(body.stage.name).toBe('arranging')
    expect(Object.keys(body.fields)).toContain('address')
    expect(Object.keys(body.fields)).not.toContain('contact')
  })
})
