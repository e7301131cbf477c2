import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Api } from '../../api.ts'
import { eventually } from '../../eventually.ts'
import { type SandboxLetter, type TestServer, testServer } from '../../server.ts'
import { query } from '../webhooks/hurry.ts'
import { offersWorkspace } from './offers.ts'

let shop: TestServer
let clerk: Api
let viewer: Api

beforeAll(async () => {
  shop = await testServer(offersWorkspace)
  clerk = await shop.as('clerk')
  viewer = await shop.as('viewer')
})
afterAll(() => shop?.stop())

let count = 0

async function written(): Promise<{ client: string; order: string; email: string; letter: SandboxLetter }> {
  count += 1
  const email = `client${count}@client.example`
  const client = (await clerk.post('/clients', { email })).body.id
  await clerk.post(`/clients/${client}/consents`, {
    purpose: 'offers',
    decision: 'given',
    evidence: { channel: 'paper', note: 'signed' },
  })
  const order = (await clerk.post('/cases', { process: 'order', client })).body.id
  await clerk.post(`/cases/${order}/signals/received`)
  return { client, order, email, letter: await shop.letterTo(email, 'We have your order') }
}

interface Report {
  readonly action?: string
  readonly status?: string
  readonly diagnostic?: string
  readonly recipient?: string
  /** Where it is sent, and which letter it gives back. */
  readonly to?: string
  readonly messageId?: string
  readonly feedback?: string
}

/** Hands a mail server's report in at the port where anybody's mail comes in. */
async function report(letter: SandboxLetter, email: string, more: Report): Promise<void> {
  const {
    action = 'failed',
    status = '5.1.1',
    recipient = email,
    diagnostic = `smtp; 550 ${status} <${email}> gone`,
  } = more
  const id = more.messageId ?? letter.headers['message-id']
  const part = more.feedback
    ? `Content-Type: message/feedback-report\n\nFeedback-Type: ${more.feedback}\nUser-Agent: mx/1\nVersion: 1`
    : `Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.client.example\n\nFinal-Recipient: rfc822; ${recipient}\nAction: ${action}\nStatus: ${status}\nDiagnostic-Code: ${diagnostic}`
  const kind = more.feedback ? 'feedback-report' : 'delivery-status'
  const to = more.to ?? 'office@flowers.example'
  const raw = `From: MAILER-DAEMON@mx.client.example
To: ${to}
Subject: Undelivered Mail Returned to Sender
Date: Tue, 25 May 2027 10:00:00 +0000
Message-ID: <${crypto.randomUUID()}@mx.client.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=${kind}; boundary="b"

--b
Content-Type: text/plain

I am sorry.

--b
${part}

--b
Content-Type: text/rfc822-headers

Message-ID: ${id}
Subject: We have your order

--b--
`
  const transport = createTransport({ host: '127.0.0.1', port: shop.smtpPort })
  await transport.sendMail({ envelope: { from: '', to }, raw: raw.replace(/\n/g, '\r\n') })
  transport.close()
}

const letters = async (order: string) => (await clerk.get(`/cases/${order}/letters`)).body
const read = (order: string, messages: number) =>
  eventually('the report to be read', async () => {
    const all = (await letters(order)).messages
    return all.length === messages && all.every(({ because }: { because: string }) => because !== 'it is being read')
  })
const cardOf = async (client: string) => (await clerk.get(`/clients/${client}`)).body
const page = async (who: Api, path: string) =>
  (await fetch(shop.url + path, { headers: { cookie: who.cookie, accept: 'text/html' } })).text()

async function nextLetter(order: string) {
  const before = (await letters(order)).letters.length
  await clerk.post(`/cases/${order}/signals/received`)
  return eventually('the next letter', async () => {
    const next = (await letters(order)).letters[before]
    return next && next.status !== 'waiting' && next
  })
}

