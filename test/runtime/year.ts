import { readFileSync } from 'node:fs'
import pg from 'pg'
import { Random } from '../../bench/torture/random.ts'
import { readWorkspace } from '../../dsl/workspace.ts'
import type { LogEntry } from '../../engine/decision.ts'
import { compile, type Machine } from '../../engine/index.ts'
import { type Api, apiOf } from '../api.ts'
import { eventually } from '../eventually.ts'
import { illegal } from '../legal-history.ts'
import { deployToken, type TestServer, testServer } from '../server.ts'

/** What a year has counted, and what was not as it must be. */
export interface Year {
  readonly cases: number
  readonly moves: number
  readonly timers: number
  readonly migrated: number
  readonly ended: number
  readonly wrong: readonly string[]
}

const names = ['order.zgoda', 'workspace.zgoda']
const day = 24 * 60 * 60_000
const begin = Date.parse('2031-01-06T08:00:00Z')
const stepDays = 3

type Edit = readonly [from: string, to: string]

/** The flower shop's three versions: a stage gets another name and a delay another length; then a field and a consent's text are new. */
const versions: readonly (readonly Edit[])[] = [
  [],
  [
    ['stage arranging "Arranging"', 'stage binding was arranging "Binding"'],
    ['go to arranging', 'go to binding'],
    ['after 14 days go to cancelled', 'after 10 days go to cancelled'],
  ],
  [
    ['stage arranging "Arranging"', 'stage binding "Binding"'],
    ['go to arranging', 'go to binding'],
    ['after 14 days go to cancelled', 'after 10 days go to cancelled\n    after 5 days { notify florist "Slow" }'],
    [
      '  show bouquet, price\n',
      '  field card "Card" choice (none, birthday, thanks) default none\n\n  show bouquet, price, card\n',
    ],
    ['edit price, paid', 'edit price, paid, card'],
    ['basis explicit consent', 'basis explicit consent\n  version 2'],
    ['we pick flowers', 'we and our suppliers pick flowers'],
  ],
]

/** Leads so many cases through a year of the flower shop under a clock of its own, with two changes of its process on the way. */
export async function liveThroughYear(cases: number, seed: number, databaseUrl?: string): Promise<Year> {
  let now = begin
  const clock = { now: () => new Date(now).toISOString() }
  const shop = await testServer('florist/text', { clock, ...(databaseUrl ? { databaseUrl } : {}) })
  const db = new pg.Pool({ connectionString: shop.databaseUrl, max: 2 })
  try {
    const random = new Random(seed)
    const clerks = await Promise.all(['florist', 'manager'].map((login) => shop.as(login)))
    // Nobody signs in again for a year.
    await db.query("update sessions set expires_at = '2040-01-01', created_at = '2039-12-31'")
    const world: World = { shop, db, clerks, random, open: [] }
    let made = 0
    for (let passed = 0; passed < 365 + 60; passed += stepDays) {
      now = begin + passed * day
      await letTimersFire(world, now)
      if (passed === 120) await apply(world, 1)
      if (passed === 240) await apply(world, 2)
      const share = Math.ceil((cases * stepDays) / 340)
      const count = Math.min(share, cases - made)
      await startCases(world, count)
      made += count
      await inGroups([...world.open], (id) => work(world, id, passed > 365))
    }
    return await judged(world)
  } finally {
    await db.end()
    await shop.stop()
  }
}

interface World {
  readonly shop: TestServer
  readonly db: pg.Pool
  readonly clerks: readonly Api[]
  readonly random: Random
  readonly open: string[]
}

function filesOf(version: number) {
  const edits = versions[version] ?? []
  const files = names.map((name) => ({ name, text: readFileSync(`examples/florist/text/${name}`, 'utf8') }))
  return edits.reduce((all, [from, to]) => {
    if (!all.some(({ text }) => text.includes(from))) throw new Error(`the flower shop does not say \`${from}\``)
    return all.map(({ name, text }) => ({ name, text: text.replace(from, () => to) }))
  }, files)
}

function machineOf(version: number): Machine {
  const { definition, problems } = readWorkspace(filesOf(version))
  if (!definition) throw new Error(JSON.stringify(problems))
  return compile(definition, 'order')
}

/** Lets the queue do what is due by the shop's clock; its own is years behind. */
async function letTimersFire({ db }: World, now: number): Promise<void> {
  const { rows } = await db.query<{ id: string }>(
    "select id from graphile_worker.jobs where task_identifier = 'timer' and run_at <= $1",
    [new Date(now).toISOString()],
  )
  if (rows.length === 0) return
  const ids = rows.map(({ id }) => id)
  await db.query('select graphile_worker.reschedule_jobs($1::bigint[], now())', [ids])
  await db.query("select graphile_worker.add_job('tidy', job_key => 'nudge')")
  await eventually('the timers to go off', async () => {
    const left = await db.query('select 1 from graphile_worker.jobs where id = any($1::bigint[]) limit 1', [ids])
    return left.rows.length === 0 || undefined
  })
}

