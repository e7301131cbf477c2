import { beside, type Reference } from '../beside.ts'
import { type LoadResult, load } from '../load.ts'
import { query, signIn, startNode } from '../moves/drive.ts'
import { beginnings } from '../moves/office.ts'
import { onPostgres } from '../on-postgres.ts'
import { pgbench } from '../pgbench.ts'
import type { BenchResult } from '../result.ts'

const connections = 64

/**
 * New cases a second over HTTP, each with a client of its own, one sealed value, two entries of history and a letter with its job. Beside
 * it, on the same Postgres in turns, pgbench's inserts of the same rows in a transaction at 16 clients.
 */
export function bench(seconds: number): Promise<BenchResult> {
  return onPostgres(async ({ url }) => {
    const node = await startNode(url)
    try {
      const ours = await prepareStarts(node.port, url)
      return await beside('start', 'new cases', ours, { pgbench: await prepareInserts(url) }, seconds)
    } finally {
      await node.stop()
    }
  })
}

/** Answers a function that starts cases for some seconds, and checks that each one acknowledged is there. */
async function prepareStarts(port: number, url: string): Promise<(seconds: number) => Promise<LoadResult>> {
  const cookie = await signIn(port)
  const next = beginnings()
  return async (seconds) => {
    const before = await countCases(url)
    const result = await load({ ports: [port], headers: { cookie }, connections, next, seconds })
    const stored = (await countCases(url)) - before
    if (stored !== result.requests - result.failures) {
      throw new Error(`${result.requests - result.failures} cases were acknowledged and ${stored} are stored`)
    }
    return result
  }
}

async function countCases(url: string): Promise<number> {
  const [row] = await query<{ n: string }>(url, 'select count(*) as n from cases')
  return Number(row?.n)
}

/** The rows of a new case by hand: client, key, case, history, value, letter, its text, and the job that sends it. */
async function prepareInserts(url: string): Promise<Reference> {
  await query(
    url,
    `create schema reference;
     create table reference.clients (client_id uuid primary key, pseudonym text, language text, consents jsonb, created_at timestamptz);
     create index on reference.clients (created_at, client_id);
     create table reference.keys (client_id uuid primary key, wrapped bytea);
     create table reference.cases (case_id uuid primary key, number bigint, process text, client_id uuid, stage text, seq int, state jsonb, ended text);
     create index on reference.cases (client_id, case_id);
     create index on reference.cases (process, case_id);
     create index on reference.cases (process, case_id) where ended = 'no';
     create table reference.history (case_id uuid, seq int, at timestamptz, entry jsonb, primary key (case_id, seq));
     create table reference.letters (case_id uuid, seq int, letter text, status text, at timestamptz, primary key (case_id, seq));
     create table reference.sealed (case_id uuid, seq int, sealed bytea, primary key (case_id, seq));
     create table reference.values (client_id uuid, case_id uuid, field text, sealed bytea, primary key (client_id, case_id, field));
     create table reference.jobs (id bigint generated always as identity primary key, task text, payload json, run_at timestamptz not null default now());
     create index on reference.jobs (run_at);
     create sequence reference.numbers`,
  )
  const script = `
begin;
insert into reference.clients values (gen_random_uuid(), 'olive stone 497', 'en', '{}', now());
insert into reference.keys values (gen_random_uuid(), decode(repeat('ab', 60), 'hex'));
insert into reference.cases values (gen_random_uuid(), nextval('reference.numbers'), 'order', gen_random_uuid(), 'packing', 2, '{"values":{"item":"tulips","price":12.5},"visited":["packing"],"timers":{},"fired":[]}', 'no');
insert into reference.history values (gen_random_uuid(), 1, now(), '{"type":"started","to":"packing","fields":["item","price","email"],"by":{"kind":"staff","id":"01a20ad7-47ab-7e9d-9d5c-c0f7109ee3ab"}}'), (gen_random_uuid(), 2, now(), '{"type":"letter","letter":"moved","by":{"kind":"rule"}}');
insert into reference.values values (gen_random_uuid(), gen_random_uuid(), 'email', decode(repeat('ab', 50), 'hex'));
insert into reference.letters values (gen_random_uuid(), 2, 'moved', 'waiting', now());
insert into reference.sealed values (gen_random_uuid(), 2, decode(repeat('ab', 200), 'hex'));
insert into reference.jobs (task, payload) values ('letter', '{"caseId":"01a20ad7-47ab-7e9d-9d5c-c0f7109ee3ab","seq":2}');
commit;
`
  return {
    unit: 'transactions',
    measure: (seconds) => pgbench(url, script, { clients: 16, seconds: Math.ceil(seconds), scale: {} }),
  }
}
