import { generateKeyPairSync } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { simpleParser } from 'mailparser'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterEach, describe, expect, it } from 'vitest'
import { createSender, type Outgoing, type Sender, type SenderOptions } from '../../../runtime/mail/send.ts'

const anna = 'anna@mail.example'
const outgoing: Outgoing = {
  messageId: '<case.1.mac@shop.example>',
  replyTo: 'office+case.1.mac@shop.example',
  to: anna,
  subject: 'Żółte róże — zapytanie',
  text: 'May we?',
  html: '<p>May we?</p>',
  attachments: [{ filename: 'umowa.pdf', content: Buffer.from('%PDF-1.3'), contentType: 'application/pdf' }],
}

const cleanup: (() => void)[] = []
afterEach(() => {
  for (const clean of cleanup.splice(0)) clean()
})

async function serve(
  options: SMTPServerOptions,
  more: Partial<SenderOptions> = {},
): Promise<{ sender: Sender; received: string[] }> {
  const received: string[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        received.push(Buffer.concat(chunks).toString())
        done()
      })
    },
    ...options,
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  const sender = createSender({
    smtpUrl: `smtp://127.0.0.1:${port}`,
    from: 'Shop <office@shop.example>',
    timeout: 2_000,
    ...more,
  })
  cleanup.push(
    () => sender.close(),
    () => server.close(() => undefined),
  )
  return { sender, received }
}

function refusal(code: number, words: string): Error {
  return Object.assign(new Error(words), { responseCode: code })
}

