import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { portalLink } from '../../../runtime/identity/index.ts'
import type { Api } from '../../api.ts'
import { inStage, type TestServer, testServer } from '../../server.ts'
import { offersWorkspace } from './offers.ts'

describe('the language of a client’s letters', () => {
  let shop: TestServer
  let clerk: Api
  let count = 0

  beforeAll(async () => {
    shop = await testServer(offersWorkspace)
    clerk = await shop.as('clerk')
  })
  afterAll(() => shop?.stop())

  async function client(card: object = {}): Promise<{ id: string; email: string; language: string; order: string }> {
    count += 1
    const email = `reader${count}@client.example`
    const { id, language } = (await clerk.post('/clients', { email, ...card })).body
    const evidence = { channel: 'paper', note: 'signed' }
    await clerk.post(`/clients/${id}/consents`, { purpose: 'offers', decision: 'given', evidence })
    const order = (await clerk.post('/cases', { process: 'order', client: id })).body.id
    return { id, email, language, order }
  }

  async function offered({ order, email }: { order: string; email: string }, subject: string) {
    await clerk.post(`/cases/${order}/signals/offer`)
    return shop.letterTo(email, subject)
  }

  it('is the one that staff choose on the card, by the API and on the page', async () => {
    const polish = await client({ language: 'pl' })
    expect(polish.language).toBe('pl')
    const letter = await offered(polish, 'Nowe kwiaty')
    expect(letter.text).toContain('Ten list wysyłamy na podstawie Twojej zgody: Oferty.')
    const english = await client()
    expect(english.language).toBe('en')
    expect((await clerk.patch(`/clients/${english.id}`, { language: 'pl' })).body).toMatchObject({
      language: 'pl',
      email: english.email,
    })
    await offered(english, 'Nowe kwiaty')
    const headers = { cookie: clerk.cookie, accept: 'text/html' }
    const page = await (await fetch(`${shop.url}/clients/${english.id}`, { headers })).text()
    expect(page).toMatch(/<option value="pl" lang="pl" selected>/)
    const form = new URLSearchParams({
      _csrf: /name="_csrf" value="([^"]+)"/.exec(page)?.[1] ?? '',
      email: english.email,
      language: 'en',
    })
    await fetch(`${shop.url}/clients/${english.id}`, { method: 'POST', body: form, headers, redirect: 'manual' })
    await offered(english, 'New flowers')
  })

  it('is the one that clients choose in their portal', async () => {
    const reader = await client()
    const letter = await offered(reader, 'New flowers')
    const link = /https?:\S+\/portal\/l\/\S+/.exec(letter.text)?.[0] ?? ''
    const opened = await fetch(link, { redirect: 'manual' })
    const cookie = (opened.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    const page = await (await fetch(`${shop.url}/portal`, { headers: { cookie } })).text()
    const csrf = /action="\/portal\/language"[^>]*>.*?name="_csrf" value="([^"]+)"/s.exec(page)?.[1] ?? ''
    const choose = (language: string) =>
      fetch(`${shop.url}/portal/language`, {
        method: 'POST',
        redirect: 'manual',
        headers: { cookie },
        body: new URLSearchParams({ _csrf: csrf, language }),
      })
    expect((await choose('pl')).status).toBe(303)
    await offered(reader, 'Nowe kwiaty')
    expect((await choose('tlh')).status).toBe(422)
    expect((await clerk.get(`/clients/${reader.id}`)).body.language).toBe('pl')
  })

  it('is none that letters are not there in', async () => {
    const refused = await clerk.post('/clients', { language: 'tlh' })
    expect([refused.status, refused.body.code]).toEqual([400, 'invalid-body'])
  })
})

describe('a mailbox without plus-addresses', () => {
  let shop: TestServer

  beforeAll(async () => {
    shop = await testServer('florist/text', { mail: { plus: 'none' } })
  })
  afterAll(() => shop?.stop())

  it('has answers come to itself, and they are known by the letter they name', async () => {
    const florist = await shop.as('florist')
    const { id } = (await florist.post('/clients', { email: 'anna@client.example' })).body
    const order = await florist.post('/cases', { process: 'order', client: id, fields: { bouquet: 'roses' } })
    const letter = await shop.letterTo('anna@client.example', 'allergies')
    expect(letter.headers).not.toHaveProperty('reply-to')
    await shop.answer(letter, 'I agree')
    await inStage(florist, order.body.id, 'arranging')
  })
})

describe('a link to the portal', () => {
  it('withdraws nothing where the other kind is asked for', async () => {
    const shop = await testServer(offersWorkspace)
    try {
      const token = portalLink(crypto.randomUUID(), Buffer.alloc(32, 1))
      expect((await fetch(`${shop.url}/portal/u/${token}`, { method: 'POST' })).status).toBe(404)
    } finally {
      await shop.stop()
    }
  })
})
