import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, type Api, apiOf } from '../api.ts'
import { type TestServer, testServer } from '../server.ts'

const unknown = '0195f0a0-0000-7000-8000-00000000000f'
/** Of a message, as far as its form goes. */
const message = 'ab'.repeat(32)
const malformed = ['1', 'x', '%00', `${unknown}0`, "'--", '..%2f..', `${'9'.repeat(3000)}`]

let shop: TestServer
let florist: Api
let manager: Api
let order: string
let client: string

beforeAll(async () => {
  shop = await testServer('florist/text')
  florist = await shop.as('florist')
  manager = await shop.as('manager')
  client = (await florist.post('/clients', {})).body.id
  order = (await florist.post('/cases', { process: 'order', client, fields: { bouquet: 'tulips' } })).body.id
})
afterAll(() => shop?.stop())

/** What everyone who reads an answer may hold on to (RFC 9457). */
function isProblem({ status, body }: Answer, expected: number, code: string): void {
  expect({ status, code: body?.code, detail: body?.detail }).toEqual({
    status: expected,
    code,
    detail: expect.stringMatching(/^.{10,300}$/s),
  })
  expect(body).toMatchObject({ type: expect.any(String), title: expect.any(String), status: expected })
}

async function send(method: string, path: string, body: string | Buffer, type = 'application/json'): Promise<Answer> {
  const answer = await fetch(`${shop.url}/api/v1${path}`, {
    method,
    headers: { cookie: florist.cookie, 'content-type': type },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  })
  expect(answer.headers.get('content-type')).toContain('application/problem+json')
  return { status: answer.status, body: await answer.json() }
}

