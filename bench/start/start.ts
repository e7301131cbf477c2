import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '../../runtime/log.ts'
import { startPostgres } from '../../runtime/sandbox/index.ts'
import { type LoadResult, load } from '../load.ts'
import { median, query, signIn, startNode } from '../moves/drive.ts'
import { pgbench } from '../pgbench.ts'
import type { BenchResult } from '../result.ts'

const connections = 64
const rounds = 5

/**
 * New cases a second over HTTP, each with a client of its own, one sealed value, two entries of history and a letter with its job. Beside
 * it, on the same Postgres in turns, pgbench's inserts of the same rows in a transaction at 16 clients.
 */
export async function bench(seconds: number): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'zgoda-bench-'))
  const postgres = await startPostgres({ dataDir: folder, log: createLog('warn') })
  const node = await startNode(postgres.url)
  try {
    const ours = await prepareStarts(node.port, postgres.url)
    const reference = await prepareInserts(postgres.url)
    await ours(2)
    await reference(2)
    const pairs: { ours: LoadResult; reference: number }[] = []
    for (let round = 0; round < rounds; round++) {
      pairs.push({ reference: await reference(seconds / rounds), ours: await ours(seconds / rounds) })
    }
    const each = (of: (pair: { ours: LoadResult; reference: number }) => number) => median(pairs.map(of))
    return {
      bench: 'start',
      figures: {
        'new cases a second': each((pair) => pair.ours.perSecond),
        'p50 ms': each((pair) => pair.ours.p50),
        'p99 ms': each((pair) => pair.ours.p99),
        'refused or failed': pairs.reduce((sum, pair) => sum + pair.ours.failures, 0),
        'pgbench transactions a second': each((pair) => pair.reference),
      },
      ratios: { pgbench: each((pair) => pair.ours.perSecond / pair.reference) },
    }
  } finally {
    await node.stop()
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Answers a function that starts cases for some seconds, and checks that each one acknowledged is there. */
async function prepareStarts(port: number, url: string): Promise<(seconds: number) => Promise<LoadResult>> {
  const cookie = await signIn(port)
  const body = JSON.stringify({
    process: 'order',
    fields: { item: 'tulips', price: '12.50', email: 'anna@client.example' },
  })
  const next = () => ({ method: 'POST', path: '/api/v1/cases', body })
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
async function prepareInserts(url: string): Promise<(seconds: number) => Promise<number>> {
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
  return (seconds) => pgbench(url, script, { clients: 16, seconds: Math.ceil(seconds), scale: {} })
}
