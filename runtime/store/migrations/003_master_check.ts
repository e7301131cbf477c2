import type { Knex } from 'knex'

/** By what the server knows the master key that the database was made with. A value derived from it, never the key. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table vault.master_check (
      one boolean primary key default true check (one),
      value bytea not null
    );
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table vault.master_check')
}