describe('a letter that comes back', () => {
  it('says so in its case, with the reason and the status code, and tells those who may move the case', async () => {
    const { order, email, letter } = await written()
    await report(letter, email, {})
    await read(order, 1)
    const { letters: all, messages } = await letters(order)
    expect(all[0]).toMatchObject({
      status: 'bounced',
      code: '5.1.1',
      because: 'it came back: the address does not exist (5.1.1)',
    })
    expect(messages[0]).toMatchObject({ counted: false, because: expect.stringMatching(/^A bounce: /) })
    expect(await page(clerk, `/cases/${order}`)).toContain('came back')
    const told = (await clerk.get('/notifications')).body.items.filter(
      ({ caseId }: { caseId: string }) => caseId === order,
    )
    expect(told).toHaveLength(1)
    expect(told[0].text).toBe('A letter came back: the case says why.')
  })

  it('for good stops further letters to that address, each saying why, until a person lets them go again', async () => {
    const { client, order, email, letter } = await written()
    await report(letter, email, {})
    await read(order, 1)
    expect((await cardOf(client)).undelivered).toEqual([
      { onCard: true, caseId: order, since: expect.stringMatching(/Z$|\+/), code: '5.1.1', passing: 0 },
    ])
    expect(await nextLetter(order)).toMatchObject({
      status: 'skipped',
      because: expect.stringMatching(/^letters to this address have come back \(5\.1\.1\) since /),
    })
    const told = await eventually('a word on it', async () => {
      const { items } = (await clerk.get('/notifications')).body
      const texts = items.flatMap((item: { caseId: string; text: string }) => (item.caseId === order ? item.text : []))
      return texts.length > 1 && texts
    })
    expect(told[0]).toBe('A letter was not sent: the case says why.')
    expect(await page(clerk, `/clients/${client}`)).toContain('Let letters go there again')
    expect(await page(viewer, `/clients/${client}`)).not.toContain('Let letters go there again')
    expect((await viewer.delete(`/clients/${client}/undelivered`)).body.code).toBe('not-allowed')
    expect((await clerk.delete(`/clients/${client}/undelivered`)).status).toBe(204)
    expect((await cardOf(client)).undelivered).toEqual([])
    expect((await nextLetter(order)).status).toBe('sent')
  })

  it('is let go again by the button of the card', async () => {
    const { client, order, email, letter } = await written()
    await report(letter, email, {})
    await read(order, 1)
    const form = await page(clerk, `/clients/${client}`)
    const csrf = /name="_csrf" value="([^"]+)"/.exec(form)?.[1] ?? ''
    const done = await fetch(`${shop.url}/clients/${client}/undelivered`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie: clerk.cookie },
      body: new URLSearchParams({ _csrf: csrf }),
    })
    expect(done.status).toBe(303)
    expect((await cardOf(client)).undelivered).toEqual([])
  })

  it('stops nothing at the client’s next address', async () => {
    const { client, order, email, letter } = await written()
    await report(letter, email, {})
    await read(order, 1)
    await clerk.patch(`/clients/${client}`, { email: `new-${email}` })
    expect((await nextLetter(order)).status).toBe('sent')
    expect((await cardOf(client)).undelivered[0].onCard).toBe(false)
  })

  it.each([
    ['the mailbox is full', '5.2.2'],
    ['their server does not want it', '5.7.1'],
    ['it could not be delivered in time', '4.4.7'],
  ])('is only counted where %s', async (_, status) => {
    const { client, order, email, letter } = await written()
    await report(letter, email, { status })
    await read(order, 1)
    expect((await letters(order)).letters[0]).toMatchObject({ status: 'bounced', code: status })
    expect((await cardOf(client)).undelivered).toEqual([{ onCard: true, caseId: order, code: status, passing: 1 }])
    await report(letter, email, { status })
    await read(order, 2)
    expect((await cardOf(client)).undelivered[0].passing).toBe(1)
    expect((await nextLetter(order)).status).toBe('sent')
  })

  it('from an address that it was passed on to says nothing of the client’s own', async () => {
    const { client, order, email, letter } = await written()
    await report(letter, email, { recipient: 'old-office@elsewhere.example' })
    await read(order, 1)
    expect((await cardOf(client)).undelivered[0]).not.toHaveProperty('since')
    expect((await nextLetter(order)).status).toBe('sent')
  })

  it('is known by the plus-address alone, where the report gives nothing back', async () => {
    const { order, email, letter } = await written()
    const to = /[^<\s]+@[^>\s]+/.exec(letter.headers['reply-to'] ?? '')?.[0] ?? ''
    expect(to).toContain('+')
    await report(letter, email, { to, messageId: '<x@elsewhere.example>' })
    await read(order, 1)
    expect((await letters(order)).letters[0].status).toBe('bounced')
  })

  it('only late is still on its way', async () => {
    const { client, order, email, letter } = await written()
    await report(letter, email, { action: 'delayed', status: '4.4.1' })
    await read(order, 1)
    expect((await letters(order)).letters[0]).toMatchObject({
      status: 'sent',
      because: 'it has not arrived yet: their mail server can not be reached (4.4.1); it is still being tried',
    })
    expect((await cardOf(client)).undelivered).toEqual([])
    expect(JSON.stringify((await clerk.get('/notifications')).body)).not.toContain(order)
    await report(letter, email, { status: '4.4.7' })
    await read(order, 2)
    expect((await letters(order)).letters[0].status).toBe('bounced')
  })

  it('by a forged report changes nothing: its reference must be one that we made', async () => {
    const { client, order, email, letter } = await written()
    const id = letter.headers['message-id'] as string
    const dot = id.lastIndexOf('.', id.indexOf('@')) + 1
    const forged = `${id.slice(0, dot)}${id[dot] === 'a' ? 'b' : 'a'}${id.slice(dot + 1)}`
    await report(letter, email, { messageId: forged })
    await report(letter, email, { messageId: '<none@elsewhere.example>' })
    await eventually('both to be kept beside', async () => {
      const { items } = (await clerk.get('/messages')).body
      return items.filter(({ because }: { because: string }) => /bounce/.test(because)).length >= 2
    })
    expect((await letters(order)).letters[0].status).toBe('sent')
    expect((await cardOf(client)).undelivered).toEqual([])
  })

  it('leaves no address in the clear, and nothing at all of a client who is erased', async () => {
    const { client, order, email, letter } = await written()
    await report(letter, email, {})
    await read(order, 1)
    const rows = await query(
      shop.databaseUrl,
      'select u::text from undelivered u union all select l::text from letters l union all select m::text from messages m',
    )
    expect(JSON.stringify(rows)).not.toContain(email)
    expect(shop.logged.join('\n')).not.toContain(email)
    await clerk.post(`/clients/${client}/erase`)
    expect(await query(shop.databaseUrl, 'select 1 from undelivered where client_id = $1', [client])).toEqual([])
  })
})

