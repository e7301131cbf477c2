import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Api } from '../api.ts'
import { inStage, type TestServer, testServer } from '../server.ts'

describe('R11, R13: withdrawal stops one purpose at once and leaves the others working (GDPR Art. 7(3), 17(1)(b))', () => {
  let shop: TestServer
  let florist: Api
  beforeAll(async () => {
    shop = await testServer('florist/text')
    florist = await shop.as('florist')
  })
  afterAll(() => shop?.stop())

  async function orderWithAllergy() {
    const client = (await florist.post('/clients', {})).body.id
    const { body: order } = await florist.post('/cases', {
      process: 'order',
      client,
      fields: { bouquet: 'tulips', address: 'Main St 1' },
    })
    const evidence = { channel: 'paper', note: 'signed slip 12' }
    const given = await florist.post(`/clients/${client}/consents`, {
      purpose: 'allergies',
      decision: 'given',
      evidence,
    })
    expect(given.status).toBe(201)
    await inStage(florist, order.id, 'arranging')
    return { client, id: order.id as string }
  }

  it('puts the values out of reach in the answer to the withdrawal itself, in every case of the client', async () => {
    const { client, id } = await orderWithAllergy()
    expect(Object.keys((await florist.get(`/cases/${id}`)).body.fields)).toContain('allergy')
    await florist.post(`/clients/${client}/consents`, { purpose: 'allergies', decision: 'withdrawn' })
    const { body } = await florist.get(`/cases/${id}`)
    expect(Object.keys(body.fields)).not.toContain('allergy')
    expect(body.fields.address.value).toBe('Main St 1')
    expect(body.stage.name).toBe('arranging')
  })

  it('records what was decided before as well: given, then withdrawn', async () => {
    const { client } = await orderWithAllergy()
    await florist.post(`/clients/${client}/consents`, { purpose: 'allergies', decision: 'withdrawn' })
    const { body } = await florist.get(`/clients/${client}/consents`)
    expect(body.records.map(({ decision }: { decision: string }) => decision)).toEqual(['given', 'withdrawn'])
  })

  it('lets the order be carried out all the same', async () => {
    const { client, id } = await orderWithAllergy()
    await florist.post(`/clients/${client}/consents`, { purpose: 'allergies', decision: 'withdrawn' })
    await florist.patch(`/cases/${id}/fields`, { price: '25.50', paid: true })
    expect((await florist.post(`/cases/${id}/moves`, { to: 'delivered' })).body.ended).toBe('success')
  })
})
