import type pg from 'pg'
import type { Definition } from '../../engine/definition.ts'
import { occurred } from './audit.ts'

type Db = pg.Pool | pg.PoolClient

/** A definition that was made to run, and how many open cases went on by it. */
export interface AppliedRow {
  readonly seq: number
  readonly hash: string
  readonly at: string
  readonly actor: string
  readonly moved: number
}

/** Lets one apply at a time go on until its transaction ends; nobody else numbers versions meanwhile. */
export async function lockVersions(db: pg.PoolClient): Promise<void> {
  await db.query('lock table process_versions, applied in exclusive mode')
}

/** The definition that runs; undefined before the first. */
export async function lastApplied(db: Db): Promise<AppliedRow | undefined> {
  const { rows } = await db.query<AppliedRow>({
    name: 'last applied',
    text: 'select seq, definition_hash as hash, at, actor, moved from applied order by seq desc limit 1',
  })
  return rows[0]
}

export async function insertApplied(db: pg.PoolClient, row: AppliedRow): Promise<void> {
  await db.query('insert into applied (seq, definition_hash, at, actor, moved) values ($1, $2, $3, $4, $5)', [
    row.seq,
    row.hash,
    row.at,
    row.actor,
    row.moved,
  ])
  const { hash, moved } = row
  await occurred(db, [{ at: row.at, kind: 'definition', actor: row.actor, entry: { hash, moved } }])
}

/** Keeps a definition and numbers its processes: one whose content has changed since its last version gets the next. */
export async function insertDefinition(
  db: pg.PoolClient,
  definition: { readonly hash: string; readonly body: Definition },
  processes: readonly { readonly name: string; readonly contentHash: string }[],
  at: string,
): Promise<void> {
  await db.query('insert into definitions (hash, definition, at) values ($1, $2, $3) on conflict do nothing', [
    definition.hash,
    definition.body,
    at,
  ])
  const known = await processVersions(db)
  for (const { name, contentHash } of processes) {
    const last = known.get(name)
    if (last?.contentHash === contentHash) continue
    await db.query(
      'insert into process_versions (process, version, content_hash, definition_hash, at) values ($1, $2, $3, $4, $5)',
      [name, (last?.version ?? 0) + 1, contentHash, definition.hash, at],
    )
  }
}

/** Has the cases looked at again that other nodes may have started before they heard of an apply. */
export async function queueStragglers(db: pg.PoolClient, seq: number, at: string): Promise<void> {
  await db.query("select graphile_worker.add_job('stragglers', $1::json, run_at => $2, job_key => 'stragglers')", [
    JSON.stringify({ seq }),
    at,
  ])
}

/** The latest version of each process there has ever been. */
export async function processVersions(
  db: Db,
): Promise<ReadonlyMap<string, { readonly version: number; readonly contentHash: string }>> {
  const { rows } = await db.query<{ process: string; version: number; content_hash: string }>(
    'select distinct on (process) process, version, content_hash from process_versions order by process, version desc',
  )
  return new Map(rows.map(({ process, version, content_hash }) => [process, { version, contentHash: content_hash }]))
}

/** The definition that a version of a process was first part of. */
export async function definitionOfVersion(db: Db, process: string, version: number): Promise<string | undefined> {
  const { rows } = await db.query<{ hash: string }>(
    'select definition_hash as hash from process_versions where process = $1 and version = $2',
    [process, version],
  )
  return rows[0]?.hash
}

export async function loadDefinition(db: Db, hash: string): Promise<Definition | undefined> {
  const { rows } = await db.query<{ definition: Definition }>('select definition from definitions where hash = $1', [
    hash,
  ])
  return rows[0]?.definition
}

/** The definition that runs; undefined before the first start. */
export async function latestDefinition(
  db: pg.Pool | pg.ClientBase,
): Promise<{ readonly hash: string; readonly definition: Definition } | undefined> {
  const { rows } = await db.query<{ hash: string; definition: Definition }>(
    'select hash, definition from applied join definitions on hash = definition_hash order by seq desc limit 1',
  )
  return rows[0]
}

/** Takes the next `size` case numbers of a process for this node alone; returns the first. */
export async function takeNumbers(pool: pg.Pool, process: string, size: number): Promise<number> {
  const { rows } = await pool.query<{ first: string }>(
    `insert into number_blocks as b (process, next) values ($1, 1 + $2::int)
     on conflict (process) do update set next = b.next + $2::int returning next - $2::int as first`,
    [process, size],
  )
  return Number((rows[0] as { first: string }).first)
}

/** Gives back the numbers of a block that were not used, where no other block was taken since. */
export async function returnNumbers(pool: pg.Pool, process: string, next: number, end: number): Promise<void> {
  await pool.query('update number_blocks set next = $2 where process = $1 and next = $3', [process, next, end])
}
