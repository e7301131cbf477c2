import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Api } from '../api.ts'
import { eventually } from '../eventually.ts'
import { type TestServer, testServer } from '../server.ts'

interface Shown {
  readonly id: string
  readonly because: string
  readonly counted: boolean
  readonly content: { readonly from: string; readonly subject: string; readonly text: string }
}

let shop: TestServer
let manager: Api

beforeAll(async () => {
  shop = await testServer('florist/text')
  manager = await shop.as('manager')
})
afterAll(() => shop?.stop())

/** Hands these bytes to the company's mailbox, as any server on the way may. */
async function deliver(raw: string | Buffer): Promise<void> {
  const transport = createTransport({ host: '127.0.0.1', port: shop.smtpPort })
  await transport.sendMail({ envelope: { from: 'anyone@else.example', to: [shop.mailbox] }, raw })
  transport.close()
}

/** The message whose text or subject holds these words, once it was judged. */
function shown(words: string): Promise<Shown> {
  return eventually(`the message with ${words}`, async () => {
    const { items } = (await manager.get('/messages')).body as { items: Shown[] }
    return items.find(
      ({ because, content }) => because !== 'it is being read' && JSON.stringify(content).includes(words),
    )
  })
}

const manyHeaders = `${Array.from({ length: 1500 }, (_, at) => `X-Filler-${at}: x`).join('\r\n')}\r\n`
const boundaries = Array.from({ length: 400 }, (_, at) => at)
const nested = boundaries
  .map((at) => `Content-Type: multipart/mixed; boundary="b${at}"\r\n\r\n--b${at}\r\n`)
  .join('')
  .replace('Content-Type', 'Subject: nested-4\r\nContent-Type')

describe('mail that can not be read', () => {
  it('is kept and shown as it came, with what is wrong with it', async () => {
    await deliver(`${manyHeaders}Subject: many\r\n\r\n<b>marker-1</b> I agree\r\n`)
    const message = await shown('X-Filler-7:')
    expect(message).toMatchObject({ counted: false, because: expect.stringMatching(/can't be read.*1000/) })
    const page = await fetch(`${shop.url}/inbox`, { headers: { cookie: manager.cookie, accept: 'text/html' } })
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('can&#39;t be read')
  })

  it('holds up nothing that comes after it, and comes up once', async () => {
    await deliver(Buffer.concat([Buffer.from('Subject: bytes-2\r\n\r\n'), Buffer.from([0, 1, 2, 0xff, 0xfe, 13, 0])]))
    await deliver('Subject: =?utf-99?Q?charset-3?=\r\nContent-Type: text/plain; charset=nowhere\r\n\r\n\xff\r\n')
    await deliver(nested)
    await deliver('From: a <a@b.example>, , <\r\nTo:\r\nDate: never\r\nMessage-ID: <>\r\nSubject: fields-5\r\n\r\n\r\n')
    await deliver(
      'Subject: cut-6\r\nContent-Type: multipart/mixed; boundary="x"\r\nContent-Transfer-Encoding: base64\r\n\r\n--x\r\n!!',
    )
    await deliver('')
    await deliver('From: anna@client.example\r\nSubject: whole-7\r\n\r\nGood morning\r\n')
    expect(await shown('whole-7')).toMatchObject({ content: { from: 'anna@client.example', text: 'Good morning\n' } })
    for (const words of ['bytes-2', 'charset-3', 'nested-4', 'fields-5', 'cut-6']) {
      expect(await shown(words)).toMatchObject({ counted: false })
    }
    const { items } = (await manager.get('/messages')).body as { items: Shown[] }
    expect(items).toHaveLength(8)
    expect(new Set(items.map(({ id }) => id)).size).toBe(8)
  })

  it('is no more than that: nothing of it is logged, and no request failed', () => {
    expect(shop.logged.filter((line) => /marker-1|bytes-2|failed/.test(line))).toEqual([])
  })
})