/** Every call that takes a body, and bodies that its schema lets through no part of. */
const calls = (): readonly (readonly [method: 'POST' | 'PATCH', path: string, wrong: readonly unknown[]])[] => [
  ['POST', '/sessions', [{}, { login: 1, password: 'x' }, { login: 'x' }, { login: 'x', password: 'y', role: 'z' }]],
  ['POST', '/clients', [{ name: 1 }, { email: ['a@b.example'] }, { surname: 'x' }, { name: 'x'.repeat(201) }, []]],
  ['PATCH', `/clients/${client}`, [{ name: {} }, { card: 'x' }, 'name', null]],
  [
    'POST',
    `/clients/${client}/consents`,
    [{}, { purpose: 'allergies' }, { purpose: 'allergies', decision: 'maybe' }, { purpose: 1, decision: 'given' }],
  ],
  [
    'POST',
    `/clients/${client}/consents/withdraw`,
    [{ purposes: [] }, { purposes: 'offers' }, { purposes: [1] }, { all: true }, []],
  ],
  [
    'POST',
    `/clients/${client}/holds`,
    [{}, { because: 'x' }, { because: 1, until: '2030-01-01' }, { because: 'x', until: '2030-01-01', by: 'y' }],
  ],
  ['POST', `/clients/${client}/erase`, [{ really: true }, [1]]],
  ['POST', `/clients/${client}/portal-code`, [{ code: '1' }]],
  [
    'POST',
    '/cases',
    [
      {},
      { process: 1 },
      { process: 'order', client: 'x' },
      { process: 'order', fields: [] },
      { process: 'order', x: 1 },
    ],
  ],
  [
    'POST',
    '/cases/moves',
    [{}, { ids: [], to: 'x' }, { ids: ['x'], to: 'x' }, { ids: [order] }, { ids: [order, order], to: 'x' }],
  ],
  [
    'POST',
    '/imports',
    [
      {},
      { id: 'a b', process: 'order', columns: ['bouquet'], rows: [{ line: 1, cells: ['roses'] }] },
      { id: 'a', process: 'order', columns: [], rows: [{ line: 1, cells: [] }] },
      { id: 'a', process: 'order', columns: ['bouquet'], rows: [] },
      { id: 'a', process: 'order', columns: ['bouquet'], rows: [{ line: 0, cells: ['roses'] }] },
      { id: 'a', process: 'order', columns: ['bouquet'], rows: [{ line: 1, cells: [{}] }] },
      { id: 'a', process: 'order', columns: ['bouquet'], rows: [{ line: 1, cells: ['roses', 'x'] }] },
      { id: 'a', process: 'order', columns: ['bouquet'], rows: [{ line: 1, cells: ['roses'] }], match: 'name' },
      { id: 'a', process: 'order', columns: ['bouquet', 'bouquet'], rows: [{ line: 1, cells: ['roses', 'x'] }] },
    ],
  ],
  ['POST', `/cases/${order}/moves`, [{}, { to: null }, { to: '' }, { to: 'arranging', force: true }, 'arranging']],
  ['PATCH', `/cases/${order}/fields`, [{}, { price: {} }, { price: [1] }, [], 1, null]],
  ['POST', `/cases/${order}/erase`, [{}, { fields: [] }, { fields: 'address' }, { fields: [1] }, { all: true }]],
  ['POST', `/cases/${order}/signals/paid`, [{ amount: 1 }]],
  ['POST', `/cases/${order}/assignee`, [{}, { person: 1 }, { person: 'Ewa' }, { person: null, x: 1 }, []]],
  [
    'POST',
    `/cases/${order}/letters`,
    [
      {},
      { subject: 'x' },
      { subject: 'x', body: 1 },
      { subject: 'x', body: 'y', to: '' },
      { subject: 'x', body: 'y', files: ['x'] },
      { subject: 'x', body: 'y', documents: [0] },
      { subject: 'x', body: 'y', answers: 'x' },
      { subject: 'x', body: 'y', bcc: 'a@b.example' },
    ],
  ],
  ['POST', `/cases/${order}/files`, [{}, { name: 'x' }, { name: 'x', content: '' }, { name: 'x', content: '?' }, []]],
  [
    'POST',
    `/cases/${order}/draft`,
    [{}, { subject: 'x', body: 'y', files: [] }, { subject: 'x', body: 'y', files: [], key: 'a b' }, [], 'x'],
  ],
  [
    'POST',
    `/cases/${order}/messages/${message}/count`,
    [
      {},
      { reason: 'confirmed' },
      { reason: 'because', note: 'they called' },
      { reason: 'confirmed', note: 'no' },
      { reason: 'confirmed', note: 'they called', letter: '0' },
      { reason: 'confirmed', note: 'they called', by: 'x' },
    ],
  ],
  ['POST', `/messages/${message}/case`, [{}, { case: 1 }, { case: 'x' }, { case: order, count: true }]],
  ['POST', `/messages/${message}/client`, [{}, { client: null }, { client: 'x' }, { client, case: order }]],
  ['POST', '/workspace/plan', [{}, { files: [] }, { files: [{ name: 'a.zgoda' }] }, { files: 'x' }, { all: true }]],
  ['POST', '/workspace/apply', [{}, { files: [] }, { files: [{ name: '', text: '' }] }, { files: [1] }, []]],
  ['POST', `/notifications/${unknown}/read`, [{ read: false }]],
  ['POST', `/incidents/${unknown}/retry`, [{ because: 'x' }]],
  [
    'POST',
    `/incidents/${unknown}/skip`,
    [{}, { because: '' }, { because: '  ' }, { because: 1 }, { because: 'x', by: 'y' }],
  ],
  ['POST', '/hooks', [{}, { process: 'order' }, { process: 'order', signal: 'No!' }, { process: 1, signal: 'x' }]],
]

/** The address as the API's description has it. */
function template(path: string): string {
  return path
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, '{id}')
    .replace(message, '{message}')
    .replace(/(holds)\/.+/, '$1/{hold}')
    .replace(/(letters)\/\d+/, '$1/{letter}')
    .replace(/(files)\/\d+/, '$1/{position}')
    .replace(/(signals)\/\w+/, '$1/{name}')
    .replace(/(documents)\/\d+/, '$1/{seq}')
}

/** The calls in the API's own description. */
async function operations(wanted: (operation: { method: string; path: string }) => boolean): Promise<string[]> {
  const { paths } = (await florist.get('/openapi.json')).body as { paths: Record<string, object> }
  return Object.entries(paths)
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })))
    .filter(wanted)
    .map(({ method, path }) => `${method} ${path.replace('/api/v1', '')}`)
}

