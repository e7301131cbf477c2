import type pg from 'pg'

type Db = pg.Pool | pg.PoolClient

export interface StoredLetter {
  readonly caseId: string
  readonly seq: number
  readonly letter: string
  readonly clientId: string | null
  readonly purpose: string | null
  readonly status: 'waiting' | 'sent' | 'skipped' | 'failed'
  readonly because: string | null
  readonly at: string
  readonly sealed: Buffer | null
}

const letterSelect = `select l.case_id, l.seq, l.letter, l.client_id, l.purpose, l.status, l.because, l.at, v.sealed
  from letters l left join vault.letters v using (case_id, seq)`

export async function loadLetters(db: Db, caseId: string): Promise<StoredLetter[]> {
  const { rows } = await db.query(`${letterSelect} where l.case_id = $1 order by l.seq`, [caseId])
  return rows.map(letterRow)
}

/** Letters by their places, in one statement. */
export async function loadLettersAt(
  db: Db,
  places: readonly { readonly caseId: string; readonly seq: number }[],
): Promise<StoredLetter[]> {
  const { rows } = await db.query({
    name: 'load letters at',
    text: `${letterSelect} where (l.case_id, l.seq) in (select * from unnest($1::uuid[], $2::int[]))`,
    values: [places.map(({ caseId }) => caseId), places.map(({ seq }) => seq)],
  })
  return rows.map(letterRow)
}

export async function loadLetter(db: Db, caseId: string, seq: number): Promise<StoredLetter | undefined> {
  const { rows } = await db.query({
    name: 'load letter',
    text: `${letterSelect} where l.case_id = $1 and l.seq = $2`,
    values: [caseId, seq],
  })
  return rows[0] && letterRow(rows[0])
}

/** Notes what became of a letter that was waiting. What belongs to no client's key is not kept once it has gone or is not to go. */
export async function settleLetter(
  db: Db,
  letter: { readonly caseId: string; readonly seq: number },
  outcome: {
    readonly status: 'sent' | 'skipped' | 'failed'
    readonly because?: string
    readonly at: string
    readonly sealed?: Buffer
  },
): Promise<void> {
  await db.query({
    name: 'settle letter',
    text: `with settled as (
        update letters set status = $3, because = $4, sent_at = case when $3 = 'sent' then $5::timestamptz end
        where case_id = $1 and seq = $2 and status = 'waiting' returning client_id),
      kept as (
        update vault.letters set sealed = $6
        where case_id = $1 and seq = $2 and $6::bytea is not null and exists (select 1 from settled where client_id is not null))
      delete from vault.letters where case_id = $1 and seq = $2 and $3 <> 'failed' and exists (select 1 from settled where client_id is null)`,
    values: [letter.caseId, letter.seq, outcome.status, outcome.because ?? null, outcome.at, outcome.sealed ?? null],
  })
}

/** Notes why a letter still waits. */
export async function noteWaiting(
  db: Db,
  { caseId, seq }: { readonly caseId: string; readonly seq: number },
  because: string,
): Promise<void> {
  await db.query(
    `update letters set because = $3
     where case_id = $1 and seq = $2 and status = 'waiting' and because is distinct from $3`,
    [caseId, seq, because],
  )
}

export interface StoredMessage {
  readonly key: Buffer
  readonly caseId: string | null
  readonly clientId: string | null
  readonly at: string
  /** `new` until it was judged; then `counted` or `kept`. */
  readonly status: 'new' | 'counted' | 'kept'
  readonly because: string | null
  readonly sealed: Buffer | null
}

const messageSelect = `select m.message_key, m.case_id, m.client_id, m.at, m.status, m.because, v.sealed
  from messages m left join vault.messages v using (message_key)`

export async function loadMessages(db: Db, caseId: string): Promise<StoredMessage[]> {
  const { rows } = await db.query(`${messageSelect} where m.case_id = $1 order by m.at`, [caseId])
  return rows.map(messageRow)
}

/** Messages that belong to no case, newest first, older than `before`. */
export async function loadStrayMessages(
  db: Db,
  page: { before?: string | undefined; limit: number },
): Promise<StoredMessage[]> {
  const { rows } = await db.query(
    `${messageSelect} where m.case_id is null and ($1::timestamptz is null or m.at < $1) order by m.at desc limit $2`,
    [page.before ?? null, page.limit],
  )
  return rows.map(messageRow)
}

