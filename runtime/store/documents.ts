import type pg from 'pg'

type Db = pg.Pool | pg.PoolClient

export interface StoredDocument {
  readonly caseId: string
  readonly seq: number
  readonly document: string
  readonly clientId: string | null
  readonly at: string
  /** Why it could not be written. */
  readonly because: string | null
  readonly names: readonly string[]
  /** Null once it is gone, and where it could not be written. */
  readonly sealed: Buffer | null
}

const select = `select d.case_id, d.seq, d.document, d.at, d.because, v.client_id, v.names, v.sealed
  from documents d left join vault.documents v using (case_id, seq)`

export async function loadDocuments(db: Db, caseId: string): Promise<StoredDocument[]> {
  const { rows } = await db.query(`${select} where d.case_id = $1 order by d.seq`, [caseId])
  return rows.map(documentRow)
}

export async function loadDocument(db: Db, caseId: string, seq: number): Promise<StoredDocument | undefined> {
  const { rows } = await db.query(`${select} where d.case_id = $1 and d.seq = $2`, [caseId, seq])
  return rows[0] && documentRow(rows[0])
}

/** Keeps a document as it was rendered, in place of what it was to be rendered from; nothing where it is gone meanwhile. */
export async function keepRendered(db: Db, caseId: string, seq: number, sealed: Buffer): Promise<void> {
  await db.query('update vault.documents set sealed = $3 where case_id = $1 and seq = $2', [caseId, seq, sealed])
}

/** Notes that a document can't be written. */
export async function noteUnwritten(db: Db, caseId: string, seq: number, because: string): Promise<void> {
  await db.query(
    `with gone as (delete from vault.documents where case_id = $1 and seq = $2)
     update documents set because = $3 where case_id = $1 and seq = $2`,
    [caseId, seq, because],
  )
}

function documentRow(row: Record<string, unknown>): StoredDocument {
  return {
    caseId: row.case_id as string,
    seq: row.seq as number,
    document: row.document as string,
    clientId: row.client_id as string | null,
    at: row.at as string,
    because: row.because as string | null,
    names: (row.names as string[] | null) ?? [],
    sealed: row.sealed as Buffer | null,
  }
}