describe('a body that is not what the call takes', () => {
  it('is tried for every call that the description names', async () => {
    const tried = calls().map(([method, path]) => `${method} ${template(path)}`)
    const described = await operations((operation) => operation.method !== 'GET' && operation.method !== 'DELETE')
    expect(tried.toSorted()).toEqual(described.toSorted())
  })

  it('is refused with what was expected where, for each call', async () => {
    for (const [method, path, wrong] of calls()) {
      for (const body of wrong) isProblem(await send(method, path, JSON.stringify(body)), 400, 'invalid-body')
    }
  })

  it('is refused where it is no JSON, no UTF-8, cut, deep, or of another media type', async () => {
    for (const [method, path] of calls()) {
      isProblem(await send(method, path, '{"to": '), 400, 'invalid-body')
      isProblem(await send(method, path, Buffer.from([0x22, 0xff, 0xfe, 0x22])), 400, 'invalid-body')
      // With a cookie, whatever a form of another site could send is taken for that.
      const [status, code] =
        path === '/sessions' ? ([400, 'invalid-body'] as const) : ([403, 'forged-request'] as const)
      isProblem(await send(method, path, '{}', 'text/plain'), status, code)
      isProblem(await send(method, path, `${'['.repeat(50_000)}${']'.repeat(50_000)}`), 400, 'invalid-body')
    }
  })

  it('is refused past one mebibyte, without being read; a file may have fifteen, whole workspaces sixteen', async () => {
    const larger = (path: string) => path.startsWith('/workspace/') || path.endsWith('/files')
    const file = JSON.stringify({ name: 'x', content: 'x'.repeat(15 * 1024 * 1024) })
    isProblem(await send('POST', `/cases/${order}/files`, file), 413, 'too-large')
    for (const [method, path] of calls().filter(([, path]) => !larger(path))) {
      isProblem(await send(method, path, JSON.stringify({ to: 'x'.repeat(1024 * 1024) })), 413, 'too-large')
    }
  })

  it('is refused where it holds what is in no text, for each call, wherever it stands', async () => {
    const bodies = ['{"login": "\\u0000", "password": "x"}', '{"\\uD800": 1}', '{"a": [{"b": ["x\\udc00\\ud800"]}]}']
    for (const [method, path] of calls()) {
      for (const body of bodies) {
        const answer = await send(method, path, body)
        isProblem(answer, 400, 'invalid-body')
        expect(answer.body.detail).toContain('no text')
      }
    }
    expect((await florist.post('/clients', { name: 'Zoë 🌷 \\u0000' })).body.name).toBe('Zoë 🌷 \\u0000')
    const escaped = await fetch(`${shop.url}/api/v1/clients`, {
      method: 'POST',
      headers: { cookie: florist.cookie, 'content-type': 'application/json' },
      body: '{"name": "\\ud83c\\udf37"}',
    })
    expect(await escaped.json()).toMatchObject({ name: '🌷' })
  })

  it('has the way a decision came taken for a kind, not for words', async () => {
    for (const channel of ['Anna said so', 'x'.repeat(41), 1, { a: 1 }, '']) {
      const decision = { purpose: 'offers', decision: 'refused', evidence: { channel } }
      isProblem(await florist.post(`/clients/${client}/consents`, decision), 422, 'invalid-value')
    }
  })

  it('tells nothing of what was sent', async () => {
    const { body } = await send(
      'POST',
      '/clients',
      JSON.stringify({ name: ['Secret Name'], email: 'secret@mail.example' }),
    )
    expect(JSON.stringify(body)).not.toMatch(/secret/i)
  })

  it('has names of built-in properties taken for what they are: unknown', async () => {
    for (const name of ['__proto__', 'constructor', 'toString']) {
      const fields = await send('PATCH', `/cases/${order}/fields`, `{"${name}": "x"}`)
      expect(fields.status).toBe(422)
      isProblem(await florist.post('/cases', { process: name }), 404, 'not-found')
      expect((await florist.post(`/cases/${order}/moves`, { to: name })).status).toBe(409)
      const consent = { purpose: name, decision: 'withdrawn' }
      isProblem(await florist.post(`/clients/${client}/consents`, consent), 422, 'invalid-value')
    }
  })

  it('has such names in addresses of pages taken for what they are, too', async () => {
    for (const name of ['__proto__', 'constructor', 'toString', '%E0%A4%A']) {
      const paths = [
        `/boards/${name}`,
        `/boards/${name}/start`,
        `/portal/forms/${name}`,
        `/cases/${name}`,
        `/clients/${name}`,
      ]
      for (const path of paths) {
        const page = await fetch(shop.url + path, { headers: { cookie: florist.cookie, accept: 'text/html' } })
        expect({ path, status: page.status }).toEqual({ path, status: 404 })
      }
      expect((await florist.get(`/processes/${name}`)).status).toBe(404)
    }
  })

  it('leaves the case as it was, where one of many fields does not fit', async () => {
    const { status, body } = await florist.patch(`/cases/${order}/fields`, { price: '12.00', bouquet: 'cactus' })
    expect([status, body.fields]).toEqual([422, ['bouquet']])
    expect((await florist.get(`/cases/${order}`)).body.fields.price.value).toBeNull()
  })

  it('has queries refused alike', async () => {
    for (const query of ['limit=0', 'limit=1e9', 'limit=x', 'page=2', 'client=x', 'stage=a&stage=b', 'stage=%00']) {
      isProblem(await florist.get(`/cases?${query}`), 400, 'invalid-body')
    }
  })

  it('has lists go on only where they left off, in the API and on pages', async () => {
    const lists = [
      '/cases',
      '/clients',
      '/clients?q=a@b.example',
      '/notifications',
      '/messages',
      `/cases/${order}/history`,
    ]
    const cursors = [
      '',
      '0',
      '-1',
      'x',
      '%00',
      "';--",
      '99999999999999999999',
      '2026-02-30T00:00:00.000Z',
      '2026-01-01',
    ]
    for (const list of lists) {
      for (const after of cursors) {
        if (list.endsWith('history') && after === '0') continue
        const path = `${list}${list.includes('?') ? '&' : '?'}after=${after}`
        const { status, body } = await florist.get(path)
        expect({ path, status, code: body.code }).toEqual({ path, status: 400, code: 'invalid-body' })
      }
    }
    for (const page of ['/boards/order?stage=waiting', `/cases/${order}?`, '/clients?', '/inbox?']) {
      const headers = { cookie: florist.cookie, accept: 'text/html' }
      const { status } = await fetch(`${shop.url}${page}&after=nowhere`, { headers })
      expect({ page, status }).toEqual({ page, status: 400 })
    }
  })

  it('has forms of pages refused alike', async () => {
    const form = new URLSearchParams({ login: 'a\0b', password: 'x' })
    const answer = await fetch(`${shop.url}/sign-in`, { method: 'POST', body: form, redirect: 'manual' })
    expect(answer.status).toBe(400)
  })

  it('has addresses that lead nowhere, and calls by another method, not found', async () => {
    for (const [method, path] of [
      ['POST', '/nowhere'],
      ['PUT', '/cases'],
      ['DELETE', `/cases/${order}`],
      ['POST', `/cases/${order}/nowhere`],
    ] as const) {
      isProblem(await send(method, path, '{}'), 404, 'not-found')
    }
    isProblem(await florist.get('/nowhere'), 404, 'not-found')
  })
})

