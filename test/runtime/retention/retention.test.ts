import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Api } from '../../api.ts'
import { type TestDatabase, testDatabase } from '../../database.ts'
import { query } from '../../database-query.ts'
import { eventually } from '../../eventually.ts'
import { inStage, type TestServer, testServer } from '../../server.ts'

const day = 86_400_000

describe('what is kept no longer than its purposes say (GDPR Art. 5(1)(e))', () => {
  let database: TestDatabase
  let shop: TestServer
  let florist: Api
  let manager: Api
  let now = Date.parse('2026-06-01T09:00:00Z')
  const clock = { now: () => new Date(now).toISOString() }

  beforeAll(async () => {
    database = await testDatabase()
    shop = await testServer({ text: workspace }, { databaseUrl: database.url, clock })
    await signIn()
  })
  afterAll(async () => {
    await shop?.stop()
    await database?.close()
  })

  const signIn = async () => {
    florist = await shop.as('florist')
    manager = await shop.as('manager')
  }
  /** Sessions have ended by then. */
  const daysPass = async (days: number) => {
    now += days * day
    await signIn()
  }

  const sql = (text: string, values: unknown[] = []) => query(database.url, text, values)
  const fieldsOf = async (id: string): Promise<string[]> =>
    (await sql('select field from vault.values where case_id = $1 order by field', [id])).map(({ field }) =>
      String(field),
    )
  /** Lets the sweep run, as it does every five minutes. */
  const sweep = () => sql("select graphile_worker.add_job('retention')")
  const comes = (what: string, look: () => Promise<boolean>) => eventually(what, look)
  const same = async (id: string, fields: readonly string[]) => (await fieldsOf(id)).join() === fields.join()

  /** An order with all its fields filled in, for a client who consented to both extras. */
  async function order(name: string): Promise<{ id: string; client: string }> {
    const client = (await manager.post('/clients', { name })).body.id
    for (const purpose of ['allergies', 'offers']) {
      const evidence = { channel: 'paper', note: 'form 7' }
      const given = await manager.post(`/clients/${client}/consents`, { purpose, decision: 'given', evidence })
      expect(given.status).toBe(201)
    }
    const fields = { bouquet: 'tulips', address: 'Polna 1', allergy: 'lilies', taste: 'blue' }
    const { status, body } = await florist.post('/cases', { process: 'order', client, fields })
    expect(status, JSON.stringify(body)).toBe(201)
    await comes('all is filled in', () => same(body.id, ['address', 'allergy', 'taste']))
    return { id: body.id, client }
  }

  async function end(id: string): Promise<void> {
    expect((await florist.post(`/cases/${id}/moves`, { to: 'delivered' })).status).toBe(200)
    await inStage(florist, id, 'delivered')
  }

  it('goes as the case ends where it is kept until the end, within seconds', async () => {
    const { id } = await order('Ended')
    await end(id)
    await comes('the allergies to go', () => same(id, ['address', 'taste']))
    const { body } = await florist.get(`/cases/${id}/history`)
    expect(body.items.at(-1)).toMatchObject({
      type: 'erase',
      by: 'system',
      fields: ['allergy'],
      because: 'the time that its purposes allow is over',
    })
  })

  it('goes days after the end, and counts from the consent where the purpose says so', async () => {
    const { id } = await order('Later')
    const draft = { subject: 'About it', body: 'We', files: [], key: 'a' }
    expect((await florist.post(`/cases/${id}/draft`, draft)).status).toBeLessThan(300)
    const file = { name: 'notes.txt', content: Buffer.from('notes').toString('base64') }
    expect((await florist.post(`/cases/${id}/files`, file)).status).toBe(201)
    await end(id)
    await comes('the allergies to go', () => same(id, ['address', 'taste']))
    await daysPass(89)
    await sweep()
    await comes(
      'the sweep',
      async () =>
        (await sql("select 1 from graphile_worker.jobs where task_identifier = 'retention' and run_at <= now()"))
          .length === 0,
    )
    expect(await fieldsOf(id)).toEqual(['address', 'taste'])
    await daysPass(2)
    await sweep()
    await comes('the address to go', () => same(id, ['taste']))
    await daysPass(365)
    await sweep()
    await comes('the taste to go', () => same(id, []))
    expect(await sql('select due_at from cases where case_id = $1', [id])).toEqual([{ due_at: null }])
    for (const table of ['letters', 'drafts', 'uploads', 'documents'])
      expect(await sql(`select 1 from vault.${table} where case_id = $1`, [id]), table).toEqual([])
  })

  it('goes from an open case too where it counts from the consent', async () => {
    const { id } = await order('Open')
    await daysPass(366)
    await sweep()
    await comes('the taste to go', () => same(id, ['address', 'allergy']))
    expect((await florist.get(`/cases/${id}`)).body.stage.name).toBe('waiting')
  })

  it('tells what goes when and what went, to those who may erase in the process', async () => {
    const { id } = await order('Told')
    await end(id)
    await comes('the allergies to go', () => same(id, ['address', 'taste']))
    const { body } = await manager.get('/retention?days=100')
    const due = body.items.find((one: { case: string }) => one.case === id)
    expect(due).toMatchObject({ process: 'order', fields: ['address'], fewer: [], letters: false })
    expect(Date.parse(due.due) - now).toBe(90 * day)
    expect((await manager.get('/retention?days=80')).body.items.map((one: { case: string }) => one.case)).not.toContain(
      id,
    )
    const went = await eventually('the report', async () => {
      const { items } = (await manager.get('/retention/done')).body
      return items.find((one: { case: string }) => one.case === id)
    })
    expect(went).toMatchObject({ process: 'order', fields: ['allergy'] })
    expect((await florist.get('/retention')).status).toBe(403)
  })

  describe('under a legal hold', () => {
    const hold = async (client: string, more: object = {}) => {
      const until = new Date(now + 200 * day).toISOString()
      const { status, body } = await manager.post(`/clients/${client}/holds`, { because: 'Claim 7/26', until, ...more })
      expect(status, JSON.stringify(body)).toBe(201)
      return body
    }

    it('stays, out of everybody’s reach, and goes once the hold has ended', async () => {
      const { id, client } = await order('Held')
      const { because, stands } = await hold(client)
      expect({ because, stands }).toEqual({ because: 'Claim 7/26', stands: true })
      await manager.post(`/clients/${client}/consents`, { purpose: 'allergies', decision: 'withdrawn' })
      expect(Object.keys((await florist.get(`/cases/${id}`)).body.fields)).not.toContain('allergy')
      expect(await sql("select purposes from vault.values where case_id = $1 and field = 'allergy'", [id])).toEqual([
        { purposes: [] },
      ])
      await end(id)
      await daysPass(100)
      await sweep()
      await daysPass(101)
      await sweep()
      await comes('all but the taste to go', () => same(id, ['taste']))
    })

    it('can’t be erased, whoever asks, until it is lifted; and then goes at once', async () => {
      const { id, client } = await order('Lifted')
      const { id: holdId } = await hold(client)
      const refused = await manager.post(`/clients/${client}/erase`)
      expect(refused.status).toBe(409)
      expect(refused.body).toMatchObject({
        code: 'legal-hold',
        because: expect.stringMatching(/legal hold.*until 20\d\d/),
      })
      await manager.post(`/clients/${client}/consents`, { purpose: 'allergies', decision: 'withdrawn' })
      expect(await fieldsOf(id)).toContain('allergy')
      expect((await manager.delete(`/clients/${client}/holds/${holdId}`)).status).toBe(204)
      await sweep()
      await comes('the allergies to go', () => same(id, ['address', 'taste']))
      const { body } = await manager.get(`/clients/${client}/holds`)
      expect(body.items).toMatchObject([{ stands: false, lifted: { by: expect.any(String) } }])
      expect((await manager.post(`/clients/${client}/erase`)).status).toBe(200)
    })

    it('is for those who may erase, has a reason and an end, and is of this client’s case', async () => {
      const { client } = await order('Refused')
      const other = await order('Other')
      const until = new Date(now + day).toISOString()
      expect((await florist.post(`/clients/${client}/holds`, { because: 'x', until })).status).toBe(403)
      for (const wrong of [
        { because: ' ', until },
        { because: 'x', until: '2020-01-01' },
        { because: 'x', until: '2027-02-30' },
        { because: 'x', until, case: other.id },
      ])
        expect((await manager.post(`/clients/${client}/holds`, wrong)).status).toBe(422)
      expect((await manager.post(`/clients/${crypto.randomUUID()}/holds`, { because: 'x', until })).status).toBe(404)
    })
  })
})

