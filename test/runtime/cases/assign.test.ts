import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Api } from '../../api.ts'
import { query } from '../../database-query.ts'
import { type TestServer, testServer } from '../../server.ts'

const text = `
company "Gym" { address "Long Street 1" email "gym@company.example" }
letter yours "Yours now" { body "Please see to it." }
role desk "Desk"
role coach "Coach"
role cleaner "Cleaner"
role nobody "Nobody"

process visit "Visit" {
  access desk: see, move, edit
  access coach: see, move
  field keeper "Keeper" person
  field note "Note" text
  show note
  stage fresh "Fresh" {
    edit keeper
    move to taken by desk
    move to lost by desk
    move to named by desk
    move to written by desk
    move to unwritten by desk
  }
  stage written "Written" {
    on enter {
      assign to coach
      send yours to assignee
    }
    move to fresh by desk
  }
  stage unwritten "Unwritten" {
    on enter {
      assign to nobody
      send yours to assignee
    }
    move to fresh by desk
  }
  stage taken "Taken" {
    on enter {
      assign to coach
      notify assignee "This one is yours"
    }
    move to fresh by desk
    move to done by coach
  }
  stage lost "Lost" {
    on enter { assign to nobody }
    move to fresh by desk
  }
  stage named "Named" {
    show keeper
    on enter { assign to keeper }
    move to fresh by desk
  }
  final stage done "Done" success
}
`

const password = 'a-password-for-tests'

