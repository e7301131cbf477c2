import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Api } from '../api.ts'
import { inStage, type SandboxLetter, type TestServer, testServer } from '../server.ts'

describe('R09: withdrawing is as easy as giving, at any time, for no reason and without an account (GDPR Art. 7(3))', () => {
  let shop: TestServer
  let florist: Api
  beforeAll(async () => {
    shop = await testServer('florist/text')
    florist = await shop.as('florist')
  })
  afterAll(() => shop?.stop())

  async function clientWho(address: string): Promise<{ client: string; order: string; letter: SandboxLetter }> {
    const client = (await florist.post('/clients', { email: address })).body.id
    const order = (await florist.post('/cases', { process: 'order', client, fields: { bouquet: 'tulips' } })).body.id
    const letter = await shop.letterTo(address, 'May we ask')
    await shop.answer(letter, 'I agree')
    await inStage(florist, order, 'arranging')
    const evidence = { channel: 'paper', note: 'slip 9' }
    await florist.post(`/clients/${client}/consents`, { purpose: 'offers', decision: 'given', evidence })
    return { client, order, letter }
  }

  /** A browser without scripts that came by the link at the end of a letter. */
  async function visitor({ text }: SandboxLetter) {
    const link = /https?:\/\/\S+\/portal\/l\/\S+/.exec(text)?.[0] as string
    const entered = await fetch(link, { redirect: 'manual' })
    const cookie = (entered.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    const page = async (path: string) => (await fetch(new URL(path, shop.url), { headers: { cookie } })).text()
    const send = async (path: string, html: string, more: Record<string, string> = {}) => {
      const hidden = [...html.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([tag]) => [
        /name="([^"]*)"/.exec(tag)?.[1] ?? '',
        /value="([^"]*)"/.exec(tag)?.[1] ?? '',
      ])
      const body = new URLSearchParams({ ...Object.fromEntries(hidden), ...more }).toString()
      const headers = { cookie, 'content-type': 'application/x-www-form-urlencoded' }
      return fetch(new URL(path, shop.url), { method: 'POST', redirect: 'manual', headers, body })
    }
    return { page, send }
  }

  const formOf = (page: string, action: string) =>
    page.split('<form').find((part) => part.includes(`action="${action}"`)) as string
  const statusOf = async (client: string) =>
    Object.fromEntries(
      (await florist.get(`/clients/${client}/consents`)).body.items.map((item: { purpose: string; status: string }) => [
        item.purpose,
        item.status,
      ]),
    )

  it('takes two clicks from the first page that the link in any letter opens: no sign-in, no reason asked', async () => {
    const { client, order, letter } = await clientWho('two@client.example')
    const browser = await visitor(letter)
    const first = await browser.page('/portal')
    expect(first).toContain('href="/portal/consents/allergies/withdraw"')
    const second = await browser.page('/portal/consents/allergies/withdraw')
    const form = formOf(second, '/portal/consents/allergies')
    expect(form).not.toMatch(/type="password"|<textarea|required/)
    expect((await browser.send('/portal/consents/allergies', form)).status).toBe(303)
    expect(await statusOf(client)).toEqual({ allergies: 'withdrawn', offers: 'given' })
    expect((await florist.get(`/cases/${order}`)).body.fields).not.toHaveProperty('allergy')
  })

  it('takes no more clicks than giving took', async () => {
    const { letter } = await clientWho('same@client.example')
    const browser = await visitor(letter)
    const clicks = (page: string, action: string) => page.split('<button').length + page.split(action).length
    const giving = await browser.page('/portal/consents/offers/give')
    const withdrawing = await browser.page('/portal/consents/offers/withdraw')
    expect(clicks(withdrawing, 'type="radio"')).toBeLessThanOrEqual(clicks(giving, 'type="radio"'))
  })

  it('ends every consent at once where the client wants that, in one transaction', async () => {
    const { client, letter } = await clientWho('all@client.example')
    const browser = await visitor(letter)
    expect(await browser.page('/portal')).toContain('href="/portal/withdraw"')
    const form = formOf(await browser.page('/portal/withdraw'), '/portal/withdraw')
    expect((await browser.send('/portal/withdraw', form)).status).toBe(303)
    expect(await statusOf(client)).toEqual({ allergies: 'withdrawn', offers: 'withdrawn' })
    const { records } = (await florist.get(`/clients/${client}/consents`)).body
    const ends = records.filter(({ state }: { state: string }) => state === 'ConsentWithdrawn')
    expect(ends).toMatchObject([
      { purpose: 'allergies', channel: 'portal', by: 'client' },
      { purpose: 'offers', channel: 'portal', by: 'client' },
    ])
    expect(ends[0].at).toBe(ends[1].at)
    expect((await browser.send('/portal/withdraw', form)).status).toBe(303)
    expect((await florist.get(`/clients/${client}/consents`)).body.records).toHaveLength(records.length)
  })

  it('is noted by staff on the client’s word, for one purpose or all', async () => {
    const { client } = await clientWho('word@client.example')
    const said = await florist.post(`/clients/${client}/consents/withdraw`, { evidence: { channel: 'phone' } })
    expect(said.body.records.map(({ purpose, channel }: Record<string, string>) => [purpose, channel])).toEqual([
      ['allergies', 'phone'],
      ['offers', 'phone'],
    ])
    expect((await florist.post(`/clients/${client}/consents/withdraw`)).body).toEqual({ records: [] })
  })

  it('is told to those who work on the client’s cases, by the purpose’s name and no other', async () => {
    const { client, order } = await clientWho('told@client.example')
    await florist.post(`/clients/${client}/consents`, { purpose: 'allergies', decision: 'withdrawn' })
    const { items } = (await florist.get('/notifications')).body
    const told = items.find(({ caseId }: { caseId: string }) => caseId === order)
    expect(told?.text).toBe(
      'The client has withdrawn the consent to “Choose flowers that are safe for you”: stop what you do for it',
    )
    expect(JSON.stringify(items)).not.toContain('told@')
  })

  it('can be taken back as often as the client likes', async () => {
    const { client, letter } = await clientWho('back@client.example')
    const browser = await visitor(letter)
    for (const decision of ['withdrawn', 'given', 'withdrawn'] as const) {
      const page = await browser.page(`/portal/consents/offers/${decision === 'given' ? 'give' : 'withdraw'}`)
      expect((await browser.send('/portal/consents/offers', formOf(page, '/portal/consents/offers'))).status).toBe(303)
    }
    expect((await statusOf(client)).offers).toBe('withdrawn')
  })
})
