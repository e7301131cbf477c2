import type pg from 'pg'
import { callQueue } from './calls.ts'
import type { WriteSet } from './write-set.ts'

/*
 * The one write. What a group of decisions changes goes to Postgres as a single statement: each part below is one
 * common table expression over a JSON parameter, and a statement holds only the parts that a group needs. A case whose
 * `seq` has moved on since it was loaded is left alone with all that belongs to it, and so is a new case whose client's
 * consents have; `written` names those that went in.
 */

const caseColumns =
  'case_id uuid, stage text, seq int, entered_at timestamptz, ended text, assignee uuid, state jsonb, due_at timestamptz'
const insertColumns = `${caseColumns}, number bigint, process text, version int, definition_hash text, client_id uuid, created_at timestamptz, parent jsonb, consent_seq int`

type PartName = keyof WriteSet

/** In the order they stand in a statement. `$` is the part's parameter. */
const parts: readonly { readonly name: PartName; readonly sql: string }[] = [
  {
    name: 'requests',
    sql: `claimed as (
      insert into requests (caller, key, body_hash, subject_id, at)
      select caller, key, decode(body_hash, 'base64'), case_id, at
      from json_to_recordset($) as i(case_id uuid, caller text, key text, body_hash text, at timestamptz)
      where case_id in (select case_id from standing)
      on conflict do nothing returning subject_id as case_id),
    repeated as (
      select case_id from json_to_recordset($) as i(case_id uuid)
      where case_id not in (select case_id from claimed))`,
  },
  {
    name: 'updates',
    sql: `updated as (
      update cases c set stage = i.stage, seq = i.seq, entered_at = i.entered_at, ended = i.ended, assignee = i.assignee, state = i.state, due_at = i.due_at
      from json_to_recordset($) as i(${caseColumns}, seq_was int)
      where c.case_id = i.case_id and c.seq = i.seq_was /*unless repeated*/
      returning c.case_id)`,
  },
  {
    name: 'inserts',
    sql: `inserted as (
      insert into cases (case_id, number, process, version, definition_hash, client_id, stage, seq, created_at, parent, entered_at, ended, assignee, state, due_at)
      select i.case_id, number, process, version, definition_hash, client_id, stage, seq, created_at, parent, entered_at, ended, assignee, state, due_at
      from json_to_recordset($) as i(${insertColumns})
      where (i.consent_seq is null or i.client_id in (select client_id from unmoved)) /*unless repeated*/
      on conflict do nothing returning case_id)`,
  },
  {
    name: 'clients',
    sql: `new_clients as (
      insert into clients (client_id, pseudonym, language, created_at)
      select client_id, pseudonym, language, created_at
      from json_to_recordset($) as i(case_id uuid, client_id uuid, pseudonym text, language text, created_at timestamptz)
      join written using (case_id)),
    new_keys as (
      insert into vault.keys (client_id, wrapped)
      select client_id, decode(wrapped, 'base64') from json_to_recordset($) as i(case_id uuid, client_id uuid, wrapped text)
      join written using (case_id))`,
  },
  {
    name: 'cards',
    sql: `carded as (
      insert into vault.values (client_id, case_id, field, purposes, sealed)
      select client_id, '00000000-0000-0000-0000-000000000000', field, '{}', decode(sealed, 'base64')
      from json_to_recordset($) as i(case_id uuid, client_id uuid, field text, sealed text) join written using (case_id))`,
  },
  {
    name: 'lookups',
    sql: `found_by as (
      insert into vault.lookups (client_id, field, hash)
      select client_id, field, decode(hash, 'base64')
      from json_to_recordset($) as i(case_id uuid, client_id uuid, field text, hash text) join written using (case_id)
      on conflict do nothing)`,
  },
  {
    name: 'history',
    sql: `logged as (
      insert into history (case_id, seq, at, entry)
      select i.case_id, seq, at, entry
      from json_to_recordset($) as i(case_id uuid, seq int, at timestamptz, entry jsonb) join written using (case_id)
      returning history),
    chained as (
      insert into audit_waiting (kind, digests)
      select 'history', string_agg(digest_of_history(history), '') from logged having count(*) > 0)`,
  },
  {
    name: 'letters',
    sql: `posted as (
      insert into letters (case_id, seq, letter, client_id, purpose, status, because, at, names)
      select i.case_id, seq, letter, client_id, purpose, status, because, at, names
      from json_to_recordset($) as i(case_id uuid, seq int, letter text, client_id uuid, purpose text, status text, because text, at timestamptz, names text[])
      join written using (case_id)
      returning case_id, seq, status),
    mailing as (
      select count(w.*) as n from (select json_agg(json_build_object('caseId', case_id, 'seq', seq, 'trace', trace)) as letters
        from posted join json_to_recordset($) as i(case_id uuid, seq int, trace text) using (case_id, seq) where status = 'waiting') p,
      lateral graphile_worker.add_jobs(array[('letters', letters, null, null, null, null, null, null)::graphile_worker.job_spec]) w
      where letters is not null)`,
  },
  {
    name: 'sealedLetters',
    sql: `sealed_letters as (
      insert into vault.letters (case_id, seq, client_id, sealed)
      select i.case_id, seq, client_id, decode(sealed, 'base64')
      from json_to_recordset($) as i(case_id uuid, seq int, client_id uuid, sealed text) join written using (case_id))`,
  },
  {
    name: 'calls',
    sql: `calling as (
      insert into calls (case_id, seq, webhook, client_id, status, at)
      select i.case_id, seq, webhook, client_id, 'waiting', at
      from json_to_recordset($) as i(case_id uuid, seq int, webhook text, client_id uuid, at timestamptz) join written using (case_id))`,
  },
  {
    name: 'sealedCalls',
    sql: `sealed_calls as (
      insert into vault.calls (case_id, seq, client_id, sealed)
      select i.case_id, seq, client_id, decode(sealed, 'base64')
      from json_to_recordset($) as i(case_id uuid, seq int, client_id uuid, sealed text) join written using (case_id))`,
  },
  {
    name: 'values',
    sql: `kept as (
      insert into vault.values (client_id, case_id, field, purposes, sealed)
      select client_id, i.case_id, field, purposes, decode(sealed, 'base64')
      from json_to_recordset($) as i(case_id uuid, client_id uuid, field text, purposes text[], sealed text) join written using (case_id)
      on conflict (client_id, case_id, field) do update set purposes = excluded.purposes, sealed = excluded.sealed)`,
  },
  {
    name: 'erased',
    sql: `gone as (
      delete from vault.values v using json_to_recordset($) as i(case_id uuid, client_id uuid, field text) join written using (case_id)
      where v.client_id = i.client_id and v.case_id = i.case_id and v.field = i.field)`,
  },
  {
    name: 'narrowed',
    sql: `narrowed as (
      update vault.values v set purposes = i.purposes
      from json_to_recordset($) as i(case_id uuid, client_id uuid, field text, purposes text[]) join written using (case_id)
      where v.client_id = i.client_id and v.case_id = i.case_id and v.field = i.field)`,
  },
  {
    name: 'children',
    sql: `started as (
      insert into children (case_id, seq, child_id, process, depth, width)
      select i.case_id, seq, child_id, process, depth, width
      from json_to_recordset($) as i(case_id uuid, seq int, child_id uuid, process text, depth int, width int) join written using (case_id)),
    sealed_starts as (
      insert into vault.starts (case_id, seq, client_id, sealed)
      select i.case_id, seq, client_id, decode(sealed, 'base64')
      from json_to_recordset($) as i(case_id uuid, seq int, client_id uuid, sealed text) join written using (case_id))`,
  },
  {
    name: 'dropped',
    sql: `dropped as (
      delete from children c using json_to_recordset($) as i(case_id uuid, seq int) join written using (case_id)
      where c.case_id = i.case_id and c.seq = i.seq),
    dropped_starts as (
      delete from vault.starts s using json_to_recordset($) as i(case_id uuid, seq int) join written using (case_id)
      where s.case_id = i.case_id and s.seq = i.seq)`,
  },
  {
    name: 'documents',
    sql: `filed as (
      insert into documents (case_id, seq, document, at)
      select i.case_id, seq, document, at
      from json_to_recordset($) as i(case_id uuid, seq int, document text, at timestamptz) join written using (case_id)),
    sealed_documents as (
      insert into vault.documents (case_id, seq, client_id, purpose, names, sealed)
      select i.case_id, seq, client_id, purpose, names, decode(sealed, 'base64')
      from json_to_recordset($) as i(case_id uuid, seq int, client_id uuid, purpose text, names text[], sealed text)
      join written using (case_id))`,
  },
  {
    name: 'withdrawn',
    sql: `withdrawn as (
      delete from vault.documents d using json_to_recordset($) as i(case_id uuid, purpose text, fields text[], held boolean) join written using (case_id)
      where d.case_id = i.case_id and not i.held and (d.purpose = i.purpose or d.names && i.fields)),
    stopped_letters as (
      update letters l set status = 'skipped', because = i.because
      from json_to_recordset($) as i(case_id uuid, purpose text, fields text[], because text, held boolean) join written using (case_id)
      where l.case_id = i.case_id and l.status = 'waiting' and (l.purpose = i.purpose or l.names && i.fields)
        and coalesce(l.sending_until < now(), true)
      returning l.case_id, l.seq, i.held),
    unwritten as (
      delete from vault.letters v using stopped_letters s where v.case_id = s.case_id and v.seq = s.seq and not s.held),
    stopped_calls as (
      update calls c set status = 'skipped', because = i.because, settled_at = i.at
      from json_to_recordset($) as i(case_id uuid, webhooks text[], because text, at timestamptz, held boolean) join written using (case_id)
      where c.case_id = i.case_id and c.status = 'waiting' and c.webhook = any(i.webhooks)
        and coalesce(c.sending_until < now(), true)
      returning c.case_id, c.seq, i.held),
    unsaid as (
      delete from vault.calls v using stopped_calls s where v.case_id = s.case_id and v.seq = s.seq and not s.held)`,
  },
  {
    name: 'notices',
    sql: `noticed as (
      insert into notices (notice_id, at, audience, text, case_id, case_number, process)
      select notice_id, at, audience, text, i.case_id, case_number, process
      from json_to_recordset($) as i(notice_id uuid, case_id uuid, at timestamptz, audience text[], text jsonb, case_number bigint, process text)
      join written using (case_id))`,
  },
  {
    name: 'settled',
    sql: `settled as (
      update messages m set status = i.status, class = i.class, because = i.because, reasoning = i.reasoning, entry = i.entry,
        last_entry = i.last_entry, case_id = i.case_id, client_id = coalesce(i.client_id, m.client_id)
      from json_to_recordset($) as i(case_id uuid, message_key text, class text, status text, because text, reasoning jsonb, entry int, last_entry int, client_id uuid)
      join written using (case_id)
      where m.message_key = decode(i.message_key, 'base64'))`,
  },
  {
    name: 'occurrences',
    sql: `occurred as (
      insert into audit_waiting (at, kind, actor, clients, entry)
      select at, kind, actor, clients, entry
      from json_to_recordset($) as i(case_id uuid, at timestamptz, kind text, actor text, clients uuid[], entry jsonb) join written using (case_id))`,
  },
  {
    name: 'adopted',
    sql: `adopted as (
      update messages m set case_id = i.case_id, client_id = i.client_id
      from json_to_recordset($) as i(case_id uuid, message_key text, client_id uuid) join written using (case_id)
      where m.message_key = decode(i.message_key, 'base64')),
    resealed as (
      update vault.messages v set client_id = i.client_id, sealed = decode(i.sealed, 'base64')
      from json_to_recordset($) as i(case_id uuid, message_key text, client_id uuid, sealed text) join written using (case_id)
      where v.message_key = decode(i.message_key, 'base64'))`,
  },
  {
    name: 'resealed',
    sql: `resealed_here as (
      update vault.messages v set client_id = i.client_id, sealed = decode(i.sealed, 'base64')
      from json_to_recordset($) as i(case_id uuid, message_key text, client_id uuid, sealed text) join written using (case_id)
      where v.message_key = decode(i.message_key, 'base64'))`,
  },
  {
    name: 'used',
    sql: `used as (
      update vault.uploads u set used = true
      from json_to_recordset($) as i(case_id uuid, upload_id uuid) join written using (case_id)
      where u.case_id = i.case_id and u.upload_id = i.upload_id)`,
  },
  {
    name: 'drafted',
    sql: `drafted as (
      delete from vault.drafts d using json_to_recordset($) as i(case_id uuid, person_id uuid) join written using (case_id)
      where d.case_id = i.case_id and d.person_id = i.person_id)`,
  },
  {
    name: 'cancelled',
    sql: `cancelled as (
      select count(graphile_worker.remove_job(job_key)) as n
      from (select job_key from json_to_recordset($) as i(case_id uuid, job_key text) join written using (case_id)) c)`,
  },
  {
    name: 'jobs',
    sql: `queued as (
      select count(*) as n from graphile_worker.add_jobs(array(
        select (identifier, payload, ${callQueue('webhook', 'i.case_id')}, run_at, null, job_key, null, null)::graphile_worker.job_spec
        from json_to_recordset($) as i(case_id uuid, identifier text, payload json, run_at timestamptz, job_key text, webhook text)
        join written using (case_id))))`,
  },
]

