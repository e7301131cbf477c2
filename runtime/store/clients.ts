import type pg from 'pg'
import type { Text } from '../../engine/definition.ts'
import type { Noticed } from '../consent/notice.ts'
import { type ConsentState, type Recorded, stateOf } from '../consent/state.ts'
import type { SealedValue } from '../vault/vault.ts'
import { card } from '../vault/vault.ts'
import type { ClientRow, ConsentSummary } from './cases.ts'

type Db = pg.Pool | pg.PoolClient

interface RawClient {
  client_id: string
  pseudonym: string
  language: string
  consents: Record<string, ConsentSummary>
  consent_seq: number
  created_at: string
  erased_at: string | null
  wrapped: Buffer | null
}

const select = `select c.client_id, pseudonym, language, consents, consent_seq, created_at, erased_at, wrapped
  from clients c left join vault.keys k using (client_id)`

export async function loadClient(db: Db, clientId: string): Promise<ClientRow | undefined> {
  const { rows } = await db.query<RawClient>({
    name: 'load client',
    text: `${select} where c.client_id = $1`,
    values: [clientId],
  })
  return rows[0] && clientRow(rows[0])
}

/** Sets the language that a client's letters come in. */
export async function setClientLanguage(db: Db, clientId: string, language: string): Promise<void> {
  await db.query('update clients set language = $2 where client_id = $1', [clientId, language])
}

/** Loads a client and holds them until the transaction ends: nobody else decides a consent of theirs meanwhile. */
export async function lockClient(db: pg.PoolClient, clientId: string): Promise<ClientRow | undefined> {
  const { rows } = await db.query<RawClient>(`${select} where c.client_id = $1 for update of c`, [clientId])
  return rows[0] && clientRow(rows[0])
}

export async function loadClients(db: Db, ids: readonly string[]): Promise<ClientRow[]> {
  const { rows } = await db.query<RawClient>(`${select} where c.client_id = any($1::uuid[])`, [ids])
  const found = new Map(rows.map((row) => [row.client_id, clientRow(row)]))
  return ids.flatMap((id) => found.get(id) ?? [])
}

/** Clients that are not erased, newest first. */
export async function latestClients(db: Db, page: { after?: string | undefined; limit: number }): Promise<ClientRow[]> {
  const { rows } = await db.query<RawClient>(
    `${select} where erased_at is null and ($1::uuid is null or c.client_id < $1) order by c.client_id desc limit $2`,
    [page.after ?? null, page.limit],
  )
  return rows.map(clientRow)
}

/** Clients that every one of the keyed hashes belongs to, newest first. */
export async function findClients(
  db: Db,
  hashes: readonly Buffer[],
  page: { after?: string | undefined; limit: number },
): Promise<ClientRow[]> {
  // Over the hashes alone, all in the order wanted: so that names of many cost no look at every client. An erased client has none.
  const others = hashes
    .slice(1)
    .map((_, at) => `join vault.lookups l${at} on l${at}.client_id = l.client_id and l${at}.hash = $${at + 4}`)
  const { rows } = await db.query<RawClient>(
    `${select} where erased_at is null and c.client_id in (
       select l.client_id from vault.lookups l ${others.join(' ')}
       where l.hash = $3 and ($1::uuid is null or l.client_id < $1) order by l.client_id desc limit $2)
     order by c.client_id desc`,
    [page.after ?? null, page.limit, ...hashes],
  )
  return rows.map(clientRow)
}

export async function findByPseudonym(db: Db, pseudonym: string): Promise<ClientRow[]> {
  const { rows } = await db.query<RawClient>(
    `${select} where erased_at is null and lower(pseudonym) = lower($1) limit 10`,
    [pseudonym],
  )
  return rows.map(clientRow)
}

export async function insertClient(
  db: Db,
  client: { clientId: string; pseudonym: string; language: string; createdAt: string; wrapped: Buffer },
): Promise<void> {
  await db.query(
    `with c as (insert into clients (client_id, pseudonym, language, created_at) values ($1, $2, $3, $4))
     insert into vault.keys (client_id, wrapped) values ($1, $5)`,
    [client.clientId, client.pseudonym, client.language, client.createdAt, client.wrapped],
  )
}

/** The sealed values of several clients' cards, by client. */
export async function cardValues(db: Db, clientIds: readonly string[]): Promise<Map<string, SealedValue[]>> {
  const { rows } = await db.query<{ client_id: string; field: string; purposes: string[]; sealed: Buffer }>(
    'select client_id, field, purposes, sealed from vault.values where client_id = any($1::uuid[]) and case_id = $2',
    [clientIds, card],
  )
  const byClient = new Map<string, SealedValue[]>()
  for (const row of rows) {
    const values = byClient.get(row.client_id) ?? []
    values.push({ caseId: card, field: row.field, purposes: row.purposes, sealed: row.sealed })
    byClient.set(row.client_id, values)
  }
  return byClient
}

