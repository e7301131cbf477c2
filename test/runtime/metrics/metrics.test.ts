import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Api } from '../../api.ts'
import { eventually } from '../../eventually.ts'
import { figure, readExposition } from '../../exposition.ts'
import { inStage, type TestServer, testServer } from '../../server.ts'

const token = 'a-token-for-monitoring'

describe('GET /metrics', () => {
  let shop: TestServer
  let florist: Api

  beforeAll(async () => {
    shop = await testServer('florist/text')
    florist = await shop.as('florist')
    const fields = { bouquet: 'tulips', contact: 'anna.marker@client.example' }
    const { body: order } = await florist.post('/cases', { process: 'order', fields })
    await florist.post(`/cases/${order.id}/moves`, { to: 'arranging' })
    await florist.post('/cases/01a20ad7-4842-7c2a-8980-8c34ac1c4135/moves', { to: 'arranging' })
    await shop.answer(await shop.letterTo('anna.marker@client.example', 'May we ask'), 'I agree')
    await inStage(florist, order.id, 'arranging')
  })
  afterAll(() => shop?.stop())

  const read = async (headers: Record<string, string> = {}, url = shop.url) => {
    const answer = await fetch(`${url}/metrics`, { headers })
    return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() }
  }

  it('counts what happened: decisions, requests, jobs, letters, messages', async () => {
    const text = await eventually('the letter’s job to be counted', async () => {
      const { text } = await read()
      return figure(text, 'zgoda_letters_total', { status: 'sent' }) ? text : undefined
    })
    expect(figure(text, 'zgoda_decisions_total', { process: 'order', outcome: 'accepted' })).toBeGreaterThan(1)
    const refused = { process: 'order', outcome: 'manual-entry-forbidden' }
    expect(figure(text, 'zgoda_decisions_total', refused)).toBe(1)
    expect(figure(text, 'zgoda_group_size_count')).toBeGreaterThan(2)
    expect(figure(text, 'zgoda_group_duration_seconds_count')).toBe(figure(text, 'zgoda_group_size_count'))
    const moves = { method: 'POST', route: '/api/v1/cases/:id/moves' }
    expect(figure(text, 'zgoda_http_requests_total', { ...moves, status: '409' })).toBe(1)
    expect(figure(text, 'zgoda_http_request_duration_seconds_count', moves)).toBe(2)
    expect(figure(text, 'zgoda_jobs_total', { job: 'letters', outcome: 'done' })).toBeGreaterThan(0)
    expect(figure(text, 'zgoda_messages_total', { class: 'reply' })).toBe(1)
  })

  it('tells how the queue, the pools, the servers and the process stand', async () => {
    const { text, type } = await read()
    expect(type).toBe('text/plain; version=0.0.4; charset=utf-8')
    for (const server of ['database', 'smtp', 'imap']) expect(figure(text, 'zgoda_up', { server })).toBe(1)
    expect(figure(text, 'zgoda_db_connections', { pool: 'pool', state: 'idle' })).toBeGreaterThan(0)
    expect(figure(text, 'zgoda_queue_oldest_due_seconds')).toBeLessThan(60)
    expect(figure(text, 'process_resident_memory_bytes')).toBeGreaterThan(10_000_000)
    expect(figure(text, 'nodejs_eventloop_delay_seconds', { quantile: '0.99' })).toBeLessThan(10)
    const started = figure(text, 'process_start_time_seconds') ?? 0
    expect(Math.abs(Date.now() / 1000 - started)).toBeLessThan(3_600)
  })

  it('holds no id, no address and no path that somebody chose', async () => {
    await fetch(`${shop.url}/api/v1/cases/personal.marker`, { method: 'PUT' })
    await fetch(`${shop.url}/personal.marker`)
    await fetch(`${shop.url}/metrics`, { method: 'PROPFIND' })
    const { text } = await read()
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/)
    expect(text).not.toContain('marker')
    const methods = readExposition(text).flatMap(({ samples }) => samples.map(({ labels }) => labels.method ?? ''))
    expect(methods).not.toContain('PROPFIND')
    expect(methods).toContain('other')
  })

  it('is kept from whoever came through a proxy', async () => {
    expect((await read()).status).toBe(200)
    for (const header of ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip']) {
      const { status, text } = await read({ [header]: 'for=203.0.113.7' })
      expect([header, status]).toEqual([header, 401])
      expect(text).not.toContain('zgoda_')
    }
  })

  it('is for who shows the token, where one is set', async () => {
    const guarded = await testServer('florist/text', { metricsToken: token, url: 'https://office.example' })
    const status = async (authorization?: string) =>
      (await read(authorization ? { authorization } : {}, guarded.local)).status
    expect(await status()).toBe(401)
    expect(await status('Bearer a-token-for-monitorinG')).toBe(401)
    expect(await status(`Bearer ${token}`)).toBe(200)
    await guarded.stop()
  })

  it('is kept from everybody where there is a public address and no token', async () => {
    const open = await testServer('florist/text', { url: 'https://office.example' })
    expect((await read({}, open.local)).status).toBe(401)
    await open.stop()
  })
})
