import type pg from 'pg'
import type { ConsentStatus } from '../../engine/definition.ts'
import type { SealedValue } from '../vault/vault.ts'

/** How a client's consent to a purpose stands: a summary of the latest record, kept on the client's row. */
export interface ConsentSummary {
  readonly status: ConsentStatus
  readonly at: string
  readonly version: number
  readonly channel: string
}

/** A client as stored; everything personal is still sealed. */
export interface ClientRow {
  readonly clientId: string
  readonly pseudonym: string
  readonly language: string
  readonly consents: Readonly<Record<string, ConsentSummary>>
  readonly consentSeq: number
  readonly createdAt: string
  readonly erasedAt: string | null
  /** Null once the client is erased. */
  readonly wrapped: Buffer | null
}

/** The case that started another, as the other remembers it. */
export interface ParentLink {
  readonly caseId: string
  /** Of the entry in its history. */
  readonly seq: number
  readonly process: string
  readonly number: number
  /** How many cases in a row have started each other by themselves up to this one, and how many these may have become; absent for one of before that was kept. */
  readonly depth?: number
  readonly width?: number
}

/** A case that another is to start, or has started. */
export interface ChildLink {
  /** Of the entry in the history of the one that starts it. */
  readonly seq: number
  readonly caseId: string
  readonly process: string
  /** Null until it has started. */
  readonly number: number | null
  readonly ended: boolean
}

/** A case as stored, with its client and the sealed values of both. */
export interface CaseRow {
  readonly caseId: string
  readonly number: number
  readonly process: string
  readonly version: number
  readonly definitionHash: string
  readonly stage: string
  readonly seq: number
  readonly createdAt: string
  readonly enteredAt: string
  readonly ended: 'no' | 'success' | 'other'
  readonly assignee: string | null
  readonly state: StoredState
  readonly parent: ParentLink | null
  readonly children: readonly ChildLink[]
  readonly client: ClientRow | null
  readonly sealed: readonly SealedValue[]
  /** Until when nothing of it may be deleted, by the last legal hold that was not lifted; it may be past. */
  readonly heldUntil: string | null
}

/** What of a case's state is no column of its own. `values` holds no personal field. */
export interface StoredState {
  readonly values: Readonly<Record<string, string | number | boolean | readonly string[]>>
  readonly visited: readonly string[]
  readonly timers: Readonly<Record<string, string>>
  readonly fired: readonly string[]
  /** How many cases it had started when it was last told that all have ended; absent before. */
  readonly told?: number
}

interface RawRow {
  case_id: string
  number: string
  process: string
  version: number
  definition_hash: string
  stage: string
  seq: number
  created_at: string
  entered_at: string
  ended: 'no' | 'success' | 'other'
  assignee: string | null
  state: StoredState
  parent: ParentLink | null
  children: ChildLink[] | null
  client_id: string | null
  pseudonym: string | null
  language: string | null
  consents: Record<string, ConsentSummary> | null
  consent_seq: number | null
  client_created_at: string | null
  erased_at: string | null
  wrapped: Buffer | null
  sealed: { c: string; f: string; p: string[]; s: string }[] | null
  held_until: string | null
}

const columns = `
  c.case_id, c.number, c.process, c.version, c.definition_hash, c.stage, c.seq, c.created_at, c.entered_at, c.ended,
  c.assignee, c.state, c.parent, c.client_id, cl.pseudonym, cl.language, cl.consents, cl.consent_seq,
  cl.created_at as client_created_at, cl.erased_at, k.wrapped,
  (select json_agg(json_build_object('c', v.case_id, 'f', v.field, 'p', v.purposes, 's', encode(v.sealed, 'base64')))
   from vault.values v
   where v.client_id = c.client_id and v.case_id in (c.case_id, '00000000-0000-0000-0000-000000000000')) as sealed,
  (select max(h.until) from holds h where h.client_id = c.client_id and h.lifted_at is null and (h.case_id is null or h.case_id = c.case_id)) as held_until,
  (select json_agg(json_build_object('seq', ch.seq, 'caseId', ch.child_id, 'process', ch.process, 'number', ch.number, 'ended', ch.ended) order by ch.seq)
   from children ch where ch.case_id = c.case_id) as children`
const joins = 'left join clients cl on cl.client_id = c.client_id left join vault.keys k on k.client_id = c.client_id'

/** Loads cases by id, in one statement; those that do not exist are left out. */
export async function loadCases(db: pg.Pool | pg.PoolClient, ids: readonly string[]): Promise<Map<string, CaseRow>> {
  const { rows } = await db.query<RawRow>({
    name: 'load cases',
    text: `select ${columns} from cases c ${joins} where c.case_id = any($1::uuid[])`,
    values: [ids],
  })
  return new Map(rows.map((row) => [row.case_id, caseRow(row)]))
}

/** Which process each of these cases is of. */
export async function processesOfCases(
  db: pg.Pool,
  ids: readonly string[],
): Promise<{ readonly caseId: string; readonly process: string }[]> {
  const { rows } = await db.query<{ case_id: string; process: string }>({
    name: 'processes of cases',
    text: 'select case_id, process from cases where case_id = any($1::uuid[])',
    values: [ids],
  })
  return rows.map(({ case_id, process }) => ({ caseId: case_id, process }))
}

