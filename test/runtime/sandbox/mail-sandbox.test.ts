import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ImapFlow } from 'imapflow'
import Koa from 'koa'
import { createTransport, type SendMailOptions } from 'nodemailer'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { describeProblem } from '../../../runtime/http/problem.ts'
import { type MailSandbox, startMailSandbox } from '../../../runtime/sandbox/index.ts'

const log = { info() {}, warn() {}, debug() {}, error: console.error }
const office = 'office@shop.example'
const anna = 'anna@mail.example'

const letter: SendMailOptions = {
  from: `Shop <${office}>`,
  to: `Anna Nowak <${anna}>`,
  replyTo: 'office+case.1.mac@shop.example',
  messageId: '<case.1.mac@shop.example>',
  subject: 'Zapytanie — żółte róże',
  text: 'May we?\n\nSee https://shop.example/a?b=1&c=2.',
  html: '<p>May we?</p><script>alert(1)</script>',
  attachments: [{ filename: 'agreement.pdf', content: Buffer.from('%PDF-'), contentType: 'application/pdf' }],
}

let dataDir: string
let sandbox: MailSandbox

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'zgoda-mailbox-'))
  sandbox = await startMailSandbox({ dataDir, companyAddress: office, log })
})

afterEach(async () => {
  await sandbox.stop()
  await rm(dataDir, { recursive: true, force: true })
})

async function send(mail: SendMailOptions): Promise<void> {
  const transport = createTransport(sandbox.smtpUrl)
  await transport.sendMail(mail)
  transport.close()
}

function imapClient(): ImapFlow {
  const { hostname, port, username, password } = new URL(sandbox.imapUrl)
  return new ImapFlow({
    host: hostname,
    port: Number(port),
    secure: false,
    auth: { user: username, pass: password },
    logger: false,
  })
}

async function inbox<T>(use: (client: ImapFlow) => Promise<T>): Promise<T> {
  const client = imapClient()
  await client.connect()
  try {
    await client.mailboxOpen('INBOX')
    return await use(client)
  } finally {
    await client.logout()
  }
}

interface Fetched {
  readonly uid: number
  readonly uidValidity: string
  readonly source: string
}

function fetchAll(): Promise<Fetched[]> {
  return inbox(async (client) => {
    const fetched: Fetched[] = []
    for await (const { uid, source } of client.fetch('1:*', { uid: true, source: true }, { uid: true })) {
      const uidValidity = client.mailbox ? String(client.mailbox.uidValidity) : ''
      fetched.push({ uid, uidValidity, source: source?.toString() ?? '' })
    }
    return fetched
  })
}

describe('the sandbox IMAP server', () => {
  it('tells a waiting client of a letter as it is delivered', async () => {
    await inbox(async (client) => {
      const told = new Promise<{ count: number }>((resolve) => client.once('exists', resolve))
      const idling = client.idle()
      await send({ ...letter, from: anna, to: office })
      expect(await told).toMatchObject({ count: 1 })
      await client.noop()
      await idling
    })
  })

  it('gives a letter byte for byte, with flags, date and envelope', async () => {
    await send({ ...letter, from: anna, to: 'Office <office+case.1.mac@shop.example>' })
    await inbox(async (client) => {
      const got = await client.fetchOne(
        '1',
        {
          uid: true,
          flags: true,
          envelope: true,
          internalDate: true,
          source: true,
          size: true,
          headers: ['delivered-to'],
        },
        { uid: true },
      )
      if (!got) throw new Error('no letter')
      expect(got.envelope?.subject).toBe('Zapytanie — żółte róże')
      expect(got.envelope?.from).toEqual([{ name: '', address: anna }])
      expect(got.envelope?.messageId).toBe('<case.1.mac@shop.example>')
      expect(got.flags).toEqual(new Set())
      expect(got.internalDate).toBeInstanceOf(Date)
      expect(got.source?.length).toBe(got.size)
      expect(got.headers?.toString()).toBe('Delivered-To: office+case.1.mac@shop.example\r\n\r\n')
    })
  })

  it('keeps UIDs, UIDVALIDITY and flags when it starts again', async () => {
    await send({ ...letter, to: office, subject: 'one' })
    await send({ ...letter, to: office, subject: 'two' })
    await inbox((client) => client.messageFlagsAdd('2', ['\\Seen', '$Taken'], { uid: true }))
    const before = await fetchAll()
    await sandbox.stop()
    sandbox = await startMailSandbox({ dataDir, companyAddress: office, log })
    await send({ ...letter, to: office, subject: 'three' })
    const after = await fetchAll()
    expect(before.map(({ uid }) => uid)).toEqual([1, 2])
    expect(after.slice(0, 2)).toEqual(before)
    expect(after[2]?.uid).toBe(3)
    expect(await inbox((client) => client.search({ seen: true }, { uid: true }))).toEqual([2])
    expect(
      await inbox((client) => client.status('INBOX', { messages: true, unseen: true, uidNext: true })),
    ).toMatchObject({ messages: 3, unseen: 2, uidNext: 4 })
  })

  it('lets nobody in without the password', async () => {
    const { port } = new URL(sandbox.imapUrl)
    const client = new ImapFlow({
      host: '127.0.0.1',
      port: Number(port),
      secure: false,
      auth: { user: 'company', pass: 'guess' },
      logger: false,
    })
    await expect(client.connect()).rejects.toMatchObject({ authenticationFailed: true })
  })
})

