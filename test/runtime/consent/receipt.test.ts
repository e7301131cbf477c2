import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { receiptAsJsonLd } from '../../../runtime/consent/dpv.ts'
import type { ConsentReceipt } from '../../../runtime/consent/receipt.ts'
import type { Api } from '../../api.ts'
import { expanded, receiptProblems } from '../../consent-receipt.ts'
import { fillIn, openForm, submit } from '../../portal.ts'
import { inStage, type TestServer, testServer } from '../../server.ts'

const dpv = (term: string) => `https://w3id.org/dpv#${term}`

describe('a consent receipt', () => {
  let shop: TestServer
  let florist: Api
  beforeAll(async () => {
    shop = await testServer('florist/text')
    florist = await shop.as('florist')
  })
  afterAll(() => shop?.stop())

  const paper = { channel: 'paper', note: 'signed slip 12' }
  const newClient = async (card = {}) => (await florist.post('/clients', card)).body.id as string
  const decide = (client: string, purpose: string, decision: string) =>
    florist.post(`/clients/${client}/consents`, { purpose, decision, evidence: paper })
  const receiptOf = async (client: string, query = '') =>
    (await florist.get(`/clients/${client}/consents/receipt${query}`)).body as ConsentReceipt
  const linked = async (client: string) => (await florist.get(`/clients/${client}/consents/receipt?format=jsonld`)).body

  async function whole(client: string): Promise<ConsentReceipt> {
    const receipt = await receiptOf(client)
    expect(receiptProblems(receipt)).toEqual([])
    const node = await expanded(await linked(client))
    expect(node['@type']).toEqual([dpv('ConsentReceipt')])
    return receipt
  }

  const statesOf = (receipt: ConsentReceipt, purpose: string) =>
    receipt.consent_records
      .find(({ pii_processing }) => pii_processing.purposes[0].purpose_id === purpose)
      ?.events.map(({ event_state }) => event_state)

  it('is whole for a decision on paper, with who noted it and what shows it', async () => {
    const client = await newClient()
    await decide(client, 'allergies', 'given')
    const receipt = await whole(client)
    const [record] = receipt.consent_records
    expect(record?.events).toMatchObject([
      {
        event_state: 'ConsentGiven',
        event_type: 'ExplicitlyExpressedConsent',
        event_method: 'paper',
        recorded_by: 'staff',
        entity_id: client,
        evidence: { note: 'signed slip 12' },
      },
    ])
    expect(record?.pii_processing.purposes[0]).toMatchObject({
      lawful_basis: 'explicit consent, GDPR Art. 9(2)(a)',
      pii_information: [{ pii_attribute_id: 'order.allergy', special_pii_category: true, pii_optional: true }],
      retention_period: 'until the case ends',
    })
    expect(record?.party_identification[0]).toMatchObject({
      party_name: "Anna's Flowers sp. z o.o.",
      party_email: 'privacy@flowers.example',
    })
  })

  it('is whole for a form, in the language that the form was in', async () => {
    const form = await openForm(shop.url, 'order_form')
    const answers = fillIn(
      { bouquet: 'roses', address: 'Main St 1', contact: 'form@client.example' },
      { allergies: 'given', offers: 'given' },
      { allergies: 'I agree' },
    )
    const { cookie } = await submit(form, answers)
    const kept = await fetch(`${shop.url}/portal/receipt.json`, { headers: { cookie } })
    expect(kept.headers.get('content-disposition')).toMatch(/attachment/)
    const receipt = (await kept.json()) as ConsentReceipt
    expect(receiptProblems(receipt)).toEqual([])
    expect(receipt.consent_records).toHaveLength(2)
    await expanded((await (await fetch(`${shop.url}/portal/receipt.jsonld`, { headers: { cookie } })).json()) as object)
    expect(receipt.consent_records[0]?.events[0]).toMatchObject({
      event_method: 'form',
      recorded_by: 'client',
      evidence: { form: 'order_form', language: 'en', statements: { allergies: 'I agree' } },
    })
  })

  it('is whole for an answer to a letter, with the request before it', async () => {
    const client = await newClient({ email: 'letter@client.example' })
    const order = (await florist.post('/cases', { process: 'order', client, fields: { bouquet: 'tulips' } })).body.id
    await shop.answer(await shop.letterTo('letter@client.example', 'May we ask'), 'I agree')
    await inStage(florist, order, 'arranging')
    const receipt = await whole(client)
    expect(statesOf(receipt, 'allergies')).toEqual(['ConsentRequested', 'ConsentGiven'])
    expect(receipt.consent_records[0]?.events[1]?.evidence).toMatchObject({
      messageId: expect.stringMatching(/^<.+>$/),
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      letterSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      language: 'en',
      words: ['I agree'],
    })
  })

  it('tells renewal, refusal, withdrawal and invalidation apart', async () => {
    const client = await newClient()
    for (const decision of ['refused', 'given', 'withdrawn', 'given', 'invalidated'])
      expect((await decide(client, 'offers', decision)).status).toBe(201)
    expect(statesOf(await whole(client), 'offers')).toEqual([
      'ConsentRefused',
      'ConsentGiven',
      'ConsentWithdrawn',
      'ConsentGiven',
      'ConsentInvalidated',
    ])
    const unsaid = await florist.post(`/clients/${client}/consents`, { purpose: 'offers', decision: 'invalidated' })
    expect(unsaid.status).toBe(422)
  })

  it('is of one purpose where it is asked for one, and JSON-LD for whoever accepts that', async () => {
    const client = await newClient()
    await decide(client, 'offers', 'given')
    await decide(client, 'allergies', 'refused')
    expect((await receiptOf(client, '?purpose=offers')).consent_records).toHaveLength(1)
    const answer = await fetch(`${shop.url}/api/v1/clients/${client}/consents/receipt`, {
      headers: { cookie: florist.cookie, accept: 'application/ld+json' },
    })
    expect(answer.headers.get('content-type')).toMatch('application/ld+json')
    await expanded((await answer.json()) as object)
  })

  it('says in JSON-LD what each state is, when, and by whom', async () => {
    const client = await newClient()
    await decide(client, 'offers', 'given')
    const node = await expanded(await linked(client))
    const [record] = node[dpv('hasRecordOfActivity')] as Record<string, unknown>[]
    expect(record?.[dpv('hasConsentStatus')]).toMatchObject([
      {
        '@type': [dpv('ConsentGiven'), dpv('ExpressedConsent')],
        [dpv('isIndicatedAtTime')]: [{ '@type': 'http://www.w3.org/2001/XMLSchema#dateTime' }],
        [dpv('isIndicatedBy')]: [{ '@id': `urn:uuid:${client}` }],
      },
    ])
    expect(record?.[dpv('hasNotice')]).toHaveLength(1)
  })

  it('is whole for the unsubscribe link of a letter', async () => {
    const client = await newClient()
    await decide(client, 'offers', 'given')
    const given = await receiptOf(client)
    const [record] = given.consent_records
    const event = { ...record?.events[0], event_state: 'ConsentWithdrawn', event_method: 'unsubscribe' }
    const receipt = { ...given, consent_records: [{ ...record, events: [...(record?.events ?? []), event] }] }
    expect(receiptProblems(receipt)).toEqual([])
    await expanded(receiptAsJsonLd(receipt as ConsentReceipt))
  })

  it('is not for those who may not see the client', async () => {
    const client = await newClient()
    const stranger = await fetch(`${shop.url}/api/v1/clients/${client}/consents/receipt`)
    expect(stranger.status).toBe(401)
    expect((await fetch(`${shop.url}/portal/receipt.json`, { redirect: 'manual' })).status).toBe(302)
  })

  it('keeps a notice once for all who were shown it, and its words as they were', async () => {
    const [one, two] = [await newClient(), await newClient()]
    await decide(one, 'offers', 'given')
    await decide(two, 'offers', 'given')
    const notices = await Promise.all(
      [one, two].map(async (client) => (await receiptOf(client)).consent_records[0]?.pii_processing.privacy_notice[0]),
    )
    expect(notices[0]).toEqual(notices[1])
    expect(notices[0]?.content).toMatchObject({
      text: expect.stringMatching(/^About once a month/),
      controller: { name: "Anna's Flowers sp. z o.o." },
      recipients: [],
      kept: '2 years after you gave consent',
    })
  })

  it('has its records in the register that the operator writes out, which holds nothing personal', async () => {
    const client = await newClient({ name: 'Anna Marker', email: 'marker@client.example' })
    await decide(client, 'offers', 'given')
    await decide(client, 'offers', 'withdrawn')
    const { stdout } = await promisify(execFile)(process.execPath, ['runtime/cli/zgoda.ts', 'export', 'consents'], {
      env: { ...process.env, ZGODA_DATABASE_URL: shop.databaseUrl },
    })
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.filter(({ clientId }) => clientId === client)).toMatchObject([
      { seq: 1, purpose: 'offers', version: 1, state: 'ConsentGiven', channel: 'paper', language: 'en' },
      {
        seq: 2,
        purpose: 'offers',
        version: 1,
        state: 'ConsentWithdrawn',
        noticeHash: expect.stringMatching(/^\w{64}$/),
      },
    ])
    expect(stdout).not.toMatch(/marker|signed slip/i)
  })
})