/** Loads every case of a client, ended ones too, and locks them until the transaction ends. */
export async function lockCasesOf(db: pg.PoolClient, clientId: string): Promise<CaseRow[]> {
  await db.query('select 1 from cases where client_id = $1 order by case_id for update', [clientId])
  const { rows } = await db.query<RawRow>(
    `select ${columns} from cases c ${joins} where c.client_id = $1 order by c.case_id`,
    [clientId],
  )
  return rows.map(caseRow)
}

export interface CaseFilter {
  readonly process?: string
  readonly stage?: string
  readonly assignee?: string
  readonly client?: string
  /** The processes that may be seen. */
  readonly processes: readonly string[]
  readonly open?: boolean
}

/** A page of cases, newest first. `after` is the id the last page ended with. */
export async function listCases(
  db: pg.Pool,
  filter: CaseFilter,
  page: { after?: string | undefined; limit: number },
): Promise<CaseRow[]> {
  const values: unknown[] = []
  const given = (value: unknown) => `$${values.push(value)}`
  const where = [`process = any(${given(filter.processes)}::text[])`]
  if (filter.process) where.push(`process = ${given(filter.process)}`)
  if (filter.stage) where.push(`stage = ${given(filter.stage)}`)
  if (filter.assignee) where.push(`assignee = ${given(filter.assignee)}`)
  if (filter.client) where.push(`client_id = ${given(filter.client)}`)
  if (page.after) where.push(`case_id < ${given(page.after)}`)
  const last = `order by case_id desc limit ${given(page.limit)}`
  const found = halvesOf(filter).map(
    (half) => `(select case_id from cases where ${[...where, ...half].join(' and ')} ${last})`,
  )
  const { rows } = await db.query<RawRow>(
    `select ${columns} from (${found.join(' union all ')}) found join cases c using (case_id) ${joins} ${last}`,
    values,
  )
  return rows.map(caseRow)
}

/** A stage is looked for among open and ended cases apart: each half has an index of its own. */
function halvesOf({ process, stage, open }: CaseFilter): (readonly string[])[] {
  if (open) return [["ended = 'no'"]]
  return process && stage ? [["ended = 'no'"], ["ended <> 'no'"]] : [[]]
}

/** A version of a process, and the definition that has it. */
export interface VersionAt {
  readonly definitionHash: string
  readonly version: number
}

/**
 * Some open cases of a process that run on another version than `but`, in the order of their ids, after `after`. A process that a later definition
 * left as it was has the same version in both. With `lock` nobody else changes them until the transaction ends.
 */
export async function openCasesOf(
  db: pg.Pool | pg.PoolClient,
  process: string,
  {
    but: { definitionHash, version },
    after,
    limit,
    lock = false,
  }: { but: VersionAt; after: string | undefined; limit: number; lock?: boolean },
): Promise<CaseRow[]> {
  const { rows } = await db.query<RawRow>(
    `select ${columns} from cases c ${joins}
     where c.process = $1 and c.ended = 'no' and c.definition_hash <> $2 and c.version <> $3
     and ($4::uuid is null or c.case_id > $4) order by c.case_id limit $5 ${lock ? 'for update of c' : ''}`,
    [process, definitionHash, version, after ?? null, limit],
  )
  return rows.map(caseRow)
}

/** The last cases of a process that have ended, newest first. */
export async function endedCasesOf(db: pg.Pool, process: string, limit: number): Promise<CaseRow[]> {
  const { rows } = await db.query<RawRow>(
    `select ${columns} from cases c ${joins} where c.process = $1 and c.ended <> 'no' order by c.case_id desc limit $2`,
    [process, limit],
  )
  return rows.map(caseRow)
}

/** How many open cases each process has, in each of its stages. */
export async function countOpenCases(
  db: pg.Pool | pg.PoolClient,
): Promise<{ readonly process: string; readonly stage: string; readonly cases: number }[]> {
  const { rows } = await db.query<{ process: string; stage: string; cases: number }>(
    "select process, stage, count(*)::int as cases from cases where ended = 'no' group by process, stage order by process, stage",
  )
  return rows
}

/** Lets cases run on another version from now on. */
export async function setVersion(
  db: pg.PoolClient,
  ids: readonly string[],
  { version, definitionHash }: { readonly version: number; readonly definitionHash: string },
): Promise<void> {
  await db.query('update cases set version = $2, definition_hash = $3 where case_id = any($1::uuid[])', [
    ids,
    version,
    definitionHash,
  ])
}

function caseRow(row: RawRow): CaseRow {
  return {
    caseId: row.case_id,
    number: Number(row.number),
    process: row.process,
    version: row.version,
    definitionHash: row.definition_hash,
    stage: row.stage,
    seq: row.seq,
    createdAt: row.created_at,
    enteredAt: row.entered_at,
    ended: row.ended,
    assignee: row.assignee,
    state: row.state,
    parent: row.parent,
    children: row.children ?? [],
    client: clientOf(row),
    sealed: (row.sealed ?? []).map(({ c, f, p, s }) => ({
      caseId: c,
      field: f,
      purposes: p,
      sealed: Buffer.from(s, 'base64'),
    })),
    heldUntil: row.held_until,
  }
}

function clientOf(row: RawRow): ClientRow | null {
  if (row.client_id === null) return null
  return {
    clientId: row.client_id,
    pseudonym: row.pseudonym ?? '',
    language: row.language ?? 'en',
    consents: row.consents ?? {},
    consentSeq: row.consent_seq ?? 0,
    createdAt: row.client_created_at ?? row.created_at,
    erasedAt: row.erased_at ?? null,
    wrapped: row.wrapped,
  }
}
