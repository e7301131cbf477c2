import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Api } from '../../api.ts'
import { query } from '../../database-query.ts'
import { type TestServer, testServer } from '../../server.ts'

const workspace = `
company "Shop" { address "Long Street 1" email "desk@company.example" }
role clerk "Clerk" { clients: see, edit, erase }
purpose delivery "Delivery" { basis contract text "We bring your order." keep until end recipients "Courier" }
purpose offers "Offers" { basis consent text "We write to you when there is something new." keep until end recipients "Printer" }
purpose taste "Taste" { basis consent text "We remember what you like." keep until end }
letter confirmation "We have your order" { body "It is under way." }
letter liked "What you like" { body "You like {{ flower }}." }
letter news "Something new" { for offers body "Tulips are back." }
webhook printer { url "https://printer.example/hook" recipient "Printer" for offers }
webhook courier { url "https://courier.example/hook" recipient "Courier" for delivery }
process order "Order" {
  show in portal
  access clerk: see, move, edit, erase
  field flower "Flower" text personal for taste
  show flower
  stage new "New" {
    edit flower
    move to served by clerk
  }
  stage served "Served" {
    on enter {
      send confirmation to client
      send liked to client when flower is filled
      send news to client
      call printer
      call courier
    }
    after 3 days { send news to client }
    after 4 days { call printer }
    after 5 days { send confirmation to client }
    after 6 days go to done
  }
  final stage done "Done" success { on enter { erase flower } }
}
`

describe('what waits for a purpose whose consent is withdrawn', () => {
  let shop: TestServer
  let clerk: Api
  beforeAll(async () => {
    // Nothing leaves: what is stopped is stopped by the withdrawal itself.
    shop = await testServer({ text: workspace }, { runJobs: false })
    clerk = await shop.as('clerk')
  })
  afterAll(() => shop?.stop())

  async function served() {
    const client = (await clerk.post('/clients', { email: 'anna@client.example' })).body.id
    const evidence = { channel: 'paper', note: 'slip 5' }
    for (const purpose of ['offers', 'taste'])
      await clerk.post(`/clients/${client}/consents`, { purpose, decision: 'given', evidence })
    const { id } = (await clerk.post('/cases', { process: 'order', client, fields: { flower: 'lilies' } })).body
    expect((await clerk.post(`/cases/${id}/moves`, { to: 'served' })).status).toBe(200)
    return { client, id }
  }

  const waiting = async (id: string) => {
    const letters = await query<{ letter: string; status: string; because: string | null; held: boolean }>(
      shop.databaseUrl,
      `select letter, status, because, exists (select from vault.letters v where (v.case_id, v.seq) = (l.case_id, l.seq)) as held
       from letters l where case_id = $1 order by seq`,
      [id],
    )
    const calls = await query<{ webhook: string; status: string; held: boolean }>(
      shop.databaseUrl,
      `select webhook, status, exists (select from vault.calls v where (v.case_id, v.seq) = (c.case_id, c.seq)) as held
       from calls c where case_id = $1 order by seq`,
      [id],
    )
    const timers = await query<{ key: string }>(
      shop.databaseUrl,
      "select key from graphile_worker.jobs where key like 'timer ' || $1 || '%' order by run_at",
      [id],
    )
    return { letters, calls, timers: timers.map(({ key }) => key.split(' ').at(-1)) }
  }

  it('is stopped with it: its letters, its calls, and the timers that would do nothing else', async () => {
    const { client, id } = await served()
    expect((await waiting(id)).timers).toHaveLength(4)
    await clerk.post(`/clients/${client}/consents`, { purpose: 'offers', decision: 'withdrawn' })
    const { letters, calls, timers } = await waiting(id)
    expect(letters.map(({ letter, status, held }) => [letter, status, held])).toEqual([
      ['confirmation', 'waiting', true],
      ['liked', 'waiting', true],
      ['news', 'skipped', false],
    ])
    expect(letters[2]?.because).toBe('there is no valid consent to `offers`')
    expect(calls.map(({ webhook, status, held }) => [webhook, status, held])).toEqual([
      ['printer', 'skipped', false],
      ['courier', 'waiting', true],
    ])
    expect(timers).toEqual(['served.after.3', 'served.after.4'])
    expect((await clerk.get(`/cases/${id}`)).body.scheduled).toHaveLength(2)
  })

  it('is a letter for no purpose too, that names what was told under the consent', async () => {
    const { client, id } = await served()
    await clerk.post(`/clients/${client}/consents`, { purpose: 'taste', decision: 'withdrawn' })
    const { letters } = await waiting(id)
    expect(letters.map(({ letter, status, held }) => [letter, status, held])).toEqual([
      ['confirmation', 'waiting', true],
      ['liked', 'skipped', false],
      ['news', 'waiting', true],
    ])
  })

  it('does not make the client wait for what has been on its way for too long', async () => {
    const { client, id } = await served()
    await query(shop.databaseUrl, "update letters set sending_until = now() - interval '1 second' where case_id = $1", [
      id,
    ])
    expect((await clerk.post(`/clients/${client}/consents/withdraw`)).body.records).toHaveLength(2)
    const { letters } = await waiting(id)
    expect(letters.filter(({ status }) => status === 'waiting').map(({ letter }) => letter)).toEqual(['confirmation'])
  })

  it('is waited for, while it is on its way, by whoever withdraws', async () => {
    const { client, id } = await served()
    await query(
      shop.databaseUrl,
      "update letters set sending_until = now() + interval '60 seconds' where case_id = $1 and letter = 'news'",
      [id],
    )
    let acknowledged = false
    const withdrawal = clerk
      .post(`/clients/${client}/consents`, { purpose: 'offers', decision: 'withdrawn' })
      .then((answer) => {
        acknowledged = true
        return answer
      })
    for (let looks = 0; looks < 3; looks++) expect((await waiting(id)).letters[2]?.status).toBe('waiting')
    const status = async () => (await clerk.get(`/clients/${client}/consents`)).body.items
    for (let tries = 0; tries < 200; tries++)
      if ((await status()).find(({ purpose }: { purpose: string }) => purpose === 'offers').status === 'withdrawn')
        break
    // It stands, and nobody was told so yet.
    expect(acknowledged).toBe(false)
    await query(
      shop.databaseUrl,
      "update letters set status = 'sent', sending_until = null where case_id = $1 and letter = 'news'",
      [id],
    )
    expect((await withdrawal).status).toBe(201)
  })
})