describe('who has a case', () => {
  let office: TestServer
  let desk: Api
  let coach: Api
  let other: Api
  const ids: Record<string, string> = {}
  beforeAll(async () => {
    office = await testServer({ text })
    await office.server.people.addPerson({ login: 'other', name: 'Other Coach', password, roles: ['coach'] })
    desk = await office.as('desk')
    coach = await office.as('coach')
    other = await office.as('other')
    for (const { id, name } of (await desk.get('/people')).body.items) ids[name] = id
  })
  afterAll(() => office?.stop())

  async function visit(fields: Record<string, string> = {}): Promise<string> {
    const started = await desk.post('/cases', { process: 'visit', fields })
    expect(started.status).toBe(201)
    return started.body.id
  }

  const move = async (id: string, to: string) => {
    const answer = await desk.post(`/cases/${id}/moves`, { to })
    expect(answer.status).toBe(200)
    return answer.body
  }

  const assign = (api: Api, id: string, person: string | null) => api.post(`/cases/${id}/assignee`, { person })

  async function entries(id: string) {
    const { items } = (await desk.get(`/cases/${id}/history?limit=200`)).body
    return items.filter(({ type }: { type: string }) => type === 'assign')
  }

  async function notices(api: Api): Promise<string[]> {
    return (await api.get('/notifications?limit=200')).body.items.map(({ text }: { text: string }) => text)
  }

  function deactivate(name: string, active = false) {
    return query(office.databaseUrl, 'update people set active = $2 where person_id = $1', [ids[name], active])
  }

  it('is by a rule one of the role with the fewest open cases, in turn, also of those moved together', async () => {
    const cases = await Promise.all(Array.from({ length: 6 }, () => visit()))
    const moved = await Promise.all(cases.map((id) => move(id, 'taken')))
    const names = moved.map(({ assignee }) => assignee.name)
    expect(names.filter((name) => name === 'coach')).toHaveLength(3)
    expect(names.filter((name) => name === 'Other Coach')).toHaveLength(3)
    const own = cases.filter((_, n) => names[n] === 'coach')
    for (const id of own.slice(0, 2)) expect((await coach.post(`/cases/${id}/moves`, { to: 'done' })).status).toBe(200)
    for (let n = 0; n < 2; n++) expect((await move(await visit(), 'taken')).assignee.name).toBe('coach')
  })

  it('stays with who has it and has the role', async () => {
    const id = await visit()
    await assign(desk, id, ids['Other Coach'] ?? '')
    for (let n = 0; n < 3; n++) {
      expect((await move(id, 'taken')).assignee.name).toBe('Other Coach')
      await move(id, 'fresh')
    }
  })

  it('is told of what a rule says to the assignee, nobody else is, and the history names them', async () => {
    const id = await visit()
    await assign(desk, id, ids['Other Coach'] ?? '')
    const before = [(await notices(coach)).length, (await notices(other)).length]
    await move(id, 'taken')
    expect((await notices(other)).length).toBe((before[1] ?? 0) + 1)
    expect((await notices(coach)).length).toBe(before[0])
    expect((await entries(id)).at(-1)).toMatchObject({ target: 'Other Coach', by: expect.stringContaining('.zgoda') })
  })

  it('is nobody new where nobody has the role: the history says so, movers are told, the case goes on', async () => {
    await deactivate('nobody')
    await deactivate('admin')
    const id = await visit()
    const body = await move(id, 'lost')
    await deactivate('admin', true)
    expect(body).toMatchObject({ stage: { name: 'lost' }, assignee: null })
    const [entry] = await entries(id)
    expect(entry).toMatchObject({ target: 'nobody', because: 'not assigned: nobody active has the role `nobody`' })
    expect((await notices(desk))[0]).toContain('was not assigned: nobody active has the role `nobody`')
  })

  it('is written to though nobody had it before the very step that assigns it', async () => {
    const id = await visit()
    expect((await move(id, 'written')).assignee).not.toBeNull()
    const letter = await office.letterTo('gym@company.example', 'Yours now')
    expect(letter.text).toContain('Please see to it.')
    const { items } = (await desk.get(`/cases/${id}/history`)).body
    expect(items.map(({ type }: { type: string }) => type)).not.toContain('letter skipped')
  })

  it('is nobody to write to where nobody has the role, and that is told as for any letter that does not go', async () => {
    await deactivate('nobody')
    await deactivate('admin')
    const id = await visit()
    await move(id, 'unwritten')
    await deactivate('admin', true)
    await deactivate('nobody', true)
    const { items } = (await desk.get(`/cases/${id}/history`)).body
    const skipped = items.find(({ type }: { type: string }) => type === 'letter skipped')
    expect(skipped).toMatchObject({ because: 'the case is assigned to nobody' })
    expect(items.map(({ type }: { type: string }) => type)).not.toContain('letter')
    expect((await desk.get(`/cases/${id}/letters`)).body.letters).toEqual([])
    expect((await notices(desk)).join()).toContain('was not sent: the case is assigned to nobody')
  })

  it('is one with every role only where nobody else has this one', async () => {
    await deactivate('nobody')
    expect((await move(await visit(), 'lost')).assignee.name).toBe('admin')
    await deactivate('nobody', true)
    expect((await move(await visit(), 'lost')).assignee.name).toBe('nobody')
  })

  it('is the person a field names, if they are still active', async () => {
    const id = await visit({ keeper: ids.coach ?? '' })
    expect((await desk.get(`/cases/${id}`)).body.fields.keeper).toMatchObject({ value: ids.coach, label: 'coach' })
    expect((await move(id, 'named')).assignee).toEqual({ id: ids.coach, name: 'coach' })
    await move(id, 'fresh')
    await assign(desk, id, null)
    await deactivate('coach')
    expect((await move(id, 'named')).assignee).toBeNull()
    expect((await entries(id)).at(-1).because).toBe('not assigned: the person named is not active here')
    await deactivate('coach', true)
  })

  it('is chosen by those who may move it, in the history by name', async () => {
    const id = await visit()
    expect((await assign(desk, id, ids.coach ?? '')).body.assignee).toEqual({ id: ids.coach, name: 'coach' })
    expect(await assign(desk, id, ids.coach ?? '')).toMatchObject({ status: 200 })
    expect((await assign(desk, id, null)).body.assignee).toBeNull()
    const told = (await entries(id)).map(({ by, target }: { by: string; target?: string }) => [by, target])
    expect(told).toEqual([
      ['desk', 'coach'],
      ['desk', undefined],
    ])
  })

  it('is found by the list of cases', async () => {
    const id = await visit()
    await assign(desk, id, ids.desk ?? '')
    const { items } = (await desk.get(`/cases?assignee=${ids.desk}`)).body
    expect(items.map((card: { id: string }) => card.id)).toEqual([id])
  })

  it('is refused by reason: no such person, one who may not see the case, a case that has ended, who may not', async () => {
    const id = await visit()
    expect(await assign(desk, id, randomUUID())).toMatchObject({ status: 422, body: { fields: ['person'] } })
    const blind = await assign(desk, id, ids.cleaner ?? '')
    expect(blind).toMatchObject({ status: 422, body: { because: expect.stringContaining('may see cases of `visit`') } })
    expect((await assign(desk, id, 'coach')).status).toBe(400)
    expect((await desk.post(`/cases/${id}/assignee`, {})).status).toBe(400)
    expect((await assign(desk, randomUUID(), null)).status).toBe(404)
    expect((await assign(await office.as('cleaner'), id, null)).status).toBe(404)
    await move(id, 'taken')
    await coach.post(`/cases/${id}/moves`, { to: 'done' })
    expect(await assign(desk, id, ids.desk ?? '')).toMatchObject({ status: 409, body: { code: 'case-ended' } })
    expect((await entries(id)).filter(({ by }: { by: string }) => by === 'desk')).toEqual([])
  })

  it('takes nobody’s id and no name in a field for people', async () => {
    const id = await visit()
    for (const keeper of [randomUUID(), 'coach'])
      expect(await desk.patch(`/cases/${id}/fields`, { keeper })).toMatchObject({ status: 422 })
    expect((await desk.post('/cases', { process: 'visit', fields: { keeper: 'me' } })).status).toBe(422)
    expect((await desk.patch(`/cases/${id}/fields`, { keeper: ids.coach })).status).toBe(200)
    expect((await desk.patch(`/cases/${id}/fields`, { keeper: null })).body.fields.keeper.value).toBeNull()
  })

  it('is a choice on the page of the case, and so is a field for people', async () => {
    const id = await visit()
    const html = await (await fetch(`${office.url}/cases/${id}`, { headers: { cookie: desk.cookie } })).text()
    expect(html).toMatch(/<select[^>]*name="person">/)
    expect(html).toMatch(/<select[^>]*name="field\.keeper">/)
    const panel = html.slice(html.indexOf('id="assignee"'), html.indexOf('id="history"'))
    expect(panel).toContain('Other Coach')
    expect(panel).not.toContain('cleaner')
    const csrf = /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? ''
    const sent = await fetch(`${office.url}/cases/${id}/assignee`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie: desk.cookie, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ _csrf: csrf, person: ids.coach ?? '' }).toString(),
    })
    expect(sent.status).toBe(303)
    expect((await desk.get(`/cases/${id}`)).body.assignee.name).toBe('coach')
  })
})
