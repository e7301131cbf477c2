import { readFile } from 'node:fs/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../database.ts'

/** By what a table is spread over many Postgres, if at all. docs/scaling.md tells what each kind becomes. */
type Kind = 'case' | 'client' | 'message' | 'reference' | 'local'

/**
 * A table whose key begins with `case_id` or `client_id` tells by that what it is. Each other is named here, and may have
 * come with a later migration than this server knows.
 */
const named: Readonly<Record<string, Exclude<Kind, 'case' | 'client'>>> = {
  // Keyed by a letter's Message-ID: a letter comes before anyone knows whose case it belongs to.
  messages: 'message',
  'vault.messages': 'message',

  // Small, read everywhere, written when something is applied.
  definitions: 'reference',
  process_versions: 'reference',
  applied: 'reference',
  consent_notices: 'reference',

  // One of each, or read by who asks and never beside a case.
  audit_waiting: 'local',
  audit: 'local',
  number_blocks: 'local',
  job_pools: 'local',
  mailboxes: 'local',
  notices: 'local',
  notice_reads: 'local',
  requests: 'local',
  people: 'local',
  sessions: 'local',
  portal_codes: 'local',
  failed_tries: 'local',
  hooks: 'local',
  incidents: 'local',
  'vault.incident_words': 'local',
  'vault.master_check': 'local',
  'vault.keyring': 'local',
  knex_migrations: 'local',
  knex_migrations_lock: 'local',
}

/** What each kind's key begins with. */
const keys: Partial<Record<Kind, string>> = { case: 'case_id', client: 'client_id', message: 'message_key' }

interface Table {
  readonly name: string
  readonly key: readonly string[]
  /** The columns of each unique index, the key's own too. */
  readonly unique: readonly (readonly string[])[]
  readonly counted: readonly string[]
  readonly triggers: readonly string[]
  readonly refersTo: readonly string[]
}

let database: TestDatabase
let tables: readonly Table[]

beforeAll(async () => {
  database = await testDatabase()
  tables = await tablesOf(database.url)
})
afterAll(() => database?.close())

function kindOf({ name, key }: Table): Kind | undefined {
  const told = Object.hasOwn(named, name) ? named[name] : undefined
  if (told) return told
  if (key[0] === 'case_id') return 'case'
  return key[0] === 'client_id' ? 'client' : undefined
}

const spread = () => tables.filter((table) => ['case', 'client', 'message'].includes(kindOf(table) ?? ''))

describe('the schema, so that it can be spread over many Postgres', () => {
  it('has a kind for every table', () => {
    const strange = tables.filter((table) => kindOf(table) === undefined)
    expect(
      strange.map(({ name, key }) => `${name} (${key.join(', ') || 'no key'})`),
      'begin the key with `case_id` or `client_id`, or name the table in `named` of this test and say in docs/scaling.md where it lies',
    ).toEqual([])
  })

  it('keys the tables that make a case and a client by their ids', () => {
    const ofKind = (kind: Kind) => tables.filter((table) => kindOf(table) === kind).map(({ name }) => name)
    expect(ofKind('case')).toEqual(expect.arrayContaining(['cases', 'history', 'letters', 'vault.letters']))
    expect(ofKind('client')).toEqual(
      expect.arrayContaining(['clients', 'consents', 'vault.keys', 'vault.values', 'vault.lookups', 'vault.evidence']),
    )
  })

  it('has the id that a table is spread by in each of its unique indexes: uniqueness is held on one Postgres alone', () => {
    for (const table of spread()) {
      const id = keys[kindOf(table) as Kind]
      expect(table.key[0], `the key of ${table.name}`).toBe(id)
      for (const columns of table.unique) expect(columns, `a unique index of ${table.name}`).toContain(id)
    }
  })

  it('has no foreign key from or to what is spread: the row it names may lie on another Postgres', () => {
    const apart = new Set(spread().map(({ name }) => name))
    const across = tables.flatMap(({ name, refersTo }) =>
      refersTo.filter((other) => apart.has(name) || apart.has(other)).map((other) => `${name} → ${other}`),
    )
    expect(across).toEqual([])
  })

  it('counts no rows of its own: a sequence is one place that all would queue at', () => {
    const own = tables.filter(({ name }) => !name.startsWith('knex_'))
    expect(own.flatMap(({ name, counted }) => counted.map((column) => `${name}.${column}`))).toEqual([])
  })

  it('has no trigger', () => {
    expect(tables.flatMap(({ name, triggers }) => triggers.map((trigger) => `${trigger} on ${name}`))).toEqual([])
  })

  it('is found by the query of docs/scaling.md, which spreads each table by its kind', async () => {
    const [, query] = /```sql spread\n(.*?)```/s.exec(await readFile('docs/scaling.md', 'utf8')) ?? []
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    const { rows } = await client.query<{ table_name: string; by: string }>(query ?? '').finally(() => client.end())
    const expected = spread().map((table) => [table.name, keys[kindOf(table) as Kind]])
    expect(rows.map(({ table_name, by }) => [table_name.replaceAll('"', ''), by]).toSorted()).toEqual(
      expected.toSorted(),
    )
  })
})

async function tablesOf(url: string): Promise<readonly Table[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<Table>(catalogue).finally(() => client.end())
  return rows
}

/** `values` is a word of SQL's own, and quoted by Postgres. */
const nameOf = (oid: string) => `replace(replace(${oid}::regclass::text, 'public.', ''), '"', '')`

const columnsOf = (oid: string, numbers: string) => `(
  select coalesce(array_agg(a.attname::text order by n.place), '{}')
  from unnest(${numbers}::int2[]) with ordinality n(number, place)
  join pg_attribute a on a.attrelid = ${oid} and a.attnum = n.number)`

const catalogue = `
  select ${nameOf('t.oid')} as name,
    coalesce((select ${columnsOf('t.oid', 'i.indkey')} from pg_index i where i.indrelid = t.oid and i.indisprimary), '{}') as key,
    (select coalesce(json_agg(${columnsOf('t.oid', 'i.indkey')}), '[]') from pg_index i
      where i.indrelid = t.oid and i.indisunique) as unique,
    (select coalesce(array_agg(a.attname::text), '{}') from pg_attribute a
      where a.attrelid = t.oid and a.attnum > 0
      and (a.attidentity <> '' or pg_get_serial_sequence(t.oid::regclass::text, a.attname) is not null
        or exists (select 1 from pg_attrdef d where d.adrelid = t.oid and d.adnum = a.attnum
          and pg_get_expr(d.adbin, d.adrelid) like 'nextval%'))) as counted,
    (select coalesce(array_agg(g.tgname::text), '{}') from pg_trigger g
      where g.tgrelid = t.oid and not g.tgisinternal) as triggers,
    (select coalesce(array_agg(${nameOf('f.confrelid')}), '{}') from pg_constraint f
      where f.conrelid = t.oid and f.contype = 'f') as "refersTo"
  from pg_class t join pg_namespace s on s.oid = t.relnamespace
  where t.relkind in ('r', 'p') and s.nspname in ('public', 'vault')
  order by 1`
