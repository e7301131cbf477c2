import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listCases } from '../../../runtime/store/cases.ts'
import { findClients } from '../../../runtime/store/clients.ts'
import { type TestDatabase, testDatabase } from '../../database.ts'

const id = (kind: string, n: number) => `${kind.repeat(8)}-0000-7000-8000-${String(n).padStart(12, '0')}`
const [anna, nowak, jan] = ['anna', 'nowak', 'jan'].map((word) => Buffer.from(word.padEnd(32)))

let database: TestDatabase
let pool: pg.Pool

beforeAll(async () => {
  database = await testDatabase()
  pool = new pg.Pool({ connectionString: database.url })
  // Of nine cases every third is in `sending`; the first four have ended, whatever their stage.
  await pool.query(
    `insert into cases (case_id, number, process, version, definition_hash, client_id, stage, seq, created_at, entered_at, ended, state)
     select ('cccccccc-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, n, 'order', 1, 'h', null,
       case when n % 3 = 0 then 'sending' else 'packing' end, 1, now(), now(), case when n <= 4 then 'success' else 'no' end, '{}'
     from generate_series(1, 9) n`,
  )
  await pool.query(
    `insert into clients (client_id, pseudonym, created_at)
     select ('aaaaaaaa-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'p', now() from generate_series(1, 4) n`,
  )
  const bears = (n: number, hash: Buffer | undefined) =>
    pool.query("insert into vault.lookups (client_id, field, hash) values ($1, 'name', $2)", [id('a', n), hash])
  for (const n of [1, 2, 4]) await bears(n, n === 2 ? jan : anna)
  for (const n of [1, 2]) await bears(n, nowak)
})
afterAll(async () => {
  await pool?.end()
  await database?.close()
})

describe('the cases of a stage', () => {
  const numbers = async (filter: object, page = {}) =>
    (await listCases(pool, { processes: ['order'], ...filter }, { limit: 10, ...page })).map(({ number }) => number)

  it('are open and ended ones, newest first', async () => {
    expect(await numbers({ process: 'order', stage: 'sending' })).toEqual([9, 6, 3])
    expect(await numbers({ process: 'order', stage: 'packing' })).toEqual([8, 7, 5, 4, 2, 1])
  })

  it('come in pages that lack none and repeat none, over open and ended ones', async () => {
    const first = await numbers({ process: 'order', stage: 'packing' }, { limit: 4 })
    const rest = await numbers({ process: 'order', stage: 'packing' }, { limit: 4, after: id('c', first.at(-1) ?? 0) })
    expect([...first, ...rest]).toEqual([8, 7, 5, 4, 2, 1])
  })

  it('are the open ones alone where that is asked for, and of a process that may be seen', async () => {
    expect(await numbers({ process: 'order', stage: 'packing', open: true })).toEqual([8, 7, 5])
    expect(await numbers({ process: 'order', stage: 'packing', processes: ['other'] })).toEqual([])
  })
})

describe('the clients that a search means', () => {
  const found = async (hashes: readonly (Buffer | undefined)[], page = {}) =>
    (await findClients(pool, hashes as Buffer[], { limit: 10, ...page })).map(({ clientId }) => clientId)

  it('bear every hash, and come newest first', async () => {
    expect(await found([anna])).toEqual([id('a', 4), id('a', 1)])
    expect(await found([anna, nowak])).toEqual([id('a', 1)])
    expect(await found([jan, anna])).toEqual([])
  })

  it('are found though a word is said twice', async () => {
    expect(await found([anna, anna])).toEqual([id('a', 4), id('a', 1)])
  })

  it('come in pages', async () => {
    expect(await found([anna], { limit: 1 })).toEqual([id('a', 4)])
    expect(await found([anna], { limit: 1, after: id('a', 4) })).toEqual([id('a', 1)])
  })
})
