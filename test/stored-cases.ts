import type pg from 'pg'
import type { StoredCase } from './legal-run.ts'

/** Cases as their rows have them, each with its whole history. */
export async function storedCases(db: pg.Pool, ids: readonly string[]): Promise<StoredCase[]> {
  const { rows } = await db.query(
    `select c.case_id as "caseId", c.number::text, c.stage, c.seq, c.ended, c.state,
       (select coalesce(json_agg(field order by field), '[]') from vault.values v where v.case_id = c.case_id) as held,
       (select json_agg(h.entry::jsonb || jsonb_build_object('seq', h.seq,
          'at', to_char(h.at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by h.seq)
        from history h where h.case_id = c.case_id) as entries
     from cases c where c.case_id = any($1)`,
    [ids],
  )
  return rows
}