async function apply({ shop }: World, version: number): Promise<void> {
  const bearer = { authorization: `Bearer ${deployToken}` }
  const { status, body } = await apiOf(shop.url, '').post('/workspace/apply', { files: filesOf(version) }, bearer)
  if (status !== 200) throw new Error(`version ${version + 1} was not applied: ${body.because}`)
}

async function startCases(world: World, count: number): Promise<void> {
  const [, manager] = world.clerks
  for (let index = 0; index < count; index++) {
    const client = (await manager?.post('/clients', {}))?.body.id
    const fields = {
      bouquet: world.random.of(['roses', 'tulips']),
      ...(world.random.below(10) < 7 ? { price: '40' } : {}),
    }
    const answer = await manager?.post('/cases', { process: 'order', client, fields })
    if (answer?.status !== 201) throw new Error(`a case did not start: ${JSON.stringify(answer?.body)}`)
    world.open.push(answer.body.id)
  }
}

async function inGroups(ids: readonly string[], work: (id: string) => Promise<void>): Promise<void> {
  for (let at = 0; at < ids.length; at += 32) await Promise.all(ids.slice(at, at + 32).map(work))
}

/** One thing that somebody may do about a case; in the end, whatever ends it. */
async function work(world: World, id: string, last: boolean): Promise<void> {
  const { random, clerks, open } = world
  const by = random.of(clerks)
  if (!last && random.below(10) < 8) return
  const { body } = await by.get(`/cases/${id}`)
  if (body.ended !== 'no') {
    open.splice(open.indexOf(id), 1)
    return
  }
  const moves = body.moves.filter(({ allowed }: { allowed: boolean }) => allowed)
  const chosen = random.below(10)
  if (last || (chosen < 3 && moves.length > 0)) {
    const to = last ? 'cancelled' : random.of<{ to: string }>(moves).to
    if (last) await by.patch(`/cases/${id}/fields`, { price: '35' })
    await clerks[1]?.post(`/cases/${id}/moves`, { to })
  } else if (chosen < 6) {
    const decision = random.below(10) < 7 ? 'given' : random.of(['refused', 'withdrawn'])
    const consent = { purpose: 'allergies', decision, evidence: { note: 'paper' } }
    await by.post(`/clients/${body.client.id}/consents`, consent)
  } else await by.patch(`/cases/${id}/fields`, { price: '35', ...(body.fields.paid ? { paid: true } : {}) })
}

/** Every case has ended, its history is a run of its versions, and its row says what its history says. */
async function judged({ db }: World): Promise<Year> {
  const machines = new Map(versions.map((_, index) => [index + 1, machineOf(index)]))
  const { rows } = await db.query<{ id: string; stage: string; ended: string; seq: number; log: LogEntry[] }>(
    `select c.case_id as id, c.stage, c.ended, c.seq,
       (select json_agg(h.entry::jsonb || jsonb_build_object('seq', h.seq, 'at', h.at) order by h.seq) from history h where h.case_id = c.case_id) as log
     from cases c`,
  )
  const wrong: string[] = []
  const count = { moves: 0, timers: 0, migrated: 0, ended: 0 }
  for (const { id, stage, ended, seq, log } of rows) {
    const first = Number(
      log.find(({ type }) => type === 'migrated')?.target?.split(' ')[0] ?? (await versionOf(db, id)),
    )
    const why = illegal(log, machines, first)
    if (why) wrong.push(`case ${id}: ${why}`)
    const last = log.findLast(({ to, type }) => to !== undefined && type !== 'ended')
    if (last?.to !== stage || log.length !== seq) wrong.push(`case ${id}: its row does not say what its history says`)
    if (ended === 'no') wrong.push(`case ${id}: it is still open, in ${stage}`)
    else count.ended += 1
    count.moves += log.filter(({ type }) => type === 'move').length
    count.timers += log.filter(({ type }) => type === 'timer').length
    count.migrated += log.filter(({ type }) => type === 'migrated').length
  }
  return { cases: rows.length, ...count, wrong }
}

async function versionOf(db: pg.Pool, id: string): Promise<number> {
  const { rows } = await db.query<{ version: number }>('select version from cases where case_id = $1', [id])
  return rows[0]?.version ?? 0
}
