import { rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TraceSettings } from '../../../runtime/config.ts'
import type { Api } from '../../api.ts'
import { eventually } from '../../eventually.ts'
import { inStage, type TestServer, testServer } from '../../server.ts'
import { parcelWorkspace } from '../webhooks/parcels.ts'
import { type Receiver, startReceiver, status } from '../webhooks/receiver.ts'
import { type Found, startCollector, type TestCollector } from './collector.ts'

const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
const callers = `00-${trace}-00f067aa0ba902b7-01`

function settings(collector: TestCollector, more: Partial<TraceSettings> = {}): TraceSettings {
  const { url } = collector
  const sampler = 'parentbased_always_on' as const
  return { url, headers: { 'api-key': 'secret' }, service: 'office', delay: 20, sampler, ratio: 1, ...more }
}

const markers = {
  name: 'Markername Zaznaczona',
  email: 'marker.email@client.example',
  contact: 'marker.contact@client.example',
  address: 'Markerstreet 7b',
  words: 'markerwords in a reply',
} as const

describe('a trace of an order', () => {
  let collector: TestCollector
  let shop: TestServer
  let florist: Api
  let order: string
  let client: string

  beforeAll(async () => {
    collector = await startCollector()
    shop = await testServer('florist/text', { traces: settings(collector) })
    florist = await shop.as('florist')
    const { name, email, contact, address, words } = markers
    client = (await florist.post('/clients', { name, email })).body.id
    const fields = { bouquet: 'tulips', contact, address }
    const made = await florist.post('/cases', { process: 'order', client, fields }, { traceparent: callers })
    order = made.body.id
    await florist.get(`/clients?q=${encodeURIComponent(name)}`)
    await florist.post(`/cases/${order}/moves`, { to: 'arranging' })
    const letter = await shop.letterTo(contact, 'May we ask')
    await shop.answer(letter, words)
    await shop.answer(letter, 'I agree')
    await inStage(florist, order, 'arranging')
  })
  afterAll(async () => {
    await shop?.stop()
    await collector?.stop()
  })

  const ours = (fits: (span: Found) => boolean) =>
    collector.span('this trace', (span) => span.traceId === trace && fits(span))
  const named = (name: string) => ours((span) => span.name === name)

  it('goes from the caller through the request and the decision to the letter’s job and its sending', async () => {
    const request = await named('POST /api/v1/cases')
    expect(request).toMatchObject({ kind: 2, parentSpanId: '00f067aa0ba902b7', failed: false })
    expect(request.attributes).toEqual({
      'http.request.method': 'POST',
      'http.route': '/api/v1/cases',
      'http.response.status_code': 201,
      'url.scheme': 'http',
    })
    const decision = await named('decide start')
    expect(decision).toMatchObject({ kind: 1, parentSpanId: request.spanId })
    expect(decision.attributes).toEqual({
      'zgoda.event': 'start',
      'zgoda.process': 'order',
      'zgoda.outcome': 'accepted',
    })
    const job = await named('process letters')
    expect(job).toMatchObject({ kind: 5, parentSpanId: decision.spanId })
    expect(job.attributes).toMatchObject({
      'messaging.destination.name': 'letters',
      'zgoda.job.tries': 1,
      'zgoda.outcome': 'done',
    })
    const sending = await named('send letter')
    expect(sending).toMatchObject({ kind: 3, parentSpanId: job.spanId, failed: false })
    expect(sending.attributes).toMatchObject({
      'network.protocol.name': 'smtp',
      'server.address': '127.0.0.1',
      'zgoda.letter': 'ask_consent',
    })
    for (const { from, to } of [request, decision, job, sending]) expect(to).toBeGreaterThan(from)
    expect(decision.from).toBeGreaterThanOrEqual(request.from)
    expect(Math.abs(Number(request.from / 1_000_000n) - Date.now())).toBeLessThan(600_000)
  })

  it('is linked with the group that its decision was stored in, and that with it', async () => {
    const decision = await named('decide start')
    const group = await collector.span('the group', ({ links }) =>
      links.some(({ spanId }) => spanId === decision.spanId),
    )
    expect(group).toMatchObject({ name: 'decide group', attributes: { 'zgoda.group.size': 1 } })
    expect(group.traceId).not.toBe(trace)
    expect(group.parentSpanId).toBeUndefined()
    expect(decision.links).toContainEqual({ traceId: group.traceId, spanId: group.spanId })
  })

  it('begins anew with a message that comes in, and goes on to what it decides', async () => {
    const client = await collector.span('the consent', ({ name }) => name === 'decide for client')
    const decision = await collector.span('the reply', ({ spanId }) => spanId === client.parentSpanId)
    expect(decision.name).toBe('decide reply')
    const job = await collector.span('its job', ({ spanId }) => spanId === decision.parentSpanId)
    expect(job.name).toBe('process messages')
    const intake = await collector.span('its intake', ({ spanId }) => spanId === job.parentSpanId)
    expect(intake).toMatchObject({ name: 'receive message', kind: 5 })
    expect(intake.parentSpanId).toBeUndefined()
    expect(new Set([decision, job, intake].map(({ traceId }) => traceId)).size).toBe(1)
  })

  it('tells of a refusal by its code', async () => {
    const move = await collector.span('the move', ({ name }) => name === 'decide move')
    expect(move.attributes['zgoda.outcome']).toBe('manual-entry-forbidden')
    const request = await collector.span('its request', ({ spanId }) => spanId === move.parentSpanId)
    expect(request).toMatchObject({ name: 'POST /api/v1/cases/:id/moves', failed: false })
    expect(request.attributes['http.response.status_code']).toBe(409)
  })

  it('holds nothing personal: no value, no query, no id of anyone or of a case, no address', async () => {
    await fetch(`${shop.url}/portal/l/markersecret`)
    await fetch(`${shop.url}/markerpath?q=markerquery`, { method: 'PUT', headers: { 'user-agent': 'markeragent' } })
    await collector.span('the last request', ({ name }) => name === 'HTTP' || name === 'GET /portal/l/:token')
    const all = collector.bodies.join('\n')
    for (const marker of [...Object.values(markers), client, order]) expect(all).not.toContain(marker)
    expect(all).not.toMatch(/marker/i)
    const instance = String(collector.resource()['service.instance.id'])
    expect(all.replaceAll(instance, '')).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/)
  })

  it('comes with who sends it and the headers that the settings give, and is counted', async () => {
    expect(collector.resource()).toMatchObject({ 'service.name': 'office', 'service.version': expect.any(String) })
    expect(collector.headers[0]).toMatchObject({ 'api-key': 'secret', 'content-type': 'application/json' })
    const text = await (await fetch(`${shop.local}/metrics`)).text()
    expect(text).toMatch(/zgoda_spans_total\{outcome="sent"\} [1-9]/)
    expect(text).not.toContain('outcome="dropped"')
  })

  it('is not left by probes and assets', async () => {
    for (const path of ['/healthz', '/readyz', '/metrics', '/favicon.ico']) await fetch(`${shop.url}${path}`)
    await florist.get('/processes')
    await collector.span('a later request', ({ name }) => name === 'GET /api/v1/processes')
    for (const { attributes } of collector.spans()) {
      expect(String(attributes['http.route'])).not.toMatch(/healthz|readyz|metrics|assets|favicon/)
    }
  })

  it('is not recorded where whoever called does not record theirs, and that goes on to the jobs', async () => {
    const unwatched = 'a'.repeat(32)
    const headers = { traceparent: `00-${unwatched}-00f067aa0ba902b7-00` }
    const contact = 'unwatched@client.example'
    const begin = (more: Record<string, string>) =>
      florist.post('/cases', { process: 'order', fields: { bouquet: 'roses', contact } }, more)
    await begin(headers)
    await shop.letterTo(contact, 'May we ask')
    const watched = 'b'.repeat(32)
    await begin({ traceparent: `00-${watched}-00f067aa0ba902b7-01` })
    await collector.span('a later letter', ({ traceId, name }) => traceId === watched && name === 'process letters')
    expect(collector.bodies.join('')).not.toContain(unwatched)
  })
})

