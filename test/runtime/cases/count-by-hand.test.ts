import { createHash } from 'node:crypto'
import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Api } from '../../api.ts'
import { query } from '../../database-query.ts'
import { eventually } from '../../eventually.ts'
import { type SandboxLetter, stageOf, type TestServer, testServer } from '../../server.ts'

const workspace = `
company "Office" { address "Long Street 1" email "office@shop.example" }
role clerk "Clerk" { clients: see, edit }
role guest "Guest" { clients: see }
role keeper "Keeper" { clients: see, edit, erase }
purpose allergies "Allergies" { basis explicit consent text "We keep your allergies to pick safe flowers." keep until end }
letter ask "May we?" { body "Answer: I agree" }
process job "Job" {
  access clerk: see, move, edit
  access guest: see
  access keeper: see, erase
  field allergy "Allergy" text personal for allergies
  show allergy
  stage open "Open" {
    on enter { send ask to client }
    on reply from client to ask saying "I agree" { record consent to allergies }
    when consent to allergies is given go to done
  }
  final stage done "Done" success { forbid manual entry }
}
`

interface Shown {
  readonly id: string
  readonly because: string
  readonly counted: boolean
  readonly mayCount: boolean
  readonly class?: string
  readonly sha256: string
  readonly countedFor?: { readonly reason: string; readonly note: string }
  readonly checks: readonly { readonly check: string; readonly result: string; readonly because?: string }[]
}

let office: TestServer
let clerk: Api
let guest: Api
let clients = 0

beforeAll(async () => {
  office = await testServer({ text: workspace })
  clerk = await office.as('clerk')
  guest = await office.as('guest')
})
afterAll(() => office?.stop())

async function job(): Promise<{ id: string; email: string; letter: SandboxLetter; client: string }> {
  const email = `client${clients++}@mail.example`
  const client = (await clerk.post('/clients', { email })).body.id
  const id = (await clerk.post('/cases', { process: 'job', client })).body.id
  return { id, email, client, letter: await office.letterTo(email, 'May we?') }
}

/** As a server that nobody vouches for hands it in: what it says of its sender is not proved. */
async function deliver(to: string, headers: Record<string, string>, text = 'I agree'): Promise<void> {
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const transport = createTransport({ host: '127.0.0.1', port: office.smtpPort })
  await transport.sendMail({
    envelope: { from: 'someone@else.example', to: [to] },
    raw: `${head.join('\r\n')}\r\n\r\n${text}\r\n`,
  })
  transport.close()
}

function messageOf(id: string, known: (message: Shown) => boolean = () => true): Promise<Shown> {
  return eventually('a judged message', async () => {
    const { messages } = (await clerk.get(`/cases/${id}/letters`)).body as { messages: Shown[] }
    return messages.find((message) => message.class && known(message))
  })
}

const replyTo = (letter: SandboxLetter) => letter.headers['reply-to']?.replace(/^<|>$/g, '') ?? ''
const because = { reason: 'confirmed', note: 'She told me so on the telephone, marker-note-77.' }

