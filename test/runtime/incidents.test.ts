import { rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Api } from '../api.ts'
import { eventually } from '../eventually.ts'
import { type TestServer, testServer } from '../server.ts'
import { hurry, query } from './webhooks/hurry.ts'
import { parcelWorkspace } from './webhooks/parcels.ts'
import { type Receiver, startReceiver, status } from './webhooks/receiver.ts'

interface Incident {
  readonly id: string
  readonly state: string
  readonly because: string
}

function incidentOf(api: Api, caseId: string): Promise<Incident> {
  return eventually(`an incident of ${caseId}`, async () => (await api.get(`/incidents?case=${caseId}`)).body.items[0])
}

describe('a call that failed for good', () => {
  let courier: Receiver
  let folder: string
  let office: TestServer
  let clerk: Api
  let viewer: Api
  let other: Api

  beforeAll(async () => {
    courier = await startReceiver()
    folder = await parcelWorkspace(courier.url)
    office = await testServer(folder, { calls: { allow: new Set([courier.place]), secret: () => 'a secret' } })
    clerk = await office.as('clerk')
    viewer = await office.as('viewer')
    other = await office.as('other')
  })
  afterAll(async () => {
    await office?.stop()
    await courier?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  async function refused(): Promise<{ id: string; incident: Incident }> {
    courier.next(status(410))
    const { id } = (await clerk.post('/cases', { process: 'parcel', fields: { address: 'Main St 1' } })).body
    await clerk.post(`/cases/${id}/moves`, { to: 'handed' })
    return { id, incident: await incidentOf(clerk, id) }
  }

  const calls = (id: string) => courier.received.filter(({ body }) => body.includes(id)).length

  it('is told once to those who may move the case, and is open once, however often it fails', async () => {
    const { id } = await refused()
    const told = async () =>
      (await clerk.get('/notifications')).body.items.filter(
        ({ caseId, text }: { caseId: string; text: string }) => caseId === id && text.includes('failed'),
      )
    expect(await told()).toHaveLength(1)
    expect((await viewer.get('/notifications')).body.items).toEqual([])
    const job = JSON.stringify({
      caseId: id,
      seq: (await query(office.databaseUrl, 'select seq from calls where case_id = $1', [id]))[0].seq,
    })
    const key = (await query(office.databaseUrl, 'select job_key from incidents where case_id = $1', [id]))[0].job_key
    await query(office.databaseUrl, 'select graphile_worker.add_job($1, $2::json, job_key => $3)', ['call', job, key])
    await eventually('the job to have run again', async () => {
      const rows = await query(office.databaseUrl, 'select 1 from graphile_worker.jobs where key = $1', [key])
      return rows.length === 0
    })
    expect((await clerk.get(`/incidents?case=${id}`)).body.items).toHaveLength(1)
    expect(await told()).toHaveLength(1)
    expect(calls(id)).toBe(1)
  })

  it('is tried again once, however often that is asked', async () => {
    const { id, incident } = await refused()
    const answers = await Promise.all(Array.from({ length: 4 }, () => clerk.post(`/incidents/${incident.id}/retry`)))
    expect(answers.map(({ status, body }) => [status, body.state])).toEqual(Array(4).fill([200, 'retried']))
    await eventually('the call', async () => calls(id) === 2)
    expect((await clerk.post(`/incidents/${incident.id}/skip`, { because: 'x' })).body.code).toBe('conflict')
    expect((await clerk.get('/incidents?state=closed')).body.items[0]).toMatchObject({
      closedBy: 'clerk',
      mayAct: false,
    })
  })

  it('becomes an incident anew where it fails again after that', async () => {
    const { id, incident } = await refused()
    courier.next(status(404))
    await clerk.post(`/incidents/${incident.id}/retry`)
    const again = await eventually('another incident', async () => {
      const { items } = (await clerk.get(`/incidents?case=${id}`)).body
      return items.find((one: Incident) => one.id !== incident.id)
    })
    expect(again).toMatchObject({ state: 'open', because: 'the webhook `courier` answered 404' })
  })

  it('is left undone for a reason that is kept sealed, with who and when; what it said is deleted', async () => {
    const { id, incident } = await refused()
    const skip = () => clerk.post(`/incidents/${incident.id}/skip`, { because: 'marker-reason' })
    expect((await skip()).body).toMatchObject({
      state: 'skipped',
      closedBy: 'clerk',
      closedAt: expect.stringMatching(/Z$/),
      closedBecause: 'marker-reason',
    })
    expect((await skip()).body.state).toBe('skipped')
    expect((await clerk.post(`/incidents/${incident.id}/retry`)).status).toBe(409)
    expect(await query(office.databaseUrl, 'select * from vault.calls where case_id = $1', [id])).toEqual([])
    const rows = await query(
      office.databaseUrl,
      'select i::text from incidents i union all select w::text from vault.incident_words w',
    )
    expect(JSON.stringify(rows)).not.toContain('marker-reason')
    expect(calls(id)).toBe(1)
  })

  it('is shown to those who see the case, for those who may move it to act on, and to nobody else', async () => {
    const { id, incident } = await refused()
    expect((await viewer.get(`/incidents?case=${id}`)).body.items[0]).toMatchObject({ id: incident.id, mayAct: false })
    expect((await other.get('/incidents')).body.items).toEqual([])
    for (const [what, body] of [
      ['retry', {}],
      ['skip', { because: 'x' }],
    ] as const) {
      expect((await viewer.post(`/incidents/${incident.id}/${what}`, body)).body.code).toBe('not-allowed')
      expect((await other.post(`/incidents/${incident.id}/${what}`, body)).body.code).toBe('not-found')
    }
    expect(calls(id)).toBe(1)
  })

  it('stands on the pages of incidents and of the case, with buttons for those who may', async () => {
    const { id, incident } = await refused()
    const open = async (who: Api, path: string) =>
      (await fetch(office.url + path, { headers: { cookie: who.cookie, accept: 'text/html' } })).text()
    for (const path of ['/incidents', `/cases/${id}`]) {
      const page = await open(clerk, path)
      expect(page).toContain(`id="incident-${incident.id}"`)
      expect(page).toContain('the webhook <code>courier</code> answered 410')
      expect(page).toContain(`action="/incidents/${incident.id}/retry"`)
    }
    const polish = await fetch(`${office.url}/incidents`, {
      headers: { cookie: clerk.cookie, accept: 'text/html', 'accept-language': 'pl' },
    })
    expect(await polish.text()).toContain('webhook <code>courier</code>: odpowiada 410')
    expect(await open(viewer, '/incidents')).not.toContain('/retry')
    const page = await open(clerk, '/incidents')
    const form = new URLSearchParams({
      _csrf: /name="_csrf" value="([^"]+)"/.exec(page)?.[1] ?? '',
      back: '/incidents',
    })
    const post = (what: string) =>
      fetch(`${office.url}/incidents/${incident.id}/${what}`, {
        method: 'POST',
        body: form,
        redirect: 'manual',
        headers: { cookie: clerk.cookie },
      })
    expect((await post('skip')).status).toBe(422)
    const done = await post('retry')
    expect([done.status, done.headers.get('location')]).toEqual([303, '/incidents'])
    await eventually('the call', async () => calls(id) === 2)
  })

  it('has a stray message that can not be taken in beside it, for those who may see the inbox', async () => {
    const key = Buffer.alloc(32, 7)
    await query(office.databaseUrl, "insert into messages (message_key, at, status) values ($1, now(), 'new')", [key])
    await query(office.databaseUrl, 'insert into vault.messages (message_key, sealed) values ($1, $2)', [key, key])
    await query(office.databaseUrl, "select graphile_worker.add_job('message', $1::json, job_key => 'message x')", [
      JSON.stringify({ key: key.toString('base64') }),
    ])
    const stray = async (who: Api): Promise<Incident | undefined> =>
      (await who.get('/incidents')).body.items.find(({ kind }: { kind: string }) => kind === 'message')
    const incident = await eventually('the incident', async () => {
      await hurry(office.databaseUrl, 23)
      return stray(clerk)
    })
    expect(incident.because).toBe('something went wrong here: the server’s log says what')
    expect(await stray(viewer)).toBeUndefined()
    expect((await viewer.post(`/incidents/${incident.id}/retry`)).status).toBe(404)
    expect((await clerk.post(`/incidents/${incident.id}/skip`, { because: 'rubbish' })).status).toBe(200)
    const [message] = await query(office.databaseUrl, 'select status from messages where message_key = $1', [key])
    expect(message.status).toBe('kept')
  })

  it('lists page after page', async () => {
    await refused()
    await refused()
    const first = (await clerk.get('/incidents?limit=1')).body
    const second = (await clerk.get(`/incidents?limit=1&after=${first.next}`)).body
    expect(first.items[0].id > second.items[0].id).toBe(true)
  })
})