/** Every call about something that has an id. */
const about = (api: Api) =>
  [
    ['case', (id: string) => api.get(`/cases/${id}`)],
    ['case', (id: string) => api.get(`/cases/${id}/history`)],
    ['case', (id: string) => api.get(`/cases/${id}/letters`)],
    ['case', (id: string) => api.get(`/cases/${id}/documents`)],
    ['case', (id: string) => api.get(`/cases/${id}/documents/1`)],
    ['case', (id: string) => api.post(`/cases/${id}/assignee`, { person: null })],
    ['case', (id: string) => api.patch(`/cases/${id}/fields`, { price: '1.00' })],
    ['case', (id: string) => api.post(`/cases/${id}/moves`, { to: 'done' })],
    ['case', (id: string) => api.post(`/cases/${id}/erase`, { fields: ['address'] })],
    ['case', (id: string) => api.post(`/cases/${id}/signals/paid`)],
    ['case', (id: string) => api.post(`/cases/${id}/letters`, { subject: 'x', body: 'y' })],
    ['case', (id: string) => api.get(`/cases/${id}/letters/1/files/0`)],
    ['case', (id: string) => api.get(`/cases/${id}/messages/${message}/files/0`)],
    ['case', (id: string) => api.get(`/cases/${id}/messages/${message}`)],
    [
      'case',
      (id: string) => api.post(`/cases/${id}/messages/${message}/count`, { reason: 'confirmed', note: 'they called' }),
    ],
    ['case', (id: string) => api.post(`/cases/${id}/files`, { name: 'x', content: 'eA==' })],
    ['case', (id: string) => api.get(`/cases/${id}/draft`)],
    ['case', (id: string) => api.post(`/cases/${id}/draft`, { subject: 'x', body: 'y', files: [], key: 'x' })],
    ['case', (id: string) => api.delete(`/cases/${id}/draft`)],
    ['client', (id: string) => api.get(`/clients/${id}`)],
    ['client', (id: string) => api.patch(`/clients/${id}`, { name: 'x' })],
    ['client', (id: string) => api.get(`/clients/${id}/consents`)],
    ['client', (id: string) => api.post(`/clients/${id}/consents`, { purpose: 'offers', decision: 'refused' })],
    ['client', (id: string) => api.post(`/clients/${id}/consents/withdraw`)],
    ['client', (id: string) => api.get(`/clients/${id}/consents/receipt`)],
    ['client', (id: string) => api.get(`/clients/${id}/looks`)],
    ['client', (id: string) => api.get(`/clients/${id}/holds`)],
    ['client', (id: string) => api.post(`/clients/${id}/holds`, { because: 'x', until: '2090-01-01' })],
    ['client', (id: string) => api.delete(`/clients/${id}/holds/${unknown}`)],
    ['client', (id: string) => api.delete(`/clients/${id}/undelivered`)],
    ['client', (id: string) => api.post(`/clients/${id}/erase`)],
    ['client', (id: string) => api.post(`/clients/${id}/portal-code`)],
    ['notice', (id: string) => api.post(`/notifications/${id}/read`)],
    ['incident', (id: string) => api.post(`/incidents/${id}/retry`)],
    ['incident', (id: string) => api.post(`/incidents/${id}/skip`, { because: 'x' })],
    ['hook', (id: string) => api.delete(`/hooks/${id}`)],
  ] as const