/** Messages by their keys, in one statement. */
export async function loadMessagesOf(db: Db, keys: readonly Buffer[]): Promise<StoredMessage[]> {
  const { rows } = await db.query({
    name: 'load messages',
    text: `${messageSelect} where m.message_key = any($1::bytea[])`,
    values: [keys],
  })
  return rows.map(messageRow)
}

/** A message that came in, as it is to be kept. */
export interface ArrivedMessage {
  readonly key: Buffer
  readonly caseId: string | null
  readonly clientId: string | null
  readonly at: string
  readonly sealed: Buffer
  readonly uidValidity: string | null
  readonly uid: number | null
}

/**
 * Keeps messages that came in, sealed, with the job that will judge them: in one statement, so that a crash neither loses nor
 * repeats any. A message that is kept already is left alone. No key may stand there twice.
 */
export async function keepMessages(pool: pg.Pool, messages: readonly ArrivedMessage[]): Promise<void> {
  const of = <K extends keyof ArrivedMessage>(name: K) => messages.map((message) => message[name])
  await pool.query({
    name: 'keep messages',
    text: `with arrived as (
         select * from unnest($1::bytea[], $2::uuid[], $3::uuid[], $4::timestamptz[], $5::bytea[], $6::text[], $7::bigint[])
           as a(message_key, case_id, client_id, at, sealed, uid_validity, uid)),
       kept as (
         insert into messages (message_key, case_id, client_id, at, status, uid_validity, uid)
         select message_key, case_id, client_id, at, 'new', uid_validity, uid from arrived
         on conflict do nothing returning message_key),
       sealed as (
         insert into vault.messages (message_key, client_id, sealed)
         select message_key, client_id, sealed from arrived join kept using (message_key))
       select count(w.*) from (
           select json_agg(json_build_object('key', encode(message_key, 'base64'))) as keys from kept) k,
         lateral graphile_worker.add_jobs(array[('messages', keys, null, null, null, null, null, null)::graphile_worker.job_spec]) w
       where keys is not null`,
    values: [of('key'), of('caseId'), of('clientId'), of('at'), of('sealed'), of('uidValidity'), of('uid')],
  })
}

/** Notes that a message changes nothing, and why. */
export async function settleMessage(db: Db, key: Buffer, outcome: { class: string; because: string }): Promise<void> {
  await db.query(
    "update messages set status = 'kept', class = $2, because = $3 where message_key = $1 and status = 'new'",
    [key, outcome.class, outcome.because],
  )
}

export async function loadMailboxCursor(
  db: Db,
  mailbox: string,
): Promise<{ uidValidity: string; lastUid: number } | undefined> {
  const { rows } = await db.query('select uid_validity, last_uid from mailboxes where mailbox = $1', [mailbox])
  return rows[0] && { uidValidity: rows[0].uid_validity, lastUid: Number(rows[0].last_uid) }
}

export async function saveMailboxCursor(
  db: Db,
  mailbox: string,
  cursor: { uidValidity: string; lastUid: number },
): Promise<void> {
  await db.query(
    `insert into mailboxes (mailbox, uid_validity, last_uid) values ($1, $2, $3)
     on conflict (mailbox) do update set uid_validity = excluded.uid_validity, last_uid = excluded.last_uid`,
    [mailbox, cursor.uidValidity, cursor.lastUid],
  )
}

function letterRow(row: Record<string, unknown> & { at: string }): StoredLetter {
  return {
    caseId: row.case_id as string,
    seq: row.seq as number,
    letter: row.letter as string,
    clientId: row.client_id as string | null,
    purpose: row.purpose as string | null,
    status: row.status as StoredLetter['status'],
    because: row.because as string | null,
    at: row.at,
    sealed: row.sealed as Buffer | null,
  }
}

function messageRow(row: Record<string, unknown> & { at: string }): StoredMessage {
  return {
    key: row.message_key as Buffer,
    caseId: row.case_id as string | null,
    clientId: row.client_id as string | null,
    at: row.at,
    status: row.status as StoredMessage['status'],
    because: row.because as string | null,
    sealed: row.sealed as Buffer | null,
  }
}
