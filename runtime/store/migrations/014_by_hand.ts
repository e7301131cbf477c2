import type { Knex } from 'knex'

/**
 * Letters that people write: their drafts, one a person and case, and the files that go with them, sealed under the client's key.
 * A message that counted remembers which entries of its case's history came of it.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table messages add column entry int, add column last_entry int;

    create table vault.drafts (
      case_id uuid not null,
      person_id uuid not null,
      client_id uuid not null,
      at timestamptz not null,
      sealed bytea not null,
      primary key (case_id, person_id)
    );
    create index drafts_by_person on vault.drafts (person_id, at desc);
    create index drafts_by_client on vault.drafts (client_id);

    create table vault.uploads (
      case_id uuid not null,
      upload_id uuid not null,
      client_id uuid not null,
      person_id uuid not null,
      at timestamptz not null,
      used boolean not null default false,
      sealed bytea not null,
      primary key (case_id, upload_id)
    );
    create index uploads_by_client on vault.uploads (client_id);
    create index uploads_unused on vault.uploads (at) where not used;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table vault.uploads, vault.drafts;
    alter table messages drop column entry, drop column last_entry;
  `)
}