/** Sets or clears one value of a card together with its look-up hashes. */
export async function setCardValue(
  db: Db,
  clientId: string,
  field: string,
  value: { readonly sealed: Buffer; readonly hashes: readonly Buffer[] } | null,
): Promise<void> {
  await db.query('delete from vault.lookups where client_id = $1 and field = $2', [clientId, field])
  if (value === null) {
    await db.query('delete from vault.values where client_id = $1 and case_id = $2 and field = $3', [
      clientId,
      card,
      field,
    ])
    return
  }
  await db.query(
    `insert into vault.values (client_id, case_id, field, purposes, sealed) values ($1, $2, $3, '{}', $4)
     on conflict (client_id, case_id, field) do update set sealed = excluded.sealed`,
    [clientId, card, field, value.sealed],
  )
  await db.query(
    'insert into vault.lookups (client_id, field, hash) select $1, $2, hash from unnest($3::bytea[]) as h(hash) on conflict do nothing',
    [clientId, field, value.hashes],
  )
}

export interface ConsentRow {
  readonly seq: number
  readonly purpose: string
  readonly decision: Recorded
  readonly state: ConsentState
  readonly purposeVersion: number
  readonly at: string
  readonly actor: string
  readonly channel: string
  readonly caseId: string | null
  /** Of the words shown; null in records of an earlier version of the server, which kept all languages. */
  readonly language: string | null
  readonly shown: Text
  readonly shownHash: string
  /** All that was shown; absent in records of an earlier version of the server. */
  readonly noticed?: Noticed & { readonly edition?: number }
  /** Absent once erased. */
  readonly evidence: Buffer | null
}

/** Adds records and brings the summary on the client's row up to them; answers the row as it is then. */
export async function insertConsents(
  db: pg.PoolClient,
  client: ClientRow,
  rows: readonly ConsentRow[],
): Promise<ClientRow> {
  if (rows.length === 0) return client
  const consents = { ...client.consents }
  for (const row of rows) {
    await insertConsent(db, client.clientId, row)
    if (row.evidence) {
      await db.query('insert into vault.evidence (client_id, seq, sealed) values ($1, $2, $3)', [
        client.clientId,
        row.seq,
        row.evidence,
      ])
    }
    consents[row.purpose] = { status: row.decision, at: row.at, version: row.purposeVersion, channel: row.channel }
  }
  const last = Math.max(...rows.map((row) => row.seq))
  await db.query('update clients set consents = $2, consent_seq = $3 where client_id = $1', [
    client.clientId,
    consents,
    last,
  ])
  return { ...client, consents, consentSeq: last }
}

async function insertConsent(db: pg.PoolClient, clientId: string, row: ConsentRow): Promise<void> {
  const { noticed } = row
  await db.query({
    name: 'insert consent',
    text: `with noticed as (
        insert into consent_notices (notice_hash, purpose, version, language, notice, at)
        select $13::text, $3::text, $6::int, $14::text, $15::json, $7::timestamptz where $13::text is not null on conflict do nothing),
      recorded as (
        insert into consents (client_id, seq, purpose, decision, state, purpose_version, at, actor, channel, case_id, shown, shown_hash, notice_hash, language)
        values ($1, $2, $3::text, $4, $5, $6::int, $7::timestamptz, $8, $9, $10, $11, $12, $13::text, $14::text) returning consents)
      insert into audit_waiting (kind, digests) select 'consent', digest_of_consent(consents) from recorded`,
    values: [
      clientId,
      row.seq,
      row.purpose,
      row.decision,
      row.state,
      row.purposeVersion,
      row.at,
      row.actor,
      row.channel,
      row.caseId,
      row.shown,
      row.shownHash,
      noticed?.hash ?? null,
      row.language,
      // As text, so that the words are kept in the order that their hash is of.
      noticed ? JSON.stringify(noticed.notice) : null,
    ],
  })
}

/** Notices of one version of a purpose in one language are told apart by the order in which they were first shown. */
const edition = `(select count(*)::int from consent_notices o
  where (o.purpose, o.version, o.language) = (n.purpose, n.version, n.language) and (o.at, o.notice_hash) <= (n.at, n.notice_hash))`

export async function loadConsents(db: Db, clientId: string): Promise<ConsentRow[]> {
  const { rows } = await db.query(
    `select c.seq, c.purpose, c.decision, c.state, c.purpose_version, c.at, c.actor, c.channel, c.case_id, c.language, c.shown,
       c.shown_hash, c.notice_hash, n.notice, ${edition} as edition, e.sealed
     from consents c left join vault.evidence e using (client_id, seq) left join consent_notices n using (notice_hash)
     where c.client_id = $1 order by c.seq`,
    [clientId],
  )
  return rows.map((row) => ({
    seq: row.seq,
    purpose: row.purpose,
    decision: row.decision,
    state: row.state ?? stateOf(row.decision, { before: 'none' }),
    purposeVersion: row.purpose_version,
    at: row.at,
    actor: row.actor,
    channel: row.channel,
    caseId: row.case_id,
    language: row.language,
    shown: row.shown,
    shownHash: row.shown_hash,
    ...(row.notice ? { noticed: { hash: row.notice_hash, notice: row.notice, edition: row.edition } } : {}),
    evidence: row.sealed,
  }))
}

