import { createHmac } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer, Api } from '../../api.ts'
import { stageOf, type TestServer, testServer } from '../../server.ts'
import { query } from './hurry.ts'
import { parcelWorkspace } from './parcels.ts'

interface Hook {
  readonly id: string
  readonly url: string
  readonly secret: string
}

function sign(body: string, secret: string, at = Date.now()): string {
  const t = Math.floor(at / 1000)
  return `t=${t},v1=${createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')}`
}

describe('a hook', () => {
  let folder: string
  let office: TestServer
  let clerk: Api
  let hook: Hook

  beforeAll(async () => {
    folder = await parcelWorkspace('https://courier.example/parcels')
    office = await testServer(folder, { calls: { allow: new Set(), secret: () => 'a-secret-for-the-courier' } })
    clerk = await office.as('clerk')
    hook = await made('delivered')
  })
  afterAll(async () => {
    await office?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  async function made(signal: string): Promise<Hook> {
    const answer = await clerk.post('/hooks', { process: 'parcel', signal })
    expect(answer.status).toBe(201)
    return answer.body
  }

  /** At the address as this server listens; the one it was given out with is the public one. */
  async function send(to: Hook, body: string, headers: Record<string, string>): Promise<Answer> {
    const answer = await fetch(`${office.url}${new URL(to.url).pathname}`, { method: 'POST', body, headers })
    const text = await answer.text()
    return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) }
  }

  function signed(to: Hook, content: object, at?: number): Promise<Answer> {
    const body = JSON.stringify(content)
    return send(to, body, { 'zgoda-signature': sign(body, to.secret, at) })
  }

  async function handed(): Promise<{ id: string; number: string }> {
    const { body } = await clerk.post('/cases', { process: 'parcel', fields: {} })
    await clerk.post(`/cases/${body.id}/moves`, { to: 'handed' })
    return body
  }

  async function signals(id: string): Promise<{ by: string }[]> {
    const { items } = (await clerk.get(`/cases/${id}/history`)).body
    return items.filter(({ type }: { type: string }) => type === 'signal')
  }

  it('lets a signal happen to a case, by its id or its number', async () => {
    const [one, other] = [await handed(), await handed()]
    expect(await signed(hook, { case: one.id })).toEqual({ status: 202, body: { case: one.id, stage: 'done' } })
    expect(await signed(hook, { case: Number(other.number) })).toMatchObject({ status: 202, body: { case: other.id } })
    expect(await signals(one.id)).toMatchObject([{ by: 'system' }])
  })

  it('works under `/api/v1` as well', async () => {
    const { id } = await handed()
    const body = JSON.stringify({ case: id })
    const address = `${office.url}/api/v1${new URL(hook.url).pathname}`
    const headers = { 'zgoda-signature': sign(body, hook.secret) }
    expect((await fetch(address, { method: 'POST', body, headers })).status).toBe(202)
  })

  it('carries out once what is sent again, and answers alike', async () => {
    const lost = await made('lost')
    const { id } = await handed()
    const body = JSON.stringify({ case: id })
    const headers = { 'zgoda-signature': sign(body, lost.secret) }
    const answers = [await send(lost, body, headers), await send(lost, body, headers)]
    answers.push(await send(lost, body, { ...headers, 'zgoda-delivery': 'another' }))
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202])
    expect(await signals(id)).toHaveLength(1)
    const now = Date.now()
    for (const at of [now - 3_000, now - 2_000, now - 1_000])
      expect(await signed(lost, { case: id, id: 'parcel-7' }, at)).toMatchObject({ status: 202 })
    expect(await signals(id)).toHaveLength(2)
    const all = Array.from({ length: 8 }, (_, n) => signed(lost, { case: id, id: 'at-once' }, now - n * 1000))
    expect((await Promise.all(all)).map(({ status }) => status)).toEqual(Array(8).fill(202))
    expect(await signals(id)).toHaveLength(3)
    const other = await handed()
    expect(await signed(lost, { case: other.id, id: 'parcel-7' })).toMatchObject({
      status: 409,
      body: { code: 'key-reused' },
    })
  })

  it('refuses whatever was not signed with its secret, as it stands, within five minutes', async () => {
    const { id } = await handed()
    const body = JSON.stringify({ case: id })
    const right = sign(body, hook.secret)
    // Each is made as it is sent: on a busy machine a second of the future soon is the present.
    const forged = [
      () => '',
      () => 'rubbish',
      () => sign(body, 'another secret'),
      () => sign(`${body} `, hook.secret),
      () => sign(body, hook.secret, Date.now() - 301_000),
      () => sign(body, hook.secret, Date.now() + 301_000),
      () => right.replace(/t=\d+/, `t=${Math.floor(Date.now() / 1000) + 1}`),
      () => right.toUpperCase(),
      () => right.slice(0, -1),
    ]
    for (const signature of forged) {
      const answer = await send(hook, body, { 'zgoda-signature': signature() })
      expect(answer).toMatchObject({ status: 401, body: { code: 'signature-invalid' } })
    }
    expect(await stageOf(clerk, id)).toBe('handed')
  })

  it('says 409 and why where the case does not take the signal', async () => {
    const { body } = await clerk.post('/cases', { process: 'parcel', fields: {} })
    const answer = await signed(hook, { case: body.id })
    expect(answer).toMatchObject({ status: 409, body: { code: expect.any(String), because: expect.any(String) } })
  })

  it.each([['rubbish'], ['{}'], ['{"case":{}}'], ['{"case":"x"}'], ['{"case":1.5}'], ['null'], ['{"case":1,"id":{}}']])(
    'says 400 of a signed body that names no case: %s',
    async (body) => {
      const answer = await send(hook, body, { 'zgoda-signature': sign(body, hook.secret) })
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-body' } })
    },
  )

  it('knows no case of another process, and none that is not there', async () => {
    const other = await office.as('other')
    const { body } = await other.post('/cases', { process: 'note', fields: {} })
    for (const named of [body.id, 999_999, '00000000-0000-7000-8000-000000000000'])
      expect((await signed(hook, { case: named })).status).toBe(404)
  })

  it('takes no large body', async () => {
    const answer = await signed(hook, { case: 1, filler: 'x'.repeat(70_000) })
    expect(answer).toMatchObject({ status: 413, body: { code: 'too-large' } })
  })

  it('is for those who may move the cases, whose list shows no secret', async () => {
    const [viewer, other] = [await office.as('viewer'), await office.as('other')]
    const what = { process: 'parcel', signal: 'delivered' }
    expect((await viewer.post('/hooks', what)).body.code).toBe('not-allowed')
    expect((await other.post('/hooks', what)).body.code).toBe('not-found')
    expect((await clerk.post('/hooks', { process: 'parcel', signal: 'unheard' })).body).toMatchObject({
      code: 'invalid-value',
      fields: ['signal'],
    })
    expect((await other.get('/hooks')).body.items).toEqual([])
    const { items } = (await clerk.get('/hooks')).body
    expect(items[0]).toEqual({
      id: hook.id,
      process: 'parcel',
      signal: 'delivered',
      at: expect.any(String),
      madeBy: 'clerk',
    })
    expect((await (await office.as('admin')).get('/hooks')).body.items).toHaveLength(items.length)
  })

  it('answers no more once it was removed', async () => {
    const gone = await made('delivered')
    const { id } = await handed()
    expect((await (await office.as('other')).delete(`/hooks/${gone.id}`)).status).toBe(404)
    expect((await signed(gone, { case: id, id: 'x' })).status).toBe(202)
    expect((await clerk.delete(`/hooks/${gone.id}`)).status).toBe(204)
    expect((await clerk.delete(`/hooks/${gone.id}`)).status).toBe(404)
    expect((await signed(gone, { case: id, id: 'y' })).status).toBe(404)
  })

  it('lies in the database as a hash and sealed', async () => {
    const rows = JSON.stringify(
      await query(office.databaseUrl, "select h::text, encode(secret, 'escape') from hooks h"),
    )
    expect(rows).not.toContain(hook.secret)
    expect(rows).not.toContain(new URL(hook.url).pathname.split('/').at(-1))
    expect(office.logged.join('\n')).not.toContain(new URL(hook.url).pathname.split('/').at(-1))
  })

  it('slows down whoever guesses', async () => {
    const wrong = { ...hook, url: `${hook.url.slice(0, -3)}AAA` }
    const codes: string[] = []
    for (let n = 0; n < 31; n++) codes.push((await signed(wrong, { case: 1 })).body.code)
    expect(codes).toContain('not-found')
    expect(codes.at(-1)).toBe('too-many-tries')
  })
})
