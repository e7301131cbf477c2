import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Api } from '../../api.ts'
import { query } from '../../database-query.ts'
import { eventually } from '../../eventually.ts'
import { type TestServer, testServer } from '../../server.ts'

const text = `
role clerk "Clerk"

process ring "Ring" {
  access clerk: see, move
  field n "N" number default 1
  stage open "Open" {
    on enter { start other when n > 0 }
    move to done by clerk
  }
  final stage done "Done" success
}
process other "Other" {
  access clerk: see, move
  stage open "Open" {
    on enter { start ring }
    move to done by clerk
  }
  final stage done "Done" success
}
process wide "Wide" {
  access clerk: see, move
  field n "N" number default 1
  stage open "Open" {
    on enter { start wide when n > 0 start wide when n > 0 start wide when n > 0 start wide when n > 0 }
    move to done by clerk
  }
  final stage done "Done" success
}
process again "Again" {
  access clerk: see, move
  stage idle "Idle" {
    move to open by clerk
    move to done by clerk
  }
  stage open "Open" {
    on enter { start short }
    on cases done go to back
    move to done by clerk
  }
  stage back "Back" {
    on enter { start short }
    on cases done go to open
    move to done by clerk
  }
  final stage done "Done" success
}
process short "Short" {
  access clerk: see
  field n "N" number default 1
  stage open "Open" {
    when n > 0 go to done
    move to done
  }
  final stage done "Done" success
}
process monthly "Monthly" {
  access clerk: see, move
  stage open "Open" { move to done by clerk }
  final stage done "Done" success { on enter { start monthly } }
}
`

describe('cases that start each other without end', () => {
  let desk: TestServer
  let clerk: Api
  beforeAll(async () => {
    desk = await testServer({ text })
    clerk = await desk.as('clerk')
  })
  afterAll(() => desk?.stop())

  const begin = async (process: string): Promise<string> => {
    const { status, body } = await clerk.post('/cases', { process })
    expect(status).toBe(201)
    return body.id
  }
  const count = async (...processes: string[]) => {
    const [row] = await query(desk.databaseUrl, 'select count(*)::int as n from cases where process = any($1)', [
      processes,
    ])
    return row?.n as number
  }
  const open = async () => (await clerk.get('/incidents?state=open')).body.items
  const settled = () =>
    eventually(
      'no job to be left',
      async () => (await query(desk.databaseUrl, 'select 1 from graphile_worker.jobs limit 1')).length === 0,
      60,
    )

  it('stop after thirty-two in a row, with an incident that says why', async () => {
    await begin('ring')
    const [incident, ...more] = await eventually('the incident', async () => {
      const items = await open()
      return items.length > 0 && items
    })
    expect(more).toEqual([])
    expect(await count('ring', 'other')).toBe(33)
    expect(incident).toMatchObject({ kind: 'start', mayAct: true })
    expect(incident.because).toMatch(/started each other 32 times in a row though nobody did anything in between/)
    expect(incident.because).toMatch(/whether `other` starts all the same, and looks at what `ring` starts/)
    const { body } = await clerk.get('/notifications')
    expect(body.items[0].text).toContain('A case could not be started')
  })

  it('go on from there where a person has it tried again, and stop again', async () => {
    const [incident] = await open()
    expect((await clerk.post(`/incidents/${incident.id}/retry`)).status).toBe(200)
    const [next] = await eventually('the next incident', async () => {
      const items = await open()
      return items.length > 0 && items[0].id !== incident.id && items
    })
    expect(await count('ring', 'other')).toBe(65)
    await clerk.post(`/incidents/${next.id}/skip`, { because: 'the ring is known' })
  })

  it('stop the sooner the more each starts', async () => {
    await begin('wide')
    await settled()
    // 1 + 4 + 16 + 64: the next would be 256.
    expect(await count('wide')).toBe(85)
  })

  it('stop where one case starts others over and over', async () => {
    const id = await begin('again')
    await query(
      desk.databaseUrl,
      `insert into children (case_id, seq, child_id, process, number, ended)
       select $1::uuid, 1000000 + n, (substr($1::uuid::text, 1, 14) || '7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'short', n, true
       from generate_series(1, 990) n`,
      [id],
    )
    const before = await count('short')
    await clerk.post(`/cases/${id}/moves`, { to: 'open' })
    await settled()
    const [incident] = (await clerk.get(`/incidents?case=${id}`)).body.items
    expect(incident.because).toMatch(/this case has started 1000 others within a day/)
    expect((await count('short')) - before).toBe(10)
  })

  it('are no such thing where somebody acts in between', async () => {
    let id = await begin('monthly')
    for (let at = 0; at < 40; at += 1) {
      await clerk.post(`/cases/${id}/moves`, { to: 'done' })
      id = await eventually('the next', async () => (await clerk.get(`/cases/${id}`)).body.children[0]?.id)
    }
    expect(await count('monthly')).toBe(41)
  })
})