describe('a complaint about a letter', () => {
  it('is told to those who may move the case, and is no withdrawal', async () => {
    const { client, order, email, letter } = await written()
    await report(letter, email, { feedback: 'abuse' })
    await read(order, 1)
    expect((await letters(order)).letters[0]).toMatchObject({
      status: 'sent',
      because: 'its receiver reported it as unwanted',
    })
    const told = (await clerk.get('/notifications')).body.items.filter(
      ({ caseId }: { caseId: string }) => caseId === order,
    )
    expect(told[0].text).toMatch(/^A client reported a letter of ours as unwanted\. That withdraws nothing/)
    const { items } = (await clerk.get(`/clients/${client}/consents`)).body
    expect(items[0].status).toBe('given')
    expect((await cardOf(client)).undelivered).toEqual([])
    await report(letter, email, { feedback: 'abuse' })
    await read(order, 2)
    const again = (await clerk.get('/notifications')).body.items.filter(
      ({ caseId }: { caseId: string }) => caseId === order,
    )
    expect(again).toHaveLength(1)
  })
})

describe('letters that go round', () => {
  it('go to no client whose address is our own mailbox', async () => {
    const client = (await clerk.post('/clients', { email: 'Office+x@flowers.example' })).body.id
    const order = (await clerk.post('/cases', { process: 'order', client })).body.id
    await clerk.post(`/cases/${order}/signals/received`)
    const letter = await eventually('the letter', async () => {
      const [one] = (await letters(order)).letters
      return one?.status === 'skipped' && one
    })
    expect(letter.because).toBe('the client’s address is our own mailbox')
  })

  it('stop after twenty of one kind in a case within an hour, as when two machines answer each other', async () => {
    const { order } = await written()
    await query(
      shop.databaseUrl,
      `insert into letters (case_id, seq, letter, status, at, sent_at)
       select $1, 1000 + n, 'received', 'sent', now(), now() - interval '5 minutes' from generate_series(1, 20) n`,
      [order],
    )
    const before = await query(shop.databaseUrl, 'select seq from letters where case_id = $1', [order])
    await clerk.post(`/cases/${order}/signals/received`)
    const known = new Set(before.map(({ seq }) => String(seq)))
    const next = await eventually('the next', async () =>
      (await letters(order)).letters.find(
        ({ id, status }: { id: string; status: string }) => !known.has(id) && status === 'skipped',
      ),
    )
    expect(next.because).toMatch(/^20 letters like this have gone out in this case within an hour/)
  })
})
