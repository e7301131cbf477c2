import type { Knex } from 'knex'

/**
 * The secrets that the server works with, sealed under the master key, so that another master key can take its place. While
 * that is under way, `next_sealed` and `next_check` belong to the key that comes, and the clients' keys up to `rewrapped` are
 * wrapped anew.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table vault.keyring (
      one boolean primary key default true check (one),
      sealed bytea not null,
      next_sealed bytea,
      next_check bytea,
      rewrapped uuid,
      check ((next_sealed is null) = (next_check is null))
    );
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table vault.keyring')
}
