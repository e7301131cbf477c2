import type pg from 'pg'
import type { Definition } from '../../engine/definition.ts'
import { inTransaction } from './transaction.ts'

export interface ProcessVersionRow {
  readonly process: string
  readonly version: number
}

/** Keeps a definition and numbers its processes: one whose content has changed since its last version gets the next. */
export async function installDefinition(
  pool: pg.Pool,
  definition: { readonly hash: string; readonly body: Definition },
  processes: readonly { readonly name: string; readonly contentHash: string }[],
  at: string,
): Promise<ProcessVersionRow[]> {
  return inTransaction(pool, async (client) => {
    await client.query('lock table process_versions in exclusive mode')
    await client.query('insert into definitions (hash, definition, at) values ($1, $2, $3) on conflict do nothing', [
      definition.hash,
      definition.body,
      at,
    ])
    const versions: ProcessVersionRow[] = []
    for (const { name, contentHash } of processes) {
      versions.push({ process: name, version: await versionOf(client, name, contentHash, definition.hash, at) })
    }
    return versions
  })
}

async function versionOf(
  client: pg.PoolClient,
  process: string,
  contentHash: string,
  hash: string,
  at: string,
): Promise<number> {
  const { rows } = await client.query<{ version: number; content_hash: string }>(
    'select version, content_hash from process_versions where process = $1 order by version desc limit 1',
    [process],
  )
  const last = rows[0]
  if (last?.content_hash === contentHash) return last.version
  const version = (last?.version ?? 0) + 1
  await client.query(
    'insert into process_versions (process, version, content_hash, definition_hash, at) values ($1, $2, $3, $4, $5)',
    [process, version, contentHash, hash, at],
  )
  return version
}

export async function loadDefinition(pool: pg.Pool, hash: string): Promise<Definition | undefined> {
  const { rows } = await pool.query<{ definition: Definition }>('select definition from definitions where hash = $1', [
    hash,
  ])
  return rows[0]?.definition
}

/** The definition that was installed last; undefined before the first start. */
export async function latestDefinition(
  db: pg.Pool | pg.ClientBase,
): Promise<{ readonly hash: string; readonly definition: Definition } | undefined> {
  const { rows } = await db.query<{ hash: string; definition: Definition }>(
    'select hash, definition from definitions order by at desc limit 1',
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
