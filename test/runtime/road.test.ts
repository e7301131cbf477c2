import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Api } from '../api.ts'
import { type TestServer, testServer } from '../server.ts'

describe('the road of an event', () => {
  let shop: TestServer
  let florist: Api
  beforeAll(async () => {
    // Without jobs: what they ask of the database would be counted too.
    shop = await testServer('florist/text', { runJobs: false })
    florist = await shop.as('florist')
  })
  afterAll(() => shop?.stop())

  async function order(): Promise<string> {
    return (await florist.post('/cases', { process: 'order', fields: { bouquet: 'roses' } })).body.id
  }

  async function history(id: string): Promise<{ seq: number; type: string; fields?: string[] }[]> {
    return (await florist.get(`/cases/${id}/history`)).body.items
  }

  it('keeps the order of one case’s events that arrive together, and loses none', async () => {
    const id = await order()
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, n) => florist.patch(`/cases/${id}/fields`, { price: `${n}.00` })),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array(30).fill(200))
    expect((await florist.get(`/cases/${id}`)).body.fields.price.value).toBe('29.00')
    const items = await history(id)
    expect(items.filter(({ type }) => type === 'fill')).toHaveLength(30)
    expect(items.map(({ seq }) => seq)).toEqual(items.map((_, index) => index + 1))
  })

  it('stores many cases’ events in few statements', async () => {
    const ids = await Promise.all(Array.from({ length: 40 }, order))
    const before = await transactions()
    await Promise.all(ids.map((id) => florist.patch(`/cases/${id}/fields`, { price: '5.00' })))
    expect((await transactions()) - before).toBeLessThan(30)
    for (const id of ids) expect((await history(id)).some(({ type }) => type === 'fill')).toBe(true)
  })

  it('decides anew where the case has moved on since it was loaded', async () => {
    const id = await order()
    const slow = new pg.Client({ connectionString: shop.databaseUrl })
    await slow.connect()
    await slow.query('begin')
    await slow.query('update cases set seq = seq + 1 where case_id = $1', [id])
    await slow.query(
      `insert into history select $1, seq, now(), '{"type":"set","by":{"kind":"system"}}' from cases where case_id = $1`,
      [id],
    )
    const filling = florist.patch(`/cases/${id}/fields`, { price: '7.00' })
    await slow.query('commit')
    await slow.end()
    expect((await filling).status).toBe(200)
    const items = await history(id)
    expect(items.map(({ seq }) => seq)).toEqual(items.map((_, index) => index + 1))
    expect(items.at(-1)?.type).toBe('fill')
  })

  it('lets a case that the database refuses fail alone, and stores the others of its group', async () => {
    const ids = await Promise.all(Array.from({ length: 6 }, order))
    const [bad = '', ...good] = ids
    await query(`alter table cases add constraint no_bad check (case_id <> '${bad}' or seq < 4)`)
    const answers = await Promise.all(
      ids.map((id) => florist.patch(`/cases/${id}/fields`, { price: '1.00', bouquet: 'tulips' })),
    )
    await Promise.all(ids.map((id) => florist.patch(`/cases/${id}/fields`, { price: '2.00' })))
    const again = await Promise.all(ids.map((id) => florist.patch(`/cases/${id}/fields`, { price: '3.00' })))
    expect([...answers, ...again].filter(({ status }) => status >= 500).length).toBeGreaterThan(0)
    for (const id of good) expect((await florist.get(`/cases/${id}`)).body.fields.price.value).toBe('3.00')
    await query('alter table cases drop constraint no_bad')
  })

  async function transactions(): Promise<number> {
    await query('select pg_stat_force_next_flush()')
    const [row] = await query('select xact_commit::int as n from pg_stat_database where datname = current_database()')
    return Number(row?.n)
  }

  async function query(text: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: shop.databaseUrl })
    await client.connect()
    try {
      return (await client.query(text)).rows
    } finally {
      await client.end()
    }
  }
})
