import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Api } from '../../api.ts'
import { eventually } from '../../eventually.ts'
import { type TestServer, testServer } from '../../server.ts'

const pdf = Buffer.from('%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n')
const base64 = (content: string | Buffer) => Buffer.from(content).toString('base64')

describe('a letter by hand', () => {
  let shop: TestServer
  let florist: Api
  let manager: Api

  beforeAll(async () => {
    shop = await testServer('florist/text')
    florist = await shop.as('florist')
    manager = await shop.as('manager')
  })
  afterAll(() => shop?.stop())

  async function order(card: object = { name: 'Anna Nowak', email: 'anna@client.example' }, fields: object = {}) {
    const client = (await florist.post('/clients', card)).body.id as string
    const started = await florist.post('/cases', { process: 'order', client, fields: { bouquet: 'roses', ...fields } })
    return { client, id: started.body.id as string }
  }
  const write = (id: string, letter: object, key?: string, by = florist) =>
    by.post(`/cases/${id}/letters`, letter, key ? { 'idempotency-key': key } : {})
  const sent = (id: string, letter: string) =>
    eventually(`letter ${letter} to be sent`, async () =>
      (await florist.get(`/cases/${id}/letters`)).body.letters.find(
        (one: { id: string; status: string }) => one.id === letter && one.status === 'sent',
      ),
    )

  it('goes to the client as a person’s letter, not a machine’s, and stands in the history without its words', async () => {
    const { id } = await order()
    const answer = await write(id, { subject: 'About your roses', body: 'They are **red**.' })
    expect(answer).toMatchObject({
      status: 201,
      body: { status: 'waiting', by: 'florist', content: { to: 'anna@client.example', text: 'They are red.' } },
    })
    const letter = await shop.letterTo('anna@client.example', 'About your roses')
    expect(letter.text).toContain('They are red.')
    expect(letter.text).toContain('/portal/l/')
    expect(Object.keys(letter.headers).map((name) => name.toLowerCase())).not.toContain('auto-submitted')
    await sent(id, answer.body.id)
    const { items } = (await florist.get(`/cases/${id}/history`)).body
    expect(items.at(-1)).toMatchObject({ type: 'letter by hand', by: 'florist' })
    expect(JSON.stringify(items)).not.toContain('roses')
  })

  it('brings its answer back into the case, where it counts', async () => {
    const { id } = await order({ email: 'berta@client.example' })
    await write(id, { subject: 'Which vase?', body: 'Tall or short?' })
    await shop.answer(await shop.letterTo('berta@client.example', 'Which vase?'), 'Tall, please')
    const message = await eventually('the answer to count', async () =>
      (await florist.get(`/cases/${id}/letters`)).body.messages.find((one: { counted: boolean }) => one.counted),
    )
    expect(message).toMatchObject({
      class: 'reply',
      outcome: { consents: [] },
      content: { own: 'Tall, please', from: 'berta@client.example' },
    })
    expect(message.content.text).toContain('> Tall or short?')
  })

  it('goes on in the thread of the message that it answers', async () => {
    const { id } = await order({ email: 'cecilia@client.example' })
    await shop.answer(await shop.letterTo('cecilia@client.example', 'May we ask'), 'What do you mean?')
    const message = await eventually('the answer', async () =>
      (await florist.get(`/cases/${id}/letters`)).body.messages.find((one: { class?: string }) => one.class),
    )
    await write(id, { subject: 'Re: May we ask', body: 'We mean flowers.', answers: message.id })
    const letter = await eventually('the letter', async () =>
      (await shop.letters()).find(({ subject, to }) => to.includes('cecilia') && subject === 'Re: May we ask'),
    )
    const header = (name: string) =>
      Object.entries(letter.headers).find(([one]) => one.toLowerCase() === name)?.[1] as string
    expect(header('in-reply-to')).toMatch(/^<[^<>]+@client\.example>$/)
    expect(header('references')).toContain(header('in-reply-to'))
    const strange = await write(id, { subject: 'x', body: 'y', answers: 'ab'.repeat(32) })
    expect(strange.status).toBe(404)
  })

  it('needs no address on the card: one typed for it stays with it and never reaches the card', async () => {
    const { id, client } = await order({})
    const none = await write(id, { subject: 'Hello', body: 'Good day' })
    expect(none).toMatchObject({ status: 422, body: { code: 'invalid-value', fields: ['to'] } })
    const typed = await write(id, { to: 'once@client.example', subject: 'Hello', body: 'Good day' })
    expect(typed.status).toBe(201)
    await shop.letterTo('once@client.example', 'Hello')
    expect((await florist.get(`/clients/${client}`)).body.email).toBeNull()
    expect((await florist.get('/clients?q=once@client.example')).body.items).toEqual([])
    for (const to of ['no address', 'two@a.example,three@b.example', 'a@b', '"x"@c.example', 'bouquet'])
      expect((await write(id, { to, subject: 'Hello', body: 'x' })).status, to).toBe(422)
  })

  it('goes to the case’s own address before the card’s, or to the one chosen', async () => {
    const { id } = await order({ email: 'card@client.example' }, { contact: 'case@client.example' })
    const to = async (recipient?: string) =>
      (await write(id, { ...(recipient ? { to: recipient } : {}), subject: 'Which?', body: 'x' })).body.content.to
    expect(await to()).toBe('case@client.example')
    expect(await to('contact')).toBe('case@client.example')
    expect(await to('card')).toBe('card@client.example')
  })

  it('for a purpose goes only where its basis stands, when it is asked for and when it is sent', async () => {
    const { id, client } = await order({ email: 'dora@client.example' })
    const offer = { subject: 'Tulips', body: 'Three for two', purpose: 'offers' }
    expect(await write(id, offer)).toMatchObject({ status: 409, body: { code: 'consent-missing' } })
    expect((await write(id, { ...offer, purpose: 'nothing' })).status).toBe(422)
    await manager.post(`/clients/${client}/consents`, {
      purpose: 'offers',
      decision: 'given',
      evidence: { channel: 'paper' },
    })
    expect((await write(id, offer)).status).toBe(201)
    await shop.letterTo('dora@client.example', 'Tulips')
    expect((await write(id, { ...offer, subject: 'Delivery', purpose: 'delivery' })).status).toBe(201)
  })

  it('is sent once under one key, however often it is asked for, also at once', async () => {
    const { id } = await order({ email: 'ewa@client.example' })
    const letter = { subject: 'Once', body: 'Only once' }
    const answers = await Promise.all([1, 2, 3, 4].map(() => write(id, letter, 'the-key')))
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201])
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
    await sent(id, answers[0]?.body.id)
    expect((await shop.letters()).filter(({ to, subject }) => to.includes('ewa') && subject === 'Once')).toHaveLength(1)
    expect((await write(id, { ...letter, body: 'Other words' }, 'the-key')).body.code).toBe('key-reused')
  })

  it('is written by those alone who may edit the case', async () => {
    const { client } = await order()
    const withdrawal = (await manager.post('/cases', { process: 'withdrawal', client })).body.id
    expect((await write(withdrawal, { subject: 'x', body: 'y' }, undefined, florist)).status).toBe(404)
    const refused = await write(withdrawal, { subject: 'x', body: 'y' }, undefined, manager)
    expect(refused).toMatchObject({ status: 403, body: { code: 'not-allowed' } })
    expect(
      (await manager.post(`/cases/${withdrawal}/draft`, { subject: '', body: 'y', files: [], key: 'k' })).status,
    ).toBe(403)
    expect((await manager.post(`/cases/${withdrawal}/files`, { name: 'a.txt', content: base64('a') })).status).toBe(403)
  })

  it('refuses a letter without words, or with too many', async () => {
    const { id } = await order()
    for (const letter of [
      { subject: ' ', body: 'x' },
      { subject: 'x', body: ' \n' },
      { subject: 'a\nBcc: x@y.example', body: 'x' },
    ])
      expect(await write(id, letter)).toMatchObject({ status: 422 })
    expect((await write(id, { subject: 'x'.repeat(251), body: 'x' })).status).toBe(400)
    expect((await write(id, { subject: 'x', body: 'x'.repeat(100_001) })).status).toBe(400)
  })

  describe('with files', () => {
    const upload = (id: string, name: string, content: string | Buffer, by = florist) =>
      by.post(`/cases/${id}/files`, { name, content: base64(content) })

    it('types them by what they are, and gives the name an ending that says so', async () => {
      const { id } = await order()
      const typeOf = async (name: string, content: string | Buffer) => {
        const { name: kept, type } = (await upload(id, name, content)).body
        return [kept, type]
      }
      expect(await typeOf('offer.exe', pdf)).toEqual(['offer.pdf', 'application/pdf'])
      expect(await typeOf('../../etc/list.csv', 'a;b\n1;2\n')).toEqual(['list.csv', 'text/plain'])
      expect(await typeOf('', 'words')).toEqual([undefined, 'urn:zgoda:problem:invalid-body'])
    })

    it('takes no program, no page, nothing empty and nothing too large', async () => {
      const { id } = await order()
      for (const content of ['MZ\0\x01', '<html><script>x</script>', ' <svg/>', '#!/bin/sh\n', '\x7fELF\0'])
        expect((await upload(id, 'a.pdf', content)).status, content).toBe(422)
      expect((await upload(id, 'a.txt', Buffer.alloc(10 * 1024 * 1024 + 1, 'a'))).status).toBe(413)
      expect((await florist.post(`/cases/${id}/files`, { name: 'a.txt', content: '***' })).status).toBe(400)
    })

    it('sends them, and the case’s documents, and gives them back to those who see the case', async () => {
      const { id } = await order({ email: 'fela@client.example' })
      const { id: file } = (await upload(id, 'vase.pdf', pdf)).body
      const letter = (await write(id, { subject: 'A vase', body: 'See the file', files: [file] })).body
      expect(letter.content).toMatchObject({
        attachments: ['vase.pdf'],
        files: [{ name: 'vase.pdf', size: pdf.length }],
      })
      await sent(id, letter.id)
      const address = `${shop.url}/api/v1/cases/${id}/letters/${letter.id}/files/0`
      const got = await fetch(address, { headers: { cookie: manager.cookie } })
      expect(got.headers.get('content-disposition')).toContain('attachment')
      expect(Buffer.from(await got.arrayBuffer()).equals(pdf)).toBe(true)
      expect((await fetch(address)).status).toBe(401)
      expect((await florist.get(`/cases/${id}/letters/${letter.id}/files/7`)).status).toBe(404)
      // Taken once: no second letter has it.
      expect((await write(id, { subject: 'Again', body: 'x', files: [file] })).status).toBe(422)
    })

    it('takes nobody else’s, and none of another case', async () => {
      const [one, other] = [await order(), await order()]
      const { id: file } = (await upload(one.id, 'a.pdf', pdf, manager)).body
      expect((await write(one.id, { subject: 'x', body: 'y', files: [file] })).status).toBe(422)
      expect((await write(other.id, { subject: 'x', body: 'y', files: [file] }, undefined, manager)).status).toBe(422)
    })
  })

  describe('begun', () => {
    const draft = (body: string, key = 'draft-key') => ({ subject: 'Begun', body, files: [], key })

    it('is each person’s own, is listed for them, and says to others only that they write', async () => {
      const { id } = await order()
      await florist.post(`/cases/${id}/draft`, draft('a florist’s secret'))
      await manager.post(`/cases/${id}/draft`, draft('a manager’s secret'))
      const seen = (await florist.get(`/cases/${id}/draft`)).body
      expect(seen).toMatchObject({ draft: { body: 'a florist’s secret' }, writers: [{ name: 'manager' }] })
      expect(JSON.stringify(seen)).not.toContain('manager’s secret')
      expect((await florist.get('/drafts')).body.items[0]).toMatchObject({ case: id, process: 'order' })
      await florist.delete(`/cases/${id}/draft`)
      expect((await florist.get(`/cases/${id}/draft`)).body.draft).toBeNull()
      expect((await manager.get(`/cases/${id}/draft`)).body.draft.body).toBe('a manager’s secret')
    })

    it('ends with its letter, and a save that comes late does not bring it back', async () => {
      const { id } = await order()
      await florist.post(`/cases/${id}/draft`, draft('soon', 'late-key'))
      await write(id, { subject: 'Begun', body: 'soon' }, 'late-key')
      expect((await florist.get(`/cases/${id}/draft`)).body.draft).toBeNull()
      expect((await florist.post(`/cases/${id}/draft`, draft('soo', 'late-key'))).body).toBeNull()
      expect((await florist.get(`/cases/${id}/draft`)).body.draft).toBeNull()
    })

    it('lies sealed, with its files, and goes with the client', async () => {
      const { id, client } = await order({ email: 'gosia@client.example' })
      const { id: file } = (
        await florist.post(`/cases/${id}/files`, { name: 'secret-name.txt', content: base64('secret') })
      ).body
      await florist.post(`/cases/${id}/draft`, draft('a word to nobody'))
      const rows = async () => {
        const db = new pg.Client({ connectionString: shop.databaseUrl })
        await db.connect()
        const found = await db.query(
          'select sealed from vault.drafts where case_id = $1 union all select sealed from vault.uploads where case_id = $1',
          [id],
        )
        await db.end()
        return found.rows as { sealed: Buffer }[]
      }
      const kept = await rows()
      expect(kept).toHaveLength(2)
      for (const { sealed } of kept) expect(sealed.toString('latin1')).not.toMatch(/word to nobody|secret/)
      await manager.post(`/clients/${client}/erase`)
      expect(await rows()).toEqual([])
      expect(await write(id, { subject: 'x', body: 'y', files: [file] })).toMatchObject({
        status: 410,
        body: { code: 'client-erased' },
      })
      expect((await florist.post(`/cases/${id}/draft`, draft('again'))).status).toBe(410)
    })
  })

  it('shows a long conversation in parts, the newest first, and tears no moment apart', async () => {
    const { id } = await order({ email: 'hania@client.example' })
    for (const number of [1, 2, 3, 4, 5]) await write(id, { subject: `Letter ${number}`, body: 'x' })
    const first = (await florist.get(`/cases/${id}/letters?limit=2`)).body
    const subjects = (page: { letters: { content: { subject: string } }[] }) =>
      page.letters.map(({ content }) => content.subject)
    expect(subjects(first)).toEqual(['Letter 4', 'Letter 5'])
    const second = (await florist.get(`/cases/${id}/letters?limit=2&after=${first.next}`)).body
    expect(subjects(second)).toEqual(['Letter 2', 'Letter 3'])
    const last = (await florist.get(`/cases/${id}/letters?limit=2&after=${second.next}`)).body
    expect(subjects(last).at(-1)).toBe('Letter 1')
    expect(last.next).toBeUndefined()
  })
})
