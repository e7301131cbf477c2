import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Api } from '../api.ts'
import { inStage, type TestServer, testServer } from '../server.ts'

describe('R01: a client needs no contact, not even a name, to be served (GDPR Art. 5(1)(c))', () => {
  let shop: TestServer
  let florist: Api
  beforeAll(async () => {
    shop = await testServer('florist/text')
    florist = await shop.as('florist')
  })
  afterAll(() => shop?.stop())

  it('makes a card of nothing, under a name that says nothing of the person', async () => {
    const { status, body } = await florist.post('/clients', {})
    expect(status).toBe(201)
    expect(body).toMatchObject({ name: null, email: null, phone: null })
    expect(body.label).toMatch(/^[a-z]+ [a-z]+ \d{3}$/)
  })

  it('carries the order of such a client through to its end', async () => {
    const client = (await florist.post('/clients', {})).body.id
    const { body: order } = await florist.post('/cases', { process: 'order', client, fields: { bouquet: 'tulips' } })
    expect(order.stage.name).toBe('waiting')
    const { body: told } = await florist.get('/notifications')
    expect(told.items[0].text).toMatch(/ask_consent|May we ask|letter/i)
    await florist.post(`/clients/${client}/consents`, { purpose: 'allergies', decision: 'refused' })
    await inStage(florist, order.id, 'arranging')
    await florist.patch(`/cases/${order.id}/fields`, { price: '40.00', paid: true })
    const delivered = await florist.post(`/cases/${order.id}/moves`, { to: 'delivered' })
    expect(delivered.status).toBe(200)
    expect(delivered.body).toMatchObject({ ended: 'success', stage: { name: 'delivered' } })
  })

  it('says in the case’s history why no letter went out', async () => {
    const { body: order } = await florist.post('/cases', { process: 'order', fields: { bouquet: 'roses' } })
    const { body } = await florist.get(`/cases/${order.id}/history`)
    const skipped = body.items.find((item: { type: string }) => item.type === 'letter skipped')
    expect(skipped).toMatchObject({ letter: 'ask_consent', because: expect.stringMatching(/no e-mail address/) })
  })
})
