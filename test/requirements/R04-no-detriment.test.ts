import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inStage, type TestServer, testServer } from '../server.ts'

describe('R04: refusing data for extras never harms the main service (GDPR Art. 7(4))', () => {
  let shop: TestServer
  beforeAll(async () => {
    shop = await testServer('florist/text')
  })
  afterAll(() => shop?.stop())

  it('delivers to a client who answers “no” to the question about allergies', async () => {
    const florist = await shop.as('florist')
    const client = (await florist.post('/clients', { email: 'no@client.example' })).body.id
    const fields = { bouquet: 'tulips', address: 'Main St 1' }
    const { body: order } = await florist.post('/cases', { process: 'order', client, fields })
    await shop.answer(await shop.letterTo('no@client.example', 'May we ask'), 'No.')
    await inStage(florist, order.id, 'arranging')
    const early = await florist.post(`/cases/${order.id}/moves`, { to: 'delivered' })
    expect(early.body).toMatchObject({ code: 'required-missing', because: expect.stringContaining('price') })
    await florist.patch(`/cases/${order.id}/fields`, { price: '40.00', paid: true })
    expect((await florist.post(`/cases/${order.id}/moves`, { to: 'delivered' })).body.ended).toBe('success')
    const receipt = await shop.letterTo('no@client.example', 'Your flowers have arrived')
    expect(receipt.text).toContain('Main St 1')
    expect(receipt.text).toContain('40.00')
  })

  it('keeps the allergies field out of every answer while the client does not consent', async () => {
    const florist = await shop.as('florist')
    const client = (await florist.post('/clients', {})).body.id
    const { body: order } = await florist.post('/cases', { process: 'order', client, fields: { bouquet: 'roses' } })
    await florist.post(`/clients/${client}/consents`, { purpose: 'allergies', decision: 'refused' })
    const { body } = await florist.get(`/cases/${order.id}`)
    expect(body.stage.name).toBe('arranging')
    expect(Object.keys(body.fields)).toEqual(['bouquet', 'price', 'paid', 'address'])
    const filled = await florist.patch(`/cases/${order.id}/fields`, { allergy: 'lilies' })
    expect(filled.status).toBeGreaterThanOrEqual(400)
    expect(JSON.stringify((await florist.get(`/cases/${order.id}`)).body)).not.toContain('lilies')
  })
})
