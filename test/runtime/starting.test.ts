import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Api } from '../api.ts'
import { type TestServer, testServer } from '../server.ts'

describe('starting a case', () => {
  let shop: TestServer
  let florist: Api

  beforeAll(async () => {
    shop = await testServer('florist/text')
    florist = await shop.as('florist')
  })
  afterAll(() => shop?.stop())

  const page = async (path: string, cookie: string) => {
    const answer = await fetch(shop.url + path, { headers: { cookie }, redirect: 'manual' })
    return { status: answer.status, text: await answer.text() }
  }
  const send = async (path: string, cookie: string, from: string, fields: Record<string, string>) => {
    const hidden = [...from.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [
      name ?? '',
      value ?? '',
    ])
    const body = new URLSearchParams({ ...Object.fromEntries(hidden), ...fields })
    return fetch(shop.url + path, { method: 'POST', headers: { cookie }, redirect: 'manual', body })
  }

  it('asks the florist for what the first stage shows or lets edit, without what needs a consent', async () => {
    const { text } = await page('/boards/order/start', florist.cookie)
    const named = [...text.matchAll(/name="field\.(\w+)"/g)].map(([, name]) => name)
    expect(named).toEqual(['bouquet', 'price', 'address', 'contact'])
  })

  it('puts what was filled in into the letter that goes out at once', async () => {
    const { text } = await page('/boards/order/start', florist.cookie)
    const fields = { name: 'Anna', 'field.bouquet': 'tulips', 'field.contact': 'anna@client.example' }
    const sent = await send('/boards/order/start', florist.cookie, text, fields)
    expect(sent.status).toBe(303)
    const letter = await shop.letterTo('anna@client.example', 'May we ask')
    expect(letter.text).toContain('thank you for your order of tulips.')
    const shown = await page(sent.headers.get('location') ?? '', florist.cookie)
    expect(shown.text).toContain('thank you for your order of tulips.')
    expect(shown.text).toMatch(/<h1>Order \d+<\/h1>/)
  })

  it('asks a person who may not edit for nothing', async () => {
    const manager = await shop.as('manager')
    const { status, text } = await page('/boards/withdrawal/start', manager.cookie)
    expect([status, text.includes('name="field.')]).toEqual([200, false])
    expect((await page('/boards/withdrawal/start', florist.cookie)).status).toBe(404)
  })

  it('is offered to a client in the portal: a form, and a request sent in two clicks (GDPR Art. 7(3))', async () => {
    const letter = await shop.letterTo('anna@client.example', 'May we ask')
    const link = /https?:\/\/\S+\/portal\/l\/\S+/.exec(letter.text)?.[0] ?? ''
    const entered = await fetch(link, { redirect: 'manual' })
    const cookie = (entered.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    const home = (await page('/portal', cookie)).text
    expect(home).toMatch(/href="\/portal\/forms\/order_form"><strong>Order flowers/)
    const [, request = ''] = /href="([^"]+)"><strong>Withdraw my consent/.exec(home) ?? []
    const opened = (await page(request, cookie)).text
    const sent = await send(request, cookie, opened, {})
    expect(sent.status).toBe(303)
    expect((await page(sent.headers.get('location') ?? '', cookie)).text).toMatch(/Withdraw my consent \d+/)
  })
})