const workspace = `company "Flowers" { address "1 Street"  email "privacy@flowers.example" }
role florist "Florist" { clients: see, edit }
role manager "Manager" { clients: see, edit, erase }
purpose delivery "Deliver" { basis contract  text "We bring the flowers."  keep 90 days after end }
purpose allergies "Safe flowers" { basis explicit consent  text "We pick safe flowers."  keep until end }
purpose offers "Offers" { basis consent  text "We send you offers."  keep 1 year after given }
form order_form "Order" { starts order  ask bouquet  ask consent to allergies  ask allergy when consent to allergies  ask consent to offers }
process order "Order" {
  show in portal
  access florist: see, move, edit
  access manager: see, move, edit, erase
  field bouquet "Bouquet" choice (roses, tulips)
  field address "Address" text personal for delivery
  field allergy "Allergies" text personal for allergies, special
  field taste "Taste" text personal for offers
  stage waiting "Waiting" {
    edit bouquet, address, allergy, taste
    when consent to allergies is withdrawn { notify manager "withdrawn" }
    when consent to offers is withdrawn { notify manager "withdrawn" }
    move to delivered
  }
  final stage delivered "Delivered" success { show address, allergy, taste, bouquet }
}
process withdrawal "Withdraw" {
  show in portal
  access manager: see, move
  stage received "Received" { move to done }
  final stage done "Done" success
}
`
