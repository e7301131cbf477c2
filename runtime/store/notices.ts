import type pg from 'pg'
import type { Text } from '../../engine/definition.ts'

export interface StoredNotice {
  readonly id: string
  readonly at: string
  readonly text: Text
  readonly caseId: string | null
  readonly caseNumber: string | null
  readonly process: string | null
  readonly read: boolean
}

/** A person's notices, newest first: those for any of their audience keys. */
export async function loadNotices(
  pool: pg.Pool,
  personId: string,
  keys: readonly string[],
  page: { after?: string | undefined; limit: number },
): Promise<StoredNotice[]> {
  const { rows } = await pool.query(
    `select n.notice_id, n.at, n.text, n.case_id, n.case_number, n.process, r.person_id is not null as read
     from notices n left join notice_reads r on r.notice_id = n.notice_id and r.person_id = $1
     where n.audience && $2::text[] and ($3::uuid is null or n.notice_id < $3) order by n.notice_id desc limit $4`,
    [personId, keys, page.after ?? null, page.limit],
  )
  return rows.map((row) => ({
    id: row.notice_id,
    at: row.at,
    text: row.text,
    caseId: row.case_id,
    caseNumber: row.case_number,
    process: row.process,
    read: row.read,
  }))
}

export async function countUnread(pool: pg.Pool, personId: string, keys: readonly string[]): Promise<number> {
  const { rows } = await pool.query<{ n: string }>(
    `select count(*) as n from notices n where n.audience && $2::text[]
     and not exists (select 1 from notice_reads r where r.person_id = $1 and r.notice_id = n.notice_id)`,
    [personId, keys],
  )
  return Number(rows[0]?.n ?? 0)
}

/** Marks one notice as read, where it is for any of the person's keys; answers whether it is. */
export async function markNoticeRead(
  pool: pg.Pool,
  personId: string,
  keys: readonly string[],
  noticeId: string,
): Promise<boolean> {
  const { rowCount } = await pool.query(
    `insert into notice_reads (person_id, notice_id)
     select $1, notice_id from notices where notice_id = $3 and audience && $2::text[]
     on conflict (person_id, notice_id) do update set person_id = excluded.person_id`,
    [personId, keys, noticeId],
  )
  return (rowCount ?? 0) > 0
}

/** Tells people of something about a case, outside of any decision on it. */
export async function insertNotice(
  db: pg.Pool | pg.PoolClient,
  notice: {
    readonly id: string
    readonly at: string
    readonly audience: readonly string[]
    readonly text: Text
    readonly case: { readonly caseId: string; readonly number: number; readonly process: string }
  },
): Promise<void> {
  const { id, at, audience, text } = notice
  const { caseId, number, process } = notice.case
  if (audience.length === 0) return
  await db.query(
    `insert into notices (notice_id, at, audience, text, case_id, case_number, process)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [id, at, audience, JSON.stringify(text), caseId, number, process],
  )
}
