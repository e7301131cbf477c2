import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import pg from 'pg'
import type { Part } from './fill-part.ts'
import { specimens, tables } from './specimen.ts'

/** Fills a database with so many cases and a client for each, in the rows that a server writes. */
export async function fill(url: string, cases: number, folder: string): Promise<void> {
  const made = await specimens(url, folder)
  const db = new pg.Client({ connectionString: url })
  try {
    await db.connect()
    const rebuild = await dropIndexes(db)
    const parts = availableParallelism()
    await Promise.all(
      Array.from({ length: parts }, async (_, part) => {
        const workerData: Part = { url, specimens: made, cases, part, parts }
        const worker = new Worker(new URL('./fill-part.ts', import.meta.url), { workerData })
        await once(worker, 'exit')
      }),
    )
    await db.query("set maintenance_work_mem = '1GB'")
    for (const statement of rebuild) await db.query(statement)
    // The next numbers come after those given here.
    await db.query('update number_blocks set next = greatest(next, $1)', [cases + 1_000])
    await db.query('vacuum analyze')
    const { rows } = await db.query<{ n: number }>('select count(*)::int as n from cases')
    if ((rows[0]?.n ?? 0) < cases) throw new Error(`${rows[0]?.n} of ${cases} cases were filled in`)
  } finally {
    await db.end()
  }
}

/** Rows come in faster without; answers the statements that put the same ones back. */
async function dropIndexes(db: pg.Client): Promise<string[]> {
  const { rows } = await db.query<{ name: string; index: string; constraint: string | null; on: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as index, i.indrelid::regclass::text as on,
       (select format('alter table %s add constraint %I %s', i.indrelid::regclass, conname, pg_get_constraintdef(c.oid))
        from pg_constraint c where c.conindid = i.indexrelid) as constraint
     from pg_index i where i.indrelid = any($1::regclass[])`,
    [[...tables]],
  )
  for (const { name, constraint, on } of rows) {
    const constraintName = /add constraint (\S+)/.exec(constraint ?? '')?.[1]
    await db.query(constraintName ? `alter table ${on} drop constraint ${constraintName}` : `drop index ${name}`)
  }
  return rows.map(({ index, constraint }) => constraint ?? index)
}
