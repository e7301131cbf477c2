import { readFileSync } from 'node:fs'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readWorkspace } from '../../dsl/workspace.ts'
import { type Answer, type Api, apiOf } from '../api.ts'
import { testDatabase } from '../database.ts'
import { eventually } from '../eventually.ts'
import { deployToken, type TestServer, testServer } from '../server.ts'

const names = ['order.zgoda', 'workspace.zgoda'] as const
const florist = names.map((name) => ({ name, text: readFileSync(`examples/florist/text/${name}`, 'utf8') }))

type Edit = readonly [from: string, to: string]

/** The flower shop with words of its files replaced, each once. */
function edited(...edits: readonly Edit[]) {
  return edits.reduce((files, [from, to]) => {
    if (!files.some(({ text }) => text.includes(from))) throw new Error(`the flower shop does not say \`${from}\``)
    return files.map(({ name, text }) => ({ name, text: text.replace(from, () => to) }))
  }, florist)
}

const renamed: readonly Edit[] = [
  ['stage arranging "Arranging"', 'stage binding was arranging "Binding"'],
  ['go to arranging', 'go to binding'],
]

let shop: TestServer
let db: pg.Pool
let admin: Api
const bearer = { authorization: `Bearer ${deployToken}` }

beforeAll(async () => {
  shop = await testServer('florist/text')
  db = new pg.Pool({ connectionString: shop.databaseUrl })
  admin = await shop.as('admin')
})

afterAll(async () => {
  await db.end()
  await shop.stop()
})

const plan = (files: readonly object[], more: object = {}): Promise<Answer> =>
  apiOf(shop.url, '').post('/workspace/plan', { files, ...more }, bearer)
const apply = (files: readonly object[], more: object = {}): Promise<Answer> =>
  apiOf(shop.url, '').post('/workspace/apply', { files, ...more }, bearer)

/** An order; with `allergies`, the client has decided about them, and it is being arranged. */
async function order(allergies?: 'given' | 'refused'): Promise<{ id: string; client: string }> {
  const client = (await admin.post('/clients', { name: 'Ewa', email: 'ewa@client.example' })).body.id
  const fields = { bouquet: 'roses', price: '40', address: '1 Street' }
  const { id } = (await admin.post('/cases', { process: 'order', client, fields })).body
  if (allergies) {
    const consent = { purpose: 'allergies', decision: allergies, evidence: { note: 'paper 7' } }
    expect((await admin.post(`/clients/${client}/consents`, consent)).status).toBe(201)
  }
  return { id, client }
}

const stageOf = async (id: string) => (await admin.get(`/cases/${id}`)).body.stage.name

