import type pg from 'pg'

type Db = pg.Pool | pg.PoolClient

/** A letter that somebody has begun: one a person and case. */
export interface StoredDraft {
  readonly caseId: string
  readonly personId: string
  readonly clientId: string
  readonly at: string
  readonly sealed: Buffer
}

const select = 'select case_id, person_id, client_id, at, sealed from vault.drafts'

export async function loadDraft(db: Db, caseId: string, personId: string): Promise<StoredDraft | undefined> {
  const { rows } = await db.query(`${select} where case_id = $1 and person_id = $2`, [caseId, personId])
  return rows[0] && draftRow(rows[0])
}

/** Who writes in a case, newest first. */
export async function loadWriters(
  db: Db,
  caseId: string,
): Promise<{ readonly personId: string; readonly at: string }[]> {
  const { rows } = await db.query(
    'select person_id, at from vault.drafts where case_id = $1 order by at desc limit 20',
    [caseId],
  )
  return rows.map(({ person_id, at }) => ({ personId: person_id, at }))
}

/** A person's own, newest first. */
export async function loadDraftsOf(
  db: Db,
  personId: string,
  limit: number,
): Promise<{ readonly caseId: string; readonly at: string }[]> {
  const { rows } = await db.query(
    'select case_id, at from vault.drafts where person_id = $1 order by at desc limit $2',
    [personId, limit],
  )
  return rows.map(({ case_id, at }) => ({ caseId: case_id, at }))
}

/**
 * Keeps a draft in place of the person's earlier one. False where its client was erased meanwhile, or its letter has gone already:
 * a save that comes late must not bring it back.
 */
export async function saveDraft(
  db: Db,
  draft: StoredDraft & { readonly request: { readonly caller: string; readonly key: string } },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `with held as (select client_id from clients where client_id = $3 and erased_at is null for share)
     insert into vault.drafts (case_id, person_id, client_id, at, sealed)
     select $1, $2, client_id, $4, $5 from held
     where not exists (select 1 from requests where caller = $6 and key = $7)
     on conflict (case_id, person_id) do update set at = excluded.at, sealed = excluded.sealed`,
    [draft.caseId, draft.personId, draft.clientId, draft.at, draft.sealed, draft.request.caller, draft.request.key],
  )
  return rowCount === 1
}

/** Forgets a draft and the files that were for it alone. */
export async function dropDraft(db: Db, caseId: string, personId: string): Promise<void> {
  await db.query(
    `with gone as (delete from vault.drafts where case_id = $1 and person_id = $2)
     delete from vault.uploads where case_id = $1 and person_id = $2 and not used`,
    [caseId, personId],
  )
}

/** Forgets drafts that nobody has touched since. */
export async function forgetDrafts(db: Db, before: Date): Promise<void> {
  await db.query('delete from vault.drafts where at < $1', [before])
}

function draftRow(row: Record<string, unknown> & { at: string }): StoredDraft {
  return {
    caseId: row.case_id as string,
    personId: row.person_id as string,
    clientId: row.client_id as string,
    at: row.at,
    sealed: row.sealed as Buffer,
  }
}
