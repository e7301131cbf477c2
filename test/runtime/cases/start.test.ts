import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Api } from '../../api.ts'
import { type TestDatabase, testDatabase } from '../../database.ts'
import { query } from '../../database-query.ts'
import { eventually } from '../../eventually.ts'
import { type TestServer, testServer } from '../../server.ts'

const text = `
company "Desk" { address "Long Street 1" email "desk@company.example" }
role clerk "Clerk" { clients: see, edit, erase }
role expert "Expert"
purpose handling "Do the work" { basis contract text "We use it to do the work." keep until end }
purpose extras "Extras" { basis consent text "We keep your wishes." keep until end }

process job "Job" {
  show in portal
  access clerk: see, move, edit, erase
  field secret "Secret" text personal for extras
  field street "Street" text personal for handling
  field limit  "Limit"  text
  show secret, street, limit
  edit secret, street, limit
  stage fresh "Fresh" {
    move to waiting by clerk as "Ask both"
    move to sole by clerk as "Ask one"
  }
  stage waiting "Waiting" {
    on enter {
      start check with where = street
      start check with where = street, hint = secret
    }
    on cases done { notify clerk "All are done" }
    move to waiting_again by clerk
    move to done by clerk
  }
  stage waiting_again "Waiting again" {
    on enter { start check with where = street }
    on cases done go to done
    move to done by clerk
  }
  stage sole "One" {
    on enter { start check with hint = secret }
    on cases done go to done
    move to done by clerk
  }
  final stage done "Done" success { on enter { erase secret, street } }
}

process check "Check" {
  access clerk: see
  access expert: see, move, edit
  field where "Where" text personal for handling
  field hint  "Hint"  text personal for extras
  stage looking "Looking" {
    show where, hint
    move to seen by expert
  }
  final stage seen "Seen" success { on enter { erase where, hint } }
}
`

interface Entry {
  readonly type: string
  readonly by: string
  readonly because?: string
  readonly target?: string
}

