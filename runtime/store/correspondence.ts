import type pg from 'pg'
import type { Reasoning } from '../mail/why.ts'

type Db = pg.Pool | pg.PoolClient

export interface StoredLetter {
  readonly caseId: string
  readonly seq: number
  readonly letter: string
  readonly clientId: string | null
  readonly purpose: string | null
  readonly status: 'waiting' | 'sent' | 'skipped' | 'failed' | 'bounced'
  readonly because: string | null
  readonly at: string
  /** Fields it names that are in reach by a consent alone. */
  readonly names: readonly string[]
  /** How often it was tried and put off, since when, and when it is tried next. */
  readonly tries: number
  readonly triedAt: string | null
  readonly againAt: string | null
  /** Its turn at a mail domain that takes so many letters a minute. */
  readonly turnAt: Date | null
  /** The status code of a bounce (RFC 3463). */
  readonly code: string | null
  readonly sealed: Buffer | null
}

const letterSelect = `select l.case_id, l.seq, l.letter, l.client_id, l.purpose, l.status, l.because, l.at, l.names, l.tries,
  l.tried_at, l.again_at, l.turn_at, l.code, v.sealed
  from letters l left join vault.letters v using (case_id, seq)`

/** The newest of a part of a conversation: those before a moment, and all of the same moment as the last. */
export interface Part {
  readonly before: string | undefined
  readonly limit: number
}

export async function loadLetters(db: Db, caseId: string, { before, limit }: Part): Promise<StoredLetter[]> {
  const { rows } = await db.query(
    `${letterSelect} where l.case_id = $1 and ($2::timestamptz is null or l.at < $2)
     order by l.at desc fetch first $3 rows with ties`,
    [caseId, before ?? null, limit],
  )
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

/** A letter that went out to a client, and by which definition its case runs. */
export interface SentLetter {
  readonly letter: string
  readonly sentAt: string
  readonly process: string
  readonly definitionHash: string
}

/** The letters that went out in a client's cases, oldest first. */
export async function loadSentLetters(db: Db, clientId: string): Promise<SentLetter[]> {
  const { rows } = await db.query(
    `select l.letter, l.sent_at, c.process, c.definition_hash from cases c join letters l using (case_id)
     where c.client_id = $1 and l.client_id = $1 and l.status = 'sent' and l.sent_at is not null order by l.sent_at`,
    [clientId],
  )
  return rows.map((row) => ({
    letter: row.letter,
    sentAt: row.sent_at,
    process: row.process,
    definitionHash: row.definition_hash,
  }))
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
        update letters set status = $3, because = $4, again_at = null, sending_until = null,
          sent_at = case when $3 = 'sent' then $5::timestamptz end
        where case_id = $1 and seq = $2 and status = 'waiting' returning client_id),
      kept as (
        update vault.letters set sealed = $6
        where case_id = $1 and seq = $2 and $6::bytea is not null and exists (select 1 from settled where client_id is not null))
      delete from vault.letters where case_id = $1 and seq = $2 and $3 <> 'failed' and exists (select 1 from settled where client_id is null)`,
    values: [letter.caseId, letter.seq, outcome.status, outcome.because ?? null, outcome.at, outcome.sealed ?? null],
  })
}

/** Notes why a letter still waits, and until when; it is not on its way any more. One that was `tried` counts its tries from the first on. */
export async function noteWaiting(
  db: Db,
  { caseId, seq }: { readonly caseId: string; readonly seq: number },
  why: { readonly because: string; readonly until: Date; readonly tried?: { readonly since: string } },
): Promise<void> {
  const tried = why.tried !== undefined
  await db.query(
    `update letters set because = $3, again_at = $4, sending_until = null, tries = tries + $5, tried_at = coalesce(tried_at, $6),
       turn_at = case when $5 = 0 then turn_at end
     where case_id = $1 and seq = $2 and status = 'waiting'`,
    [caseId, seq, why.because, why.until, tried ? 1 : 0, why.tried?.since ?? null],
  )
}

/** Notes what a mail server has said of a letter that was sent. Answers whether that was news. */
export async function noteReported(
  db: Db,
  { caseId, seq }: { readonly caseId: string; readonly seq: number },
  report: { readonly status: 'sent' | 'bounced'; readonly because: string; readonly code: string | undefined },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update letters set status = $3, because = $4, code = $5
     where case_id = $1 and seq = $2 and status = 'sent' and because is distinct from $4`,
    [caseId, seq, report.status, report.because, report.code ?? null],
  )
  return rowCount === 1
}

export interface StoredMessage {
  readonly key: Buffer
  readonly caseId: string | null
  readonly clientId: string | null
  readonly at: string
  /** `new` until it was judged; then `counted` or `kept`. */
  readonly status: 'new' | 'counted' | 'kept'
  /** What it was judged to be: `reply`, `auto-reply`, `bounce`, … */
  readonly class: string | null
  readonly because: string | null
  /** Absent of what was judged before reasons were kept, and of what could not be judged at all. */
  readonly reasoning: Reasoning | null
  /** The first and the last entry of its case's history that came of it. */
  readonly entry: number | null
  readonly lastEntry: number | null
  readonly sealed: Buffer | null
}

