import type pg from 'pg'
import type { Decided, Text } from '../../engine/definition.ts'
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
  readonly decision: Decided
  readonly purposeVersion: number
  readonly at: string
  readonly actor: string
  readonly channel: string
  readonly caseId: string | null
  readonly shown: Text
  readonly shownHash: string
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
    await db.query(
      `insert into consents (client_id, seq, purpose, decision, purpose_version, at, actor, channel, case_id, shown, shown_hash)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        client.clientId,
        row.seq,
        row.purpose,
        row.decision,
        row.purposeVersion,
        row.at,
        row.actor,
        row.channel,
        row.caseId,
        row.shown,
        row.shownHash,
      ],
    )
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

export async function loadConsents(db: Db, clientId: string): Promise<ConsentRow[]> {
  const { rows } = await db.query(
    `select seq, purpose, decision, purpose_version, at, actor, channel, case_id, shown, shown_hash, sealed
     from consents left join vault.evidence using (client_id, seq) where client_id = $1 order by seq`,
    [clientId],
  )
  return rows.map((row) => ({
    seq: row.seq,
    purpose: row.purpose,
    decision: row.decision,
    purposeVersion: row.purpose_version,
    at: row.at,
    actor: row.actor,
    channel: row.channel,
    caseId: row.case_id,
    shown: row.shown,
    shownHash: row.shown_hash,
    evidence: row.sealed,
  }))
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
