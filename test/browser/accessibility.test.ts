import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Api } from '../api.ts'
import { type TestServer, testServer } from '../server.ts'
import { openBrowser } from './browser.ts'

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What axe (WCAG 2.2 AA and its own good practice) finds on the page: the rule, and where. */
async function violations(page: Page): Promise<string[]> {
  return page.evaluate(async (tags) => {
    // biome-ignore lint/suspicious/noExplicitAny: axe has put itself into the page
    const { violations } = await (globalThis as any).axe.run({ runOnly: tags })
    return violations.flatMap((found: { id: string; help: string; nodes: { html: string }[] }) =>
      found.nodes.map(({ html }) => `${found.id}: ${found.help}: ${html.slice(0, 200)}`),
    )
  }, tags)
}

describe.each(['en', 'pl'])('every page is accessible, in %s, light and dark, on a desk and on a phone', (language) => {
  let shop: TestServer
  let browser: Browser
  let axeSource: string
  const contexts: Partial<Record<'staff' | 'client' | 'guest', BrowserContext>> = {}
  const addresses = new Map<string, string>()

  beforeAll(async () => {
    axeSource = await readFile(axe, 'utf8')
    shop = await testServer('florist/text')
    browser = await openBrowser()
    for (const who of ['staff', 'client', 'guest'] as const) {
      contexts[who] = await browser.newContext({ locale: language })
      await contexts[who].addCookies([{ name: 'zgoda_language', value: language, url: shop.url }])
    }
    await seed(await shop.as('manager'))
  })
  afterAll(async () => {
    await browser?.close()
    await shop?.stop()
  })

  /** A client with an order that a letter went out for, a letter that asks the staff to look, and a client without anything. */
  async function seed(manager: Api): Promise<void> {
    const client = (await manager.post('/clients', { name: 'Anna Nowak', email: 'anna@client.example' })).body
    const order = (await manager.post('/cases', { process: 'order', client: client.id, fields: { bouquet: 'roses' } }))
      .body
    const letter = await shop.letterTo('anna@client.example', 'May we ask')
    await shop.answer(letter, 'What do you mean?')
    await manager.post('/cases', { process: 'withdrawal', client: client.id })
    addresses.set('client', `/clients/${client.id}`)
    addresses.set('case', `/cases/${order.id}`)
    addresses.set('letter', `/_mail/letters/${letter.id}`)
    addresses.set('link', /\/portal\/l\/\S+/.exec(letter.text)?.[0] ?? '')
    const [cookie, value] = manager.cookie.split('=') as [string, string]
    await contexts.staff?.addCookies([{ name: cookie, value, url: shop.url }])
    const portal = await contexts.client?.newPage()
    await portal?.goto(shop.url + addresses.get('link'))
  }

  const pages: [who: 'staff' | 'client' | 'guest', name: string, address: () => string][] = [
    ['guest', 'sign-in', () => '/sign-in'],
    ['guest', 'a page that is not there', () => '/portal/none'],
    ['guest', 'portal sign-in', () => '/portal/code'],
    ['guest', 'portal form', () => '/portal/forms/order_form'],
    ['staff', 'home', () => '/'],
    ['staff', 'board', () => '/boards/order'],
    ['staff', 'start a case', () => '/boards/order/start'],
    [
      'staff',
      'start a case for a known client',
      () => `/boards/order/start?client=${addresses.get('client')?.slice(9)}`,
    ],
    ['staff', 'case', () => addresses.get('case') ?? ''],
    ['staff', 'erase values', () => `${addresses.get('case')}/erase`],
    ['staff', 'clients', () => '/clients'],
    ['staff', 'new client', () => '/clients/new'],
    ['staff', 'who has looked', () => `${addresses.get('client')}/looks`],
    ['staff', 'retention', () => '/retention?days=90'],
    ['staff', 'client', () => addresses.get('client') ?? ''],
    ['staff', 'erase client', () => `${addresses.get('client')}/erase`],
    ['staff', 'inbox', () => '/inbox'],
    ['staff', 'incidents', () => '/incidents'],
    ['client', 'portal', () => '/portal'],
    ['client', 'give consent', () => '/portal/consents/allergies/give'],
    ['client', 'withdraw consent', () => '/portal/consents/offers/withdraw'],
    ['client', 'send a request', () => '/portal/requests/withdrawal'],
    ['client', 'own case', () => addresses.get('case')?.replace('/cases', '/portal/cases') ?? ''],
    ['guest', 'sandbox mailbox', () => '/_mail'],
    ['guest', 'letter in the sandbox', () => addresses.get('letter') ?? ''],
  ]

  it('would be said not to be, by these tests, if it were not', async () => {
    const page = await (contexts.guest as BrowserContext).newPage()
    await page.goto(`${shop.url}/sign-in`)
    await page
      .locator('label')
      .first()
      .evaluate((label) => label.replaceWith(...label.querySelectorAll('input')))
    await page.evaluate(axeSource)
    expect(await violations(page)).toEqual([expect.stringMatching(/^label: /)])
    await page.close()
  })

  it.each(pages)('%s: %s', async (who, name, address) => {
    const page = await (contexts[who] as BrowserContext).newPage()
    const found: string[] = []
    for (const [width, colorScheme] of [
      [1280, 'light'],
      [1280, 'dark'],
      [390, 'light'],
    ] as const) {
      await page.setViewportSize({ width, height: 850 })
      await page.emulateMedia({ colorScheme })
      await page.goto(shop.url + address())
      // Not the sign-in page that a wrong address or a lost session leads to.
      expect(page.url()).toBe(new URL(address(), shop.url).href)
      expect(await page.locator('h1').count()).toBe(1)
      for (const details of await page.locator('details:not(.menu)').all())
        await details.evaluate((element) => element.setAttribute('open', ''))
      await page.evaluate(axeSource)
      found.push(...(await violations(page)).map((violation) => `${name}, ${width}, ${colorScheme}: ${violation}`))
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      if (overflow > 0) found.push(`${name}, ${width}: the page is ${overflow} pixels wider than the window`)
    }
    await page.close()
    expect(found).toEqual([])
  })

  it('staff and client: forms that come back with mistakes', async () => {
    const staff = await (contexts.staff as BrowserContext).newPage()
    await staff.goto(`${shop.url}/boards/order/start`)
    await staff.locator('[name="field.price"]').fill('much')
    await staff.locator('main button.primary').click()
    await staff.locator('.problem').waitFor()
    const client = await (contexts.guest as BrowserContext).newPage()
    await client.goto(`${shop.url}/portal/forms/order_form`)
    await client.locator('form#form').evaluate((form) => form.setAttribute('novalidate', ''))
    await client.locator('main button.primary').click()
    await client.locator('.problem').first().waitFor()
    for (const page of [staff, client]) {
      await page.evaluate(axeSource)
      expect(await violations(page)).toEqual([])
      await page.close()
    }
  })
})