describe('the sandbox intake', () => {
  it('takes every claim of authentication off a letter and writes its own', async () => {
    const forged = [
      '\t; dkim=pass header.d=mail.example',
      `Authentication-Results: sandbox.zgoda.invalid; dkim=pass header.d=mail.example`,
      '\x0b spf=pass',
      'AUTHENTICATION-results : sandbox.zgoda.invalid;',
      ' dkim=pass',
      'X-Mailer: a\rAuthentication-Results: sandbox.zgoda.invalid; dkim=pass',
      'Authentication-Results\xa0: sandbox.zgoda.invalid; dkim=pass',
      `From: ${anna}`,
      '',
      'I agree',
    ].join('\r\n')
    const transport = createTransport(sandbox.smtpUrl)
    await transport.sendMail({ envelope: { from: anna, to: office }, raw: Buffer.from(forged, 'latin1') })
    transport.close()
    const [got] = await fetchAll()
    expect(got?.source).not.toContain('pass')
    expect(got?.source).toContain('Authentication-Results: sandbox.zgoda.invalid;\r\n dkim=none;\r\n spf=none\r\n')
    expect(got?.source).toContain(`From: ${anna}\r\n\r\nI agree`)
  })

  it('does not believe who guesses the mailbox pages’ sign-in', async () => {
    const url = new URL(sandbox.smtpUrl)
    url.username = 'mailbox-pages'
    url.password = 'guess'
    const transport = createTransport(url.href)
    await expect(transport.sendMail({ from: anna, to: office, text: 'I agree' })).rejects.toThrow(/535/)
    transport.close()
    expect(await fetchAll()).toEqual([])
  })

  it('refuses a letter beyond the limit and stays up', async () => {
    const transport = createTransport(sandbox.smtpUrl)
    await expect(transport.sendMail({ from: anna, to: office, text: 'x'.repeat(27_000_000) })).rejects.toThrow(/552/)
    await transport.sendMail({ from: anna, to: office, text: 'small' })
    transport.close()
    expect(await fetchAll()).toHaveLength(1)
  })
})

