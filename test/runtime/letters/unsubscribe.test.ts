import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Api } from '../../api.ts'
import { eventually } from '../../eventually.ts'
import { type SandboxLetter, type TestServer, testServer } from '../../server.ts'
import { query } from '../webhooks/hurry.ts'
import { offersWorkspace } from './offers.ts'

let shop: TestServer
let clerk: Api

beforeAll(async () => {
  shop = await testServer(offersWorkspace)
  clerk = await shop.as('clerk')
})
afterAll(() => shop?.stop())

let count = 0

/** A client who agreed to offers, with an order. */
async function reader(): Promise<{ client: string; order: string; email: string }> {
  count += 1
  const email = `reader${count}@client.example`
  const client = (await clerk.post('/clients', { name: 'Anna', email })).body.id
  await clerk.post(`/clients/${client}/consents`, {
    purpose: 'offers',
    decision: 'given',
    evidence: { channel: 'paper', note: 'signed' },
  })
  const order = (await clerk.post('/cases', { process: 'order', client })).body.id
  return { client, order, email }
}

async function offered(): Promise<{
  client: string
  order: string
  email: string
  letter: SandboxLetter
  url: string
}> {
  const one = await reader()
  await clerk.post(`/cases/${one.order}/signals/offer`)
  const letter = await shop.letterTo(one.email, 'New flowers')
  const url = /^<(\S+)>$/.exec(letter.headers['list-unsubscribe'] ?? '')?.[1] ?? ''
  return { ...one, letter, url }
}

/** As a mail server does: no cookie, no page before. */
function oneClick(url: string, more: RequestInit = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'List-Unsubscribe=One-Click',
    ...more,
  })
}

async function consentOf(client: string) {
  const { items, records } = (await clerk.get(`/clients/${client}/consents`)).body
  return { status: items.find(({ purpose }: { purpose: string }) => purpose === 'offers').status, records }
}

