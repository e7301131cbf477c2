import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Api } from '../api.ts'
import { expanded, receiptProblems } from '../consent-receipt.ts'
import { query } from '../database-query.ts'
import { fillIn, openForm, submit } from '../portal.ts'
import { inStage, type TestServer, testServer } from '../server.ts'

describe('R16: each decision can be shown later: who, when, how, and the exact words (GDPR Art. 7(1))', () => {
  let shop: TestServer
  let florist: Api
  beforeAll(async () => {
    shop = await testServer('florist/text')
    florist = await shop.as('florist')
  })
  afterAll(() => shop?.stop())

  const recordsOf = async (client: string) => (await florist.get(`/clients/${client}/consents`)).body.records
  const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')

  it('keeps an answer to a letter with its Message-ID, the hash of the message and how it was authenticated', async () => {
    const client = (await florist.post('/clients', { email: 'letter@client.example' })).body.id
    const order = (await florist.post('/cases', { process: 'order', client, fields: { bouquet: 'tulips' } })).body.id
    await shop.answer(await shop.letterTo('letter@client.example', 'May we ask'), 'I agree')
    await inStage(florist, order, 'arranging')
    const [record] = await recordsOf(client)
    expect(record).toMatchObject({
      purpose: 'allergies',
      decision: 'given',
      state: 'ConsentGiven',
      by: 'client',
      channel: 'letter',
      caseId: order,
      version: 1,
      at: expect.stringMatching(/Z$/),
      notice: {
        edition: 1,
        language: 'en',
        controller: { email: 'privacy@flowers.example' },
        kept: 'until the case ends',
      },
      evidence: {
        letter: 'ask_consent',
        messageId: expect.stringMatching(/^<.+>$/),
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        authentication: expect.stringMatching(/\w/),
        words: ['I agree'],
      },
    })
    expect(record.text).toMatch(/^If you tell us your allergies/)
    expect(record.textHash).toBe(hashOf(record.text))
  })

  it('keeps a form’s decisions with the form, the typed statement, and the words in the language they were shown in', async () => {
    const form = await openForm(shop.url, 'order_form')
    const polish = await fetch(`${shop.url}/portal/forms/order_form`, { headers: { 'accept-language': 'pl' } })
    const hidden = new Map(
      [...(await polish.text()).matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([tag]) => [
        /name="([^"]*)"/.exec(tag)?.[1] ?? '',
        /value="([^"]*)"/.exec(tag)?.[1] ?? '',
      ]),
    )
    const answers = fillIn(
      { bouquet: 'roses', address: 'Main St 1' },
      { allergies: 'given', offers: 'refused' },
      { allergies: 'zgadzam się' },
    )
    const sent = await fetch(form.url, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'accept-language': 'pl' },
      body: new URLSearchParams({ ...Object.fromEntries(hidden), ...answers }).toString(),
    })
    expect(sent.status).toBe(303)
    const [client] = (await florist.get('/clients')).body.items
    const [allergies, offers] = await recordsOf(client.id)
    expect(allergies).toMatchObject({
      channel: 'form',
      evidence: { form: 'order_form', language: 'pl', statements: { allergies: 'zgadzam się' } },
      notice: { language: 'pl', title: 'Wybór bezpiecznych kwiatów', rights: expect.stringContaining('wycofać') },
    })
    expect(allergies.text).toMatch(/^Jeśli powiesz nam o alergiach/)
    expect(offers).toMatchObject({ decision: 'refused', state: 'ConsentRefused' })
  })

  it('keeps a paper with who typed it in and what it is, and nothing of that in the clear', async () => {
    const client = (await florist.post('/clients', {})).body.id
    const evidence = { channel: 'paper', note: 'Agreement 17, drawer 3' }
    await florist.post(`/clients/${client}/consents`, { purpose: 'allergies', decision: 'given', evidence })
    const [record] = await recordsOf(client)
    expect(record).toMatchObject({ by: 'florist', channel: 'paper', evidence: { note: 'Agreement 17, drawer 3' } })
    const rows = await query(shop.databaseUrl, 'select row_to_json(c)::text as row from consents c')
    expect(JSON.stringify(rows)).not.toContain('drawer')
  })

  it('overwrites nothing: a decision that is taken back stays beside the one that took it back', async () => {
    const client = (await florist.post('/clients', {})).body.id
    const evidence = { channel: 'paper', note: 'slip' }
    for (const decision of ['refused', 'given', 'withdrawn'])
      await florist.post(`/clients/${client}/consents`, { purpose: 'offers', decision, evidence })
    expect((await recordsOf(client)).map(({ decision }: { decision: string }) => decision)).toEqual([
      'refused',
      'given',
      'withdrawn',
    ])
  })

  it('is a receipt that the client takes along, as JSON and JSON-LD', async () => {
    const form = await openForm(shop.url, 'order_form')
    const answers = fillIn({ bouquet: 'roses', address: 'Main St 1' }, { allergies: 'refused', offers: 'given' })
    const { cookie } = await submit(form, answers)
    const download = async (format: string) =>
      (await (await fetch(`${shop.url}/portal/receipt.${format}`, { headers: { cookie } })).json()) as object
    expect(receiptProblems(await download('json'))).toEqual([])
    expect(await expanded(await download('jsonld'))).toHaveProperty(['@type'], ['https://w3id.org/dpv#ConsentReceipt'])
  })
})