describe('an id', () => {
  it('is tried for every call that the description names', async () => {
    const tried = new Set<string>()
    const noting = (method: string) => async (path: string) => {
      tried.add(`${method} ${template(path)}`)
      return { status: 0, body: undefined }
    }
    const api = {
      cookie: '',
      get: noting('GET'),
      post: noting('POST'),
      patch: noting('PATCH'),
      delete: noting('DELETE'),
    }
    for (const [, call] of about(api)) await call(unknown)
    const described = await operations(({ path }) => path.includes('{id}'))
    expect([...tried].toSorted()).toEqual(described.toSorted())
  })

  it('of nothing is not found, for each call', async () => {
    for (const [, call] of about(manager)) isProblem(await call(unknown), 404, 'not-found')
  })

  it('that is none is not found, for each call', async () => {
    for (const [, call] of about(manager)) {
      for (const id of malformed) expect((await call(id)).status).toBe(404)
    }
  })

  it('of a case that no role of the asker may see is not found, for each call, as if it did not exist', async () => {
    const { body } = await manager.post('/cases', { process: 'withdrawal', client })
    for (const [what, call] of about(florist)) {
      if (what === 'case') isProblem(await call(body.id), 404, 'not-found')
    }
    isProblem(await florist.post('/cases', { process: 'withdrawal', client }), 404, 'not-found')
    expect((await florist.get('/cases?process=withdrawal')).body.items).toEqual([])
    expect((await florist.get('/processes/withdrawal')).status).toBe(404)
    expect((await manager.get(`/cases/${body.id}`)).body.stage.name).toBe('received')
    expect((await florist.get(`/clients/${client}`)).body.cases.map(({ id }: { id: string }) => id)).toEqual([order])
  })

  it('of another person’s notification is not found', async () => {
    const { body } = await manager.get('/notifications')
    expect(body.items.length).toBeGreaterThan(0)
    const own = (await florist.get('/notifications')).body.items.map(({ id }: { id: string }) => id)
    const [foreign] = body.items.filter(({ id }: { id: string }) => !own.includes(id))
    if (foreign) isProblem(await florist.post(`/notifications/${foreign.id}/read`), 404, 'not-found')
  })

  it('of another client’s case is not found in the portal', async () => {
    const { code } = (await florist.post(`/clients/${(await florist.post('/clients', {})).body.id}/portal-code`)).body
    const entry = await fetch(`${shop.url}/portal/code`)
    const html = await entry.text()
    const hidden = [...html.matchAll(/<input[^>]*type="hidden"[^>]*name="([^"]*)"[^>]*value="([^"]*)"/g)]
    const cookie = (entry.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    const entered = await fetch(`${shop.url}/portal/code`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie },
      body: new URLSearchParams([...hidden.map(([, name = '', value = '']) => [name, value]), ['code', code]]),
    })
    expect(entered.status).toBe(303)
    const session = (entered.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    const home = await fetch(`${shop.url}/portal`, { headers: { cookie: session }, redirect: 'manual' })
    expect(home.status).toBe(200)
    for (const path of [`/portal/cases/${order}`, `/portal/thanks/${order}`]) {
      const page = await fetch(shop.url + path, { headers: { cookie: session }, redirect: 'manual' })
      expect(page.status).toBe(404)
    }
  })
})

