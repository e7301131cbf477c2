import pg from 'pg'
import type { EmbeddedPostgres } from '../../runtime/sandbox/index.ts'
import type { Ask } from '../load.ts'
import { movesOf } from '../moves/drive.ts'
import { beginnings, type Office, openOffice } from '../moves/office.ts'
import { onPostgres } from '../on-postgres.ts'
import type { BenchResult } from '../result.ts'

const cases = 20_000

/** Few enough that hardly two of them change the same page. */
const apart = 300

/** What is kept, and the tables that keep it; each row of the first is one. */
const things: Readonly<Record<string, readonly string[]>> = {
  case: ['cases'],
  client: ['clients', 'vault.keys'],
  'personal value': ['vault.values'],
  'history entry': ['history'],
  letter: ['letters', 'vault.letters'],
  'waiting job': ['graphile_worker._private_jobs'],
}

/**
 * Bytes on disk, indexes included, of each thing that is kept, and bytes of WAL a move: over 20,000 cases with a client
 * each, begun and moved over HTTP.
 */
export function bench(seconds: number): Promise<BenchResult> {
  return onPostgres((postgres) => measured(postgres, seconds))
}

async function measured(postgres: EmbeddedPostgres, seconds: number): Promise<BenchResult> {
  const office = await openOffice(postgres.url, 32)
  const admin = new pg.Client({ connectionString: postgres.adminUrl.replace(/postgres$/, 'zgoda') })
  try {
    await admin.connect()
    const begun = await walOf(admin, office, beginnings(), { requests: cases, seconds: 1 })
    const sizes = await sizesOf(admin)
    const { rows } = await admin.query<{ case_id: string }>('select case_id from cases order by random()')
    const next = movesOf(rows.map(({ case_id }) => case_id))
    // The first change of a page after a checkpoint puts the whole page into the log.
    await admin.query('checkpoint')
    const first = await walOf(admin, office, next, { requests: apart, seconds: 0.1 })
    await walOf(admin, office, next, { requests: cases, seconds: 1 })
    const later = await walOf(admin, office, next, { requests: 1, seconds: seconds / 2 })
    return {
      bench: 'size',
      figures: {
        ...sizes,
        'WAL a case begun': begun,
        'WAL a move, pages new to the log': first,
        'WAL a move, pages in the log': later,
      },
      ratios: {},
    }
  } finally {
    await admin.end()
    await office.stop()
  }
}

async function sizesOf(admin: pg.Client): Promise<Record<string, number>> {
  await admin.query('vacuum analyze')
  const sizes: Record<string, number> = {}
  for (const [thing, tables] of Object.entries(things)) {
    const { rows } = await admin.query<{ count: string; bytes: string; indexes: string }>(
      `select (select count(*) from ${tables[0]}) as count, sum(pg_total_relation_size(t::regclass)) as bytes,
         sum(pg_indexes_size(t::regclass)) as indexes from unnest($1::text[]) t`,
      [tables],
    )
    const { count, bytes, indexes } = rows[0] as { count: string; bytes: string; indexes: string }
    sizes[`bytes a ${thing}`] = Number(bytes) / Number(count)
    sizes[`of them index, a ${thing}`] = Number(indexes) / Number(count)
  }
  return sizes
}

/** Bytes of WAL a request, over as many requests as wanted, asked `seconds` at a time. */
async function walOf(
  admin: pg.Client,
  office: Office,
  next: () => Ask,
  wanted: { readonly requests: number; readonly seconds: number },
): Promise<number> {
  const place = async () => {
    const { rows } = await admin.query<{ at: string }>("select pg_current_wal_lsn() - '0/0' as at")
    return Number(rows[0]?.at)
  }
  const before = await place()
  let made = 0
  while (made < wanted.requests) made += (await office.ask(next, wanted.seconds)).requests
  return ((await place()) - before) / made
}