describe('a letter that rests on consent', () => {
  it('names a link of ours in its header and in its words that withdraws it', async () => {
    const { letter, url } = await offered()
    expect(url).toMatch(new RegExp(`^${shop.url}/portal/u/[\\w-]+$`))
    expect(letter.headers['list-unsubscribe-post']).toBe('List-Unsubscribe=One-Click')
    expect(letter.text).toContain('You get this letter because you agreed to: Offers.')
    expect(letter.text).toContain(`Stop these letters: withdraw your consent: ${url}`)
  })

  it('withdraws with one click, in the transaction in which its cases follow, and once however often', async () => {
    const { client, order, url } = await offered()
    const first = await oneClick(url)
    expect([first.status, first.headers.get('set-cookie'), first.headers.get('location')]).toEqual([200, null, null])
    const { status, records } = await consentOf(client)
    expect(status).toBe('withdrawn')
    expect(records.at(-1)).toMatchObject({
      decision: 'withdrawn',
      channel: 'unsubscribe',
      by: 'client',
      evidence: { channel: 'unsubscribe', letter: 'news', messageId: expect.stringMatching(/^<.+@flowers\.example>$/) },
    })
    const history = (await clerk.get(`/cases/${order}/history`)).body.items
    expect(history.some(({ type }: { type: string }) => type === 'consent')).toBe(true)
    expect(
      (await clerk.get('/notifications')).body.items.some(({ caseId }: { caseId: string }) => caseId === order),
    ).toBe(true)
    for (const again of await Promise.all([1, 2, 3].map(() => oneClick(url)))) expect(again.status).toBe(200)
    expect((await consentOf(client)).records).toHaveLength(records.length)
  })

  it('takes the click in either form that mail servers send, and from whatever page', async () => {
    const parts = new FormData()
    parts.set('List-Unsubscribe', 'One-Click')
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const ways: RequestInit[] = [
      { body: parts, headers: {} },
      { headers: { ...form, origin: 'https://mail.example', 'sec-fetch-site': 'cross-site' } },
    ]
    for (const more of ways) {
      const { client, url } = await offered()
      expect((await oneClick(url, more)).status).toBe(200)
      expect((await consentOf(client)).status).toBe('withdrawn')
    }
  })

  it('withdraws nothing when a scanner opens the link: the page only asks, in the language of who reads', async () => {
    const { client, url } = await offered()
    for (const [language, words] of [
      ['en', 'Withdraw my consent'],
      ['pl', 'Wycofuję zgodę'],
    ] as const) {
      const page = await fetch(url, { headers: { 'accept-language': language } })
      expect(page.status).toBe(200)
      const html = await page.text()
      expect(html.match(/<button class="primary">/g)).toHaveLength(1)
      expect(html).toContain(words)
    }
    expect((await fetch(url, { method: 'HEAD' })).status).toBe(200)
    expect((await consentOf(client)).status).toBe('given')
    await oneClick(url)
    expect(await (await fetch(url)).text()).toContain('Your consent is withdrawn')
  })

  it('opens nothing where the link is made up, changed or of a client who was erased, and does not tell which', async () => {
    const { client, url } = await offered()
    const other = await offered()
    const token = url.split('/').at(-1) as string
    const changed = `${token.slice(0, 30)}${token[30] === 'A' ? 'B' : 'A'}${token.slice(31)}`
    await clerk.post(`/clients/${other.client}/erase`)
    const answers = await Promise.all(
      [`${shop.url}/portal/u/${changed}`, `${shop.url}/portal/u/x`, other.url, `${url}A`].flatMap((forged) => [
        oneClick(forged),
        fetch(forged),
      ]),
    )
    const pages = await Promise.all(answers.map((answer) => answer.text()))
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404))
    expect(new Set(pages.map((page) => /<main.*<\/main>/s.exec(page)?.[0])).size).toBe(1)
    expect((await consentOf(client)).status).toBe('given')
  })

  it('makes whoever tries many links wait, and not those whose link is right', async () => {
    const { url } = await offered()
    const forged = `${shop.url}/portal/u/${'A'.repeat(100)}`
    await eventually('a refusal', async () => (await oneClick(forged)).status === 429)
    expect((await oneClick(url)).status).toBe(200)
    await query(shop.databaseUrl, 'delete from failed_tries')
  })

  it('is refused a body without end', async () => {
    const { url } = await offered()
    expect((await oneClick(url, { body: 'x'.repeat(300_000) })).status).toBe(413)
  })

  it('goes no more once it is withdrawn', async () => {
    const { order, url } = await offered()
    await oneClick(url)
    await clerk.post(`/cases/${order}/signals/offer`)
    const { letters } = (await clerk.get(`/cases/${order}/letters`)).body
    expect(letters.map(({ status }: { status: string }) => status)).toEqual(['sent'])
    const history = (await clerk.get(`/cases/${order}/history`)).body.items
    expect(JSON.stringify(history.at(-1))).toContain('offers')
  })
})

describe('a letter that rests on no consent', () => {
  it('names no such link, and says which case it belongs to', async () => {
    const { order, email } = await reader()
    await clerk.post(`/cases/${order}/signals/received`)
    const letter = await shop.letterTo(email, 'We have your order')
    expect(letter.headers).not.toHaveProperty('list-unsubscribe')
    expect(letter.text).toMatch(/This letter belongs to your case \S+\./)
    expect(letter.text).toContain('/portal/l/')
  })

  it('holds no link of the client’s where it goes to somebody else or to staff', async () => {
    const { order } = await reader()
    await clerk.patch(`/cases/${order}/fields`, { driver: 'driver@drivers.example' })
    await clerk.post(`/cases/${order}/signals/drive`)
    await clerk.post(`/cases/${order}/signals/tell`)
    for (const letter of [
      await shop.letterTo('driver@drivers.example', 'Please drive'),
      await shop.letterTo('office@flowers.example', 'An order'),
    ]) {
      expect(letter.text).not.toContain('/portal/')
      expect(letter.text).toContain('Flowers & Co, Long Street 1')
    }
  })
})
