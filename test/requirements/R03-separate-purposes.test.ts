import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Api } from '../api.ts'
import { eventually } from '../eventually.ts'
import { type TestServer, testServer } from '../server.ts'

const workspace = `
company "Shop" { address "Long Street 1" email "desk@company.example" }
role clerk "Clerk" { clients: see, edit, erase }
purpose offers "Offers" { basis consent text "We write to you when there is something new." keep 2 years after given }
purpose birthday "Birthday" { basis consent text "We wish you a happy birthday." keep 2 years after given }
letter confirmation "We have your order" { body "Order {{ case.number }} is under way." }
letter news "Something new" { for offers body "Tulips are back." }
letter wishes "All the best" { for birthday body "Happy birthday!" }
process order "Order" {
  show in portal
  access clerk: see, move, edit, erase
  stage new "New" {
    on enter { send confirmation to client }
    move to served by clerk
  }
  final stage served "Served" success {
    on enter {
      send news to client
      send wishes to client
    }
  }
}
`

describe('R03: each purpose is consented to apart, and none is the price of the service (GDPR rec. 32, 43)', () => {
  let shop: TestServer
  let clerk: Api
  beforeAll(async () => {
    shop = await testServer({ text: workspace })
    clerk = await shop.as('clerk')
  })
  afterAll(() => shop?.stop())

  async function serve(card: object, given: readonly string[]): Promise<{ client: string; id: string }> {
    const client = (await clerk.post('/clients', card)).body.id
    const evidence = { channel: 'paper', note: 'slip 3' }
    for (const purpose of given)
      await clerk.post(`/clients/${client}/consents`, { purpose, decision: 'given', evidence })
    const { id } = (await clerk.post('/cases', { process: 'order', client })).body
    const served = await clerk.post(`/cases/${id}/moves`, { to: 'served' })
    expect(served.body.ended).toBe('success')
    return { client, id }
  }

  const lettersOf = (id: string) =>
    eventually('the letters of the case to be settled', async () => {
      const { letters } = (await clerk.get(`/cases/${id}/letters`)).body as {
        letters: { name: string; status: string; because?: string }[]
      }
      return letters.every(({ status }) => status !== 'waiting') && letters
    })

  const skipped = async (id: string) =>
    (await clerk.get(`/cases/${id}/history`)).body.items
      .filter(({ type }: { type: string }) => type === 'letter skipped')
      .map(({ letter, because }: { letter: string; because: string }) => `${letter}: ${because}`)

  it('sends a letter for a purpose to those alone who consented to that purpose, and says in the case why not', async () => {
    const { id } = await serve({ email: 'one@client.example' }, ['offers'])
    expect((await lettersOf(id)).filter(({ status }) => status === 'sent').map(({ name }) => name)).toEqual([
      'confirmation',
      'news',
    ])
    expect(await skipped(id)).toEqual([expect.stringMatching(/^wishes: .*consent.*birthday/)])
    expect((await shop.letters()).filter(({ to }) => to.includes('one@')).map(({ subject }) => subject)).not.toContain(
      'All the best',
    )
  })

  it('serves a client without e-mail all the same, who gets no advertising', async () => {
    const before = (await shop.letters()).length
    const { id } = await serve({}, ['offers', 'birthday'])
    expect((await lettersOf(id)).filter(({ status }) => status === 'sent')).toEqual([])
    expect((await shop.letters()).length).toBe(before)
  })

  it('serves a client who consents to nothing', async () => {
    const { id } = await serve({ email: 'none@client.example' }, [])
    expect((await lettersOf(id)).filter(({ status }) => status === 'sent').map(({ name }) => name)).toEqual([
      'confirmation',
    ])
    expect(await skipped(id)).toHaveLength(2)
  })
})
