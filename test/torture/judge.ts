import type pg from 'pg'
import type { TortureResult } from '../../bench/torture/result.ts'
import type { Definition } from '../../engine/definition.ts'
import { eventually } from '../eventually.ts'
import { illegal, type StoredCase } from '../legal-run.ts'
import type { Delivery, MailWorld } from '../mail-world.ts'
import { storedCases } from '../stored-cases.ts'
import type { Life, Sent } from './people.ts'

/** What people have to say of a time, and where the truth of it lies. */
export interface Evidence {
  readonly db: pg.Pool
  readonly definition: Definition
  readonly mail: MailWorld
  readonly lives: readonly Life[]
  /** When a letter on its way may have gone out without a note of it: `[from, to]` in milliseconds. */
  readonly breaks: readonly (readonly [number, number])[]
}

/** Lets timers of a minute go off as soon as they are set, for as long as `during` takes. */
export async function timersAtOnce<T>(db: pg.Pool, during: () => Promise<T>): Promise<T> {
  const hurry = () =>
    db
      .query(
        `select graphile_worker.reschedule_jobs(array_agg(id), now()) from graphile_worker.jobs
         where task_identifier = 'timer' and run_at between now() and now() + interval '5 minutes'`,
      )
      .catch(() => undefined)
  const hurrying = setInterval(() => void hurry(), 250)
  try {
    return await during()
  } finally {
    clearInterval(hurrying)
  }
}

/** Holds against the log and the mailboxes what people were told. All they have begun must have come to its end. */
export async function judge(evidence: Evidence, patience: number): Promise<TortureResult> {
  const { db, definition, mail, lives, breaks } = evidence
  const failures: string[] = await atRest(db, patience)
  const stored = new Map((await storedCases(db, caseIds(lives))).map((one) => [one.caseId, one]))
  let entries = 0
  let letters = 0
  let twice = 0
  for (const life of lives) {
    const one = stored.get(life.caseId)
    if (!one) {
      failures.push(`case ${life.caseId} was acknowledged and is lost`)
      continue
    }
    entries += one.entries.length
    const legal = illegal(definition, 'job', one)
    const wrong = [...(legal ? [legal] : []), ...accountOf(life, one), ...(await letterRows(db, life))]
    const deliveries = await mail.letters(life.address)
    letters += deliveries.length
    twice += deliveries.length - new Set(deliveries.map(idOf)).size
    failures.push(...[...wrong, ...mailFailures(deliveries, breaks)].map((why) => `case ${life.caseId}: ${why}`))
  }
  failures.push(...(await strangers(db, lives)))
  const acknowledged = lives.flatMap(({ sent }) => sent.filter(({ outcome }) => outcome === 'done'))
  return {
    figures: {
      'cases led to their end': lives.length,
      'moves acknowledged': acknowledged.filter(({ kind }) => kind === 'move').length,
      'fills acknowledged': acknowledged.filter(({ kind }) => kind === 'fill').length,
      'requests of unknown outcome': lives.flatMap(({ sent }) => sent).filter(({ outcome }) => outcome === 'unknown')
        .length,
      'timers fired': lives.length,
      'entries replayed': entries,
      'letters delivered': letters,
      'letters delivered twice': twice,
    },
    failures,
  }
}

const caseIds = (lives: readonly Life[]) => lives.map(({ caseId }) => caseId)
const idOf = ({ headers }: Delivery) => headers['message-id'] ?? ''

/** Waits until nothing is under way; says what is stuck where that never comes. */
async function atRest(db: pg.Pool, patience: number): Promise<string[]> {
  const left = async () => {
    const { rows } = await db.query<{ what: string; n: number }>(
      `select 'jobs of ' || task_identifier as what, count(*)::int as n from graphile_worker.jobs
         where task_identifier <> 'tidy' and run_at < now() + interval '1 day' group by 1
       union all select 'letters that wait', count(*)::int from letters where status not in ('sent') having count(*) > 0
       union all select 'messages nobody judged', count(*)::int from messages where status <> 'counted' having count(*) > 0
       union all select 'incident: ' || because, count(*)::int from incidents group by 1`,
    )
    return rows
  }
  try {
    await eventually('all to come to rest', async () => (await left()).length === 0, patience)
    return []
  } catch {
    return (await left()).map(({ what, n }) => `${n} left at the end: ${what}`)
  }
}

