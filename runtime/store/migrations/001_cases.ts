import type { Knex } from 'knex'

/**
 * Clients, cases and what belongs to them. Every case table's key begins with `case_id` and every client table's with
 * `client_id`, with no foreign key between cases and no sequence, so that the schema shards as it is.
 * Whatever is personal lies in the schema `vault`, sealed under its client's key.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create schema vault;

    create table clients (
      client_id uuid primary key,
      pseudonym text not null,
      language text not null default 'en',
      consents jsonb not null default '{}',
      consent_seq int not null default 0,
      created_at timestamptz not null,
      erased_at timestamptz
    );
    create index clients_by_time on clients (created_at, client_id);

    create table consents (
      client_id uuid not null,
      seq int not null,
      purpose text not null,
      decision text not null,
      purpose_version int not null,
      at timestamptz not null,
      actor text not null,
      channel text not null,
      case_id uuid,
      shown jsonb not null,
      shown_hash text not null,
      primary key (client_id, seq)
    );

    create table erasures (
      client_id uuid primary key,
      at timestamptz not null,
      actor text not null,
      counts jsonb not null,
      proof text not null
    );

    create table definitions (
      hash text primary key,
      definition jsonb not null,
      at timestamptz not null
    );

    create table process_versions (
      process text not null,
      version int not null,
      content_hash text not null,
      definition_hash text not null references definitions (hash),
      at timestamptz not null,
      primary key (process, version)
    );

    create table number_blocks (
      process text primary key,
      next bigint not null
    );

    create table cases (
      case_id uuid primary key,
      number bigint not null,
      process text not null,
      version int not null,
      definition_hash text not null,
      client_id uuid,
      stage text not null,
      seq int not null,
      created_at timestamptz not null,
      entered_at timestamptz not null,
      ended text not null,
      assignee uuid,
      state jsonb not null
    ) with (fillfactor = 70);
    create index cases_by_client on cases (client_id, case_id) where client_id is not null;
    create index cases_by_process on cases (process, case_id);
    -- Without the stage: a move then changes no index at all (a heap-only update).
    create index cases_on_board on cases (process, case_id) where ended = 'no';

    create table history (
      case_id uuid not null,
      seq int not null,
      at timestamptz not null,
      entry jsonb not null,
      primary key (case_id, seq)
    );

    create table letters (
      case_id uuid not null,
      seq int not null,
      letter text not null,
      client_id uuid,
      purpose text,
      status text not null,
      because text,
      at timestamptz not null,
      sent_at timestamptz,
      primary key (case_id, seq)
    ) with (fillfactor = 80);

    create table messages (
      message_key bytea primary key,
      case_id uuid,
      client_id uuid,
      at timestamptz not null,
      status text not null,
      class text,
      because text,
      uid_validity text,
      uid bigint
    );
    create index messages_by_case on messages (case_id, at) where case_id is not null;
    create index messages_of_no_case on messages (at desc, message_key) where case_id is null;
    create index messages_by_client on messages (client_id) where client_id is not null;

    create table mailboxes (
      mailbox text primary key,
      uid_validity text not null,
      last_uid bigint not null
    );

    create table notices (
      notice_id uuid primary key,
      at timestamptz not null,
      audience text[] not null,
      text jsonb not null,
      case_id uuid,
      case_number bigint,
      process text
    );
    create index notices_by_audience on notices using gin (audience);

    create table notice_reads (
      person_id uuid not null,
      notice_id uuid not null,
      primary key (person_id, notice_id)
    );

    create table requests (
      caller text not null,
      key text not null,
      body_hash bytea not null,
      subject_id uuid not null,
      at timestamptz not null,
      primary key (caller, key)
    );

    create table vault.keys (
      client_id uuid primary key,
      wrapped bytea not null
    );

    create table vault.values (
      client_id uuid not null,
      case_id uuid not null,
      field text not null,
      purposes text[] not null,
      sealed bytea not null,
      primary key (client_id, case_id, field)
    );

    create table vault.lookups (
      client_id uuid not null,
      field text not null,
      hash bytea not null,
      primary key (client_id, field, hash)
    );
    create index lookups_by_hash on vault.lookups (hash);

    create table vault.letters (
      case_id uuid not null,
      seq int not null,
      client_id uuid,
      sealed bytea not null,
      primary key (case_id, seq)
    );

    create table vault.messages (
      message_key bytea primary key,
      client_id uuid,
      sealed bytea not null
    );
    create index vault_messages_by_client on vault.messages (client_id);

    create table vault.evidence (
      client_id uuid not null,
      seq int not null,
      sealed bytea not null,
      primary key (client_id, seq)
    );
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop schema vault cascade;
    drop table requests, notice_reads, notices, mailboxes, messages, letters, history, cases, number_blocks,
      process_versions, definitions, erasures, consents, clients;
  `)
}
