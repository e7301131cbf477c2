import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestServer, testServer } from '../server.ts'
import { openBrowser, openPage, type Watched } from './browser.ts'

describe('a clerk’s order opens when the client agrees in writing, in the browser', () => {
  let shop: TestServer
  let browser: Browser
  let clerk: Watched
  let client: Watched

  beforeAll(async () => {
    shop = await testServer('florist/text')
    browser = await openBrowser()
    clerk = await openPage(browser)
    client = await openPage(browser)
  })
  afterAll(async () => {
    await browser?.close()
    await shop?.stop()
  })

  it('signs the florist in', async () => {
    const { page, picture } = clerk
    await page.goto(shop.url)
    await picture('sign-in')
    await page.getByLabel('Login').fill('florist')
    await page.getByLabel('Password').fill('a-password-for-tests')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: /florist/ }).waitFor()
    await picture('home')
  })

  it('makes a client and starts an order for them', async () => {
    const { page, picture } = clerk
    await page.goto(`${shop.url}/clients/new`)
    await page.getByLabel('Name').fill('Anna Nowak')
    await page.getByLabel('E-mail').fill('anna@client.example')
    await page
      .getByRole('button', { name: 'Save' })
      .or(page.getByRole('button', { name: /Create|New client/ }))
      .first()
      .click()
    await page.getByRole('heading', { name: 'Anna Nowak' }).waitFor()
    await picture('client')
    await page.getByRole('link', { name: 'Start a case: Order' }).click()
    await page.getByRole('heading', { name: 'Start a case: Order' }).waitFor()
    await page.getByLabel('Bouquet').selectOption('roses')
    await picture('start-case')
    await page.getByRole('button', { name: 'Start a case' }).click()
    await page.waitForURL(/\/cases\//)
    await page.getByRole('heading', { name: /^Order \d+$/ }).waitFor()
    await picture('case')
  })

  it('refuses the drag to Arranging, says which rule forbids it, and puts the card back', async () => {
    const { page, picture } = clerk
    await page.goto(`${shop.url}/boards/order`)
    const card = page.locator('#stage-waiting .card').first()
    await card.dragTo(page.locator('#stage-arranging'))
    const reason = page.getByRole('alert')
    await reason.getByText('manual entry').waitFor()
    expect(await reason.innerText()).toMatch(/order\.zgoda:\d+/)
    expect(await page.locator('#stage-waiting .card').count()).toBe(1)
    await picture('board-refused')
  })

  it('moves the card by itself within a second of the client’s answer in the sandbox mailbox', async () => {
    await shop.letterTo('anna@client.example', 'May we ask')
    await client.page.goto(`${shop.url}/_mail`)
    await client.page
      .getByRole('link', { name: /May we ask/ })
      .first()
      .click()
    await client.picture('letter')
    await client.page.getByRole('textbox').first().fill('I agree')
    expect(await client.page.locator('main').innerText()).not.toContain('order of .')
    const sent = Date.now()
    await Promise.all([
      client.page
        .getByRole('button', { name: /Send|Answer|Reply/ })
        .last()
        .click(),
      clerk.page.locator('#stage-arranging .card').waitFor({ timeout: 10_000 }),
    ])
    expect(await clerk.page.locator('#stage-waiting .card').count()).toBe(0)
    await clerk.picture('board-moved')
    process.stdout.write(`the card moved ${Date.now() - sent} ms after the click\n`)
  })

  it('shows the case with its letter, the answer that counted, and its history', async () => {
    const { page, picture } = clerk
    await page.locator('#stage-arranging .card-title').click()
    await page.getByText('May we ask about allergies?').first().waitFor()
    await picture('case-arranging')
    expect(await page.locator('body').innerText()).toMatch(/allerg/i)
  })

  it('lets the client withdraw in two clicks from the portal’s first page, reached by the letter’s link alone', async () => {
    const letter = await shop.letterTo('anna@client.example', 'May we ask')
    const link = /https?:\/\/\S+\/portal\/l\/\S+/.exec(letter.text)?.[0] ?? ''
    const { page, picture } = client
    await page.goto(link)
    await picture('portal')
    let clicks = 0
    page.on('request', () => undefined)
    await page
      .getByRole('link', { name: /Withdraw/ })
      .first()
      .click()
    clicks += 1
    await picture('portal-withdraw')
    await page.getByRole('button', { name: /Withdraw/ }).click()
    clicks += 1
    await page
      .getByText(/withdrawn/i)
      .first()
      .waitFor()
    await picture('portal-withdrawn')
    expect(clicks).toBe(2)
    await clerk.page.goto(clerk.page.url())
    expect(await clerk.page.getByLabel('Allergies').count()).toBe(0)
  })

  it('has made no page complain', () => {
    expect([...clerk.complaints, ...client.complaints]).toEqual([])
  })
})