describe('cases that a case starts', () => {
  let database: TestDatabase
  /** Two nodes that carry out no jobs: what they decide is left for another, as when they die right after. */
  let desk: TestServer
  let other: TestServer
  let worker: TestServer | undefined
  let clerk: Api
  let expert: Api
  beforeAll(async () => {
    database = await testDatabase()
    desk = await testServer({ text }, { databaseUrl: database.url, runJobs: false })
    other = await testServer({ text }, { databaseUrl: database.url, runJobs: false })
    await startJobs()
    clerk = await desk.as('clerk')
    expert = await desk.as('expert')
  })
  afterAll(async () => {
    await stopJobs()
    await other?.stop()
    await desk?.stop()
    await database?.close()
  })

  async function startJobs(): Promise<void> {
    worker = await testServer({ text }, { databaseUrl: database.url })
  }

  async function stopJobs(): Promise<void> {
    await worker?.stop()
    worker = undefined
  }

  async function newJob(fields: Record<string, string> = { street: 'Main St 1' }, consent = false): Promise<string> {
    const client = (await clerk.post('/clients', { name: 'Anna Nowak' })).body.id
    if (consent) {
      const given = { purpose: 'extras', decision: 'given', evidence: { channel: 'paper', note: 'a signed slip' } }
      expect((await clerk.post(`/clients/${client}/consents`, given)).status).toBe(201)
    }
    const started = await clerk.post('/cases', { process: 'job', client, fields })
    expect(started.status).toBe(201)
    return started.body.id
  }

  const move = async (api: Api, id: string, to: string) => {
    const answer = await api.post(`/cases/${id}/moves`, { to })
    expect(answer).toMatchObject({ status: 200 })
  }

  function childrenOf(id: string, count: number): Promise<{ id: string; number: string }[]> {
    return eventually(`${count} started cases`, async () => {
      const { children } = (await clerk.get(`/cases/${id}`)).body
      return children.length === count && children
    })
  }

  async function historyOf(id: string, type: string): Promise<Entry[]> {
    return (await clerk.get(`/cases/${id}/history?limit=200`)).body.items.filter((item: Entry) => item.type === type)
  }

  function settled(): Promise<true> {
    return eventually('the queue to be empty', async () => {
      const [row] = await query<{ n: string }>(database.url, 'select count(*) as n from graphile_worker.jobs')
      return row?.n === '0' && true
    })
  }

  /** Puts a job into the queue once more, as after a crash between its work and the note of it. */
  async function repeat(identifier: string, payload: object): Promise<void> {
    await query(database.url, 'select graphile_worker.add_job($1, $2::json)', [identifier, JSON.stringify(payload)])
    await settled()
  }

  it('have its client and the values given, and each knows the other', async () => {
    const id = await newJob({ street: 'Main St 1', secret: 'a wish' }, true)
    await move(clerk, id, 'waiting')
    const children = await childrenOf(id, 2)
    const { body: parent } = await clerk.get(`/cases/${id}`)
    const views = await Promise.all(children.map(async (child) => (await expert.get(`/cases/${child.id}`)).body))
    for (const [n, view] of views.entries()) {
      expect(view).toMatchObject({ process: 'check', client: { id: parent.client.id }, number: children[n]?.number })
      expect(view.fields.where.value).toBe('Main St 1')
    }
    expect(views.map(({ fields }) => fields.hint?.value)).toEqual([null, 'a wish'])
    const { body: child } = await clerk.get(`/cases/${children[0]?.id}`)
    expect(child.parent).toEqual({ id, number: parent.number, process: 'job', title: 'Job' })
    expect((await historyOf(children[0]?.id ?? '', 'started'))[0]?.by).toBe('system')
    const page = await fetch(`${desk.url}/cases/${id}`, { headers: { cookie: clerk.cookie } })
    expect(await page.text()).toContain(`href="/cases/${children[0]?.id}"`)
  })

  it('are shown to those alone who may see them', async () => {
    const id = await newJob()
    await move(clerk, id, 'waiting')
    const [child] = await childrenOf(id, 2)
    const { body } = await expert.get(`/cases/${child?.id}`)
    expect(body.parent).toBeNull()
    expect((await expert.get(`/cases/${id}`)).status).toBe(404)
  })

  it('start once, though the node dies after the decision and the job is done again', async () => {
    const id = await newJob()
    await stopJobs()
    await move(await other.as('clerk'), id, 'waiting')
    expect((await clerk.get(`/cases/${id}`)).body.children).toEqual([])
    await startJobs()
    const before = await childrenOf(id, 2)
    const rows = await query<{ seq: number }>(database.url, 'select seq from children where case_id = $1', [id])
    await query(database.url, 'update children set number = null where case_id = $1', [id])
    for (const { seq } of rows) await repeat('start', { caseId: id, seq })
    expect(await childrenOf(id, 2)).toEqual(before)
    const [made] = await query<{ n: string }>(
      database.url,
      "select count(*) as n from cases where parent->>'caseId' = $1",
      [id],
    )
    expect(made?.n).toBe('2')
    const held = await query(database.url, 'select 1 from vault.starts where case_id = $1', [id])
    expect(held).toEqual([])
  })

  it('carry no value in the queue', async () => {
    const id = await newJob({ street: 'Marker Lane 17' })
    await stopJobs()
    await move(clerk, id, 'waiting')
    const jobs = await query(database.url, 'select * from graphile_worker._private_jobs')
    const rows = await query(database.url, 'select * from children')
    expect(jobs.length).toBeGreaterThan(0)
    expect(JSON.stringify([jobs, rows])).not.toContain('Marker Lane')
    await startJobs()
    await childrenOf(id, 2)
  })

  it('are refused with the reason in the history and a notice, where their rules refuse what they are given', async () => {
    const id = await newJob({ street: 'Main St 2', secret: 'a wish' }, true)
    await stopJobs()
    await move(clerk, id, 'sole')
    const client = (await clerk.get(`/cases/${id}`)).body.client.id
    await clerk.post(`/clients/${client}/consents`, { purpose: 'extras', decision: 'withdrawn' })
    await startJobs()
    const entry = await eventually('the reason', async () =>
      (await historyOf(id, 'start')).find(({ because }) => because),
    )
    expect(entry).toMatchObject({ by: 'system', target: 'check' })
    expect(entry.because).toMatch(/not started: .*`extras`, whose consent is withdrawn/)
    const { body } = await clerk.get('/notifications')
    expect(body.items[0].text).toContain('could not start `check`')
    await settled()
    expect(await historyOf(id, 'cases done')).toEqual([])
    expect(await query(database.url, 'select 1 from children where case_id = $1', [id])).toEqual([])
  })

  it('are not started for a client who was erased meanwhile', async () => {
    const id = await newJob()
    await stopJobs()
    await move(clerk, id, 'waiting')
    const client = (await clerk.get(`/cases/${id}`)).body.client.id
    const erased = await clerk.post(`/clients/${client}/erase`)
    expect(erased.body.erased.starts).toBe(2)
    await startJobs()
    await eventually('both reasons', async () => {
      const told = (await historyOf(id, 'start')).filter(({ because }) => because?.includes('client was erased'))
      return told.length === 2
    })
  })

  it('tell it once that all have ended, and again when that comes true again', async () => {
    const id = await newJob()
    await move(clerk, id, 'waiting')
    const [first, second] = await childrenOf(id, 2)
    await move(expert, first?.id ?? '', 'seen')
    await settled()
    expect(await historyOf(id, 'cases done')).toEqual([])
    await move(expert, second?.id ?? '', 'seen')
    await settled()
    expect(await historyOf(id, 'cases done')).toHaveLength(1)
    const rows = await query<{ seq: number }>(database.url, 'select seq from children where case_id = $1', [id])
    for (const { seq } of rows) await repeat('ended', { caseId: id, seq })
    expect(await historyOf(id, 'cases done')).toHaveLength(1)
    await move(clerk, id, 'waiting_again')
    const third = (await childrenOf(id, 3))[2]
    await move(expert, third?.id ?? '', 'seen')
    await eventually('the end', async () => (await clerk.get(`/cases/${id}`)).body.stage.name === 'done')
    expect(await historyOf(id, 'cases done')).toHaveLength(2)
  })

  it('tell it though the node dies after the last end, and only then', async () => {
    const id = await newJob()
    await move(clerk, id, 'waiting')
    const children = await childrenOf(id, 2)
    await stopJobs()
    const there = await other.as('expert')
    await Promise.all(children.map((child) => move(there, child.id, 'seen')))
    expect(await historyOf(id, 'cases done')).toEqual([])
    await startJobs()
    await settled()
    expect(await historyOf(id, 'cases done')).toHaveLength(1)
  })

  it('tell it once where they end at the same moment on two nodes', async () => {
    const second = await testServer({ text }, { databaseUrl: database.url })
    const there = await second.as('expert')
    const ids = await Promise.all(Array.from({ length: 10 }, () => newJob()))
    await Promise.all(ids.map((id) => move(clerk, id, 'waiting')))
    await Promise.all(
      ids.map(async (id) => {
        const [a, b] = await childrenOf(id, 2)
        await Promise.all([move(expert, a?.id ?? '', 'seen'), move(there, b?.id ?? '', 'seen')])
      }),
    )
    await settled()
    await second.stop()
    for (const id of ids) expect(await historyOf(id, 'cases done')).toHaveLength(1)
  })

  it('leave it alone where it waits for them no longer', async () => {
    const id = await newJob()
    await move(clerk, id, 'waiting')
    const children = await childrenOf(id, 2)
    await move(clerk, id, 'done')
    for (const child of children) await move(expert, child.id, 'seen')
    await settled()
    expect(await historyOf(id, 'cases done')).toEqual([])
    expect((await clerk.get(`/cases/${id}`)).body.stage.name).toBe('done')
  })
})
