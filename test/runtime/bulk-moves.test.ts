import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Api } from '../api.ts'
import { type TestServer, testServer } from '../server.ts'

const unknown = '0195f0a0-0000-7000-8000-00000000000f'

let shop: TestServer
let florist: Api
let manager: Api

beforeAll(async () => {
  // Without jobs: what they ask of the database would be counted too.
  shop = await testServer('florist/text', { runJobs: false })
  florist = await shop.as('florist')
  manager = await shop.as('manager')
})
afterAll(() => shop?.stop())

async function order(): Promise<string> {
  return (await florist.post('/cases', { process: 'order', fields: { bouquet: 'roses' } })).body.id
}

function orders(count: number): Promise<string[]> {
  return Promise.all(Array.from({ length: count }, order))
}

async function movesOf(id: string): Promise<number> {
  const { items } = (await florist.get(`/cases/${id}/history`)).body
  return items.filter(({ type }: { type: string }) => type === 'move').length
}

describe('many cases moved at once', () => {
  it('are each decided by every rule, in the order asked; one that is refused stops no other', async () => {
    const [good = '', ended = '', secret = '', last = ''] = await orders(4)
    await florist.post(`/cases/${ended}/moves`, { to: 'cancelled' })
    const hidden = (await manager.post('/cases', { process: 'withdrawal' })).body.id
    const { status, body } = await florist.post('/cases/moves', {
      ids: [good, ended, hidden, unknown, last],
      to: 'cancelled',
    })
    expect(status).toBe(200)
    const byHand = (await florist.post(`/cases/${ended}/moves`, { to: 'cancelled' })).body
    const notFound = (await florist.post(`/cases/${unknown}/moves`, { to: 'cancelled' })).body
    expect(body.items).toEqual([
      { id: good, ok: true, stage: 'cancelled' },
      { id: ended, ok: false, code: 'case-ended', because: byHand.because },
      { id: hidden, ok: false, code: 'not-found', because: notFound.because },
      { id: unknown, ok: false, code: 'not-found', because: notFound.because },
      { id: last, ok: true, stage: 'cancelled' },
    ])
    expect((await florist.post('/cases/moves', { ids: [secret], to: 'arranging' })).body.items).toMatchObject([
      { ok: false, code: 'manual-entry-forbidden', because: expect.stringContaining('order.zgoda:') },
    ])
  })

  it('go in few statements', async () => {
    const ids = await orders(200)
    // The server runs in this process: what it asks of the database is counted here, exactly.
    const asked = vi.spyOn(pg.Client.prototype, 'query')
    const { body } = await florist.post('/cases/moves', { ids, to: 'cancelled' })
    const statements = asked.mock.calls.length
    asked.mockRestore()
    expect(body.items.every(({ ok }: { ok: boolean }) => ok)).toBe(true)
    expect(statements).toBeGreaterThan(0)
    expect(statements).toBeLessThan(100)
    expect((await florist.post('/cases/moves', { ids: [...ids, unknown], to: 'cancelled' })).status).toBe(400)
  })

  it('are moved once under one key, and the key stands for all of them', async () => {
    const ids = await orders(5)
    const key = { 'idempotency-key': 'all-of-them' }
    const body = { ids, to: 'cancelled' }
    const answers = await Promise.all([1, 2, 3].map(() => florist.post('/cases/moves', body, key)))
    const items = ids.map((id) => ({ id, ok: true, stage: 'cancelled' }))
    expect(answers).toEqual(answers.map(() => ({ status: 200, body: { items } })))
    expect(await Promise.all(ids.map(movesOf))).toEqual([1, 1, 1, 1, 1])
    for (const other of [
      { ids: ids.slice(1), to: 'cancelled' },
      { ids, to: 'arranging' },
    ]) {
      expect((await florist.post('/cases/moves', other, key)).body.code).toBe('key-reused')
    }
    expect((await florist.post(`/cases/${ids[0]}/moves`, { to: 'cancelled' }, key)).body.code).toBe('key-reused')
  })
})