describe('a letter that is sent', () => {
  it('carries its id, its way back, and that a machine wrote it', async () => {
    const { sender, received } = await serve({})
    expect(await sender.send(outgoing)).toMatchObject({ accepted: true })
    const mail = await simpleParser(received[0] ?? '')
    expect(mail.messageId).toBe(outgoing.messageId)
    expect(mail.replyTo?.value[0]?.address).toBe(outgoing.replyTo)
    expect(mail.from?.text).toBe('"Shop" <office@shop.example>')
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated')
    expect(mail.subject).toBe(outgoing.subject)
    expect([mail.text?.trim(), mail.html, mail.attachments[0]?.filename]).toEqual([
      'May we?',
      '<p>May we?</p>',
      'umowa.pdf',
    ])
  })

  it('does not say so where a person wrote it', async () => {
    const { sender, received } = await serve({})
    await sender.send({ ...outgoing, byHand: true })
    expect(received[0]).not.toMatch(/^auto-submitted/im)
  })

  it('is refused for good where the server says 5xx of it, without the address in the reason', async () => {
    const { sender } = await serve({ onRcptTo: (_to, _session, done) => done(refusal(550, `<${anna}> no such user`)) })
    const sent = await sender.send(outgoing)
    expect(sent).toMatchObject({ accepted: false, failure: 'permanent', status: 550 })
    expect(JSON.stringify(sent)).toContain('no such user')
    expect(JSON.stringify(sent)).not.toContain(anna)
  })

  it('is tried again where the server says 4xx', async () => {
    const { sender } = await serve({ onRcptTo: (_to, _session, done) => done(refusal(451, 'greylisted')) })
    expect(await sender.send(outgoing)).toMatchObject({ accepted: false, failure: 'temporary', status: 451 })
  })

  it('is tried again where the server lets nobody in', async () => {
    const { sender } = await serve({ onConnect: (_session, done) => done(refusal(554, 'no service here')) })
    expect(await sender.send(outgoing)).toMatchObject({ accepted: false, failure: 'temporary' })
    expect(await sender.verify()).toMatchObject({ ok: false })
  })

  it('is tried again where the server does not answer, hangs up or is not there', async () => {
    const { sender } = await serve({ onMailFrom: () => undefined })
    expect(await sender.send(outgoing)).toMatchObject({ accepted: false, failure: 'temporary' })
    const nowhere = createSender({ smtpUrl: 'smtp://127.0.0.1:1', from: 'office@shop.example', timeout: 2_000 })
    cleanup.push(() => nowhere.close())
    expect(await nowhere.send(outgoing)).toMatchObject({ accepted: false, failure: 'temporary' })
  })

  it.each(['', 'anna', `${anna}, all@evil.example`, `${anna}\r\nBcc: all@evil.example`, 'Friends: a@b.example;'])(
    'goes to one address alone, never to `%s`',
    async (to) => {
      const { sender, received } = await serve({})
      expect(await sender.send({ ...outgoing, to })).toMatchObject({ accepted: false, failure: 'permanent' })
      expect(received).toEqual([])
    },
  )

  it('reads no file that an attachment names', async () => {
    const { sender, received } = await serve({})
    const attachment = { filename: 'x', contentType: 'text/plain', content: Buffer.from(''), path: '/etc/passwd' }
    await sender.send({ ...outgoing, attachments: [attachment] })
    expect(received.join('')).not.toContain(Buffer.from('root:').toString('base64').slice(0, 6))
  })

  it('tells the status code of RFC 3463 beside that of SMTP', async () => {
    const { sender } = await serve({ onRcptTo: (_to, _session, done) => done(refusal(550, '5.1.1 no such user')) })
    expect(await sender.send(outgoing)).toMatchObject({ status: 550, code: '5.1.1' })
  })

  it('has its bounces come back to an address of their own, where it names one', async () => {
    const from: string[] = []
    const { sender } = await serve({
      onMailFrom: ({ address }, _session, done) => {
        from.push(address)
        done()
      },
    })
    await sender.send(outgoing)
    await sender.send({ ...outgoing, bouncesTo: 'office+case.1.mac@shop.example' })
    expect(from).toEqual(['office@shop.example', 'office+case.1.mac@shop.example'])
  })

  it('names the link that ends such letters in one unbroken line, and nothing that is no such link', async () => {
    const { sender, received } = await serve({})
    const unsubscribe = `https://shop.example/portal/u/${'a'.repeat(150)}`
    await sender.send({ ...outgoing, unsubscribe })
    expect(received[0]).toContain(`\r\nList-Unsubscribe: <${unsubscribe}>\r\n`)
    expect(received[0]).toContain('\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n')
    for (const wrong of ['javascript:a', 'https://x.example/\r\nBcc: eve@evil.example', 'https://x.example/> <x']) {
      await sender.send({ ...outgoing, unsubscribe: wrong })
      expect(received.at(-1)).not.toMatch(/List-Unsubscribe|Bcc/)
    }
  })

  it('has that link signed, with all else that says who wrote what to whom (RFC 8058 §4)', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const { sender, received } = await serve({}, { dkim: { domain: 'shop.example', selector: 's', privateKey: key } })
    await sender.send({ ...outgoing, unsubscribe: 'https://shop.example/portal/u/abc' })
    const signature = /DKIM-Signature:(.*?)\r\n(?!\s)/s.exec(received[0] ?? '')?.[1]?.replace(/\s/g, '') ?? ''
    const signed = /;h=([^;]+)/.exec(signature)?.[1]?.toLowerCase().split(':')
    expect(signed).toEqual(
      expect.arrayContaining([
        ...['from', 'to', 'subject', 'date', 'message-id', 'reply-to', 'auto-submitted'],
        ...['list-unsubscribe', 'list-unsubscribe-post'],
      ]),
    )
  })

  it('carries many files under names of any language, as every mail program reads them (RFC 2231)', async () => {
    const { sender, received } = await serve({})
    const names = [
      'umowa o dostawę żółtych róż – załącznik nr 1.pdf',
      'a"b;c.pdf',
      '合同.pdf',
      `${'ż'.repeat(120)}.pdf`,
    ]
    const file = (filename: string) => ({ filename, content: Buffer.from('%PDF-1.3'), contentType: 'application/pdf' })
    await sender.send({ ...outgoing, attachments: names.map(file) })
    expect(received[0]).toMatch(/filename\*(?:0\*)?=utf-8''umowa%20o/i)
    const mail = await simpleParser(received[0] ?? '')
    expect(mail.attachments.map(({ filename }) => filename)).toEqual(names)
    expect(received[0]?.split('\r\n').every((line) => line.length <= 998)).toBe(true)
  })

  it('does not go out with more than mail servers take', async () => {
    const { sender, received } = await serve({})
    const file = (bytes: number) => ({
      filename: 'x.pdf',
      content: Buffer.alloc(bytes),
      contentType: 'application/pdf',
    })
    const large = await sender.send({ ...outgoing, attachments: [file(10_000_000), file(10_000_000)] })
    expect(large).toEqual({
      accepted: false,
      failure: 'permanent',
      because: 'its attachments have more than 18 MiB together',
    })
    const many = await sender.send({ ...outgoing, attachments: Array.from({ length: 51 }, () => file(1)) })
    expect(many).toMatchObject({ failure: 'permanent', because: 'it has more than 50 attachments' })
    expect(received).toEqual([])
  })
})
