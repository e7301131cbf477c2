import type pg from 'pg'
import { inTransaction } from './transaction.ts'

type Db = pg.Pool | pg.PoolClient

/** What is to be put into the trail, beside digests of history and consents, which go with the rows themselves. */
export interface Occurrence {
  readonly at: string
  readonly kind: 'look' | 'erasure' | 'definition' | 'person' | 'hold' | 'retention'
  /** `staff:ID`, `client` or `system`. */
  readonly actor: string
  readonly clients?: readonly string[]
  /** Ids and names of fields, never values. */
  readonly entry: object
}

/** An entry of the chain, in the words that its hash covers. */
export interface Chained {
  readonly seq: string
  readonly at: string
  readonly kind: string
  readonly actor: string | null
  readonly clients: string
  readonly entry: string
  readonly digests: Buffer | null
}

export interface ChainRow extends Chained {
  readonly hash: Buffer
}

/** Puts occurrences where the chain takes them from: within a transaction, together with what occurred. */
export async function occurred(db: Db, occurrences: readonly Occurrence[]): Promise<void> {
  if (occurrences.length === 0) return
  const rows = occurrences.map(({ clients = [], ...rest }) => ({ clients, ...rest }))
  await db.query({
    name: 'audit occurred',
    text: `insert into audit_waiting (at, kind, actor, clients, entry)
      select at, kind, actor, clients, entry
      from json_to_recordset($1::json) as i(at timestamptz, kind text, actor text, clients uuid[], entry jsonb)`,
    values: [JSON.stringify(rows)],
  })
}

const words = `extract(epoch from at)::text as at, kind, actor, array_to_string(clients, ' ') as clients, entry::text as entry, digests`

/**
 * Takes up to `most` of what waits into the chain, oldest first, each with the hash that `link` gives it after the one before.
 * Answers how many there were. Where another node does the same at the same time, one of them throws.
 */
export function chainWaiting(
  pool: pg.Pool,
  most: number,
  link: (before: Buffer | undefined, entry: Chained) => Buffer,
): Promise<number> {
  return inTransaction(pool, async (db) => {
    const { rows } = await db.query<Omit<Chained, 'seq'> & { entry_id: string }>(
      `select entry_id, ${words} from audit_waiting order by audit_waiting.at, entry_id limit $1 for update`,
      [most],
    )
    if (rows.length === 0) return 0
    const head = await chainHead(db)
    let before = head?.hash
    const seqs = rows.map((_, position) => String(BigInt(head?.seq ?? 0) + BigInt(position + 1)))
    const hashes = rows.map((row, position) => {
      before = link(before, { ...row, seq: seqs[position] as string })
      return before
    })
    await db.query(
      `with taken as (
         delete from audit_waiting w using unnest($1::uuid[], $2::bigint[], $3::bytea[]) as i(entry_id, seq, hash)
         where w.entry_id = i.entry_id returning i.seq, i.hash, w.at, w.kind, w.actor, w.clients, w.entry, w.digests)
       insert into audit (seq, at, kind, actor, clients, entry, digests, hash)
       select seq, at, kind, actor, clients, entry, digests, hash from taken`,
      [rows.map((row) => row.entry_id), seqs, hashes],
    )
    return rows.length
  })
}

/** Reads all of `work` as it was at one moment, and changes nothing. */
export function inOneView<T>(pool: pg.Pool, work: (db: pg.PoolClient) => Promise<T>): Promise<T> {
  return inTransaction(pool, async (db) => {
    await db.query('set transaction isolation level repeatable read, read only')
    return work(db)
  })
}

/** The newest entry of the chain. */
export async function chainHead(db: Db): Promise<{ readonly seq: string; readonly hash: Buffer } | undefined> {
  const { rows } = await db.query<{ seq: string; hash: Buffer }>(
    'select seq::text, hash from audit order by audit.seq desc limit 1',
  )
  return rows[0]
}

/** Entries of the chain that follow one, in their order. */
export async function chainAfter(db: Db, seq: string, limit: number): Promise<ChainRow[]> {
  const { rows } = await db.query<ChainRow>(
    `select seq::text, hash, ${words} from audit where seq > $1::bigint order by audit.seq limit $2`,
    [seq, limit],
  )
  return rows
}

/** Rows whose digest is in the chain and that are gone or say something else now, as `ID NUMBER`. */
export async function changedRows(db: Db, kind: 'history' | 'consent', digests: Buffer): Promise<string[]> {
  const { rows } = await db.query<{ row: string }>(changed[kind], [digests])
  return rows.map(({ row }) => row)
}

const each = `select substring($1::bytea from n * 52 + 1 for 52) as digest,
    encode(substring($1::bytea from n * 52 + 1 for 16), 'hex')::uuid as id,
    ('x' || encode(substring($1::bytea from n * 52 + 17 for 4), 'hex'))::bit(32)::int as seq
  from generate_series(0, length($1::bytea) / 52 - 1) as n`

const changed = {
  history: `select id || ' ' || i.seq as row from (${each}) i left join history h on h.case_id = i.id and h.seq = i.seq
    where digest_of_history(h) is distinct from i.digest`,
  consent: `select id || ' ' || i.seq as row from (${each}) i left join consents c on c.client_id = i.id and c.seq = i.seq
    where digest_of_consent(c) is distinct from i.digest`,
}

/** How many rows there are whose digest belongs into the chain, and how many digests still wait to go into it. */
export async function rowsToChain(
  db: Db,
  kind: 'history' | 'consent',
): Promise<{ readonly rows: number; readonly waiting: number }> {
  const table = kind === 'history' ? 'history' : 'consents'
  const { rows } = await db.query<{ rows: string; waiting: string }>(
    `select (select count(*) from ${table}) as rows,
       (select coalesce(sum(length(digests) / 52), 0) from audit_waiting where kind = $1) as waiting`,
    [kind],
  )
  return { rows: Number(rows[0]?.rows), waiting: Number(rows[0]?.waiting) }
}

export interface StoredLook {
  readonly seq: string
  readonly at: string
  readonly actor: string
  readonly entry: Readonly<Record<string, unknown>>
}

/** Who has looked at a client's data, newest first. */
export async function looksAt(
  db: Db,
  clientId: string,
  page: { readonly before: string | undefined; readonly limit: number },
): Promise<StoredLook[]> {
  const { rows } = await db.query<StoredLook>(
    `select seq::text, at, actor, entry from audit
     where kind = 'look' and clients @> array[$1::uuid] and ($2::bigint is null or seq < $2::bigint)
     order by audit.seq desc limit $3`,
    [clientId, page.before ?? null, page.limit],
  )
  return rows
}