/** What a person was told, against the log. */
function accountOf({ sent }: Life, { entries, ended }: StoredCase): string[] {
  const logged = (type: string) => entries.filter((entry) => entry.type === type)
  const wrong = [
    ...between('fill', sent.filter(isFill), logged('fill').length),
    ...['one', 'two', 'resting'].flatMap((to) =>
      between(
        `move to ${to}`,
        sent.filter((one) => one.to === to),
        logged('move').filter((entry) => entry.to === to).length,
      ),
    ),
    ...(inTurn(
      sent,
      logged('move').map(({ to }) => to ?? ''),
    )
      ? []
      : ['its moves are not in the log in their turn']),
  ]
  for (const type of ['reply', 'timer']) {
    if (logged(type).length !== 1) wrong.push(`it has ${logged(type).length} entries of its one ${type}`)
  }
  if (ended !== 'success') wrong.push('it has not ended')
  return wrong
}

const isFill = ({ kind }: Sent) => kind === 'fill'

/** All that was acknowledged, and of what is unknown at most all. */
function between(what: string, sent: readonly Sent[], logged: number): string[] {
  const count = (outcome: string) => sent.filter((one) => one.outcome === outcome).length
  const least = count('done')
  const most = least + count('unknown')
  return logged >= least && logged <= most
    ? []
    : [`${what}: ${least} acknowledged, ${most - least} unknown, ${logged} in the log`]
}

/** Whether what was acknowledged stands in the log in the order in which it was. */
function inTurn(sent: readonly Sent[], logged: readonly string[]): boolean {
  let at = 0
  for (const { kind, to, outcome } of sent) {
    if (kind !== 'move' || outcome !== 'done') continue
    while (at < logged.length && logged[at] !== to) at += 1
    if (at === logged.length) return false
    at += 1
  }
  return true
}

async function letterRows(db: pg.Pool, { caseId }: Life): Promise<string[]> {
  const { rows } = await db.query('select letter, status from letters where case_id = $1 order by seq', [caseId])
  const found = rows.map(({ letter, status }) => `${letter} ${status}`).join(', ')
  return found === 'question sent, farewell sent' ? [] : [`its letters are ${found || 'none'}`]
}

/** Each letter came; one that came twice, under one Message-ID and across a break alone. */
function mailFailures(deliveries: readonly Delivery[], breaks: Evidence['breaks']): string[] {
  const byId = Map.groupBy(deliveries, idOf)
  const wrong = ['A question', 'All is done']
    .filter((subject) => [...byId.values()].filter(([one]) => one?.subject === subject).length !== 1)
    .map((subject) => `“${subject}” did not come under one Message-ID`)
  if (byId.size !== 2) wrong.push(`its client got ${byId.size} letters`)
  for (const same of byId.values()) {
    const times = same.map(({ date }) => Date.parse(date)).toSorted((a, b) => a - b)
    for (const [index, time] of times.slice(1).entries()) {
      const before = times[index] as number
      if (!breaks.some(([from, to]) => to >= before && from <= time))
        wrong.push(`a letter came twice, ${time - before} ms apart, and nothing broke in between`)
    }
  }
  return wrong
}

/** Cases and clients that nobody was told of: half done, or done twice. */
async function strangers(db: pg.Pool, lives: readonly Life[]): Promise<string[]> {
  const { rows } = await db.query<{ cases: number; clients: number }>(
    `select (select count(*)::int from cases where process = 'job' and case_id <> all($1::uuid[])) as cases,
       (select count(*)::int from clients where client_id <> all($2::uuid[])
          and client_id <> '00000000-0000-0000-0000-000000000000') as clients`,
    [caseIds(lives), lives.map(({ client }) => client)],
  )
  const { cases = 0, clients = 0 } = rows[0] ?? {}
  return [
    ...(cases > 0 ? [`there are ${cases} cases that nobody was told of`] : []),
    ...(clients > 0 ? [`there are ${clients} clients that nobody was told of`] : []),
  ]
}