/** A record without what shows it: it holds no personal data. */
export interface ExportedConsent {
  readonly clientId: string
  readonly seq: number
  readonly purpose: string
  readonly version: number
  readonly decision: string
  readonly state: string
  readonly at: string
  readonly actor: string
  readonly channel: string
  readonly language: string | null
  readonly text: Text
  readonly textHash: string
  readonly noticeHash: string | null
}

/** Records of all clients, by client and in their order, after one of them. */
export async function consentsAfter(
  db: pg.Pool,
  page: {
    readonly after: Pick<ExportedConsent, 'clientId' | 'seq'> | null
    readonly since: string | null
    readonly limit: number
  },
): Promise<ExportedConsent[]> {
  const { rows } = await db.query(
    `select client_id, seq, purpose, purpose_version, decision, state, at, actor, channel, language, shown, shown_hash, notice_hash
     from consents where ($1::uuid is null or (client_id, seq) > ($1, $2)) and ($3::timestamptz is null or at >= $3)
     order by client_id, seq limit $4`,
    [page.after?.clientId ?? null, page.after?.seq ?? 0, page.since, page.limit],
  )
  return rows.map((row) => ({
    clientId: row.client_id,
    seq: row.seq,
    purpose: row.purpose,
    version: row.purpose_version,
    decision: row.decision,
    state: row.state ?? stateOf(row.decision, { before: 'none' }),
    at: row.at,
    actor: row.actor,
    channel: row.channel,
    language: row.language,
    text: row.shown,
    textHash: row.shown_hash,
    noticeHash: row.notice_hash,
  }))
}

/**
 * Notes of every client whose yes was to an earlier version of a purpose that it has expired, once. The record names what they had
 * agreed to. New decisions of theirs wait until the transaction ends.
 */
export async function expireConsents(
  db: pg.PoolClient,
  raised: { readonly purpose: string; readonly version: number },
  at: string,
): Promise<number> {
  const { rowCount } = await db.query(
    `with agreed as (
       select client_id, consent_seq from clients
       where erased_at is null and consents -> $1 ->> 'status' = 'given' and (consents -> $1 ->> 'version')::int < $2
       order by client_id for update),
     latest as (
       select a.client_id, a.consent_seq, c.* from agreed a, lateral (
         select decision, purpose_version, language, shown, shown_hash, notice_hash from consents
         where client_id = a.client_id and purpose = $1 order by seq desc limit 1) c
       where c.decision = 'given'),
     noted as (
       insert into consents (client_id, seq, purpose, decision, state, purpose_version, at, actor, channel, shown, shown_hash, notice_hash, language)
       select client_id, consent_seq + 1, $1, 'expired', 'ConsentExpired', purpose_version, $3, 'system', 'version', shown, shown_hash, notice_hash, language
       from latest returning consents),
     chained as (
       insert into audit_waiting (kind, digests) select 'consent', string_agg(digest_of_consent(consents), '') from noted having count(*) > 0)
     update clients set consent_seq = clients.consent_seq + 1 from latest where clients.client_id = latest.client_id`,
    [raised.purpose, raised.version, at],
  )
  return rowCount ?? 0
}

function clientRow(row: RawClient): ClientRow {
  return {
    clientId: row.client_id,
    pseudonym: row.pseudonym,
    language: row.language,
    consents: row.consents,
    consentSeq: row.consent_seq,
    createdAt: row.created_at,
    erasedAt: row.erased_at ?? null,
    wrapped: row.wrapped,
  }
}

/** Clients whose yes was to an earlier version of a purpose: how many, and some of their pseudonyms. */
export async function clientsAgreedBefore(
  db: Db,
  purpose: string,
  version: number,
  some: number,
): Promise<{ readonly count: number; readonly some: readonly string[] }> {
  const where = `erased_at is null and consents -> $1 ->> 'status' = 'given' and (consents -> $1 ->> 'version')::int < $2`
  const { rows } = await db.query<{ count: number }>(`select count(*)::int as count from clients where ${where}`, [
    purpose,
    version,
  ])
  const named = await db.query<{ pseudonym: string }>(
    `select pseudonym from clients where ${where} order by client_id limit $3`,
    [purpose, version, some],
  )
  return { count: rows[0]?.count ?? 0, some: named.rows.map(({ pseudonym }) => pseudonym) }
}
