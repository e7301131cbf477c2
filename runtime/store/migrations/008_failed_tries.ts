import type { Knex } from 'knex'

/**
 * Failed tries to sign in, by a keyed hash of the login and the address they came from. Unlogged: a try costs no write to
 * the log, and after a crash of Postgres the counts begin anew.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create unlogged table failed_tries (
      key_hash bytea primary key,
      failures int not null,
      last_at timestamptz not null
    );
    create index failed_tries_by_time on failed_tries (last_at);
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table failed_tries')
}