const messageSelect = `select m.message_key, m.case_id, m.client_id, m.at, m.status, m.class, m.because, m.reasoning, m.entry, m.last_entry, v.sealed
  from messages m left join vault.messages v using (message_key)`

export async function loadMessages(db: Db, caseId: string, { before, limit }: Part): Promise<StoredMessage[]> {
  const { rows } = await db.query(
    `${messageSelect} where m.case_id = $1 and ($2::timestamptz is null or m.at < $2)
     order by m.at desc fetch first $3 rows with ties`,
    [caseId, before ?? null, limit],
  )
  return rows.map(messageRow)
}

/** How many messages of a case that came since then have counted. */
export async function countedSince(db: Db, caseId: string, since: Date): Promise<number> {
  const { rows } = await db.query({
    name: 'messages counted since',
    text: "select count(*)::int as n from messages where case_id = $1 and at >= $2 and status = 'counted'",
    values: [caseId, since],
  })
  return rows[0].n
}

/** Messages that a person put to a client and no case, newest first. */
export async function loadMessagesOf(db: Db, clientId: string, limit: number): Promise<StoredMessage[]> {
  const { rows } = await db.query(
    `${messageSelect} where m.client_id = $1 and m.case_id is null order by m.at desc limit $2`,
    [clientId, limit],
  )
  return rows.map(messageRow)
}

/** Puts a message of nobody's to a client who is there; false where somebody has put it elsewhere meanwhile. */
export async function giveMessage(
  db: Db,
  message: { readonly key: Buffer; readonly clientId: string; readonly sealed: Buffer },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `with held as (select client_id from clients where client_id = $2 and erased_at is null for share),
     given as (
       update messages set client_id = held.client_id from held
       where message_key = $1 and case_id is null and messages.client_id is null returning message_key)
     update vault.messages v set client_id = $2, sealed = $3 from given where v.message_key = given.message_key`,
    [message.key, message.clientId, message.sealed],
  )
  return rowCount === 1
}

/** Messages that belong to no case and no client, newest first, older than `before`. */
export async function loadStrayMessages(
  db: Db,
  page: { before?: string | undefined; limit: number },
): Promise<StoredMessage[]> {
  const { rows } = await db.query(
    `${messageSelect} where m.case_id is null and m.client_id is null and ($1::timestamptz is null or m.at < $1) order by m.at desc limit $2`,
    [page.before ?? null, page.limit],
  )
  return rows.map(messageRow)
}

export async function loadMessage(db: Db, key: Buffer): Promise<StoredMessage | undefined> {
  const [message] = await loadMessagesByKey(db, [key])
  return message
}

/** Messages by their keys, in one statement. */
export async function loadMessagesByKey(db: Db, keys: readonly Buffer[]): Promise<StoredMessage[]> {
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
  /** Goes into the job alone. */
  readonly trace?: string | undefined
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
         select * from unnest($1::bytea[], $2::uuid[], $3::uuid[], $4::timestamptz[], $5::bytea[], $6::text[], $7::bigint[], $8::text[])
           as a(message_key, case_id, client_id, at, sealed, uid_validity, uid, trace)),
       kept as (
         insert into messages (message_key, case_id, client_id, at, status, uid_validity, uid)
         select message_key, case_id, client_id, at, 'new', uid_validity, uid from arrived
         on conflict do nothing returning message_key),
       sealed as (
         insert into vault.messages (message_key, client_id, sealed)
         select message_key, client_id, sealed from arrived join kept using (message_key))
       select count(w.*) from (
           select json_agg(json_strip_nulls(json_build_object('key', encode(message_key, 'base64'), 'trace', trace))) as keys
            from kept join arrived using (message_key)) k,
         lateral graphile_worker.add_jobs(array[('messages', keys, null, null, null, null, null, null)::graphile_worker.job_spec]) w
       where keys is not null`,
    values: [
      of('key'),
      of('caseId'),
      of('clientId'),
      of('at'),
      of('sealed'),
      of('uidValidity'),
      of('uid'),
      of('trace'),
    ],
  })
}

/** Notes that a message changes nothing, and why. */
export async function settleMessage(
  db: Db,
  key: Buffer,
  outcome: { readonly class: string; readonly because: string; readonly reasoning: Reasoning },
): Promise<void> {
  await db.query(
    "update messages set status = 'kept', class = $2, because = $3, reasoning = $4 where message_key = $1 and status = 'new'",
    [key, outcome.class, outcome.because, JSON.stringify(outcome.reasoning)],
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
    names: (row.names as string[] | null) ?? [],
    tries: row.tries as number,
    triedAt: row.tried_at as string | null,
    againAt: row.again_at as string | null,
    turnAt: row.turn_at ? new Date(row.turn_at as string) : null,
    code: row.code as string | null,
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
    class: row.class as string | null,
    because: row.because as string | null,
    entry: row.entry as number | null,
    lastEntry: row.last_entry as number | null,
    reasoning: row.reasoning as Reasoning | null,
    sealed: row.sealed as Buffer | null,
  }
}
