import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openOffice, type Visitor } from './office.ts'

describe('the API', () => {
  let office: Awaited<ReturnType<typeof openOffice>>
  let ewa: Visitor

  beforeAll(async () => {
    office = await openOffice()
  })
  afterAll(() => office.close())
  beforeEach(async () => {
    office.calls.length = 0
    ewa = await office.visitor().signIn()
  })

  const newCase = async (fields: object = {}) => {
    const answer = await ewa.api('POST', '/cases', { process: 'order', fields })
    return answer.body as { id: string }
  }

  describe('signing in', () => {
    it('answers 204 and a cookie that scripts and other sites do not get', async () => {
      const answer = await office.visitor().api('POST', '/sessions', { login: 'ewa', password: 'tulips in may' })
      expect(answer.status).toBe(204)
      expect(answer.headers.get('set-cookie')).toMatch(/^zgoda_session=[^;]+; path=\/; samesite=lax; httponly$/i)
    })

    it('answers 401 as a problem that names no reason more than needed', async () => {
      const answer = await office.visitor().api('POST', '/sessions', { login: 'ewa', password: 'wrong' })
      expect(answer.status).toBe(401)
      expect(answer.headers.get('content-type')).toBe('application/problem+json')
      expect(answer.body).toMatchObject({
        status: 401,
        code: 'wrong-credentials',
        type: 'urn:zgoda:problem:wrong-credentials',
      })
    })

    it('passes the caller’s address on for the limits', async () => {
      expect(office.calls.find(({ name }) => name === 'signIn')?.what).toMatchObject({ from: '127.0.0.1' })
    })

    it('ends the session that the browser had before, and at sign-out the present one', async () => {
      const before = new Map(ewa.cookies)
      await ewa.signIn()
      const old = office.visitor()
      for (const [name, value] of before) old.cookies.set(name, value)
      expect((await old.api('GET', '/sessions')).status).toBe(401)
      expect((await ewa.api('GET', '/sessions')).body).toMatchObject({ person: { login: 'ewa' } })
      const cookies = new Map(ewa.cookies)
      expect((await ewa.api('DELETE', '/sessions')).status).toBe(204)
      expect(ewa.cookies.size).toBe(0)
      for (const [name, value] of cookies) ewa.cookies.set(name, value)
      expect((await ewa.api('GET', '/sessions')).status).toBe(401)
    })

    it('is asked for by every call but the probes and the description', async () => {
      const stranger = office.visitor()
      const description = (await stranger.api('GET', '/openapi.json')).body
      const id = randomUUID()
      let asked = 0
      for (const [path, operations] of Object.entries<Record<string, { security: unknown[] }>>(description.paths)) {
        for (const [method, { security }] of Object.entries(operations)) {
          if (security.length === 0) continue
          const answer = await stranger.api(method.toUpperCase(), path.replace('{id}', id).replace('{name}', 'order'))
          expect([path, answer.status]).toEqual([path, 401])
          asked += 1
        }
      }
      expect(asked).toBeGreaterThan(20)
    })

    it('takes a bearer token in place of the cookie', async () => {
      const token = [...ewa.cookies.values()][0]
      const answer = await office.visitor().api('GET', '/processes', undefined, { authorization: `Bearer ${token}` })
      expect(answer.body.items.map((process: { name: string }) => process.name)).toEqual(['order', 'withdrawal'])
    })
  })

  describe('a forged request', () => {
    const foreign = { origin: 'https://evil.example' }

    it('is refused when the browser says that another site sent it', async () => {
      const { id } = await newCase()
      for (const headers of [
        foreign,
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
        { origin: 'null' },
      ]) {
        const answer = await ewa.api('POST', `/cases/${id}/moves`, { to: 'cancelled' }, headers)
        expect([answer.status, answer.body.code]).toEqual([403, 'forged-request'])
      }
      expect(office.cases.get(id)?.stage).toBe('waiting')
    })

    it('is refused as a form, which any site could send', async () => {
      for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x']) {
        const answer = await ewa.fetch('/api/v1/clients', {
          method: 'POST',
          headers: { 'content-type': type },
          body: '{}',
        })
        expect(answer.status).toBe(403)
      }
    })

    it('is refused with a wrong token; our own page’s token and a plain API client pass', async () => {
      const { csrf } = (await ewa.api('GET', '/sessions')).body
      expect((await ewa.api('POST', '/clients', {}, { 'x-csrf-token': 'wrong' })).status).toBe(403)
      const own = { 'x-csrf-token': csrf, origin: 'http://office.example', 'sec-fetch-site': 'same-origin' }
      expect((await ewa.api('POST', '/clients', {}, own)).status).toBe(201)
      expect((await ewa.api('POST', '/clients', {})).status).toBe(201)
      expect((await ewa.api('POST', '/clients')).status).toBe(201)
    })

    it('can not sign a visitor in either', async () => {
      const answer = await office
        .visitor()
        .api('POST', '/sessions', { login: 'ewa', password: 'tulips in may' }, foreign)
      expect(answer.status).toBe(403)
    })
  })

  describe('a body', () => {
    it.each([
      ['/clients', { colour: 'red' }, /unknown property `colour`: expected `name`, `email`, `phone`/],
      ['/clients', { name: 7 }, /`name` must be a string/],
      ['/clients', { name: 'x'.repeat(201) }, /`name` must have at most 200 characters/],
      ['/clients', [], /The body must be an object/],
      ['/clients', '{"name":', /not valid JSON/],
      ['/cases', {}, /The body lacks `process`/],
      ['/cases', { process: 'order', client: 'anna' }, /`client` must look like/],
      ['/cases', { process: 'order', fields: { price: { amount: 1 } } }, /`fields.price` must be/],
      ['/cases', { process: 'order', fields: [] }, /`fields` must be an object/],
    ])('%s %j is refused in plain words', async (path, body, words) => {
      const answer = await ewa.api('POST', path, body)
      expect([answer.status, answer.body.code]).toEqual([400, 'invalid-body'])
      expect(answer.body.detail).toMatch(words)
    })

    it('of more than a mebibyte is refused, declared or not', async () => {
      const big = JSON.stringify({ name: 'x'.repeat(1024 * 1024) })
      expect((await ewa.api('POST', '/clients', big)).status).toBe(413)
      const stream = new Blob([big]).stream()
      const init = { method: 'POST', body: stream, duplex: 'half', headers: { 'content-type': 'application/json' } }
      expect((await ewa.fetch('/api/v1/clients', init as RequestInit)).status).toBe(413)
    })

    it('that is not UTF-8 is refused', async () => {
      const body = new Uint8Array([0x7b, 0x22, 0xff, 0xfe])
      const answer = await ewa.fetch('/api/v1/clients', {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json' },
      })
      expect(answer.status).toBe(400)
    })

    it('never comes back in the answer', async () => {
      const answer = await ewa.api('POST', '/clients', { name: ['Anna Kowalska'] })
      expect(JSON.stringify(answer.body)).not.toContain('Kowalska')
    })

    it('is refused where none is taken', async () => {
      const { id } = await newCase()
      expect((await ewa.api('POST', `/cases/${id}/signals/paid`, { surprise: 1 })).status).toBe(400)
      expect((await ewa.api('POST', `/cases/${id}/signals/paid`, {})).status).toBe(200)
    })
  })

  it.each(['/cases?limit=0', '/cases?limit=many', '/cases?colour=red', '/cases?process=a&process=b', '/processes?x=1'])(
    'the query of %s is refused',
    async (path) => {
      expect([path, (await ewa.api('GET', path)).status]).toEqual([path, 400])
    },
  )

  it.each([
    '/cases/1',
    '/cases/%00',
    '/clients/..%2f..',
    `/clients/${randomUUID()}`,
    '/processes/nope',
    '/nothing',
    '/cases/%zz',
  ])('%s is not found', async (path) => {
    const answer = await ewa.api('GET', path)
    expect([path, answer.status, answer.body.code]).toEqual([path, 404, 'not-found'])
  })

  describe('a case', () => {
    it('is started with 201 and shows fields by name, money as text, titles in the asked language', async () => {
      const answer = await ewa.api('POST', '/cases', { process: 'order', fields: { bouquet: 'roses', price: '12.5' } })
      expect(answer.status).toBe(201)
      expect(answer.body).toMatchObject({
        process: 'order',
        stage: { name: 'waiting', title: 'Waiting for the client', final: false },
        fields: {
          price: { title: 'Price', type: 'money', value: '12.50', editable: true },
          bouquet: { value: 'roses' },
        },
        ended: 'no',
      })
      const polish = await ewa.api('GET', `/cases/${answer.body.id}`, undefined, {
        'accept-language': 'pl-PL,pl;q=0.9,en;q=0.5',
      })
      expect(polish.body.stage.title).toBe('Czekamy na klienta')
    })

    it('says of each move whether it is allowed, and why not', async () => {
      const { id } = await newCase()
      const { moves } = (await ewa.api('GET', `/cases/${id}`)).body
      expect(moves).toContainEqual({ to: 'cancelled', title: 'Cancelled', allowed: true })
      expect(moves).toContainEqual(
        expect.objectContaining({
          to: 'arranging',
          allowed: false,
          code: 'manual-entry-forbidden',
          because: expect.any(String),
        }),
      )
    })

    it('is moved, or the refusal names the rule, its file and line', async () => {
      const { id } = await newCase()
      const refused = await ewa.api('POST', `/cases/${id}/moves`, { to: 'arranging' })
      expect(refused.status).toBe(409)
      expect(refused.body).toMatchObject({
        code: 'manual-entry-forbidden',
        because: expect.stringContaining('order.zgoda:40'),
        rule: { file: 'order.zgoda', line: 40 },
      })
      const moved = await ewa.api('POST', `/cases/${id}/moves`, { to: 'cancelled' }, { 'idempotency-key': 'k-1' })
      expect([moved.status, moved.body.stage.name]).toEqual([200, 'cancelled'])
      expect(office.calls.findLast(({ name }) => name === 'move')?.key).toBe('k-1')
    })

    it('refuses a field that does not fit with 422 and the field’s name', async () => {
      const { id } = await newCase()
      const wrong = await ewa.api('PATCH', `/cases/${id}/fields`, { price: 'much' })
      expect([wrong.status, wrong.body.code, wrong.body.fields]).toEqual([422, 'invalid-value', ['price']])
      const unknown = await ewa.api('PATCH', `/cases/${id}/fields`, { colour: 'red' })
      expect([unknown.status, unknown.body.code]).toEqual([422, 'unknown-field'])
      expect((await ewa.api('PATCH', `/cases/${id}/fields`, {})).status).toBe(400)
      const cleared = await ewa.api('PATCH', `/cases/${id}/fields`, { bouquet: null })
      expect(cleared.body.fields.bouquet.value).toBeNull()
    })

    it('gives its history and its letters', async () => {
      const { id } = await newCase()
      const history = (await ewa.api('GET', `/cases/${id}/history?limit=10`)).body
      expect(history.items[0]).toEqual({ seq: 1, at: expect.any(String), type: 'started', by: 'Ewa', to: 'waiting' })
      expect((await ewa.api('GET', `/cases/${id}/letters`)).body).toEqual({ letters: [], messages: [] })
    })

    it('is listed a page at a time', async () => {
      for (let made = 0; made < 3; made++) await newCase()
      const first = (await ewa.api('GET', '/cases?process=order&limit=2')).body
      expect(first.items).toHaveLength(2)
      const second = (await ewa.api('GET', `/cases?process=order&limit=2&after=${first.next}`)).body
      expect(second.items[0].id).not.toBe(first.items[0].id)
    })

    it('refuses an idempotency key of the wrong form', async () => {
      expect((await ewa.api('POST', '/cases', { process: 'order' }, { 'idempotency-key': 'a b' })).status).toBe(400)
    })
  })

  describe('a client', () => {
    it('is created from nothing, changed, given consents and erased', async () => {
      const client = (await ewa.api('POST', '/clients')).body
      expect(client).toMatchObject({ name: null, label: client.pseudonym, cases: [] })
      const path = `/clients/${client.id}`
      expect((await ewa.api('PATCH', path, { name: 'Anna' })).body.label).toBe('Anna')
      const recorded = await ewa.api('POST', `${path}/consents`, {
        purpose: 'offers',
        decision: 'given',
        evidence: { channel: 'paper' },
      })
      expect([recorded.status, recorded.body.decision]).toEqual([201, 'given'])
      const consents = (await ewa.api('GET', `${path}/consents`)).body
      expect(consents.items.find((consent: { purpose: string }) => consent.purpose === 'offers').status).toBe('given')
      expect(consents.records).toHaveLength(1)
      expect((await ewa.api('POST', `${path}/erase`)).body).toMatchObject({ proof: 'c0ffee' })
      expect((await ewa.api('GET', path)).status).toBe(404)
    })
  })

  it('says that it is away with 503 and when to come back, and logs that once without a body or a query', async () => {
    const away = await openOffice({ isAway: (error) => (error as { code?: string }).code === 'ECONNREFUSED' })
    away.state.fail = Object.assign(new Error('connect ECONNREFUSED secret'), { code: 'ECONNREFUSED' })
    const answer = await away.visitor().api('POST', '/sessions', { login: 'anna-marker', password: 'x' })
    expect([answer.status, answer.body.code, answer.headers.get('retry-after')]).toEqual([503, 'unavailable', '5'])
    expect(away.lines.filter(({ level }) => level === 'error')).toHaveLength(1)
    expect(JSON.stringify(away.lines)).not.toMatch(/anna-marker|secret/)
    expect((await away.visitor().page('/readyz')).status).toBe(503)
    await away.close()
  })

  it('says nothing of an unforeseen failure but that it is in the log', async () => {
    office.lines.length = 0
    office.state.fail = new Error('column "secret" does not exist')
    const answer = await ewa.api('GET', `/cases/${randomUUID()}`)
    delete office.state.fail
    expect([answer.status, answer.body.code]).toEqual([500, 'failure'])
    expect(JSON.stringify(answer.body)).not.toContain('secret')
    expect(JSON.stringify(office.lines)).not.toContain('secret')
  })

  it('logs a line a request with the route’s pattern, never the address', async () => {
    const { id } = await newCase()
    office.lines.length = 0
    await ewa.api('GET', `/cases/${id}`)
    await ewa.api('GET', '/clients?q=Kowalska')
    expect(office.lines.map(({ fields }) => fields)).toEqual([
      expect.objectContaining({ method: 'GET', route: '/api/v1/cases/:id', status: 200, ms: expect.any(Number) }),
      expect.objectContaining({ route: '/api/v1/clients' }),
    ])
    expect(JSON.stringify(office.lines)).not.toMatch(/Kowalska/)
    expect(JSON.stringify(office.lines)).not.toContain(id)
  })

  it('is described by a document whose references all lead somewhere', async () => {
    const { body } = await office.visitor().api('GET', '/openapi.json')
    expect(body.openapi).toBe('3.1.0')
    const references = JSON.stringify(body).match(/#\/components\/schemas\/\w+/g) ?? []
    expect(references.length).toBeGreaterThan(20)
    for (const reference of references)
      expect(Object.keys(body.components.schemas)).toContain(reference.split('/').at(-1))
    expect(body.paths['/cases/{id}/moves'].post.requestBody.content['application/json'].schema.required).toEqual(['to'])
  })

  describe('the event stream', () => {
    it('tells what has just changed, shows signs of life, and ends with the session', async () => {
      const quick = await openOffice({ heartbeat: 20 })
      const person = await quick.visitor().signIn()
      const answer = await person.fetch('/api/v1/events')
      expect(answer.headers.get('content-type')).toMatch('text/event-stream')
      const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
      const decoder = new TextDecoder()
      const seen = async (what: string) => {
        for (let text = ''; ; ) {
          const { done, value } = await reader.read()
          text += decoder.decode(value, { stream: true })
          if (done || text.includes(what)) return done ? 'ended' : text
        }
      }
      await seen('retry')
      quick.tell({ caseId: 'c-1', process: 'order' })
      expect(await seen('data:')).toContain('event: changed\ndata: {"caseId":"c-1","process":"order"}\n\n')
      expect(await seen(': alive')).toContain(': alive')
      await person.api('DELETE', '/sessions')
      expect(await seen('never')).toBe('ended')
      expect(quick.listeners.size).toBe(0)
      await quick.close()
    })

    it('is not for strangers', async () => {
      expect((await office.visitor().api('GET', '/events')).status).toBe(401)
    })
  })
})

describe('an office on https', () => {
  it('binds its cookies to the host and to https', async () => {
    const office = await openOffice({ url: 'https://office.example', secureCookies: true })
    const answer = await office.visitor().api('POST', '/sessions', { login: 'ewa', password: 'tulips in may' })
    expect(answer.headers.get('set-cookie')).toMatch(
      /^__Host-zgoda_session=[^;]+; path=\/; samesite=lax; secure; httponly$/i,
    )
    expect(answer.headers.get('strict-transport-security')).toBeTruthy()
    await office.close()
  })
})
