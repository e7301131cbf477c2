import type pg from 'pg'
import type { LogEntry } from '../../engine/decision.ts'

/** A page of a case's history, oldest first, after entry number `after`. */
export async function loadHistory(pool: pg.Pool, caseId: string, after: number, limit: number): Promise<LogEntry[]> {
  const { rows } = await pool.query<{ seq: number; at: string; entry: Omit<LogEntry, 'seq' | 'at'> }>(
    'select seq, at, entry from history where case_id = $1 and seq > $2 order by seq limit $3',
    [caseId, after, limit],
  )
  return rows.map(({ seq, at, entry }) => ({ ...entry, seq, at: at }))
}

/** Entries of a case's history from one to another, both counted in. */
export async function loadHistoryBetween(
  pool: pg.Pool,
  caseId: string,
  first: number,
  last: number,
): Promise<LogEntry[]> {
  return loadHistory(pool, caseId, first - 1, Math.min(last - first + 1, 100)).then((entries) =>
    entries.filter(({ seq }) => seq <= last),
  )
}

/** Where in a case's history it went on by another version of its process, and by which it ran before. */
export async function loadMigrations(
  pool: pg.Pool,
  caseId: string,
): Promise<{ readonly seq: number; readonly from: number }[]> {
  const { rows } = await pool.query<{ seq: number; target: string }>(
    "select seq, entry ->> 'target' as target from history where case_id = $1 and entry ->> 'type' = 'migrated' order by seq",
    [caseId],
  )
  return rows.map(({ seq, target }) => ({ seq, from: Number.parseInt(target, 10) }))
}
