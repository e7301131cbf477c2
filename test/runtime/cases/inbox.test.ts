import { createTransport } from 'nodemailer'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Api } from '../../api.ts'
import { eventually } from '../../eventually.ts'
import { type TestServer, testServer } from '../../server.ts'

describe('a message that belongs to no case', () => {
  let shop: TestServer
  let florist: Api
  let manager: Api

  beforeAll(async () => {
    shop = await testServer('florist/text')
    florist = await shop.as('florist')
    manager = await shop.as('manager')
  })
  afterAll(() => shop?.stop())

  async function cameIn(subject: string): Promise<string> {
    const transport = createTransport({ host: '127.0.0.1', port: shop.smtpPort, ignoreTLS: true })
    const to = shop.mailbox
    await transport.sendMail({ from: 'zofia@elsewhere.example', to, subject, text: `Words about ${subject}` })
    transport.close()
    const found = await eventually(`“${subject}” in the inbox`, async () =>
      (await florist.get('/messages')).body.items.find(
        (one: { class?: string; content?: { subject: string } }) => one.class && one.content?.subject === subject,
      ),
    )
    return found.id
  }

  async function order() {
    const client = (await florist.post('/clients', {})).body.id as string
    const id = (await florist.post('/cases', { process: 'order', client, fields: { bouquet: 'roses' } })).body
      .id as string
    return { client, id }
  }

  const inInbox = async (id: string) =>
    (await florist.get('/messages')).body.items.some((one: { id: string }) => one.id === id)
  const messagesOf = async (id: string) => (await florist.get(`/cases/${id}/letters`)).body.messages

  async function holderOf(message: string): Promise<{ client_id: string | null; sealed: Buffer } | undefined> {
    const db = new pg.Client({ connectionString: shop.databaseUrl })
    await db.connect()
    const { rows } = await db.query('select client_id, sealed from vault.messages where message_key = $1', [
      Buffer.from(message, 'hex'),
    ])
    await db.end()
    return rows[0]
  }

  it('put into a case changes nothing there, stands in its history, and lies under its client’s key', async () => {
    const message = await cameIn('Sunday')
    const { client, id } = await order()
    const before = (await florist.get(`/cases/${id}`)).body
    expect((await florist.post(`/messages/${message}/case`, { case: id })).status).toBe(204)
    expect(await inInbox(message)).toBe(false)
    expect(await messagesOf(id)).toMatchObject([
      { id: message, counted: false, byHand: true, class: 'new', content: { own: 'Words about Sunday' } },
    ])
    const after = (await florist.get(`/cases/${id}`)).body
    expect(after).toMatchObject({ stage: before.stage, fields: before.fields, consents: before.consents })
    const { items } = (await florist.get(`/cases/${id}/history`)).body
    expect(items.at(-1)).toMatchObject({ type: 'message by hand', by: 'florist' })
    expect((await holderOf(message))?.client_id).toBe(client)
  })

  it('goes with the client it was put to', async () => {
    const message = await cameIn('To be erased')
    const { client, id } = await order()
    await florist.post(`/messages/${message}/case`, { case: id })
    await manager.post(`/clients/${client}/erase`)
    expect(await holderOf(message)).toBeUndefined()
    expect((await messagesOf(id))[0]).not.toHaveProperty('content')
  })

  it('is put into one case, also where two people do it at the same moment', async () => {
    const message = await cameIn('Two at once')
    const cases = await Promise.all([order(), order(), order()])
    const answers = await Promise.all(
      cases.map(({ id }, at) => (at % 2 ? manager : florist).post(`/messages/${message}/case`, { case: id })),
    )
    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 409, 409])
    const held = await Promise.all(cases.map(async ({ id }) => (await messagesOf(id)).length))
    expect(held.toSorted()).toEqual([0, 0, 1])
    const noted = await Promise.all(
      cases.map(async ({ id }) => (await florist.get(`/cases/${id}/history`)).body.items.at(-1).type),
    )
    expect(noted.filter((type) => type === 'message by hand')).toHaveLength(1)
    const { id } = cases[0] as { id: string }
    expect((await florist.post(`/messages/${message}/case`, { case: id })).body.code).toBe('conflict')
  })

  it('is put to a client as well, and from there into a case of theirs alone', async () => {
    const message = await cameIn('For a client')
    const [mine, other] = [await order(), await order()]
    expect((await florist.post(`/messages/${message}/client`, { client: mine.client })).status).toBe(204)
    expect(await inInbox(message)).toBe(false)
    expect((await holderOf(message))?.client_id).toBe(mine.client)
    expect((await florist.post(`/messages/${message}/client`, { client: other.client })).status).toBe(409)
    expect((await florist.post(`/messages/${message}/case`, { case: other.id })).status).toBe(409)
    expect((await florist.post(`/messages/${message}/case`, { case: mine.id })).status).toBe(204)
    expect((await messagesOf(mine.id))[0]).toMatchObject({ id: message, byHand: true })
  })

  it('is moved only by those who may see the inbox and edit the case', async () => {
    const message = await cameIn('Not for all')
    const { client, id } = await order()
    const withdrawal = (await manager.post('/cases', { process: 'withdrawal', client })).body.id
    expect((await florist.post(`/messages/${message}/case`, { case: withdrawal })).status).toBe(404)
    expect((await manager.post(`/messages/${message}/case`, { case: withdrawal })).status).toBe(403)
    const person = shop.server.people
    await person.addPerson({ login: 'nobody', password: 'a-password-for-tests', roles: [] })
    const nobody = await shop.as('nobody')
    expect((await nobody.post(`/messages/${message}/case`, { case: id })).status).toBe(403)
    expect((await florist.post(`/messages/${'ab'.repeat(32)}/case`, { case: id })).status).toBe(404)
    expect((await florist.post('/messages/none/case', { case: id })).status).toBe(404)
    expect(await inInbox(message)).toBe(true)
  })
})