describe('a right that a role lacks', () => {
  it('is refused with the lines that say who has it', async () => {
    const erased = await florist.post(`/cases/${order}/erase`, { fields: ['address'] })
    isProblem(erased, 403, 'not-allowed')
    expect(erased.body.because).toContain('access')
    isProblem(await florist.post(`/clients/${client}/erase`), 403, 'not-allowed')
  })
})

describe('before signing in', () => {
  it('each call is refused alike, whether or not there is such a thing', async () => {
    const nobody = apiOf(shop.url, '')
    const forged = apiOf(shop.url, `${florist.cookie.split('=')[0]}=${'a'.repeat(43)}`)
    for (const api of [nobody, forged]) {
      for (const [what, call] of about(api)) {
        isProblem(await call(what === 'client' ? client : order), 401, 'not-signed-in')
        isProblem(await call(unknown), 401, 'not-signed-in')
      }
      for (const path of ['/cases', '/clients', '/processes', '/notifications', '/sessions']) {
        isProblem(await api.get(path), 401, 'not-signed-in')
      }
      isProblem(await api.post('/cases', { process: 'order' }), 401, 'not-signed-in')
      isProblem(await api.post('/clients'), 401, 'not-signed-in')
    }
  })
})

describe('a request with an `Idempotency-Key`', () => {
  const key = (name: string) => ({ 'idempotency-key': name })

  it('answers alike and happens once, sent again or ten at once', async () => {
    const start = () => florist.post('/cases', { process: 'order', client }, key('start'))
    const started = [await start(), ...(await Promise.all(Array.from({ length: 10 }, start)))]
    expect(started.map(({ status }) => status)).toEqual(Array(11).fill(201))
    expect(new Set(started.map(({ body }) => body.id)).size).toBe(1)
    const id = started[0]?.body.id
    const move = () => florist.post(`/cases/${id}/moves`, { to: 'cancelled' }, key('move'))
    const moved = [...(await Promise.all(Array.from({ length: 10 }, move))), await move()]
    expect(moved.map(({ status, body }) => [status, body.stage.name])).toEqual(Array(11).fill([200, 'cancelled']))
    const { items } = (await florist.get(`/cases/${id}/history`)).body
    expect(items.filter(({ type }: { type: string }) => type === 'move')).toHaveLength(1)
  })

  it('is refused where the key stands for another request, and the key of another person is another key', async () => {
    const first = await florist.post('/cases', { process: 'order', client }, key('mine'))
    isProblem(await florist.post('/cases', { process: 'order' }, key('mine')), 409, 'key-reused')
    isProblem(await florist.post('/clients', {}, key('mine')), 409, 'key-reused')
    isProblem(await florist.post(`/cases/${first.body.id}/moves`, { to: 'cancelled' }, key('mine')), 409, 'key-reused')
    const theirs = await manager.post('/cases', { process: 'order', client }, key('mine'))
    expect(theirs.status).toBe(201)
    expect(theirs.body.id).not.toBe(first.body.id)
    expect(first.status).toBe(201)
  })

  it('does not bring back a consent that was withdrawn since', async () => {
    const give = () =>
      florist.post(
        `/clients/${client}/consents`,
        { purpose: 'offers', decision: 'given', evidence: { channel: 'paper', note: 'slip 1' } },
        key('give'),
      )
    expect((await give()).body.decision).toBe('given')
    await florist.post(`/clients/${client}/consents`, { purpose: 'offers', decision: 'withdrawn' })
    expect((await give()).status).toBe(201)
    const { items } = (await florist.get(`/clients/${client}/consents`)).body
    expect(items.find(({ purpose }: { purpose: string }) => purpose === 'offers')).toMatchObject({
      status: 'withdrawn',
    })
  })

  it('is refused with a key that is none', async () => {
    isProblem(await florist.post('/clients', {}, key('two words')), 400, 'invalid-body')
    isProblem(await florist.post('/clients', {}, key('x'.repeat(201))), 400, 'invalid-body')
  })
})

describe('whatever was sent', () => {
  it('made no request fail', () => {
    expect(shop.logged.filter((line) => line.includes('request failed'))).toEqual([])
  })
})