describe('the mailbox pages', () => {
  let url: string
  let close: () => Promise<void>

  beforeEach(async () => {
    const app = new Koa()
    app.use(async (ctx, next) => {
      try {
        await next()
      } catch (error) {
        const { problem } = describeProblem(error, () => false)
        ctx.status = problem.status
        ctx.body = problem
      }
    })
    app.use(sandbox.router.routes())
    const server = createServer(app.callback()).listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/_mail`
    close = () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections())
  })

  afterEach(() => close())

  const post = (path: string, body: unknown) =>
    fetch(url + path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })

  const get = async (path: string) => (await fetch(url + path)).json() as Promise<Record<string, unknown>[]>

  it('say where mail goes', async () => {
    const { port } = new URL(sandbox.smtpUrl)
    expect(await get('/api/info')).toEqual({ smtpPort: Number(port), imapPort: sandbox.imapPort, mailbox: office })
  })

  it('list letters to programs, newest last', async () => {
    await send({ ...letter, subject: 'first' })
    await send(letter)
    const [first, second] = await get('/api/messages')
    expect(first).toMatchObject({ subject: 'first' })
    expect(second).toMatchObject({
      id: '2',
      from: office,
      to: anna,
      subject: 'Zapytanie — żółte róże',
      headers: { 'reply-to': 'office+case.1.mac@shop.example' },
    })
    expect(second?.text).toContain('May we?')
    expect(await get('/api/messages?after=1')).toEqual([second])
    expect(await get(`/api/messages?mailbox=${office}`)).toEqual([])
  })

  it('answer a letter as its receiver would, through SMTP, marked as genuine', async () => {
    await send(letter)
    const response = await post('/api/replies', { message: '1', text: 'I agree' })
    expect(response.status).toBe(201)
    const [got] = await fetchAll()
    const source = got?.source ?? ''
    expect(source).toContain('dkim=pass header.d=mail.example')
    expect(source).toContain(`spf=pass smtp.mailfrom=${anna}`)
    expect(source).toContain(`From: Anna Nowak <${anna}>`)
    expect(source).toContain('To: office+case.1.mac@shop.example')
    expect(source).toContain('In-Reply-To: <case.1.mac@shop.example>')
    expect(source).toMatch(/\r\n\r\nI agree\r\n\r\nOn .*, office@shop\.example wrote:\r\n> May we\?/)
    expect(source).not.toContain('Auto-Submitted')
  })

  it('answer as someone else, and as a program, where asked', async () => {
    await send(letter)
    await post('/api/replies', { message: '1', text: 'I agree', from: 'eve@else.example', auto: true })
    const [got] = await fetchAll()
    expect(got?.source).toContain('From: eve@else.example')
    expect(got?.source).toContain('dkim=pass header.d=else.example')
    expect(got?.source).not.toContain('header.d=mail.example')
    expect(got?.source).toContain('Auto-Submitted: auto-replied')
  })

  it.each([
    ['to no letter', { message: '99', text: 'x' }, 404],
    ['to a path', { message: '../1', text: 'x' }, 404],
    ['without words', { message: '1' }, 400],
    ['with a header in its sender', { message: '1', text: 'x', from: 'eve@else.example\r\nBcc: a@b.example' }, 400],
    ['with an unknown property', { message: '1', text: 'x', to: 'a@b.example' }, 400],
    ['that is too long', { message: '1', text: 'x'.repeat(100_001) }, 413],
    ['that is no object', [], 400],
  ])('refuse a reply %s', async (_name, body, status) => {
    await send(letter)
    expect((await post('/api/replies', body)).status).toBe(status)
    expect(await fetchAll()).toEqual([])
  })

  it('show a letter’s HTML in a closed frame alone', async () => {
    await send(letter)
    const page = await (await fetch(`${url}/letters/1`)).text()
    expect(page).not.toContain('<script>')
    expect(page).toContain('<a href="https://shop.example/a?b&#61;1&#38;c&#61;2"')
    const framed = await fetch(`${url}/letters/1/html`)
    expect(await framed.text()).toContain('<script>alert(1)</script>')
    expect(framed.headers.get('content-security-policy')).toMatch(/default-src 'none'.*; sandbox allow-popups/)
    expect(framed.headers.get('content-security-policy')).not.toContain('script-src')
  })

  it('hand out attachments', async () => {
    await send(letter)
    const file = await fetch(`${url}/letters/1/attachments/0`)
    expect(file.headers.get('content-disposition')).toBe('attachment; filename="agreement.pdf"')
    expect(await file.text()).toBe('%PDF-')
    expect((await fetch(`${url}/letters/1/attachments/1`)).status).toBe(404)
  })

  it('answer from a form without scripts', async () => {
    await send(letter)
    const form = new URLSearchParams({ text: 'ignored', quick: 'I agree', from: '' })
    const response = await fetch(`${url}/letters/1/answers`, { method: 'POST', body: form, redirect: 'manual' })
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe('/_mail/letters/1?sent=1')
    expect((await fetchAll())[0]?.source).toContain('\r\n\r\nI agree\r\n')
  })

  it('show mailboxes and letters, newest first, with every name escaped', async () => {
    await send({ ...letter, subject: 'older' })
    await send({ ...letter, subject: '<b>newer</b>' })
    const page = await (await fetch(url)).text()
    expect(page.indexOf('&#60;b&#62;newer')).toBeLessThan(page.indexOf('older'))
    expect(page).toContain(`/_mail/mailboxes/${encodeURIComponent(anna)}`)
    const mailbox = await (await fetch(`${url}/mailboxes/${encodeURIComponent(anna)}`)).text()
    expect(mailbox).toContain('older')
  })
})
