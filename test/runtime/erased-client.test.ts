import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestServer, testServer } from '../server.ts'

describe('a client who is erased', () => {
  let shop: TestServer

  beforeAll(async () => {
    shop = await testServer('florist/text')
  })
  afterAll(() => shop?.stop())

  /** A client with an order, and the cookie of a browser in which they have just looked at their pages. */
  async function clientAtHome(email: string): Promise<{ id: string; look: () => Promise<number> }> {
    const manager = await shop.as('manager')
    const { id } = (await manager.post('/clients', { email })).body
    await manager.post('/cases', { process: 'order', client: id, fields: { bouquet: 'roses' } })
    const letter = await shop.letterTo(email, 'May we ask')
    const link = /https?:\/\/\S+\/portal\/l\/\S+/.exec(letter.text)?.[0] ?? ''
    const entered = await fetch(link, { redirect: 'manual' })
    const cookie = (entered.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    const look = async () => (await fetch(`${shop.url}/portal`, { headers: { cookie }, redirect: 'manual' })).status
    expect(await look()).toBe(200)
    return { id, look }
  }

  it('is out of the portal at once, in the browser too where they were just in', async () => {
    const { id, look } = await clientAtHome('anna@client.example')
    const { status } = await (await shop.as('manager')).post(`/clients/${id}/erase`)
    expect(status).toBe(200)
    expect(await look()).toBe(302)
  })

  it('is so as well where a rule of a case erased them', async () => {
    const manager = await shop.as('manager')
    const { id, look } = await clientAtHome('ewa@client.example')
    const withdrawal = (await manager.post('/cases', { process: 'withdrawal', client: id })).body
    expect((await manager.post(`/cases/${withdrawal.id}/moves`, { to: 'erased' })).status).toBe(200)
    expect(await look()).toBe(302)
  })
})
