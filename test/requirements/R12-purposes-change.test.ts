import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Api, apiOf } from '../api.ts'
import { eventually } from '../eventually.ts'
import { openForm, submit } from '../portal.ts'
import { deployToken, inStage, stageOf, type TestServer, testServer } from '../server.ts'

const files = ['order.zgoda', 'workspace.zgoda'].map((name) => ({
  name,
  text: readFileSync(`examples/florist/text/${name}`, 'utf8'),
}))
const edited = (...edits: readonly (readonly [string, string])[]) =>
  files.map(({ name, text }) => ({ name, text: edits.reduce((said, [from, to]) => said.replace(from, to), text) }))

const typo = ['If you tell us your allergies, we', 'If you tell us your allergies: we'] as const
const wider = [
  'If you tell us your allergies, we pick flowers that do not harm you.',
  'If you tell us your allergies, we and our growers pick flowers that do not harm you.',
] as const
const raised = ['basis explicit consent', 'basis explicit consent\n  version 2'] as const

describe('R12: a changed purpose is told to the client, and asks for consent again (GDPR Art. 6(4), 13(3))', () => {
  let shop: TestServer
  let florist: Api
  beforeAll(async () => {
    shop = await testServer('florist/text')
    florist = await shop.as('florist')
  })
  afterAll(() => shop?.stop())

  const deploy = (what: 'plan' | 'apply', proposed: readonly object[]) =>
    apiOf(shop.url, '').post(`/workspace/${what}`, { files: proposed }, { authorization: `Bearer ${deployToken}` })
  const recordsOf = async (client: string) => (await florist.get(`/clients/${client}/consents`)).body.records

  async function agreed(address: string) {
    const client = (await florist.post('/clients', { email: address })).body.id
    const order = (await florist.post('/cases', { process: 'order', client, fields: { bouquet: 'tulips' } })).body.id
    await shop.answer(await shop.letterTo(address, 'May we ask'), 'I agree')
    await inStage(florist, order, 'arranging')
    return { client, order }
  }

  it('suspends what rests on the old version, keeps when it expired, and takes the new answer as a renewal', async () => {
    const { client, order } = await agreed('one@client.example')
    const waiting = (await florist.post('/clients', { email: 'late@client.example' })).body.id
    const late = (await florist.post('/cases', { process: 'order', client: waiting, fields: { bouquet: 'roses' } }))
      .body.id
    const oldLetter = await shop.letterTo('late@client.example', 'May we ask')
    const openPage = await openForm(shop.url, 'order_form')

    expect((await deploy('apply', edited(typo))).body.plan.askAgain).toEqual([])
    expect((await recordsOf(client)).map(({ state }: { state: string }) => state)).toEqual(['ConsentGiven'])

    const { body: plan } = await deploy('plan', edited(wider))
    expect(plan.needs[0].what).toContain('write `version 2`')
    expect(plan.askAgain).toMatchObject([{ purpose: 'allergies', clients: 1 }])
    expect((await deploy('apply', edited(wider))).status).toBe(409)
    expect((await deploy('apply', edited(wider, raised))).status).toBe(200)

    const seen = (await florist.get(`/cases/${order}`)).body
    expect(seen.fields).not.toHaveProperty('allergy')
    expect(seen.consents.find(({ purpose }: { purpose: string }) => purpose === 'allergies').status).toBe('expired')
    const expired = (await recordsOf(client)).at(-1)
    expect(expired).toMatchObject({
      state: 'ConsentExpired',
      version: 1,
      by: 'system',
      text: expect.stringContaining('allergies, we'),
    })

    // Who still had the old words before them has not agreed to the new ones.
    await shop.answer(oldLetter, 'I agree')
    const because = await eventually('the old letter’s answer to be judged', async () => {
      const { messages } = (await florist.get(`/cases/${late}/letters`)).body
      return messages.find(({ because }: { because: string }) => because !== 'it is being read')?.because as string
    })
    expect(because).toMatch(/asked for consent to version 1 of `allergies`.*ask again/)
    expect(await stageOf(florist, late)).toBe('waiting')
    expect(await recordsOf(waiting)).toEqual([])
    const answers = { 'field.bouquet': 'roses', 'field.address': 'Main St 1', 'consent.allergies': 'refused' }
    const again = await submit(openPage, answers)
    expect([again.status, again.html]).toEqual([422, expect.stringContaining('has changed since you opened this page')])

    const evidence = { channel: 'paper', note: 'slip 2' }
    await florist.post(`/clients/${client}/consents`, { purpose: 'allergies', decision: 'given', evidence })
    expect((await florist.get(`/cases/${order}`)).body.fields).toHaveProperty('allergy')
    const records = await recordsOf(client)
    expect(records.map(({ state, version }: Record<string, unknown>) => [state, version])).toEqual([
      ['ConsentGiven', 1],
      ['ConsentExpired', 1],
      ['RenewedConsentGiven', 2],
    ])
    expect(records[2].text).toContain('we and our growers')
    expect(records[0].text).not.toContain('growers')
  })
})
