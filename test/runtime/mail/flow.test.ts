import { mkdtemp, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { compose } from '../../../runtime/mail/compose.ts'
import { type Examined, examine } from '../../../runtime/mail/examine.ts'
import { pdf } from '../../../runtime/mail/pdf.ts'
import { createReceiver, type Receiver } from '../../../runtime/mail/receive.ts'
import { letterReference, messageId, replyTo } from '../../../runtime/mail/reference.ts'
import { render } from '../../../runtime/mail/render.ts'
import { createSender, type Sender } from '../../../runtime/mail/send.ts'
import { type MailSandbox, startMailSandbox } from '../../../runtime/sandbox/index.ts'
import { serveRouter } from '../../sandbox-pages.ts'
import { process, state, workspace } from './workspace.ts'

const log = { info() {}, warn() {}, error: console.error, debug() {} }
const office = 'office@shop.example'
const anna = 'anna@mail.example'
const key = Buffer.alloc(32, 3)
const letter = { caseId: '0190f3a2-7c1b-7def-8123-456789abcdef', seq: 4 }
const reference = letterReference(letter, key)

let dataDir: string
let sandbox: MailSandbox
let pages: { url: string; server: Server }
let sender: Sender
let receiver: Receiver
let examined: Examined[]

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'zgoda-mail-'))
  sandbox = await startMailSandbox({ dataDir, companyAddress: office, log })
  pages = await serveRouter(sandbox.router)
  sender = createSender({ smtpUrl: sandbox.smtpUrl, from: `Shop <${office}>` })
  examined = []
  receiver = createReceiver({
    imapUrl: sandbox.imapUrl,
    mailbox: sandbox.mailbox,
    cursor: { load: async () => undefined, save: async () => undefined },
    async take({ raw }) {
      const letters = { find: async () => ({ name: 'ask', addresses: [anna] }) }
      examined.push(await examine(raw, { key, letters, mailbox: office, trustedAuthserv: sandbox.authserv }))
    },
    log,
  })
  receiver.start()
})

afterEach(async () => {
  await receiver.stop()
  sender.close()
  pages.server.close()
  await sandbox.stop()
  await rm(dataDir, { recursive: true, force: true })
})

async function sendLetter(): Promise<string> {
  const composed = compose(workspace('Hello {{ client.name }}, reply **I agree** or **no**.'), 'ask', {
    process,
    state: state({}, { name: 'Anna' }),
    language: 'en',
    documents: ['agreement'],
  })
  const files = composed.attachments.map(async (document) => ({
    filename: document.name,
    contentType: 'application/pdf',
    content: await pdf({ title: document.title, markdown: document.markdown, language: 'en' }),
  }))
  const sent = await sender.send({
    messageId: messageId(reference, 'shop.example'),
    replyTo: replyTo(office, reference),
    to: anna,
    subject: composed.subject,
    ...render(composed.markdown, { language: 'en', portalUrl: 'https://shop.example/portal' }),
    attachments: await Promise.all(files),
  })
  expect(sent).toMatchObject({ accepted: true })
  const messages = (await (await fetch(`${pages.url}/_mail/api/messages`)).json()) as { id: string; to: unknown }[]
  return messages.find(({ to }) => JSON.stringify(to).includes(anna))?.id ?? ''
}

async function answer(body: object): Promise<void> {
  const response = await fetch(`${pages.url}/_mail/api/replies`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect(response.ok).toBe(true)
}

async function judged() {
  await vi.waitFor(() => expect(examined).toHaveLength(1), { timeout: 10_000, interval: 5 })
  return examined[0]?.verdict
}

it("a letter's answer comes back as the client's own words, and counts", async () => {
  const message = await sendLetter()
  await answer({ message, text: 'I agree' })
  expect(await judged()).toMatchObject({ class: 'reply', counts: true, lines: ['I agree'], letter })
})

it('an automatic answer of the same client does not count', async () => {
  const message = await sendLetter()
  await answer({ message, text: 'I agree', auto: true })
  expect(await judged()).toMatchObject({ class: 'auto-reply', counts: false })
})

it('an answer of somebody else does not count', async () => {
  const message = await sendLetter()
  await answer({ message, text: 'I agree', from: 'eve@mail.example' })
  expect(await judged()).toMatchObject({ class: 'reply', counts: false, letter })
})

it('an answer forged at the SMTP port does not count, whatever it says of its own proof', async () => {
  await sendLetter()
  const transport = createTransport(sandbox.smtpUrl)
  await transport.sendMail({
    from: anna,
    to: replyTo(office, reference),
    inReplyTo: messageId(reference, 'shop.example'),
    subject: 'Re: Order',
    text: 'I agree',
    headers: { 'Authentication-Results': `${sandbox.authserv}; dkim=pass header.d=mail.example` },
  })
  transport.close()
  expect(await judged()).toMatchObject({
    class: 'reply',
    counts: false,
    because: expect.stringContaining('not proved'),
  })
})
