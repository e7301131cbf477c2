import type pg from 'pg'
import { reasonOf } from '../reasons.ts'
import { callQueue } from './calls.ts'

export interface NewIncident {
  readonly id: string
  /** The queue's key of the job: it has at most one open incident. */
  readonly key: string
  readonly job: string
  readonly payload: unknown
  readonly kind: string
  readonly caseId: string | null
  readonly caseNumber: number | null
  readonly process: string | null
  readonly because: string
  readonly tries: number
  readonly at: string
  readonly notice: { readonly id: string; readonly audience: readonly string[]; readonly text: object }
}

export interface StoredIncident {
  readonly id: string
  readonly kind: string
  readonly caseId: string | null
  readonly caseNumber: string | null
  readonly process: string | null
  readonly clientId: string | null
  readonly because: string
  readonly tries: number
  readonly at: string
  readonly state: 'open' | 'retried' | 'skipped'
  readonly closedAt: string | null
  readonly closedBy: string | null
  /** Why it was skipped, in the words of who did. */
  readonly sealed: Buffer | null
}

/** Whose incidents: all, or those of these processes and, where asked for, of messages that belong to no case. */
export interface IncidentScope {
  readonly processes: readonly string[]
  readonly strays: boolean
  readonly all: boolean
}

/** What an incident says of its case, so that it can be listed without it. */
export async function caseOfJob(
  pool: pg.Pool,
  job: { readonly caseId: string | undefined; readonly messageKey: string | undefined },
): Promise<{ caseId: string; number: number; process: string } | undefined> {
  const { rows } = await pool.query(
    `select case_id, number, process from cases
     where case_id = coalesce($1::uuid, (select case_id from messages where message_key = decode($2, 'base64')))`,
    [job.caseId ?? null, job.messageKey ?? null],
  )
  return rows[0] && { caseId: rows[0].case_id, number: Number(rows[0].number), process: rows[0].process }
}

/** Opens an incident and tells people of it; one that is open already is only brought up to date. */
export async function openIncident(pool: pg.Pool, incident: NewIncident): Promise<void> {
  const { id, key, job, payload, kind, caseId, caseNumber, process, because, tries, at, notice } = incident
  await pool.query(
    `with opened as (
       insert into incidents (incident_id, job_key, job, payload, kind, case_id, case_number, process, because, tries, at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
       on conflict (job_key) where state = 'open' do update set because = excluded.because, tries = excluded.tries
       returning incident_id)
     insert into notices (notice_id, at, audience, text, case_id, case_number, process)
     select $12::uuid, $11::timestamptz, $13::text[], $14::jsonb, $6::uuid, $7::bigint, $8 from opened
     where incident_id = $1 and cardinality($13::text[]) > 0`,
    [
      id,
      key,
      job,
      JSON.stringify(payload),
      kind,
      caseId,
      caseNumber,
      process,
      because,
      tries,
      at,
      notice.id,
      notice.audience,
      JSON.stringify(notice.text),
    ],
  )
}

const select = `select i.incident_id, i.kind, i.case_id, i.case_number, i.process, c.client_id, i.because, i.tries, i.at,
    i.state, i.closed_at, i.closed_by, w.sealed
  from incidents i left join cases c using (case_id) left join vault.incident_words w using (incident_id)`

const inScope = `($1::boolean or i.process = any($2::text[]) or ($3::boolean and i.kind = 'message' and i.case_id is null))`

/** Newest first. */
export async function listIncidents(
  pool: pg.Pool,
  { processes, strays, all }: IncidentScope,
  filter: { readonly state?: 'open' | 'closed' | undefined; readonly caseId?: string | undefined },
  page: { readonly after?: string | undefined; readonly limit: number },
): Promise<StoredIncident[]> {
  const { rows } = await pool.query(
    `${select} where ${inScope}
     and ($4::text is null or (i.state = 'open') = ($4 = 'open')) and ($5::uuid is null or i.case_id = $5)
     and ($6::uuid is null or i.incident_id < $6) order by i.incident_id desc limit $7`,
    [all, processes, strays, filter.state ?? null, filter.caseId ?? null, page.after ?? null, page.limit],
  )
  return rows.map(incidentRow)
}

