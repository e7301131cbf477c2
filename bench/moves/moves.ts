import { beside, type Reference } from '../beside.ts'
import { onPostgres } from '../on-postgres.ts'
import { pgbench } from '../pgbench.ts'
import type { BenchResult } from '../result.ts'
import { startWorkflows } from './beside-dbos.ts'
import { cases, connections, prepareMoves, query, startNode } from './drive.ts'

/**
 * Durable moves a second over HTTP: load the case, decide, commit state, log and one letter job. Beside it, on the same
 * Postgres in the same run, pgbench with the same work as five statements in a transaction at 16 clients, and DBOS Transact with one workflow
 * of one step for each move, as many at a time as we have connections.
 */
export function bench(seconds: number): Promise<BenchResult> {
  return onPostgres(async ({ url, adminUrl }) => {
    const node = await startNode(url)
    const dbos = await startWorkflows(adminUrl, connections).catch(async (error) => {
      await node.stop()
      throw error
    })
    try {
      const ours = await prepareMoves([node.port], url)
      const references = {
        pgbench: await prepareFiveStatements(url),
        dbos: { unit: 'workflows', measure: dbos.measure },
      }
      return await beside('moves', 'moves', ours, references, seconds)
    } finally {
      await dbos.stop()
      await node.stop()
    }
  })
}

/** The same work by hand: read the case, write its state, its log, its letter and the job that sends it. */
async function prepareFiveStatements(url: string): Promise<Reference> {
  await query(
    url,
    `create schema reference;
     create table reference.cases (case_id uuid primary key, stage text not null, seq int not null, state jsonb not null) with (fillfactor = 80);
     create table reference.history (case_id uuid, seq int, at timestamptz not null, entry jsonb not null);
     create table reference.letters (case_id uuid, seq int, letter text, status text, at timestamptz, sealed bytea);
     create table reference.jobs (id bigint generated always as identity primary key, task text, payload json, key text unique, run_at timestamptz not null default now());
     create index on reference.jobs (run_at);
     insert into reference.cases
       select ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'packing', 1, '{"values":{"item":"tulips","price":12.5},"visited":["packing"],"timers":{},"fired":[]}'
       from generate_series(1, ${cases}) n;
     analyze reference.cases`,
  )
  const script = `
\\set n random(1, ${cases})
begin;
select stage, seq, state from reference.cases where case_id = ('00000000-0000-7000-8000-' || lpad(to_hex(:n::int), 12, '0'))::uuid;
update reference.cases set stage = case stage when 'packing' then 'shipping' else 'packing' end, seq = seq + 1 where case_id = ('00000000-0000-7000-8000-' || lpad(to_hex(:n::int), 12, '0'))::uuid;
insert into reference.history select case_id, seq, now(), '{"type":"move","from":"packing","to":"shipping","by":{"kind":"staff","id":"01a20ad7-47ab-7e9d-9d5c-c0f7109ee3ab"}}' from reference.cases where case_id = ('00000000-0000-7000-8000-' || lpad(to_hex(:n::int), 12, '0'))::uuid;
insert into reference.letters values (('00000000-0000-7000-8000-' || lpad(to_hex(:n::int), 12, '0'))::uuid, 1, 'moved', 'waiting', now(), decode(repeat('ab', 200), 'hex'));
insert into reference.jobs (task, payload, key) values ('letter', '{"caseId":"01a20ad7-47ab-7e9d-9d5c-c0f7109ee3ab","seq":2}', gen_random_uuid()::text);
commit;
`
  return {
    unit: 'transactions',
    measure: (seconds) => pgbench(url, script, { clients: 16, seconds: Math.ceil(seconds), scale: {} }),
  }
}
