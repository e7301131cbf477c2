import type { Knex } from 'knex'

/**
 * What shows a consent for years: the state of each record in the words of W3C DPV, and the notice that the client was shown, kept once
 * for all who were shown the same. And since when a letter or a call that rests on a consent is on its way, so that a withdrawal
 * is not acknowledged before it has gone or failed.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table consent_notices (
      notice_hash text primary key,
      purpose text not null,
      version int not null,
      language text not null,
      notice json not null,
      at timestamptz not null
    );
    alter table consents add column state text, add column language text, add column notice_hash text;

    alter table letters add column names text[], add column sending_until timestamptz;
    create index letters_on_their_way on letters (client_id) where sending_until is not null;
    alter table calls add column sending_until timestamptz;
    create index calls_on_their_way on calls (client_id) where sending_until is not null;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop index calls_on_their_way, letters_on_their_way;
    alter table calls drop column sending_until;
    alter table letters drop column names, drop column sending_until;
    alter table consents drop column state, drop column language, drop column notice_hash;
    drop table consent_notices;
  `)
}
