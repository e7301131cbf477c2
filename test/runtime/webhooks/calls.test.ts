import { createHmac } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer, Api } from '../../api.ts'
import { eventually } from '../../eventually.ts'
import { type TestServer, testServer } from '../../server.ts'
import { hurry, query } from './hurry.ts'
import { parcelWorkspace } from './parcels.ts'
import { type Received, type Receiver, silence, startReceiver, status } from './receiver.ts'

const secret = 'a-secret-for-the-courier'

describe('a webhook that a case calls', () => {
  let courier: Receiver
  let folder: string
  let office: TestServer
  let clerk: Api

  beforeAll(async () => {
    courier = await startReceiver()
    folder = await parcelWorkspace(courier.url)
    const calls = { allow: new Set([courier.place]), secret: () => secret, patience: 500 }
    office = await testServer(folder, { calls })
    clerk = await office.as('clerk')
  })
  afterAll(async () => {
    await office?.stop()
    await courier?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  async function parcel(fields: object = { address: 'marker-street 7', price: '12.5' }): Promise<string> {
    return (await clerk.post('/cases', { process: 'parcel', fields })).body.id
  }

  async function handed(fields?: object): Promise<string> {
    const id = await parcel(fields)
    expect((await clerk.post(`/cases/${id}/moves`, { to: 'handed' })).status).toBe(200)
    return id
  }

  const of = (id: string): Received[] => courier.received.filter(({ body }) => body.includes(id))

  const settled = (id: string, state: string) =>
    eventually(`the call of ${id} to be ${state}`, async () => {
      const [row] = await query(office.databaseUrl, 'select * from calls where case_id = $1', [id])
      return row?.status === state && row
    })

  const incidentOf = (id: string) =>
    eventually(`an incident of ${id}`, async () => (await clerk.get(`/incidents?case=${id}`)).body.items[0])

  it('gets the values of the action, though they are erased right after, and nothing is kept once it took them', async () => {
    const id = await handed()
    await settled(id, 'done')
    const [{ headers, body }] = of(id) as [Received]
    const sent = JSON.parse(body)
    expect(sent).toEqual({
      id: headers['zgoda-delivery'],
      event: 'call',
      webhook: 'courier',
      case: { id, number: expect.any(String), process: 'parcel', stage: 'handed' },
      at: expect.stringMatching(/^\d{4}-.*Z$/),
      fields: { address: 'marker-street 7', price: '12.50' },
    })
    expect(headers['idempotency-key']).toBe(sent.id)
    expect(headers['content-type']).toBe('application/json')
    expect(await query(office.databaseUrl, 'select * from vault.calls where case_id = $1', [id])).toEqual([])
  })

  it('gets the trace of the request that set the call off', async () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
    const id = await parcel()
    const traceparent = `00-${trace}-00f067aa0ba902b7-01`
    expect((await clerk.post(`/cases/${id}/moves`, { to: 'handed' }, { traceparent })).status).toBe(200)
    await settled(id, 'done')
    const [{ headers }] = of(id) as [Received]
    expect(headers.traceparent).toMatch(new RegExp(`^00-${trace}-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$`))
  })

  it('can tell by the signature who calls', async () => {
    const id = await handed()
    await settled(id, 'done')
    const [{ headers, body }] = of(id) as [Received]
    const [, t, v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['zgoda-signature'])) ?? []
    expect(v1).toBe(createHmac('sha256', secret).update(`${t}.${body}`).digest('hex'))
    expect(Math.abs(Number(t) - Date.now() / 1000)).toBeLessThan(60)
  })

  it('is called again after 500 and after silence, under one delivery id, until it takes the call', async () => {
    courier.next(status(500), silence)
    const id = await handed()
    for (const tries of [1, 2]) {
      await eventually(`try ${tries} to have failed`, async () => of(id).length === tries)
      await eventually('it to wait', async () => {
        await hurry(office.databaseUrl)
        return of(id).length > tries
      })
    }
    await settled(id, 'done')
    expect(of(id)).toHaveLength(3)
    expect(new Set(of(id).map(({ headers }) => headers['zgoda-delivery'])).size).toBe(1)
    expect((await clerk.get(`/incidents?case=${id}`)).body.items).toEqual([])
  })

  it.each([
    [410, /answered 410/],
    [400, /answered 400/],
    [302, /answered 302, a redirect: none is followed/],
  ])('makes an incident at once when it answers %s, and keeps what was said for another try', async (code, why) => {
    courier.next(status(code, { location: courier.url }))
    const id = await handed()
    const incident = await incidentOf(id)
    expect(incident).toMatchObject({ kind: 'call', tries: 1, state: 'open', case: { id, process: 'parcel' } })
    expect(incident.because).toMatch(why)
    expect(of(id)).toHaveLength(1)
    expect((await clerk.post(`/incidents/${incident.id}/retry`)).body.state).toBe('retried')
    await settled(id, 'done')
    expect(of(id).map(({ body }) => JSON.parse(body).fields.address)).toEqual(['marker-street 7', 'marker-street 7'])
  })

  it('makes an incident after its last try', async () => {
    courier.next(status(503), status(503))
    const id = await handed()
    await eventually('the first try', async () => of(id).length === 1)
    await eventually('the job to wait', async () => {
      await hurry(office.databaseUrl, 11)
      return of(id).length === 2
    })
    expect(await incidentOf(id)).toMatchObject({ because: 'the webhook `courier` answered 503', tries: 12 })
  })

  it('is left alone for as long as it asks, within bounds', async () => {
    courier.next(status(429, { 'retry-after': '3600' }))
    const id = await handed()
    const waits = async () =>
      (
        await query(
          office.databaseUrl,
          `select extract(epoch from run_at - now()) as seconds from graphile_worker.jobs where key like $1 and locked_at is null`,
          [`call ${id}%`],
        )
      )[0]?.seconds
    const seconds = await eventually('the job to wait for long', async () => {
      const found = Number(await waits())
      return found > 60 && found
    })
    expect(seconds).toBeGreaterThan(3500)
    expect(seconds).toBeLessThan(3601)
    await hurry(office.databaseUrl)
    await settled(id, 'done')
  })

  /** A parcel whose client has given their number, and what lets them decide anew. */
  async function withMobile(): Promise<{ id: string; decide: (decision: string) => Promise<Answer> }> {
    const id = await parcel({ price: '1' })
    const client = (await clerk.get(`/cases/${id}`)).body.client.id
    const decide = (decision: string) =>
      clerk.post(`/clients/${client}/consents`, { purpose: 'tracking', decision, evidence: { channel: 'paper' } })
    await decide('given')
    expect((await clerk.patch(`/cases/${id}/fields`, { mobile: 'marker-mobile' })).status).toBe(200)
    return { id, decide }
  }

  it('is told no value that is out of reach when it takes the call, though it was in reach at the action', async () => {
    const { id, decide } = await withMobile()
    courier.next(status(500))
    await clerk.post(`/cases/${id}/moves`, { to: 'asked' })
    await eventually('the first try', async () => of(id).length === 1)
    await decide('withdrawn')
    await eventually('the second', async () => {
      await hurry(office.databaseUrl)
      return of(id).length === 2
    })
    expect(of(id).map(({ body }) => JSON.parse(body).fields)).toEqual([
      { mobile: 'marker-mobile', price: '1.00' },
      { price: '1.00' },
    ])
  })

  it('is not called where the consent was withdrawn before it took the call', async () => {
    const { id, decide } = await withMobile()
    courier.next(status(500))
    await clerk.post(`/cases/${id}/moves`, { to: 'followed' })
    await eventually('the first try', async () => of(id).length === 1)
    expect((await decide('withdrawn')).status).toBe(201)
    await eventually('the job to run again', async () => {
      await hurry(office.databaseUrl)
      return (await query(office.databaseUrl, "select 1 from calls where case_id = $1 and status = 'skipped'", [id]))[0]
    })
    expect(await settled(id, 'skipped')).toMatchObject({ because: 'there is no valid consent to `tracking`' })
    expect(of(id)).toHaveLength(1)
    expect(await query(office.databaseUrl, 'select * from vault.calls where case_id = $1', [id])).toEqual([])
  })

  it('is not called any more for a client who was erased', async () => {
    courier.next(status(500))
    const id = await handed()
    await eventually('the first try', async () => of(id).length === 1)
    const client = (await clerk.get(`/cases/${id}`)).body.client.id
    expect((await clerk.post(`/clients/${client}/erase`)).status).toBe(200)
    expect(await settled(id, 'skipped')).toMatchObject({ because: 'the client was erased before it went out' })
    expect(await query(office.databaseUrl, 'select * from vault.calls where case_id = $1', [id])).toEqual([])
  })

  it('leaves no value in jobs, incidents or the log', async () => {
    courier.next(status(410))
    const id = await handed({ address: 'marker-nowhere 1' })
    await incidentOf(id)
    const tables = ['calls', 'incidents', 'notices', 'history', 'graphile_worker._private_jobs', 'vault.calls']
    for (const table of tables) {
      const rows = await query(office.databaseUrl, `select t::text from ${table} t`)
      expect(JSON.stringify(rows)).not.toContain('marker-')
    }
    expect(office.logged.join('\n')).not.toMatch(/marker-|a-secret-for/)
  })
})
