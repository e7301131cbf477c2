import type pg from 'pg'

type Db = pg.Pool | pg.PoolClient

export interface StoredUpload {
  readonly caseId: string
  readonly uploadId: string
  readonly sealed: Buffer
}

/** Keeps a file; false where its client was erased meanwhile, or `most` wait in this case already to go out with a letter. */
export async function insertUpload(
  db: Db,
  upload: StoredUpload & { readonly clientId: string; readonly personId: string; readonly at: string },
  most: number,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `with held as (select client_id from clients where client_id = $3 and erased_at is null for share)
     insert into vault.uploads (case_id, upload_id, client_id, person_id, at, sealed)
     select $1, $2, client_id, $4, $5, $6 from held
     where (select count(*) from vault.uploads where case_id = $1 and person_id = $4 and not used) < $7`,
    [upload.caseId, upload.uploadId, upload.clientId, upload.personId, upload.at, upload.sealed, most],
  )
  return rowCount === 1
}

/** Those that a person has brought and no letter has taken. */
export async function loadUnused(
  db: Db,
  caseId: string,
  personId: string,
  ids: readonly string[],
): Promise<StoredUpload[]> {
  const { rows } = await db.query(
    `select case_id, upload_id, sealed from vault.uploads
     where case_id = $1 and person_id = $2 and upload_id = any($3::uuid[]) and not used`,
    [caseId, personId, ids],
  )
  return rows.map(uploadRow)
}

export async function loadUploads(db: Db, caseId: string, ids: readonly string[]): Promise<StoredUpload[]> {
  const { rows } = await db.query(
    'select case_id, upload_id, sealed from vault.uploads where case_id = $1 and upload_id = any($2::uuid[])',
    [caseId, ids],
  )
  return rows.map(uploadRow)
}

export async function dropUpload(db: Db, caseId: string, personId: string, id: string): Promise<void> {
  await db.query('delete from vault.uploads where case_id = $1 and person_id = $2 and upload_id = $3 and not used', [
    caseId,
    personId,
    id,
  ])
}

/** Forgets files that no letter took. */
export async function forgetUploads(db: Db, before: Date): Promise<void> {
  await db.query('delete from vault.uploads where not used and at < $1', [before])
}

function uploadRow(row: { case_id: string; upload_id: string; sealed: Buffer }): StoredUpload {
  return { caseId: row.case_id, uploadId: row.upload_id, sealed: row.sealed }
}
