import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Api, signIn } from '../api.ts'
import { type ChildServer, startChild } from '../child-server.ts'
import { type TestDatabase, testDatabase } from '../database.ts'
import { eventually } from '../eventually.ts'
import { type MailWorld, mailWorld } from '../mail-world.ts'
import { inStage, type SandboxLetter } from '../server.ts'

const login = { ZGODA_ADMIN_LOGIN: 'admin', ZGODA_ADMIN_PASSWORD: 'a-password-for-tests' }

describe('a server killed with -9 between any two steps', () => {
  let database: TestDatabase
  let mail: MailWorld
  let child: ChildServer
  let env: Record<string, string>

  beforeAll(async () => {
    database = await testDatabase()
    mail = await mailWorld('privacy@flowers.example')
    await Promise.all([mail.smtp.open(), mail.imap.open()])
    env = {
      ...login,
      ZGODA_DATABASE_URL: database.url,
      ZGODA_MASTER_KEY: 'd'.repeat(64),
      ...mail.settings,
    }
    child = await startChild('examples/florist/text', env)
  })
  afterAll(async () => {
    await child?.kill()
    await mail?.close()
    await database?.close()
  })

  async function again(): Promise<Api> {
    await child.kill()
    child = await startChild('examples/florist/text', env)
    return signIn(child.url, 'admin', login.ZGODA_ADMIN_PASSWORD)
  }

  function letterTo(address: string, subject: string): Promise<SandboxLetter> {
    return eventually(`a letter about “${subject}”`, async () =>
      (await mail.letters(address)).find((letter) => letter.subject.includes(subject)),
    )
  }

  it('goes on where it was: the flow completes, each letter once', async () => {
    const address = 'steps@client.example'
    let api = await signIn(child.url, 'admin', login.ZGODA_ADMIN_PASSWORD)
    const client = (await api.post('/clients', { email: address })).body.id
    api = await again()
    const { body: order } = await api.post('/cases', {
      process: 'order',
      client,
      fields: { bouquet: 'tulips', address: 'Main St 1' },
    })
    api = await again()
    const question = await letterTo(address, 'May we ask')
    api = await again()
    await mail.answer(question, 'I agree')
    api = await again()
    await inStage(api, order.id, 'arranging')
    api = await again()
    await api.patch(`/cases/${order.id}/fields`, { price: '40.00', paid: true })
    api = await again()
    expect((await api.post(`/cases/${order.id}/moves`, { to: 'delivered' })).status).toBe(200)
    api = await again()
    await letterTo(address, 'Your flowers have arrived')
    api = await again()
    expect((await api.get(`/cases/${order.id}`)).body).toMatchObject({ ended: 'success' })
    expect((await mail.letters(address)).map(({ subject }) => subject)).toHaveLength(2)
    const { body: consents } = await api.get(`/clients/${client}/consents`)
    expect(consents.records).toHaveLength(1)
  })

  it('loses no reply and takes none twice, whenever in its taking the kill falls', async () => {
    let api = await again()
    const orders: { id: string; address: string; client: string }[] = []
    for (let round = 0; round < 6; round++) {
      const address = `round${round}@client.example`
      const client = (await api.post('/clients', { email: address })).body.id
      const { body: order } = await api.post('/cases', { process: 'order', client, fields: { bouquet: 'roses' } })
      orders.push({ id: order.id, address, client })
      const question = await letterTo(address, 'May we ask')
      await mail.answer(question, 'I agree')
      await pause(round * 12)
      api = await again()
    }
    for (const { id, client } of orders) {
      await inStage(api, id, 'arranging')
      const { body } = await api.get(`/clients/${client}/consents`)
      expect(body.records).toHaveLength(1)
      const { body: history } = await api.get(`/cases/${id}/history`)
      expect(history.items.filter(({ type }: { type: string }) => type === 'reply')).toHaveLength(1)
    }
  })

  it('sends a letter twice only under one Message-ID, where the kill fell between the mail server’s answer and its record', async () => {
    let api = await again()
    const addresses = Array.from({ length: 8 }, (_, round) => `letter${round}@client.example`)
    for (const [round, email] of addresses.entries()) {
      const client = (await api.post('/clients', { email })).body.id
      await api.post('/cases', { process: 'order', client, fields: { bouquet: 'roses' } })
      await pause(round * 15)
      api = await again()
    }
    for (const address of addresses) {
      await letterTo(address, 'May we ask')
      const ids = new Set((await mail.letters(address)).map(({ headers }) => headers['message-id']))
      expect(ids.size).toBe(1)
    }
    await eventually('every letter to be recorded as sent', async () => {
      const client = new pg.Client({ connectionString: database.url })
      await client.connect()
      const { rows } = await client.query("select count(*) as n from letters where status = 'waiting'")
      await client.end()
      return rows[0].n === '0'
    })
  })
})
