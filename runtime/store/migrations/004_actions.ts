import type { Knex } from 'knex'

/**
 * What the actions `start`, `write` and `assign` leave behind. A case knows those it has started by rows under its own id,
 * and what started it by a note in its own row. Documents, and the values that a case is to start with, lie in the vault.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table cases add column parent jsonb;
    create index cases_by_assignee on cases (assignee, case_id) where assignee is not null;
    create index cases_at_hand on cases (assignee) where assignee is not null and ended = 'no';

    create table children (
      case_id uuid not null,
      seq int not null,
      child_id uuid not null,
      process text not null,
      number bigint,
      ended boolean not null default false,
      primary key (case_id, seq)
    );

    create table documents (
      case_id uuid not null,
      seq int not null,
      document text not null,
      at timestamptz not null,
      because text,
      primary key (case_id, seq)
    );

    create table vault.starts (
      case_id uuid not null,
      seq int not null,
      client_id uuid,
      sealed bytea not null,
      primary key (case_id, seq)
    );

    create table vault.documents (
      case_id uuid not null,
      seq int not null,
      client_id uuid,
      purpose text,
      names text[] not null,
      sealed bytea not null,
      primary key (case_id, seq)
    );
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table vault.documents, vault.starts, documents, children;
    drop index cases_at_hand, cases_by_assignee;
    alter table cases drop column parent;
  `)
}
