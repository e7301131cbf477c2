import type { Knex } from 'knex'

/**
 * What becomes of letters after they were decided: tries and when the next one is due, the status code of a bounce, and the
 * addresses that letters come back from, by a keyed hash under their client. `mail_turns` holds when the next letter may go
 * to a mail domain; unlogged, since after a crash of Postgres the count may begin anew.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table letters
      add column tries int not null default 0,
      add column tried_at timestamptz,
      add column again_at timestamptz,
      add column turn_at timestamptz,
      add column code text;

    create table undelivered (
      client_id uuid not null,
      address_hash bytea not null,
      soft int not null default 0,
      stopped_at timestamptz,
      code text,
      case_id uuid not null,
      seq int not null,
      primary key (client_id, address_hash)
    );

    create unlogged table mail_turns (
      domain_hash bytea primary key,
      next_at timestamptz not null
    );
    create index mail_turns_by_time on mail_turns (next_at);
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table mail_turns, undelivered;
    alter table letters drop column code, drop column turn_at, drop column again_at, drop column tried_at, drop column tries;
  `)
}
