import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { startNode } from '../moves/drive.ts'
import { onPostgres } from '../on-postgres.ts'
import type { BenchResult } from '../result.ts'

const pending = 1_000_000
const batch = 20_000

/**
 * What a node with its job queue and its Postgres take of a core while nothing happens, without timers and with a million that are due in days
 * to come; and how long after its time one goes off among them.
 */
export function bench(seconds: number): Promise<BenchResult> {
  return onPostgres(async ({ url }, folder) => {
    const node = await startNode(url, 'jobs')
    const db = new pg.Client({ connectionString: url })
    try {
      await db.connect()
      const before = await idle(node.pid, folder, seconds)
      await addTimers(db)
      const after = await idle(node.pid, folder, seconds)
      return resultOf(before, after, await lateness(db))
    } finally {
      await db.end()
      await node.stop()
    }
  })
}

function resultOf(before: Share, after: Share, late: number): BenchResult {
  return {
    bench: 'timers',
    figures: {
      'timers pending': pending,
      'node idle without them, % of a core': before.node,
      'Postgres idle without them, % of a core': before.postgres,
      'node idle with them, % of a core': after.node,
      'Postgres idle with them, % of a core': after.postgres,
      'a due timer is taken after, ms': late,
    },
    ratios: { 'idle without timers': (after.node + after.postgres) / (before.node + before.postgres) },
  }
}

async function addTimers(db: pg.Client): Promise<void> {
  for (let made = 0; made < pending; made += batch) {
    await db.query(
      `select count(*) from graphile_worker.add_jobs(array(
         select ('timer', json_build_object('caseId', gen_random_uuid(), 'key', 'a.after.1', 'due', now()), null,
           now() + interval '1 day' + n * interval '1 second', null, 'timer ' || gen_random_uuid(), null, null)::graphile_worker.job_spec
         from generate_series($1::int, $2::int) n))`,
      [made, made + batch - 1],
    )
  }
  await db.query('vacuum analyze graphile_worker._private_jobs')
  await pause(3_000)
}

/** How long after it was due a timer is gone from the queue; its case is unknown, so it changes nothing. */
async function lateness(db: pg.Client): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < 20; round++) {
    const { rows } = await db.query<{ id: string }>(
      `select id from graphile_worker.add_job('timer', json_build_object('caseId', gen_random_uuid(), 'key', 'a.after.1', 'due', now()), run_at => now())`,
    )
    const started = performance.now()
    for (;;) {
      const left = await db.query('select 1 from graphile_worker.jobs where id = $1', [rows[0]?.id])
      if (left.rows.length === 0) break
      await pause(2)
    }
    times.push(performance.now() - started)
  }
  return times.toSorted((a, b) => a - b)[10] ?? 0
}

interface Share {
  readonly node: number
  readonly postgres: number
}

async function idle(node: number, dataDir: string, seconds: number): Promise<Share> {
  const start = { node: ticksOf(node), postgres: ticksOfPostgres(dataDir) }
  await pause(seconds * 1000)
  const share = (ticks: number) => (ticks / ticksASecond / seconds) * 100
  return {
    node: share(ticksOf(node) - start.node),
    postgres: share(ticksOfPostgres(dataDir) - start.postgres),
  }
}

/** Linux counts processor time in hundredths of a second. */
const ticksASecond = 100

/** With those of its children that have ended. */
function ticksOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0)
  } catch {
    return 0
  }
}

/** All of the server's processes: its first one is named in the data folder, the others are its children. */
function ticksOfPostgres(dataDir: string): number {
  const first = Number.parseInt(readFileSync(join(dataDir, 'cluster', 'postmaster.pid'), 'utf8'), 10)
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(name) === first)
  return ticksOf(first) + children.reduce((sum, pid) => sum + ticksOf(Number(pid)), 0)
}

function parentOf(pid: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1])
  } catch {
    return 0
  }
}