describe('a collector that does not answer', () => {
  it.each([
    ['is away', () => undefined],
    ['hangs', (port: number) => createServer(() => undefined).listen(port, '127.0.0.1')],
  ])('and %s changes nothing: requests and letters go on, and the stop is soon', async (_how, listen) => {
    const collector = await startCollector()
    await collector.stop()
    const hanging = listen(Number(new URL(collector.url).port))
    const shop = await testServer('florist/text', { traces: settings(collector) })
    const florist = await shop.as('florist')
    const contact = 'anna@client.example'
    const { status } = await florist.post('/cases', { process: 'order', fields: { bouquet: 'tulips', contact } })
    expect(status).toBe(201)
    await shop.letterTo(contact, 'May we ask')
    const before = performance.now()
    await shop.stop()
    expect(performance.now() - before).toBeLessThan(15_000)
    expect(shop.logged.join('\n')).not.toContain('secret')
    hanging?.closeAllConnections()
    hanging?.close()
  })
})

describe('a trace of a call', () => {
  let collector: TestCollector
  let courier: Receiver
  let folder: string
  let office: TestServer

  beforeAll(async () => {
    collector = await startCollector()
    courier = await startReceiver()
    folder = await parcelWorkspace(`${courier.url}?token=markertoken`)
    const calls = { allow: new Set([courier.place]), secret: () => 'a-secret-for-the-courier', patience: 500 }
    office = await testServer(folder, { calls, traces: settings(collector) })
  })
  afterAll(async () => {
    await office?.stop()
    await courier?.stop()
    await collector?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it('goes on into the system that is called, and says how that answered', async () => {
    courier.next(status(503))
    const clerk = await office.as('clerk')
    const id = (await clerk.post('/cases', { process: 'parcel', fields: { address: 'a street', price: '12.5' } })).body
      .id
    await clerk.post(`/cases/${id}/moves`, { to: 'handed' }, { traceparent: callers })
    const call = await collector.span('the call', ({ kind, name }) => kind === 3 && name === 'POST')
    const { headers } = await eventually('the call to come', async () => courier.received[0])
    expect(headers.traceparent).toBe(`00-${trace}-${call.spanId}-01`)
    expect(call).toMatchObject({ traceId: trace, failed: true })
    expect(call.attributes).toEqual({
      'http.request.method': 'POST',
      'http.response.status_code': 503,
      'server.address': '127.0.0.1',
      'server.port': Number(courier.place.split(':')[1]),
      'zgoda.webhook': 'courier',
      'error.type': '503',
    })
    const job = await collector.span('its job', ({ spanId }) => spanId === call.parentSpanId)
    expect(job).toMatchObject({ name: 'process call', failed: true, attributes: { 'zgoda.outcome': 'waits' } })
    expect(collector.bodies.join('')).not.toContain('marker')
  })
})