describe('a plan', () => {
  it('says that nothing changes where only lines have moved', async () => {
    const { status, body } = await plan(florist.map(({ name, text }) => ({ name, text: `# one line more\n${text}` })))
    expect([status, body.differences, body.processes, body.needs]).toEqual([200, [], [], []])
  })

  it('counts the open cases that a change touches and says where they go on, and changes nothing', async () => {
    const { id } = await order('refused')
    await order()
    const { body } = await plan(edited(...renamed))
    expect(body.needs).toEqual([])
    expect(body.processes.find(({ process }: { process: string }) => process === 'order')).toMatchObject({
      from: [1],
      to: 2,
      cases: 2,
      stages: expect.arrayContaining([
        { from: 'arranging', to: 'binding', cases: 1 },
        { from: 'waiting', to: 'waiting', cases: 1 },
      ]),
    })
    expect(body.differences.find(({ kind }: { kind: string }) => kind === 'renamed')).toMatchObject({
      name: 'binding',
      before: 'arranging',
      cases: 1,
    })
    expect(await stageOf(id)).toBe('arranging')
  })

  it('says what has to be put right first: a stage that is gone with its cases in it', async () => {
    await order('refused')
    const { body } = await plan(
      edited(['stage arranging "Arranging"', 'stage binding "Binding"'], ['go to arranging', 'go to binding']),
    )
    expect(body.needs).toEqual([
      {
        what: expect.stringContaining('as in `stage binding was arranging`'),
        process: 'order',
        at: expect.objectContaining({ file: 'order.zgoda' }),
        cases: expect.any(Number),
      },
    ])
  })

  it('lists who must be asked again where a purpose is not what clients agreed to', async () => {
    const { client } = await order('given')
    const label = (await admin.get(`/clients/${client}`)).body.pseudonym
    const { body } = await plan(edited(['we pick flowers', 'we and our suppliers pick flowers']))
    expect(body.needs[0].what).toContain('write `version 2`, and they are asked again')
    expect(body.askAgain).toEqual([
      { purpose: 'allergies', because: ['its text is new'], raised: false, clients: 1, some: [label] },
    ])
  })

  it('says what happens at once: a time that is past, a rule that holds', async () => {
    const { id } = await order()
    await db.query("update cases set entered_at = entered_at - interval '3 days' where case_id = $1", [id])
    const { body } = await plan(
      edited([
        'after 14 days go to cancelled',
        'after 2 days { notify florist "Slow" }\n    after 14 days go to cancelled',
      ]),
    )
    const { notes } = body.processes.find(({ process }: { process: string }) => process === 'order')
    expect(notes).toEqual([{ what: 'the rule at order.zgoda:23 is due at once', cases: 1 }])
  })

  it('is refused for files with mistakes, and for whoever may not', async () => {
    const broken = edited(['after 14 days go to cancelled', 'after 14 days go to nowhere'])
    expect((await plan(broken)).body).toMatchObject({
      code: 'invalid-workspace',
      because: expect.stringContaining('order.zgoda:23'),
    })
    const unsound = edited([
      'move to cancelled by manager\n  }\n\n  final',
      'move to cancelled by manager\n  }\n\n  stage lost "Lost" { }\n\n  final',
    ])
    expect((await plan(unsound)).body).toMatchObject({
      code: 'invalid-workspace',
      because: expect.stringContaining('Z301'),
    })
    expect((await (await shop.as('manager')).post('/workspace/plan', { files: florist })).status).toBe(403)
    expect((await apiOf(shop.url, '').post('/workspace/plan', { files: florist })).status).toBe(401)
    expect((await plan([{ name: '../order.zgoda', text: '' }])).status).toBe(400)
    const asDeployer = { authorization: `Bearer ${deployToken}` }
    expect((await apiOf(shop.url, '').post('/clients', {}, asDeployer)).status).toBe(401)
  })
})