export async function loadIncident(pool: pg.Pool, id: string): Promise<StoredIncident | undefined> {
  const { rows } = await pool.query(`${select} where i.incident_id = $1`, [id])
  return rows[0] && incidentRow(rows[0])
}

/** Closes an incident by putting its job back under its key; false where it is not open any more. A case that is started then was begun by a person. */
export async function retryIncident(
  pool: pg.Pool,
  id: string,
  { by, at }: { readonly by: string; readonly at: string },
): Promise<boolean> {
  const { rows } = await pool.query<{ n: string }>(
    `with closed as (
       update incidents set state = 'retried', closed_at = $2, closed_by = $3
       where incident_id = $1 and state = 'open' returning *),
     letter as (
       update letters l set status = 'waiting', because = null, tries = 0, tried_at = null, turn_at = null from closed c
       where c.kind = 'letter' and l.case_id = c.case_id and l.seq = (c.payload->0->>'seq')::int and l.status = 'failed'),
     called as (
       update calls l set status = 'waiting', because = null from closed c
       where c.kind = 'call' and l.case_id = c.case_id and l.seq = (c.payload->>'seq')::int and l.status = 'failed'),
     begun as (
       update children l set depth = 1, width = 1 from closed c
       where c.kind = 'start' and l.case_id = c.case_id and l.seq = (c.payload->>'seq')::int)
     select count(*) as n from closed c
       left join calls l on c.kind = 'call' and l.case_id = c.case_id and l.seq = (c.payload->>'seq')::int,
       lateral graphile_worker.add_job(c.job, c.payload, job_key => c.job_key, queue_name => ${callQueue('l.webhook', 'l.case_id')})`,
    [id, at, by],
  )
  return rows[0]?.n === '1'
}

/** Closes an incident by leaving its work undone; false where it is not open any more. What waited to be said is deleted. */
export async function skipIncident(
  pool: pg.Pool,
  id: string,
  skip: { readonly by: string; readonly at: string; readonly clientId: string | null; readonly sealed: Buffer },
): Promise<boolean> {
  const { rowCount } = await pool.query(
    `with closed as (
       update incidents set state = 'skipped', closed_at = $2, closed_by = $3
       where incident_id = $1 and state = 'open' returning *),
     letter as (
       update letters l set status = 'skipped', because = $6 from closed c
       where c.kind = 'letter' and l.case_id = c.case_id and l.seq = (c.payload->0->>'seq')::int
       and l.status in ('waiting', 'failed') returning l.case_id, l.seq, l.client_id),
     unsaid as (delete from vault.letters v using letter l where v.case_id = l.case_id and v.seq = l.seq and l.client_id is null),
     called as (
       update calls l set status = 'skipped', because = $6, settled_at = $2 from closed c
       where c.kind = 'call' and l.case_id = c.case_id and l.seq = (c.payload->>'seq')::int
       and l.status in ('waiting', 'failed') returning l.case_id, l.seq),
     uncalled as (delete from vault.calls v using called l where v.case_id = l.case_id and v.seq = l.seq),
     message as (
       update messages m set status = 'kept', because = $6 from closed c
       where c.kind = 'message' and m.message_key = decode(coalesce(c.payload->>'key', c.payload->0->>'key'), 'base64') and m.status = 'new')
     insert into vault.incident_words (incident_id, client_id, sealed) select incident_id, $4::uuid, $5 from closed`,
    [id, skip.at, skip.by, skip.clientId, skip.sealed, reasonOf('leftUndone')],
  )
  return rowCount === 1
}

function incidentRow(row: Record<string, unknown>): StoredIncident {
  return {
    id: row.incident_id as string,
    kind: row.kind as string,
    caseId: row.case_id as string | null,
    caseNumber: row.case_number as string | null,
    process: row.process as string | null,
    clientId: row.client_id as string | null,
    because: row.because as string,
    tries: row.tries as number,
    at: row.at as string,
    state: row.state as StoredIncident['state'],
    closedAt: row.closed_at as string | null,
    closedBy: row.closed_by as string | null,
    sealed: row.sealed as Buffer | null,
  }
}

/** How many incidents wait for a person. */
export async function countOpenIncidents(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ n: number }>("select count(*)::int as n from incidents where state = 'open'")
  return rows[0]?.n ?? 0
}
