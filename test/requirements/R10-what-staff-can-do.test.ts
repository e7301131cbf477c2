import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Api } from '../api.ts'
import { query } from '../database-query.ts'
import { inStage, type TestServer, testServer } from '../server.ts'

describe('R10: staff can act on a withdrawal: a field, or the whole card, with a proof (GDPR Art. 17)', () => {
  let shop: TestServer
  let florist: Api
  let manager: Api

  beforeAll(async () => {
    shop = await testServer('florist/text')
    florist = await shop.as('florist')
    manager = await shop.as('manager')
  })
  afterAll(() => shop?.stop())

  async function order(name: string, email: string): Promise<{ client: string; id: string }> {
    const client = (await florist.post('/clients', { name, email })).body.id
    const fields = { bouquet: 'tulips', address: `Hidden Lane of ${name}` }
    const { body } = await florist.post('/cases', { process: 'order', client, fields })
    await shop.letterTo(email, 'May we ask')
    return { client, id: body.id }
  }

  it('erases single values, for a role that may', async () => {
    const { id } = await order('Adam', 'adam@client.example')
    const refused = await florist.post(`/cases/${id}/erase`, { fields: ['address'] })
    expect(refused.body).toMatchObject({ code: 'not-allowed' })
    const { status, body } = await manager.post(`/cases/${id}/erase`, { fields: ['address'] })
    expect(status).toBe(200)
    expect(JSON.stringify(body)).not.toContain('Hidden Lane')
    const kept = await query(shop.databaseUrl, 'select field from vault.values where case_id = $1', [id])
    expect(kept.map(({ field }) => field)).not.toContain('address')
    const { body: history } = await manager.get(`/cases/${id}/history`)
    expect(history.items.at(-1)).toMatchObject({ type: 'erase', fields: ['address'] })
  })

  it('erases the whole card, for a role that may, and leaves a proof without personal data', async () => {
    const { client, id } = await order('Barbara', 'barbara@client.example')
    expect((await florist.post(`/clients/${client}/erase`)).status).toBe(403)
    const { status, body: proof } = await manager.post(`/clients/${client}/erase`)
    expect(status).toBe(200)
    expect(proof.proof).toMatch(/^[\w+/=-]{20,}$/)
    expect(JSON.stringify(proof)).not.toMatch(/barbara|Hidden Lane/i)
    expect((await manager.get(`/clients/${client}`)).status).toBe(410)
    expect((await manager.get('/clients?q=Barbara')).body.items).toEqual([])
    expect((await manager.get('/clients?q=barbara@client.example')).body.items).toEqual([])
    expect(JSON.stringify((await manager.get(`/cases/${id}`)).body)).not.toMatch(/barbara|Hidden Lane/i)
    expect(JSON.stringify((await manager.get(`/cases/${id}/letters`)).body)).not.toMatch(/barbara|Hidden Lane/i)
  })

  it('leaves no row that was sealed for them, in any table of the vault', async () => {
    const { client } = await order('Cezary', 'cezary@client.example')
    await manager.post(`/clients/${client}/erase`)
    const tables = await query<{ name: string }>(
      shop.databaseUrl,
      "select table_name as name from information_schema.columns where table_schema = 'vault' and column_name = 'client_id'",
    )
    expect(tables.length).toBeGreaterThan(5)
    for (const { name } of tables)
      expect(await query(shop.databaseUrl, `select 1 from vault.${name} where client_id = $1`, [client]), name).toEqual(
        [],
      )
  })

  it('does so from the client’s own request, as a process says', async () => {
    const { client } = await order('Dorota', 'dorota@client.example')
    const { body: request } = await manager.post('/cases', { process: 'withdrawal', client })
    await inStage(manager, request.id, 'received')
    expect((await manager.post(`/cases/${request.id}/moves`, { to: 'erased' })).status).toBe(200)
    expect((await manager.get(`/clients/${client}`)).status).toBe(410)
  })
})