describe('applying', () => {
  it('is refused whole where something is in the way', async () => {
    const { id } = await order('refused')
    const before = (await apiOf(shop.url, '').post('/workspace/plan', { files: florist }, bearer)).body.current
    const answer = await apply(
      edited(['stage arranging "Arranging"', 'stage binding "Binding"'], ['go to arranging', 'go to binding']),
    )
    expect([answer.status, answer.body.code]).toEqual([409, 'plan-blocked'])
    expect((await admin.get('/workspace')).body.hash).toBe(before.hash)
    expect(await stageOf(id)).toBe('arranging')
  })

  it('is refused where something else was applied since it was planned', async () => {
    expect((await apply(florist, { basedOn: 'something else' })).body.code).toBe('conflict')
  })

  it('changes nothing where the same is sent again', async () => {
    const applied = async () => (await db.query('select max(seq) as seq from applied')).rows[0].seq
    const before = await applied()
    const runs = (await admin.get('/workspace')).body
    expect((await apply(florist)).body).toMatchObject({ moved: 0, plan: { proposed: { hash: runs.hash } } })
    expect([await applied(), (await admin.get('/workspace')).body]).toEqual([before, runs])
  })

  it('takes open cases along, whose history tells each rule by the version it stood in, and lets new ones start by it', async () => {
    const { id } = await order('refused')
    const files = edited(...renamed, ['process order "Order"', '# a line more\nprocess order "Order"'])
    const { status, body } = await apply(files)
    expect([status, body.moved]).toEqual([200, expect.any(Number)])
    expect((await admin.get(`/cases/${id}`)).body).toMatchObject({ version: 2, stage: { name: 'binding' } })
    const { items } = (await admin.get(`/cases/${id}/history`)).body
    expect(items.at(-1)).toMatchObject({ type: 'migrated', from: 'arranging', to: 'binding', because: 'version 1 → 2' })
    expect(items.find(({ type }: { type: string }) => type === 'when').rule).toBe('order.zgoda:22')
    expect((await admin.post(`/cases/${id}/moves`, { to: 'cancelled' })).body.stage.name).toBe('cancelled')
    const { id: fresh } = await order('refused')
    expect(await stageOf(fresh)).toBe('binding')
    const late = (await admin.get(`/cases/${fresh}/history`)).body.items
    expect(late.find(({ type }: { type: string }) => type === 'when').rule).toBe('order.zgoda:23')
    expect((await apply(edited(['stage arranging', 'stage arranging was binding']))).status).toBe(200)
  })

  it('leaves open cases where they are, if it is for new ones alone', async () => {
    const { id } = await order('refused')
    const { version } = (await admin.get(`/cases/${id}`)).body
    const files = edited(['stage arranging "Arranging"', 'stage tying "Tying"'], ['go to arranging', 'go to tying'])
    expect((await apply(files, { newCasesOnly: true })).body.moved).toBe(0)
    expect((await admin.get(`/cases/${id}`)).body).toMatchObject({ version, stage: { name: 'arranging' } })
    expect((await admin.post(`/cases/${id}/moves`, { to: 'cancelled' })).status).toBe(200)
    expect(await stageOf((await order('refused')).id)).toBe('tying')
    const back = edited(['stage arranging', 'stage arranging was tying'])
    expect((await apply(back)).status).toBe(200)
  })

  it('puts what rests on a consent to an earlier version out of reach, until the client agrees again', async () => {
    const { id, client } = await order('given')
    const edit = [['edit price, paid', 'edit price, paid, allergy']] as const
    expect((await apply(edited(['stage arranging', 'stage arranging was tying'], ...edit))).status).toBe(200)
    expect((await admin.patch(`/cases/${id}/fields`, { allergy: 'lilies' })).body.fields.allergy.value).toBe('lilies')
    const next = edited(['stage arranging', 'stage arranging was tying'], ...edit, [
      'basis explicit consent',
      'basis explicit consent\n  version 2',
    ])
    expect((await apply(next)).body.plan.askAgain).toMatchObject([{ purpose: 'allergies', raised: true, because: [] }])
    const seen = (await admin.get(`/cases/${id}`)).body
    expect(seen.fields.allergy).toBeUndefined()
    expect(seen.consents.find(({ purpose }: { purpose: string }) => purpose === 'allergies').status).toBe('expired')
    await admin.post(`/clients/${client}/consents`, {
      purpose: 'allergies',
      decision: 'given',
      evidence: { note: 'paper 8' },
    })
    expect((await admin.get(`/cases/${id}`)).body.fields.allergy.value).toBe('lilies')
  })

  it('seals what becomes personal, and erases what a field that is gone has held', async () => {
    const running = [
      ['stage arranging', 'stage arranging was tying'],
      ['edit price, paid', 'edit price, paid, allergy'],
      ['basis explicit consent', 'basis explicit consent\n  version 2'],
    ] as const
    const { id } = await order('given')
    await admin.patch(`/cases/${id}/fields`, { allergy: 'marker-lilies' })
    const personal = edited(...running, [
      '"Price"                 money',
      '"Price"                 money personal for delivery',
    ])
    expect((await apply(personal)).status).toBe(200)
    const state = await db.query('select state::text from cases where case_id = $1', [id])
    expect(state.rows[0].state).not.toContain('price')
    expect((await admin.get(`/cases/${id}`)).body.fields.price.value).toBe('40.00')
    const sealedFields = async () =>
      (await db.query('select field from vault.values where case_id = $1 order by field', [id])).rows.map(
        ({ field }) => field,
      )
    expect(await sealedFields()).toEqual(['address', 'allergy', 'price'])
    const without = personal.map(({ name, text }) => ({
      name,
      text: text
        .replace(/ {2}(field|ask) allergy.*\n/, '')
        .replaceAll(', allergy', '')
        .replace('      erase allergy\n', ''),
    }))
    const { body } = await plan(without)
    expect(body.processes[0].notes).toContainEqual({
      what: 'what field `allergy` holds is erased',
      cases: expect.any(Number),
    })
    expect((await apply(without)).status).toBe(200)
    expect(await sealedFields()).toEqual(['address', 'price'])
  })
})

