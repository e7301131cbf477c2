import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Api } from '../api.ts'
import { inStage, type TestServer, testServer } from '../server.ts'

describe('R05: what is asked for one thing is kept apart from the rest (GDPR Art. 7(2))', () => {
  let shop: TestServer
  let florist: Api
  let client: string
  let first: string
  let second: string

  beforeAll(async () => {
    shop = await testServer('florist/text')
    florist = await shop.as('florist')
    client = (await florist.post('/clients', { name: 'Anna Nowak' })).body.id
    first = await order({ contact: 'anna-at-work@client.example' })
    second = await order({ contact: 'anna-at-home@client.example' })
  })
  afterAll(() => shop?.stop())

  async function order(more: object): Promise<string> {
    const fields = { bouquet: 'tulips', address: 'Main St 1', ...more }
    const { status, body } = await florist.post('/cases', { process: 'order', client, fields })
    expect(status).toBe(201)
    return body.id
  }

  it('sends the letters of an order to the address that was given for it', async () => {
    const [one, other] = [
      await shop.letterTo('anna-at-work@client.example', 'May we ask'),
      await shop.letterTo('anna-at-home@client.example', 'May we ask'),
    ]
    expect(one.subject).not.toBe(other.subject)
  })

  it('shows it in that order alone', async () => {
    const shown = async (id: string) => JSON.stringify((await florist.get(`/cases/${id}`)).body)
    expect(await shown(first)).toContain('anna-at-work')
    expect(await shown(first)).not.toContain('anna-at-home')
    expect(await shown(second)).toContain('anna-at-home')
    expect(await shown(second)).not.toContain('anna-at-work')
  })

  it('copies it neither to the card nor into the search for clients', async () => {
    const { body: card } = await florist.get(`/clients/${client}`)
    expect(card).toMatchObject({ email: null, phone: null })
    expect((await florist.get('/clients?q=anna-at-work@client.example')).body.items).toEqual([])
  })

  it('takes an answer from that address for that order only', async () => {
    const letter = await shop.letterTo('anna-at-work@client.example', 'May we ask')
    await shop.answer(letter, 'no')
    await inStage(florist, first, 'arranging')
    const { body } = await florist.get(`/cases/${first}/history`)
    expect(body.items.some((item: { type: string }) => item.type === 'reply')).toBe(true)
    const other = await florist.get(`/cases/${second}/history`)
    expect(other.body.items.some((item: { type: string }) => item.type === 'reply')).toBe(false)
  })
})
