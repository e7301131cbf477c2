import type { Knex } from 'knex'

/**
 * Calls of webhooks, which keep what they say sealed until it was taken; addresses at which signals come in; and incidents:
 * work that failed for good and waits for a person, at most one open for each job.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table calls (
      case_id uuid not null,
      seq int not null,
      webhook text not null,
      client_id uuid,
      status text not null,
      because text,
      at timestamptz not null,
      settled_at timestamptz,
      primary key (case_id, seq)
    );
    create table vault.calls (
      case_id uuid not null,
      seq int not null,
      client_id uuid,
      sealed bytea not null,
      primary key (case_id, seq)
    );

    create table hooks (
      hook_id uuid primary key,
      token_hash bytea not null unique,
      process text not null,
      signal text not null,
      secret bytea not null,
      made_by uuid not null,
      at timestamptz not null
    );
    create index cases_by_number on cases (process, number);

    create table incidents (
      incident_id uuid primary key,
      job_key text not null,
      job text not null,
      payload json not null,
      kind text not null,
      case_id uuid,
      case_number bigint,
      process text,
      because text not null,
      tries int not null,
      at timestamptz not null,
      state text not null default 'open',
      closed_at timestamptz,
      closed_by uuid
    );
    create unique index incidents_open on incidents (job_key) where state = 'open';
    create index incidents_by_case on incidents (case_id, incident_id) where case_id is not null;
    create index incidents_by_process on incidents (process, incident_id) where state = 'open';
    create table vault.incident_words (
      incident_id uuid primary key,
      client_id uuid,
      sealed bytea not null
    );
    create index incident_words_by_client on vault.incident_words (client_id) where client_id is not null;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table vault.incident_words, incidents, hooks, vault.calls, calls;
    drop index cases_by_number;
  `)
}