describe('a message that did not count', () => {
  it('says why, with each check, in the language of whoever asks', async () => {
    const { id, email, letter } = await job()
    await deliver(replyTo(letter), { From: email, Subject: 'Re: May we?', 'Message-ID': '<1@mail.example>' })
    const message = await messageOf(id)
    expect(message).toMatchObject({ counted: false, mayCount: true, class: 'reply' })
    expect(message.because).toMatch(/^Its sender is not proved/)
    expect(message.checks.map(({ check, result }) => `${check} ${result}`)).toEqual([
      'form holds',
      'machine holds',
      'letter holds',
      'sender holds',
      'proof fails',
      'words holds',
    ])
    const polish = await fetch(`${office.url}/api/v1/cases/${id}/letters`, {
      headers: { cookie: clerk.cookie, 'accept-language': 'pl' },
    })
    expect(JSON.stringify(await polish.json())).toContain('Nadawca nie jest potwierdzony')
  })

  it('is given out as it came only to those who may erase, where it quotes a link that acts as the client', async () => {
    const { id, email, letter, client } = await job()
    const [, link = ''] = /(\S+\/portal\/l\/[\w-]+)/.exec(letter.text) ?? []
    expect(link).not.toBe('')
    await deliver(
      replyTo(letter),
      { From: email, Subject: 'Re: May we?', 'Message-ID': '<9@mail.example>' },
      `> ${link}`,
    )
    const { id: message } = await messageOf(id)
    const path = `/api/v1/cases/${id}/messages/${message}`
    const file = (api: Api) => fetch(`${office.url}${path}`, { headers: { cookie: api.cookie } })
    for (const api of [guest, clerk]) {
      const refused = await file(api)
      expect(refused.status).toBe(403)
      expect(await refused.text()).not.toContain(link)
    }
    const keeper = await office.as('keeper')
    expect(await (await file(keeper)).text()).toContain(link)
    expect(JSON.stringify((await keeper.get(`/cases/${id}/letters`)).body.messages)).not.toContain(link)
    const seen = await eventually('the look to be written down', async () => {
      const { items } = (await keeper.get(`/clients/${client}/looks`)).body
      return items.find(
        ({ by, fields }: { by: string; fields: string[] }) => by === 'keeper' && fields[0] === 'messages',
      )
    })
    expect(seen).toMatchObject({ case: id })
  })

  it('is given out as it came to whoever may see the case, and to nobody else', async () => {
    const { id, email, letter } = await job()
    await deliver(replyTo(letter), { From: email, Subject: 'Re: May we?', 'Message-ID': '<2@mail.example>' })
    const { id: message, sha256 } = await messageOf(id)
    const file = (api: Api) =>
      fetch(`${office.url}/api/v1/cases/${id}/messages/${message}`, { headers: { cookie: api.cookie } })
    const answer = await file(guest)
    expect(answer.headers.get('content-type')).toBe('message/rfc822')
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="message-[0-9a-f]{16}\.eml"$/)
    const raw = Buffer.from(await answer.arrayBuffer())
    expect(raw.toString()).toContain('I agree')
    expect(createHash('sha256').update(raw).digest('hex')).toBe(sha256)
    const { id: another } = await job()
    expect((await clerk.get(`/cases/${another}/messages/${message}`)).status).toBe(404)
    expect((await clerk.get(`/cases/${id}/messages/${'0'.repeat(64)}`)).status).toBe(404)
    expect((await clerk.get(`/cases/${id}/messages/nothing`)).status).toBe(404)
  })

  it('counts by the word of a person who may edit the case, whose name and reason stay with it', async () => {
    const { id, email, letter, client } = await job()
    await deliver(replyTo(letter), { From: email, Subject: 'Re: May we?', 'Message-ID': '<3@mail.example>' })
    const message = await messageOf(id)
    const count = (api: Api, body: object) => api.post(`/cases/${id}/messages/${message.id}/count`, body)
    expect((await count(guest, because)).status).toBe(403)
    expect((await count(clerk, { reason: 'confirmed', note: ' ' })).status).toBe(400)
    expect((await count(clerk, { reason: 'because', note: 'I say so' })).status).toBe(400)
    expect(await stageOf(clerk, id)).toBe('open')
    expect(await count(clerk, because)).toMatchObject({ status: 200, body: { stage: { name: 'done' } } })
    expect((await count(clerk, because)).status).toBe(200)
    expect((await count(clerk, { ...because, reason: 'other' })).status).toBe(409)

    const { items } = (await clerk.get(`/cases/${id}/history`)).body as { items: Record<string, string>[] }
    const replies = items.filter(({ type }) => type === 'reply')
    expect(replies).toMatchObject([{ by: 'clerk', because: 'counted by hand: confirmed', letter: 'ask' }])
    expect(JSON.stringify(items)).not.toContain('marker-note')
    expect(await messageOf(id)).toMatchObject({ counted: true, mayCount: false, countedFor: because })

    const records = (await clerk.get(`/clients/${client}/consents`)).body.records
    expect(records).toMatchObject([
      {
        decision: 'given',
        by: 'clerk',
        evidence: {
          sha256: message.sha256,
          words: ['I agree'],
          note: because.note,
          counted: { reason: 'confirmed' },
          checks: expect.arrayContaining([expect.objectContaining({ check: 'proof', result: 'fails' })]),
        },
      },
    ])
    const plain = await query(
      office.databaseUrl,
      'select m::text as row from messages m union select entry::text from history',
    )
    expect(JSON.stringify(plain)).not.toMatch(/marker-note|mail\.example/)
  })

  it('counts by hand once, however many ask at a time', async () => {
    const { id, email, letter } = await job()
    await deliver(replyTo(letter), { From: email, Subject: 'Re: May we?' }, 'a question first')
    const message = await messageOf(id)
    const answers = await Promise.all(
      ['confirmed', 'other', 'on-behalf', 'other-address'].map((reason) =>
        clerk.post(`/cases/${id}/messages/${message.id}/count`, { ...because, reason }),
      ),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    const { items } = (await clerk.get(`/cases/${id}/history`)).body as { items: { type: string }[] }
    expect(items.filter(({ type }) => type === 'reply')).toHaveLength(1)
  })

  it('with a made-up reference waits in the inbox, and is counted into a case with a reason', async () => {
    const { id, email, letter, client } = await job()
    const forged = `<${'a'.repeat(26)}.1.${'b'.repeat(16)}@shop.example>`
    await deliver(office.mailbox.includes('@') ? office.mailbox : 'office@shop.example', {
      From: email,
      Subject: 'Re: forged-5',
      'In-Reply-To': forged,
      'Message-ID': '<5@mail.example>',
    })
    const stray = await eventually('the message in the inbox', async () => {
      const { items } = (await clerk.get('/messages')).body as { items: (Shown & { content?: { subject: string } })[] }
      return items.find(({ content, class: kind }) => kind && content?.subject === 'Re: forged-5')
    })
    expect(stray.because).toMatch(/changed or made up/)
    const raw = await fetch(`${office.url}/api/v1/messages/${stray.id}`, { headers: { cookie: clerk.cookie } })
    expect(await raw.text()).toContain('Re: forged-5')
    expect(letter.subject).toContain('May we?')
    const counted = await clerk.post(`/cases/${id}/messages/${stray.id}/count`, because)
    expect(counted).toMatchObject({ status: 200, body: { stage: { name: 'done' } } })
    expect(await messageOf(id)).toMatchObject({ id: stray.id, counted: true })
    const rows = await query(
      office.databaseUrl,
      `select m.client_id as plain, v.client_id as sealed from messages m join vault.messages v using (message_key) where encode(m.message_key, 'hex') = '${stray.id}'`,
    )
    expect(rows).toEqual([{ plain: client, sealed: client }])
  })

  it.each([
    ['an automatic answer', { 'Auto-Submitted': 'auto-replied' }],
    ['a bounce', { 'X-Failed-Recipients': 'x@y.example' }],
    ['list mail', { 'List-Id': '<flowers.example>' }],
  ])('is never counted where it is %s', async (_, headers) => {
    const { id, email, letter } = await job()
    await deliver(replyTo(letter), { From: email, Subject: 'Re: May we?', ...headers })
    const message = await messageOf(id)
    expect(message.mayCount).toBe(false)
    expect(await clerk.post(`/cases/${id}/messages/${message.id}/count`, because)).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining('nobody’s answer') },
    })
    expect(await stageOf(clerk, id)).toBe('open')
  })

  it('offers the form to those who may edit, and shows the reason in words', async () => {
    const { id, email, letter } = await job()
    await deliver(replyTo(letter), { From: email, Subject: 'Re: May we?' })
    const message = await messageOf(id)
    const page = async (api: Api, language: string) =>
      (
        await fetch(`${office.url}/cases/${id}`, {
          headers: { cookie: api.cookie, accept: 'text/html', 'accept-language': language },
        })
      ).text()
    expect(await page(guest, 'en')).not.toContain(`count-${message.id}`)
    const polish = await page(clerk, 'pl')
    expect(polish).toContain('Uznaj za odpowiedź klienta')
    expect(polish).toContain('Nadawca nie jest potwierdzony')
    expect((await clerk.post(`/cases/${id}/messages/${message.id}/count`, because)).status).toBe(200)
    expect(await page(clerk, 'pl')).toContain('uznana ręcznie: klient potwierdził ją inną drogą')
  })
})
