import type pg from 'pg'

type Db = pg.Pool | pg.PoolClient

/** An address of a client from which letters come back; only a keyed hash of it is held. */
export interface Undelivered {
  readonly addressHash: Buffer
  /** Bounces of a kind that passes. */
  readonly soft: number
  /** Since when no letter goes there; null where letters still do. */
  readonly stoppedAt: string | null
  /** RFC 3463, of the latest bounce. */
  readonly code: string | null
  /** The letter that came back last. */
  readonly caseId: string
  readonly seq: number
}

/** Notes that a letter to an address came back; `hard` stops all further ones. */
export async function noteUndelivered(
  db: Db,
  clientId: string,
  bounce: {
    readonly addressHash: Buffer
    readonly hard: boolean
    readonly code: string | undefined
    readonly at: string
    readonly caseId: string
    readonly seq: number
  },
): Promise<void> {
  await db.query(
    `insert into undelivered as u (client_id, address_hash, soft, stopped_at, code, case_id, seq)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (client_id, address_hash) do update set soft = u.soft + excluded.soft,
       stopped_at = coalesce(u.stopped_at, excluded.stopped_at), code = coalesce(excluded.code, u.code),
       case_id = excluded.case_id, seq = excluded.seq`,
    [
      clientId,
      bounce.addressHash,
      bounce.hard ? 0 : 1,
      bounce.hard ? bounce.at : null,
      bounce.code ?? null,
      bounce.caseId,
      bounce.seq,
    ],
  )
}

/** Every address of a client from which letters have come back, and that nobody has cleared since. */
export async function loadUndelivered(db: Db, clientId: string): Promise<Undelivered[]> {
  const { rows } = await db.query(
    'select address_hash, soft, stopped_at, code, case_id, seq from undelivered where client_id = $1 order by case_id, seq',
    [clientId],
  )
  return rows.map((row) => ({
    addressHash: row.address_hash,
    soft: row.soft,
    stoppedAt: row.stopped_at,
    code: row.code,
    caseId: row.case_id,
    seq: row.seq,
  }))
}

/** Lets letters go to all of a client's addresses again; answers how many had been stopped or counted. */
export async function clearUndelivered(db: Db, clientId: string): Promise<number> {
  const { rowCount } = await db.query('delete from undelivered where client_id = $1', [clientId])
  return rowCount ?? 0
}

/** What may stand against one more letter: a stopped address, and how many of the same letter have gone of late. */
export async function againstSending(
  db: Db,
  letter: { readonly caseId: string; readonly letter: string; readonly clientId: string | null },
  addressHash: Buffer,
  since: string,
): Promise<{ readonly stoppedAt: string | null; readonly code: string | null; readonly lately: number }> {
  const { rows } = await db.query({
    name: 'against sending',
    text: `select u.stopped_at, u.code,
        (select count(*)::int from letters where case_id = $3 and letter = $4 and status = 'sent' and sent_at > $5) as lately
      from (select 1) one left join undelivered u on u.client_id = $1 and u.address_hash = $2`,
    values: [letter.clientId, addressHash, letter.caseId, letter.letter, since],
  })
  const [row] = rows
  return { stoppedAt: row.stopped_at, code: row.code, lately: row.lately }
}
