import { readdir } from 'node:fs/promises'
import { simpleParser } from 'mailparser'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkFolder } from '../../../dsl/index.ts'
import { previewLetter, processesOf } from '../../../runtime/mail/preview.ts'
import { type TestServer, testServer } from '../../server.ts'
import { zgoda } from '../cli/zgoda.ts'
import { offersWorkspace } from './offers.ts'

const florist = 'examples/florist/text'

describe('`zgoda preview`', () => {
  it('shows a letter in words, with its subject, what is attached and what stands below it', async () => {
    const { code, out } = await zgoda(['preview', 'ask_consent', florist])
    expect(code).toBe(0)
    expect(out).toMatch(
      /^Subject: May we ask about allergies\? Order 1024\nAttached: agreement\.pdf\n\nHello Anna Example,\n/,
    )
    expect(out).toContain('This letter belongs to your case 1024.')
  })

  it('shows it as mail programs do, and in the other language', async () => {
    const { out } = await zgoda(['preview', 'ask_consent', florist, '--to', 'html', '--language', 'pl'])
    expect(out).toMatch(/^<!doctype html>\n<html lang="pl"/)
    expect(out).toContain('Twoje dane i zgody')
  })

  it('shows the whole message, which says how to be free of it where it rests on a consent', async () => {
    const { out } = await zgoda(['preview', 'weekly_issue', 'examples/newsletter', '--to', 'eml'])
    const mail = await simpleParser(out)
    expect(mail.subject).toBe('What is on next week')
    expect(mail.from?.text).toBe('"City Theatre" <data@citytheatre.example>')
    expect(out).toMatch(/^List-Unsubscribe: <https:\/\/office\.example\/portal\/u\/[\w-]+>\r?$/m)
    expect(out).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r?$/m)
  })

  it('shows the document that is attached, and says so where there is none', async () => {
    const shown = await zgoda(['preview', 'ask_consent', florist, '--to', 'pdf'])
    expect(shown.out).toMatch(/^%PDF-/)
    const none = await zgoda(['preview', 'receipt', florist, '--to', 'pdf'])
    expect([none.code, none.err]).toEqual([2, expect.stringContaining('there is no PDF to show')])
  })

  it('says what there is where a name is wrong', async () => {
    const wrong = await zgoda(['preview', 'ask_consnt', florist])
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('did you mean `ask_consent`?')])
    for (const args of [
      [],
      ['ask_consent', florist, '--process', 'ordr'],
      ['ask_consent', florist, '--to', 'doc'],
      ['ask_consent', florist, '--language', 'de'],
      ['ask_consent', florist, '--to', 'pdf', '--document', 'agreemnt'],
    ]) {
      expect((await zgoda(['preview', ...args])).code).toBe(2)
    }
  })
})

describe('every letter of the examples', () => {
  it('can be shown in either language by each process that sends it', async () => {
    const folders = (await readdir('examples')).map((name) => (name === 'florist' ? 'florist/text' : name))
    let shown = 0
    for (const folder of folders) {
      const { definition } = await checkFolder(`examples/${folder}`)
      if (!definition) continue
      for (const letter of Object.keys(definition.letters)) {
        for (const process of processesOf(definition, letter)) {
          for (const language of ['en', 'pl']) {
            const preview = previewLetter(definition, letter, { process, language, url: 'https://office.example' })
            expect(preview?.text.trim(), `${folder} ${letter}`).not.toBe('')
            expect(preview?.html, `${folder} ${letter}`).not.toMatch(/\{\{|\{%|undefined|\[object/)
            shown += 1
          }
        }
      }
    }
    expect(shown).toBeGreaterThan(40)
  })
})

describe('the preview on a server', () => {
  let shop: TestServer
  beforeAll(async () => {
    shop = await testServer(offersWorkspace)
  })
  afterAll(() => shop?.stop())

  const page = (who: { cookie: string }, path: string) =>
    fetch(shop.url + path, { headers: { cookie: who.cookie, accept: 'text/html' } })

  it('is for those who have every role, by the API and on pages', async () => {
    const [admin, clerk] = [await shop.as('admin'), await shop.as('clerk')]
    const path = '/processes/order/letters/news/preview'
    const { status, body } = await admin.get(`${path}?language=pl`)
    expect(status).toBe(200)
    expect(body).toMatchObject({ subject: 'Nowe kwiaty', language: 'pl', attachments: [] })
    expect(body.text).toContain('Dzień dobry Anna Przykładowa')
    expect((await clerk.get(path)).body.code).toBe('not-allowed')
    expect((await admin.get('/processes/order/letters/nothing/preview')).status).toBe(404)
    expect((await admin.get('/processes/nothing/letters/news/preview')).status).toBe(404)
    expect(await (await page(admin, '/letters')).text()).toContain('href="/letters/order/news"')
    expect(await (await page(clerk, '/letters')).text()).not.toContain('href="/letters/order/news"')
    expect((await page(clerk, '/letters/order/news')).status).toBe(403)
    expect((await page(clerk, '/letters/order/news/html')).status).toBe(403)
  })

  it('shows the letter itself in a frame that may do nothing', async () => {
    const admin = await shop.as('admin')
    const around = await page(admin, '/letters/order/news')
    expect(around.headers.get('content-security-policy')).toMatch(/frame-src 'self'$/)
    const src = /<iframe[^>]* src="([^"]+)"/.exec(await around.text())?.[1] ?? ''
    const letter = await page(admin, src)
    expect(letter.headers.get('content-security-policy')).toMatch(/^default-src 'none'; .*; sandbox$/)
    expect(await letter.text()).toContain('<strong>new roses</strong>')
  })
})
