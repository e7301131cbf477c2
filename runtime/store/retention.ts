import type pg from 'pg'
import type { Held } from '../../engine/retention.ts'

type Db = pg.Pool | pg.PoolClient

/** Nothing of a case goes while one of these stands. `$1` is now. */
const heldNow = `select 1 from holds h where h.client_id = c.client_id and h.lifted_at is null and h.until > $1::timestamptz
  and (h.case_id is null or h.case_id = c.case_id)`

/** Cases of which something has to go by now and may, the longest due first, after one of them. */
export async function casesDue(
  db: Db,
  now: string,
  page: { readonly after: DueCase | undefined; readonly limit: number },
): Promise<DueCase[]> {
  const { rows } = await db.query<{ case_id: string; due_at: string }>(
    `select case_id, due_at from cases c
     where due_at <= $1 and ($2::timestamptz is null or (due_at, case_id) > ($2, $3::uuid)) and not exists (${heldNow})
     order by due_at, case_id limit $4`,
    [now, page.after?.due ?? null, page.after?.caseId ?? null, page.limit],
  )
  return rows.map((row) => ({ caseId: row.case_id, due: row.due_at }))
}

export interface DueCase {
  readonly caseId: string
  readonly due: string
}

/** Cases of these processes of which something has to go before a time, the soonest first, whether or not it is held. */
export async function casesDueBefore(
  db: Db,
  before: string,
  processes: readonly string[],
  limit: number,
): Promise<DueCase[]> {
  const { rows } = await db.query<{ case_id: string; due_at: string }>(
    `select case_id, due_at from cases where due_at <= $1 and process = any($2::text[]) order by due_at, case_id limit $3`,
    [before, processes, limit],
  )
  return rows.map((row) => ({ caseId: row.case_id, due: row.due_at }))
}

/** Holds values for fewer purposes, where they are still held as they were. */
export async function narrow(db: Db, clientId: string, caseId: string, held: readonly Held[]): Promise<void> {
  await db.query(
    `update vault.values v set purposes = i.purposes
     from json_to_recordset($3::json) as i(field text, purposes text[])
     where v.client_id = $1 and v.case_id = $2 and v.field = i.field and v.purposes @> i.purposes`,
    [clientId, caseId, JSON.stringify(held)],
  )
}

/**
 * Notes when something of a case has to go next, unless the case has moved on: then that is noted already. No part of the
 * case's state, so this goes past the one write.
 */
export async function noteDue(
  db: Db,
  { caseId, seq }: { readonly caseId: string; readonly seq: number },
  due: string | null,
): Promise<void> {
  await db.query('update cases set due_at = $3 where case_id = $1 and seq = $2', [caseId, seq, due])
}

/** Has the cases of a client looked at anew: a consent was given that limits are counted from. */
export async function lookAgain(db: Db, clientId: string, at: string): Promise<void> {
  await db.query('update cases set due_at = $2 where client_id = $1 and (due_at is null or due_at > $2)', [
    clientId,
    at,
  ])
}

/**
 * Deletes what a case keeps whole: its letters' and documents' words and the messages that came in, but for those that a
 * consent was given in. Answers how many of each.
 */
export async function eraseCorrespondence(db: Db, caseId: string): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {}
  const go: readonly (readonly [string, string])[] = [
    [
      'letters',
      `delete from vault.letters v using letters l where v.case_id = $1 and l.case_id = $1 and l.seq = v.seq and l.status <> 'waiting'`,
    ],
    ['documents', 'delete from vault.documents where case_id = $1'],
    ['drafts', 'delete from vault.drafts where case_id = $1'],
    ['files', 'delete from vault.uploads where case_id = $1'],
    [
      'calls',
      `delete from vault.calls v using calls c where v.case_id = $1 and c.case_id = $1 and c.seq = v.seq and c.status <> 'waiting'`,
    ],
    [
      'messages',
      `delete from vault.messages v using messages m where m.case_id = $1 and m.message_key = v.message_key and m.status <> 'counted'`,
    ],
  ]
  for (const [what, sql] of go) {
    const { rowCount } = await db.query(sql, [caseId])
    if (rowCount) counts[what] = rowCount
  }
  return counts
}

export interface StoredHold {
  readonly holdId: string
  readonly caseId: string | null
  readonly at: string
  readonly actor: string
  readonly until: string
  readonly liftedAt: string | null
  readonly liftedBy: string | null
  readonly sealed: Buffer | null
}

export async function insertHold(
  db: pg.PoolClient,
  clientId: string,
  hold: Omit<StoredHold, 'liftedAt' | 'liftedBy' | 'sealed'> & { readonly sealed: Buffer },
): Promise<void> {
  await db.query('insert into holds (client_id, hold_id, case_id, at, actor, until) values ($1, $2, $3, $4, $5, $6)', [
    clientId,
    hold.holdId,
    hold.caseId,
    hold.at,
    hold.actor,
    hold.until,
  ])
  await db.query('insert into vault.holds (client_id, hold_id, sealed) values ($1, $2, $3)', [
    clientId,
    hold.holdId,
    hold.sealed,
  ])
}

/** Newest first. */
export async function loadHolds(db: Db, clientId: string): Promise<StoredHold[]> {
  const { rows } = await db.query(
    `select hold_id as "holdId", case_id as "caseId", at, actor, until, lifted_at as "liftedAt", lifted_by as "liftedBy", sealed
     from holds left join vault.holds using (client_id, hold_id) where client_id = $1 order by at desc, hold_id desc`,
    [clientId],
  )
  return rows
}

/** False where it stands no longer. */
export async function liftHold(
  db: pg.PoolClient,
  clientId: string,
  holdId: string,
  by: { readonly at: string; readonly actor: string },
): Promise<boolean> {
  const { rowCount } = await db.query(
    'update holds set lifted_at = $3, lifted_by = $4 where client_id = $1 and hold_id = $2 and lifted_at is null and until > $3',
    [clientId, holdId, by.at, by.actor],
  )
  return rowCount === 1
}

/** Until when the last of a client's holds stands; undefined where none does now. */
export async function heldUntil(db: Db, clientId: string, now: string): Promise<string | undefined> {
  const { rows } = await db.query<{ until: string | null }>(
    'select max(until) as until from holds where client_id = $1 and lifted_at is null and until > $2',
    [clientId, now],
  )
  return rows[0]?.until ?? undefined
}

export interface StoredLapse {
  readonly seq: string
  readonly at: string
  readonly entry: Readonly<Record<string, unknown>>
}

/** What went by itself, newest first. */
export async function lapsesBefore(db: Db, before: string | undefined, limit: number): Promise<StoredLapse[]> {
  const { rows } = await db.query<StoredLapse>(
    `select seq::text, at, entry from audit where kind = 'retention' and ($1::bigint is null or seq < $1::bigint)
     order by audit.seq desc limit $2`,
    [before ?? null, limit],
  )
  return rows
}