/** The clients of new cases whose consents are as they were when the case was decided. */
const unmoved = `unmoved as (
  select c.client_id from clients c
  join json_to_recordset($) as i(client_id uuid, consent_seq int) using (client_id)
  where c.consent_seq = i.consent_seq and c.erased_at is null
  for share of c)`

/** The cases that nothing stands in the way of: a request that is not carried out must not count as one that was. */
const standing = {
  updates: `still as (
  select c.case_id from cases c join json_to_recordset($) as i(case_id uuid, seq_was int) using (case_id)
  where c.seq = i.seq_was
  for update of c)`,
  inserts: `new_ones as (
  select case_id from json_to_recordset($) as i(case_id uuid, client_id uuid, consent_seq int)
  where consent_seq is null or client_id in (select client_id from unmoved))`,
}

/** Parts that act by calling a function. */
const functions: { readonly [part in PartName]?: string } = {
  letters: 'mailing',
  cancelled: 'cancelled',
  jobs: 'queued',
}

const statements = new Map<
  string,
  { readonly name: string; readonly text: string; readonly names: readonly PartName[] }
>()

/** Stores what fits and returns the ids of the cases that went in. `db` is a pool, or a client inside a transaction. */
export async function write(db: pg.Pool | pg.PoolClient, set: WriteSet): Promise<Set<string>> {
  const present = parts.filter(({ name }) => set[name].length > 0).map(({ name }) => name)
  if (!present.includes('updates') && !present.includes('inserts')) return new Set()
  const statement = statementOf(present)
  const values = statement.names.map((name) => JSON.stringify(set[name]))
  const { rows } = await db.query<{ case_id: string }>({ name: statement.name, text: statement.text, values })
  return new Set(rows.map((row) => row.case_id))
}

