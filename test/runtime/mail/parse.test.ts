import { describe, expect, it } from 'vitest'
import { type Message, parse } from '../../../runtime/mail/parse.ts'

async function read(text: string | Buffer): Promise<Message> {
  const incoming = await parse(Buffer.isBuffer(text) ? text : Buffer.from(text.replaceAll('\n', '\r\n')))
  if (incoming.malformed) throw new Error(incoming.because)
  return incoming
}

describe('a message that comes in', () => {
  it('is read with its threads, senders and recipients', async () => {
    const message = await read(
      'Message-ID: <1@x.example>\nFrom: "Anna (office@shop.example)" <Anna@Mail.example>\nTo: office@shop.example\nDelivered-To: office+a@shop.example\nIn-Reply-To: <a@b>\nReferences: <c@d>\n <a@b>\nSubject: =?utf-8?q?Zgoda_=C5=BC?=\nDate: Mon, 25 May 2026 10:00:00 +0200\n\nI agree\n',
    )
    expect(message).toMatchObject({
      messageId: '<1@x.example>',
      from: [{ address: 'anna@mail.example' }],
      to: [{ address: 'office@shop.example' }],
      deliveredTo: ['office+a@shop.example'],
      inReplyTo: ['<a@b>'],
      references: ['<c@d>', '<a@b>'],
      subject: 'Zgoda ż',
      date: '2026-05-25T08:00:00.000Z',
    })
    expect(message.text.trim()).toBe('I agree')
  })

  it('tells of every sender it names, in one field or several', async () => {
    expect((await read('From: a@x.example, b@y.example\n\nhi')).from).toHaveLength(2)
    expect((await read('From: a@x.example\nFrom: b@y.example\n\nhi')).from).toHaveLength(2)
    expect((await read('From: Friends: a@x.example, b@y.example;\n\nhi')).from).toHaveLength(2)
  })

  it('is read in the charset and encoding it names', async () => {
    const windows = Buffer.concat([
      Buffer.from('From: a@x.example\r\nContent-Type: text/plain; charset=windows-1250\r\n\r\nZgadzam si'),
      Buffer.from([0xea]),
    ])
    expect((await read(windows)).text.trim()).toBe('Zgadzam się')
    const encoded = `From: a@x.example\nContent-Type: text/plain; charset=iso-8859-2\nContent-Transfer-Encoding: quoted-printable\n\nZgadzam si=EA\n`
    expect((await read(encoded)).text.trim()).toBe('Zgadzam się')
  })

  it('gives the words of HTML where there is no plain text, what it quotes marked', async () => {
    const html = `<html><head><style>p{}</style><title>x</title></head><body><div dir="ltr">Zgadzam się<br>Anna &amp; Jan</div><div style="display:none">I agree</div>
      <div class="gmail_quote"><div class="gmail_attr">W dniu pon. 25 maj 2026 Shop pisze:<br></div><blockquote>Reply <b>I agree</b></blockquote></div></body></html>`
    const { text } = await read(`From: a@x.example\nContent-Type: text/html; charset=utf-8\n\n${html}`)
    expect(text.split('\n')).toEqual([
      'Zgadzam się',
      'Anna & Jan',
      '> W dniu pon. 25 maj 2026 Shop pisze:',
      '> Reply I agree',
    ])
  })

  it('marks as quoted all that Outlook puts below its rule', async () => {
    const html = '<p>I agree</p><div id="divRplyFwdMsg"><b>From:</b> Shop</div><div>Reply no</div>'
    const { text } = await read(`From: a@x.example\nContent-Type: text/html\n\n${html}`)
    expect(text.split('\n').filter(Boolean)).toEqual(['I agree', '> From: Shop', '> Reply no'])
  })

  it('keeps an embedded message out of the sender’s own words', async () => {
    const message = await read(
      'From: a@x.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nsee below\n--b\nContent-Type: message/rfc822\nContent-Disposition: inline\n\nFrom: c@d.example\nSubject: x\n\nI agree\n--b--\n',
    )
    expect(message.text.trim()).toBe('see below')
    expect(message.attachments.map(({ type }) => type)).toEqual(['message/rfc822'])
  })

  it('names the letter that a bounce gives back', async () => {
    const message = await read(
      'From: mailer-daemon@x.example\nContent-Type: multipart/report; boundary=b\n\n--b\n\ngone\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <case.1.mac@shop.example>\nSubject: x\n\n--b--\n',
    )
    expect(message.returned).toEqual(['<case.1.mac@shop.example>'])
  })
})

describe('a message that can not be read', () => {
  it.each([
    ['nothing', Buffer.alloc(0)],
    ['noise', Buffer.from(Array.from({ length: 5_000 }, (_, index) => (index * 7919) % 256))],
    ['a text that is no mail', Buffer.from('I agree\r\n')],
    ['more than 25 MiB', Buffer.alloc(25 * 1024 * 1024 + 1, 65)],
    ['a thousand and one header fields', Buffer.from(`From: a@x.example\r\n${'X-Y: z\r\n'.repeat(1_001)}\r\nhi`)],
    ['a header of megabytes', Buffer.from(`From: a@x.example\r\nX-Y: ${'z'.repeat(3_000_000)}\r\n\r\nhi`)],
    [
      'two thousand parts',
      Buffer.from(
        `From: a@x.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(2_000)}--b--`,
      ),
    ],
  ])('because it is %s, says so and never throws', async (_, raw) => {
    expect(await parse(raw)).toMatchObject({ malformed: true, because: expect.stringMatching(/\w/) })
  })

  it('is none of those that are only odd: deep nesting, no end, unknown charset, huge HTML', async () => {
    const deep = Array.from(
      { length: 200 },
      (_, index) => `Content-Type: multipart/mixed; boundary=b${index}\r\n\r\n--b${index}\r\n`,
    ).join('')
    expect(await parse(Buffer.from(`From: a@x.example\r\n${deep}\r\nhi`))).toHaveProperty('malformed')
    const charset = 'From: a@x.example\r\nContent-Type: text/plain; charset=klingon\r\n\r\nhi'
    expect(await parse(Buffer.from(charset))).toMatchObject({ malformed: false, text: 'hi' })
    const started = performance.now()
    const huge = `From: a@x.example\r\nContent-Type: text/html\r\n\r\n${'<div>'.repeat(200_000)}hi`
    expect(await parse(Buffer.from(huge))).toHaveProperty('malformed')
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})
