import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Failed, type Failure, Waits } from '../../runtime/jobs/failure.ts'
import { type Attempt, startWorker } from '../../runtime/jobs/worker.ts'
import { type Database, openDatabase } from '../../runtime/store/database.ts'
import { type TestDatabase, testDatabase } from '../database.ts'
import { eventually } from '../eventually.ts'
import { hurry, query } from './webhooks/hurry.ts'

describe('a job that fails', () => {
  let database: TestDatabase
  let db: Database
  let worker: { stop(): Promise<void> }
  const tried: { name: string; attempt: Attempt }[] = []
  const failures: Failure[] = []
  const logged: string[] = []
  /** What each job throws, by its name. */
  const outcomes: Record<string, () => unknown> = {}

  beforeAll(async () => {
    database = await testDatabase()
    db = openDatabase(database.url, () => undefined)
    const work = (payload: unknown, attempt: Attempt) => {
      const { name } = payload as { name: string }
      tried.push({ name, attempt })
      const error = outcomes[name]?.()
      return error ? Promise.reject(error) : Promise.resolve()
    }
    const write = (_fields: object, message: string) => void logged.push(message)
    worker = await startWorker(
      db,
      { one: work, many: (payload, attempt) => (payload as object[]).map((part) => work(part, attempt)) },
      { info: write, warn: write, debug() {}, error: write },
      async (failure) => void failures.push(failure),
    )
  })
  afterAll(async () => {
    await worker?.stop()
    await db?.close()
    await database?.close()
  })

  const add = (name: string) =>
    query(database.url, 'select graphile_worker.add_job($1, $2::json, job_key => $3)', [
      'one',
      JSON.stringify({ name }),
      name,
    ])
  const given = (name: string) =>
    eventually(`${name} to be given up`, async () =>
      failures.find(({ payload }) => JSON.stringify(payload).includes(name)),
    )
  const attempts = (name: string) => tried.filter((one) => one.name === name).map(({ attempt }) => attempt)

  it('for good at once is tried once, and given up with its reason', async () => {
    outcomes.hopeless = () => new Failed('the receiver is gone')
    await add('hopeless')
    expect(await given('hopeless')).toEqual({
      job: 'one',
      payload: { name: 'hopeless' },
      key: 'hopeless',
      because: 'the receiver is gone',
      tries: 1,
    })
    expect(attempts('hopeless')).toEqual([{ tries: 1, last: false }])
    await eventually('the job to be gone', async () => {
      const rows = await query(database.url, "select 1 from graphile_worker.jobs where key = 'hopeless'")
      return rows.length === 0
    })
  })

  it('again and again is given up at its last try, and one more is left for a node that is killed there', async () => {
    outcomes.stubborn = () => new Waits('it is not there yet')
    await add('stubborn')
    await eventually('a first try', async () => attempts('stubborn').length === 1)
    await eventually('the last', async () => {
      await hurry(database.url, 23)
      return attempts('stubborn').length > 1
    })
    expect(await given('stubborn')).toMatchObject({ because: 'it is not there yet', tries: 24 })
    expect(attempts('stubborn')[1]).toEqual({ tries: 24, last: true })
  })

  it('in a way nobody foresaw is given up without the error’s own words, which may quote anything', async () => {
    outcomes.broken = () => new Error('marker-private')
    await add('broken')
    await eventually('the last try', async () => {
      await hurry(database.url, 23)
      return attempts('broken').some(({ last }) => last)
    })
    expect((await given('broken')).because).toBe('something went wrong here: the server’s log says what')
    expect(logged).toContain('a job has failed for good')
  })

  it('that knows when to try again is put off until then, and goes on counting', async () => {
    outcomes.later = () =>
      attempts('later').length < 3 ? new Waits('not now', new Date(Date.now() + 60_000)) : undefined
    await add('later')
    for (const tries of [2, 3]) {
      await eventually(`try ${tries}`, async () => {
        await hurry(database.url)
        return attempts('later').length >= tries
      })
    }
    expect(attempts('later').map(({ tries }) => tries)).toEqual([1, 2, 3])
    expect(failures.some(({ key }) => key === 'later')).toBe(false)
  })

  it('as one of a batch is given up alone, under a key of its own', async () => {
    outcomes.bad = () => new Failed('broken')
    const parts = JSON.stringify([{ name: 'good' }, { name: 'bad' }])
    await query(database.url, 'select graphile_worker.add_job($1, $2::json)', ['many', parts])
    expect(await given('bad')).toMatchObject({ payload: [{ name: 'bad' }], key: 'many bad' })
    await eventually('the good one', async () => attempts('good').length === 1)
  })
})
