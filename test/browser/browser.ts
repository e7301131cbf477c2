import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { type Browser, chromium, type Page } from 'playwright-core'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Chromium as the distribution has it. Throws, loudly, where it is not installed: no browser test is ever skipped. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = places.find((place) => existsSync(place))
  if (!executablePath)
    throw new Error('Chromium is not installed (Debian: `apt-get install chromium`): no page was tested')
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ]
  return chromium.launch({ executablePath, args })
}

/** A page that fails the test where its scripts do; what it shows can be kept as a picture. */
export interface Watched {
  readonly page: Page
  readonly complaints: readonly string[]
  picture(name: string): Promise<void>
}

export async function openPage(browser: Browser, viewport = { width: 1280, height: 850 }): Promise<Watched> {
  const context = await browser.newContext({ viewport, locale: 'en' })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    // A refused move answers 409, which the browser notes as well; the page itself deals with it.
    if (message.type() === 'error' && !/status of (409|422)/.test(message.text())) complaints.push(message.text())
  })
  return {
    page,
    complaints,
    picture: async (name) => {
      await mkdir('test/browser/screens', { recursive: true })
      await page.screenshot({ path: `test/browser/screens/${name}.png`, fullPage: true })
    },
  }
}