describe('a letter that failed for good', () => {
  let refusing = true
  const taken: string[] = []
  let smtp: SMTPServer
  let shop: TestServer
  let florist: Api

  beforeAll(async () => {
    smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onRcptTo({ address }, _session, done) {
        if (refusing) return done(Object.assign(new Error('no such mailbox'), { responseCode: 550 }))
        taken.push(address)
        done()
      },
      onData(stream, _session, done) {
        stream.resume()
        stream.on('end', () => done())
      },
    })
    smtp.on('error', () => undefined)
    await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve))
    const { port } = smtp.server.address() as AddressInfo
    shop = await testServer('florist/text', { smtpUrl: `smtp://127.0.0.1:${port}` })
    florist = await shop.as('florist')
  })
  afterAll(async () => {
    await shop?.stop()
    smtp?.close(() => undefined)
  })

  async function order(email: string): Promise<string> {
    const { id } = (await florist.post('/clients', { email })).body
    return (await florist.post('/cases', { process: 'order', client: id, fields: { bouquet: 'roses' } })).body.id
  }

  const letterOf = async (id: string) => (await florist.get(`/cases/${id}/letters`)).body.letters[0]

  it('is sent when a person has it tried again', async () => {
    refusing = true
    const id = await order('wrong@client.example')
    const incident = await incidentOf(florist, id)
    expect(incident.because).toMatch(/^the letter `ask_consent` was not sent: /)
    expect(incident.because).not.toContain('wrong@')
    expect((await letterOf(id)).status).toBe('failed')
    refusing = false
    await florist.post(`/incidents/${incident.id}/retry`)
    await eventually('the letter', async () => taken.includes('wrong@client.example'))
    await eventually('it to be noted', async () => (await letterOf(id)).status === 'sent')
    expect(taken.filter((address) => address === 'wrong@client.example')).toHaveLength(1)
  })

  it('stays where it is when a person leaves it', async () => {
    refusing = true
    const id = await order('left@client.example')
    const incident = await incidentOf(florist, id)
    await florist.post(`/incidents/${incident.id}/skip`, { because: 'we called' })
    refusing = false
    await hurry(shop.databaseUrl)
    expect(await letterOf(id)).toMatchObject({ status: 'skipped' })
    expect(taken).not.toContain('left@client.example')
  })
})