function statementOf(present: readonly PartName[]) {
  const key = present.join(' ')
  const known = statements.get(key)
  if (known) return known
  const made = { name: `write ${statements.size}`, text: compose(present), names: present }
  statements.set(key, made)
  return made
}

function compose(present: readonly PartName[]): string {
  const unless = present.includes('requests') ? 'and i.case_id not in (select case_id from repeated)' : ''
  const filled = (sql: string, name: PartName) =>
    sql
      .replaceAll('json_to_recordset($)', `json_to_recordset($${present.indexOf(name) + 1}::json)`)
      .replaceAll('/*unless repeated*/', unless)
  const ctes = conditionsOf(present).map(({ sql, name }) => filled(sql, name))
  for (const name of present) {
    ctes.push(filled((parts.find((part) => part.name === name) as { sql: string }).sql, name))
    const last = name === (present.includes('inserts') ? 'inserts' : 'updates')
    if (last) ctes.push(writtenOf(present))
  }
  // Postgres leaves out a common table expression that nobody asks for, unless it writes.
  const asked = Object.entries(functions).flatMap(([part, name]) =>
    present.includes(part as PartName) ? [`, (select n from ${name})`] : [],
  )
  return `with ${ctes.join(',\n')}\nselect case_id${asked.join('')} from written`
}

/** What the parts look at before they write. */
function conditionsOf(present: readonly PartName[]): { readonly sql: string; readonly name: PartName }[] {
  const conditions: { sql: string; name: PartName }[] = []
  if (present.includes('inserts')) conditions.push({ sql: unmoved, name: 'inserts' })
  if (!present.includes('requests')) return conditions
  const names = (['updates', 'inserts'] as const).filter((name) => present.includes(name))
  for (const name of names) conditions.push({ sql: standing[name], name })
  const all = names.map((name) => `select case_id from ${name === 'updates' ? 'still' : 'new_ones'}`)
  return [...conditions, { sql: `standing as (${all.join(' union all ')})`, name: 'requests' }]
}

function writtenOf(present: readonly PartName[]): string {
  const from = [
    present.includes('updates') ? 'select case_id from updated' : '',
    present.includes('inserts') ? 'select case_id from inserted' : '',
  ]
  return `written as (${from.filter((sql) => sql !== '').join(' union all ')})`
}