describe('several nodes', () => {
  it('take up what one of them applies, and the cases started meanwhile go on by it too', async () => {
    const { definition } = readWorkspace(florist)
    if (!definition) throw new Error('the flower shop does not read')
    const other = await testServer('florist/text', { databaseUrl: shop.databaseUrl, definition })
    try {
      const runs = (await admin.get('/workspace')).body.hash
      const there = await other.as('admin')
      expect((await there.get('/workspace')).body.hash).toBe(runs)
      expect(other.logged.join()).toContain('is not the one that runs')
      const { id } = await order('refused')
      await db.query(
        "update cases set version = 1, definition_hash = (select definition_hash from process_versions where process = 'order' and version = 1) where case_id = $1",
        [id],
      )
      const files = edited(
        ['stage arranging "Arranging"', 'stage arranging was tying "Arranging now"'],
        ['basis explicit consent', 'basis explicit consent\n  version 3'],
      )
      const applied = await apply(files)
      expect(applied.body.because).toBeUndefined()
      const { hash } = applied.body.plan.proposed
      await eventually('the other node to take it up', async () => {
        const processes = (await there.get('/processes')).body.items
        return processes.some((process: { hash: string }) => process.hash === hash) || undefined
      })
      await db.query(
        "update cases set version = 1, definition_hash = (select definition_hash from process_versions where process = 'order' and version = 1) where case_id = $1",
        [id],
      )
      await eventually('the straggler to go on by it', async () => {
        const { rows } = await db.query('select definition_hash as hash from cases where case_id = $1', [id])
        return rows[0].hash === hash || undefined
      })
    } finally {
      await other.stop()
    }
  })
})

describe('two applies at once', () => {
  it('are carried out one after the other, each with the open cases', async () => {
    const node = await testServer('florist/text', { runJobs: false })
    try {
      const there = await node.as('admin')
      const { id } = (await there.post('/cases', { process: 'order', fields: { bouquet: 'roses' } })).body
      const named = (title: string) => edited(['stage arranging "Arranging"', `stage arranging "${title}"`])
      const send = (title: string) => apiOf(node.url, '').post('/workspace/apply', { files: named(title) }, bearer)
      const answers = await Promise.all(['Tying', 'Binding', 'Knotting'].map(send))
      expect(answers.map(({ status, body }) => [status, body.moved])).toEqual([1, 2, 3].map(() => [200, 1]))
      const { items } = (await there.get(`/cases/${id}/history`)).body
      const moved = items.filter(({ type }: { type: string }) => type === 'migrated')
      expect(moved.map(({ target }: { target: string }) => target)).toEqual(['1 → 2', '2 → 3', '3 → 4'])
    } finally {
      await node.stop()
    }
  })
})

