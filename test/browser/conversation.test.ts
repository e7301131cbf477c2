import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createTransport } from 'nodemailer'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Api } from '../api.ts'
import { eventually } from '../eventually.ts'
import { type SandboxLetter, type TestServer, testServer } from '../server.ts'
import { openBrowser, openPage, type Watched } from './browser.ts'

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

describe('a conversation, in the browser', () => {
  let shop: TestServer
  let browser: Browser
  let clerk: Watched
  let florist: Api
  let id: string

  beforeAll(async () => {
    shop = await testServer('florist/text')
    browser = await openBrowser()
    clerk = await openPage(browser)
    florist = await shop.as('florist')
    const [name, value] = florist.cookie.split('=') as [string, string]
    await clerk.page.context().addCookies([{ name, value, url: shop.url }])
    const client = (await florist.post('/clients', { name: 'Anna Nowak', email: 'anna@client.example' })).body.id
    id = (await florist.post('/cases', { process: 'order', client, fields: { bouquet: 'roses' } })).body.id
  })
  afterAll(async () => {
    await browser?.close()
    await shop?.stop()
  })

  const messages = async () =>
    (await florist.get(`/cases/${id}/letters`)).body.messages as { class?: string; counted: boolean; because: string }[]
  const judged = (what: string, holds: (message: { class?: string; counted: boolean; because: string }) => boolean) =>
    eventually(what, async () => (await messages()).find(holds))

  /** Straight to the SMTP port, as anybody could. */
  async function handIn(raw: string, envelope: { from: string; to: string }): Promise<void> {
    const transport = createTransport({ host: '127.0.0.1', port: shop.smtpPort, ignoreTLS: true })
    await transport.sendMail({ raw: raw.replaceAll('\n', '\r\n'), envelope })
    transport.close()
  }

  const header = (letter: SandboxLetter, name: string) =>
    Object.entries(letter.headers).find(([one]) => one.toLowerCase() === name)?.[1] as string

  async function bounce(letter: SandboxLetter): Promise<void> {
    await handIn(
      `From: Mail Delivery System <MAILER-DAEMON@mx.client.example>
To: ${shop.mailbox}
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce@mx.client.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I could not deliver your letter: user unknown.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.client.example

Final-Recipient: rfc822; nobody@client.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 user unknown

--b
Content-Type: text/rfc822-headers

Message-ID: ${header(letter, 'message-id')}
Subject: ${letter.subject}

--b--
`,
      { from: '', to: shop.mailbox },
    )
  }

  async function forge(letter: SandboxLetter): Promise<void> {
    await handIn(
      `From: Anna Nowak <anna@client.example>
To: ${header(letter, 'reply-to')}
Subject: Re: ${letter.subject}
Message-ID: <forged@evil.example>
In-Reply-To: ${header(letter, 'message-id')}
Content-Type: text/plain

I agree. Please send the flowers to another address: ul. Cudza 7.
`,
      { from: 'mallory@evil.example', to: shop.mailbox },
    )
  }

  it('writes a letter by hand: begins with one of the process, looks at it, attaches a file, sends it', async () => {
    const { page, picture } = clerk
    await page.goto(`${shop.url}/cases/${id}`)
    await page.getByRole('link', { name: 'Write a letter' }).first().click()
    await page.getByLabel('Begin with a letter of the process').selectOption('receipt')
    await page.getByRole('button', { name: 'Insert' }).click()
    await filled(page, 'Subject', 'Your flowers have arrived')
    await page.getByLabel('Subject').fill('About your roses')
    await page
      .getByLabel('Text')
      .fill(
        'Good day,\n\nthe **red** roses are sold out. Shall we take:\n\n- white ones\n- pink ones\n\nThe colours are in the file.',
      )
    await page
      .getByLabel('Add files')
      .setInputFiles({ name: 'colours.pdf', mimeType: 'x/y', buffer: Buffer.from('%PDF-1.4 x') })
    await page.getByRole('button', { name: 'Preview' }).click()
    await page.getByRole('heading', { name: 'As the client will see it' }).waitFor()
    expect(await page.locator('.formatted-letter strong').innerText()).toBe('red')
    expect(await page.locator('.formatted-letter li').count()).toBe(2)
    await picture('talk-composer')
    await page.getByRole('button', { name: 'Send the letter' }).click()
    await page.getByRole('heading', { name: 'About your roses' }).waitFor()
    await page.locator('.talk-item.out .badge.sent').nth(1).waitFor()
    expect(await page.locator('#conversation').innerText()).toContain('written by florist')
    expect(await page.getByRole('link', { name: 'colours.pdf' }).count()).toBe(1)
  })

  it('saves a draft while one types, and gives it back', async () => {
    const { page } = clerk
    await page.goto(`${shop.url}/cases/${id}`)
    await page.locator('#write a').click()
    await page.getByLabel('Text').fill('I was about to say')
    await page.getByText(/Draft saved \(/).waitFor()
    await page.goto(`${shop.url}/`)
    await page.getByRole('heading', { name: 'Letters you have begun' }).waitFor()
    await page.locator('#drafts a').click()
    expect(await page.getByLabel('Text').inputValue()).toBe('I was about to say')
    await discard(page)
  })

  it('says why a letter was refused, and keeps what was typed', async () => {
    const { page } = clerk
    await page.goto(`${shop.url}/cases/${id}?write=1`)
    await page.getByLabel('Subject').fill('Tulips')
    await page.getByLabel('Text').fill('Three for two')
    await page.getByLabel('For a purpose').selectOption('offers')
    await page.getByRole('button', { name: 'Send the letter' }).click()
    await page
      .getByRole('alert')
      .getByText(/no valid consent/)
      .waitFor()
    expect(await page.getByLabel('Text').inputValue()).toBe('Three for two')
    await discard(page)
  })

  it('tells at a glance what counted, what did not and why, as it comes in', async () => {
    const { page } = clerk
    await page.goto(`${shop.url}/cases/${id}`)
    const asked = await shop.letterTo('anna@client.example', 'May we ask')
    const byHand = await shop.letterTo('anna@client.example', 'About your roses')
    await shop.answer(asked, 'I am away until Monday and read no mail.', { auto: true })
    await page.getByText('Out of office: did not count').waitFor()
    await forge(asked)
    await page.getByText('Possibly forged: did not count').waitFor()
    await florist.post(`/cases/${id}/letters`, {
      to: 'nobody@client.example',
      subject: 'A second try',
      body: 'Does this reach you?',
    })
    await bounce(await shop.letterTo('nobody@client.example', 'A second try'))
    await page.getByText('Could not be delivered: mailbox unknown (5.1.1)').waitFor()
    await shop.answer(byHand, 'White ones would be lovely.\n\nThank you\nAnna')
    await judged('the answer to the letter by hand', ({ counted }) => counted)
    await shop.answer(asked, 'I agree')
    await page.getByText('Counts as the client’s answer to “May we ask about allergies? Order 1”').waitFor()
    const counted = page.locator('.talk-item.counted').first()
    expect(await counted.locator('.verdict').innerText()).toMatch(/moved the case to “Arranging”/)
    expect(await counted.locator('.mail').first().innerText()).toBe('I agree')
    await counted.getByText('Show quoted text').click()
    const quoted = await counted.locator('.quoted .mail').innerText()
    expect(quoted).toContain('> Reply with one line')
    // The client's own way in is no clerk's.
    expect(quoted).toMatch(/\/portal\/l\/…/)
    expect(await page.locator('.talk-item.forged .button').count()).toBe(0)
  })

  it('is clear in light and dark, on a phone and in Polish, and accessible in each', async () => {
    const { page, picture } = clerk
    const source = await readFile(axe, 'utf8')
    for (const [name, width, colorScheme, language] of [
      ['light', 1280, 'light', 'en'],
      ['dark', 1280, 'dark', 'en'],
      ['phone', 390, 'light', 'en'],
      ['polish', 1280, 'light', 'pl'],
      ['polish-phone-dark', 390, 'dark', 'pl'],
    ] as const) {
      await page.context().addCookies([{ name: 'zgoda_language', value: language, url: shop.url }])
      await page.setViewportSize({ width, height: 850 })
      await page.emulateMedia({ colorScheme })
      await page.goto(`${shop.url}/cases/${id}`)
      await picture(`talk-${name}`)
      await page.locator('#conversation').screenshot({ path: `test/browser/screens/talk-thread-${name}.png` })
      for (const details of await page.locator('main details').all())
        await details.evaluate((element) => element.setAttribute('open', ''))
      await picture(`talk-open-${name}`)
      await page.evaluate(source)
      expect(await violations(page), name).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
    }
    await page.context().addCookies([{ name: 'zgoda_language', value: 'en', url: shop.url }])
    await page.setViewportSize({ width: 1280, height: 850 })
    await page.emulateMedia({ colorScheme: 'light' })
  })

  it('puts a stranger’s letter from the inbox into a new case, where it counts as nothing and can be answered', async () => {
    const { page, picture } = clerk
    await handIn(
      `From: Zofia <zofia@elsewhere.example>
To: ${shop.mailbox}
Subject: Do you deliver on Sunday?
Message-ID: <new@elsewhere.example>
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8

<p>Good day, do you <b>deliver</b> on Sunday?</p><img src="https://tracker.example/x.png"><script>alert(1)</script>
`,
      { from: 'zofia@elsewhere.example', to: shop.mailbox },
    )
    await eventually('the letter in the inbox', async () => (await florist.get('/messages')).body.items[0]?.class)
    await page.goto(`${shop.url}/inbox`)
    await picture('talk-inbox')
    await page.getByRole('link', { name: 'Put into a case' }).click()
    await picture('talk-put')
    await page.locator('[aria-labelledby=new]').getByRole('button', { name: 'Start with it: Order' }).click()
    await page.waitForURL(/\/cases\//)
    await page.getByText('put here by hand').waitFor()
    expect(await page.locator('#conversation').innerText()).toContain('Do you deliver on Sunday?')
    await page.getByText('Show with formatting').click()
    const frame = page.frameLocator('.formatted iframe')
    expect(await frame.locator('b').innerText()).toBe('deliver')
    expect(await frame.locator('img, script').count()).toBe(0)
    await page.getByRole('link', { name: 'Answer', exact: true }).click()
    expect(await page.getByLabel('Address for this letter').inputValue()).toBe('zofia@elsewhere.example')
    expect(await page.getByLabel('Subject').inputValue()).toBe('Re: Do you deliver on Sunday?')
    await page.getByLabel('Text').fill('Yes, until noon.')
    await picture('talk-answer')
    await page.getByRole('button', { name: 'Send the letter' }).click()
    await shop.letterTo('zofia@elsewhere.example', 'Re: Do you deliver')
    expect((await florist.get('/messages')).body.items).toEqual([])
  })

  it('works without scripts', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false, locale: 'en' })
    const [name, value] = florist.cookie.split('=') as [string, string]
    await context.addCookies([{ name, value, url: shop.url }])
    const page = await context.newPage()
    await page.goto(`${shop.url}/cases/${id}?write=1`)
    await page.getByLabel('Subject').fill('Without scripts')
    await page.getByLabel('Text').fill('All the same')
    await page.getByRole('button', { name: 'Save as a draft' }).click()
    expect(await page.getByLabel('Text').inputValue()).toBe('All the same')
    await page.getByRole('button', { name: 'Send the letter' }).click()
    await page.getByRole('heading', { name: 'Without scripts' }).waitFor()
    await context.close()
  })

  it('has made no page complain', () => {
    expect(clerk.complaints).toEqual([])
  })
})

/** Waits for a field of the composer to hold this. */
function filled(page: Page, label: string, value: string): Promise<unknown> {
  return page.waitForFunction(
    ([label, value]) =>
      [...document.querySelectorAll('#composer label')].some(
        (one) =>
          one.textContent?.startsWith(label as string) &&
          (one.querySelector('input, textarea') as HTMLInputElement | null)?.value === value,
      ),
    [label, value],
  )
}

async function discard(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Discard' }).click()
  await page.locator('#composer').waitFor({ state: 'detached' })
}

async function violations(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
    // biome-ignore lint/suspicious/noExplicitAny: axe has put itself into the page
    const { violations } = await (globalThis as any).axe.run({ runOnly: tags })
    return violations.flatMap((found: { id: string; help: string; nodes: { html: string }[] }) =>
      found.nodes.map(({ html }) => `${found.id}: ${found.help}: ${html.slice(0, 200)}`),
    )
  })
}
