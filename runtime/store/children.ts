import type pg from 'pg'

type Db = pg.Pool | pg.PoolClient

/** A case that another has decided to start. */
export interface StoredStart {
  readonly childId: string
  readonly process: string
  readonly clientId: string | null
  /** What it is to start with; null once it has started, and once its client is erased. */
  readonly sealed: Buffer | null
  readonly started: boolean
  readonly depth: number
  readonly width: number
}

export async function loadStart(db: Db, caseId: string, seq: number): Promise<StoredStart | undefined> {
  const { rows } = await db.query<{
    child_id: string
    process: string
    client_id: string | null
    sealed: Buffer | null
    started: boolean
    depth: number
    width: number
  }>({
    name: 'load start',
    text: `select c.child_id, c.process, c.number is not null as started, c.depth, c.width, v.client_id, v.sealed
      from children c left join vault.starts v using (case_id, seq) where c.case_id = $1 and c.seq = $2`,
    values: [caseId, seq],
  })
  const [row] = rows
  if (!row) return undefined
  const { child_id: childId, client_id: clientId, ...rest } = row
  return { childId, clientId, ...rest }
}

/** Notes the number under which a case was started; what it was started with lies in the case itself from now on. */
export async function noteStarted(db: Db, caseId: string, seq: number, number: number): Promise<void> {
  await db.query({
    name: 'note started',
    text: `with begun as (delete from vault.starts where case_id = $1 and seq = $2)
      update children set number = $3 where case_id = $1 and seq = $2`,
    values: [caseId, seq, number],
  })
}

/** Notes that a case which this one has started has ended. */
export async function noteEnded(db: Db, caseId: string, seq: number): Promise<void> {
  await db.query({
    name: 'note ended',
    text: 'update children set ended = true where case_id = $1 and seq = $2',
    values: [caseId, seq],
  })
}
