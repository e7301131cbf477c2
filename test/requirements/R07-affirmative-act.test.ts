import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fillIn, openForm, submit } from '../portal.ts'
import { type TestServer, testServer } from '../server.ts'

describe('R07: consent is a clear act, never silence (GDPR Art. 4(11), rec. 32)', () => {
  let shop: TestServer
  beforeAll(async () => {
    shop = await testServer('florist/text')
  })
  afterAll(() => shop?.stop())

  it('shows Yes and No for each purpose, neither of them chosen', async () => {
    const { html } = await openForm(shop.url, 'order_form')
    const answers = [...html.matchAll(/<input[^>]*type="radio"[^>]*>/g)]
      .map(([tag]) => tag)
      .filter((tag) => /consent/.test(tag))
    expect(answers.length).toBe(4)
    for (const tag of answers) expect(tag).not.toMatch(/\schecked/)
  })

  it('takes a required question unanswered for no answer, and asks again without losing what was filled in', async () => {
    const form = await openForm(shop.url, 'order_form')
    const answer = await submit(form, fillIn({ bouquet: 'roses', address: 'Long St 7' }))
    expect(answer.status).toBe(422)
    expect(answer.html).toContain('Long St 7')
  })

  it('takes “Yes” to an explicit consent only with the client’s own typed words', async () => {
    const form = await openForm(shop.url, 'order_form')
    const answer = await submit(form, fillIn({ bouquet: 'roses', address: 'Long St 7' }, { allergies: 'given' }))
    expect(answer.status).toBe(422)
  })

  it('keeps an answered form’s consents apart, each with the text that was shown', async () => {
    const form = await openForm(shop.url, 'order_form')
    const filled = fillIn(
      { bouquet: 'roses', address: 'Long St 7', allergy: 'lilies' },
      { allergies: 'given', offers: 'refused' },
      { allergies: 'I agree' },
    )
    const answer = await submit(form, filled)
    expect(answer.status).toBe(200)
    const manager = await shop.as('manager')
    const { body } = await manager.get('/cases?process=order')
    const client = body.items[0].client.id
    const { body: consents } = await manager.get(`/clients/${client}/consents`)
    expect(consents.records).toMatchObject([
      {
        purpose: 'allergies',
        decision: 'given',
        channel: 'form',
        text: expect.stringContaining('pick flowers that do not harm you'),
      },
      { purpose: 'offers', decision: 'refused', channel: 'form' },
    ])
    expect(body.items[0].stage).toBe('arranging')
  })
})