describe('a letter that waits while its words change or go', () => {
  it('goes out in the words of the version it was decided under, its document too, and is shown so', async () => {
    const fresh = await testDatabase()
    const node = await testServer('florist/text', { databaseUrl: fresh.url, runJobs: false })
    try {
      const there = await node.as('admin')
      const client = (await there.post('/clients', { email: 'waits@client.example' })).body.id
      const { id } = (await there.post('/cases', { process: 'order', client, fields: { bouquet: 'roses' } })).body
      const files = edited(
        ['letter ask_consent "May we ask about', 'letter ask_anew "Something else about'],
        ['document agreement "Agreement', 'document paper "Paper'],
      ).map(({ name, text }) => ({
        name,
        text: text.replaceAll('ask_consent', 'ask_anew').replaceAll('attach agreement', 'attach paper'),
      }))
      const applied = await apiOf(node.url, '').post('/workspace/apply', { files }, bearer)
      expect([applied.status, applied.body.moved]).toEqual([200, 1])
      const [shown] = (await there.get(`/cases/${id}/letters`)).body.letters
      expect(shown).toMatchObject({ name: 'ask_consent', status: 'waiting' })
      expect(shown.content.subject).toContain('May we ask about allergies?')
      const worker = await testServer('florist/text', { databaseUrl: fresh.url })
      try {
        await worker.letterTo('waits@client.example', 'May we ask about allergies?')
        await eventually('it to be noted as sent', async () => {
          const [sent] = (await there.get(`/cases/${id}/letters`)).body.letters
          return sent.status === 'sent' && sent.content.attachments[0].startsWith('Agreement')
        })
        expect((await there.get(`/incidents?case=${id}`)).body.items).toEqual([])
      } finally {
        await worker.stop()
      }
    } finally {
      await node.stop()
      await fresh.close()
    }
  })
})

describe('a process that an apply leaves as it is', () => {
  const office = (days: number) => [
    {
      name: 'workspace.zgoda',
      text: `
company "Office" { address "Long Street 1" email "office@company.example" }
role clerk "Clerk"
process job "Job" {
  access clerk: see, move
  stage fresh "Fresh" { move to done by clerk }
  final stage done "Done" success
}
process slip "Slip" {
  access clerk: see, move
  stage lying "Lying" { after ${days} days go to gone }
  final stage gone "Gone" success
}`,
    },
  ]

  it('has its cases stay where they are, also where an earlier definition is applied again', async () => {
    const server = await testServer({ text: office(10)[0]?.text ?? '' })
    const jobs = new pg.Pool({ connectionString: server.databaseUrl, max: 1 })
    try {
      const clerk = await server.as('clerk')
      const applied = (days: number) => apiOf(server.url, '').post('/workspace/apply', { files: office(days) }, bearer)
      expect((await applied(20)).body.because).toBeUndefined()
      const { id } = (await clerk.post('/cases', { process: 'job' })).body
      expect((await applied(10)).body.because).toBeUndefined()
      await jobs.query('select graphile_worker.reschedule_jobs(array_agg(id), now()) from graphile_worker.jobs')
      await eventually('the search for stragglers', async () => {
        const { rows } = await jobs.query("select 1 from graphile_worker.jobs where task_identifier = 'stragglers'")
        return rows.length === 0
      })
      const { items } = (await clerk.get(`/cases/${id}/history`)).body
      expect(items.map(({ type }: { type: string }) => type)).toEqual(['started'])
    } finally {
      await jobs.end()
      await server.stop()
    }
  })
})

describe('a replay', () => {
  it('tells the past cases that would have ended otherwise by the proposed rules', async () => {
    const { id } = await order('refused')
    expect((await admin.post(`/cases/${id}/moves`, { to: 'cancelled' })).status).toBe(200)
    const { number } = (await admin.get(`/cases/${id}`)).body
    const files = edited(
      ['stage arranging "Arranging"', 'stage arranging was tying "Arranging"'],
      ['basis explicit consent', 'basis explicit consent\n  version 3'],
      [
        'when consent to allergies in (given, refused) go to arranging',
        'when consent to allergies is refused go to delivered\n    when consent to allergies in (given, refused) go to arranging',
      ],
    )
    const { body } = await plan(files, { replay: true })
    const found = body.replay.otherwise.find((each: { number: string }) => each.number === number)
    expect(found).toMatchObject({ process: 'order', ended: 'cancelled', would: 'delivered' })
    const same = await plan(
      edited(
        ['stage arranging', 'stage arranging was tying'],
        ['basis explicit consent', 'basis explicit consent\n  version 3'],
      ),
      { replay: true },
    )
    expect(same.body.replay.otherwise.filter((each: { number: string }) => each.number === number)).toEqual([])
  })
})
