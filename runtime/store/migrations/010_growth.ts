import type { Knex } from 'knex'

/**
 * What a million cases and clients would have read whole: a search by pseudonym, a name that many bear, and a column of the
 * board for cases that have ended. Cases that are open have no index by stage: with one, every move would change all the
 * indexes of its case.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create index clients_by_pseudonym on clients (lower(pseudonym));
    create index lookups_by_hash_and_client on vault.lookups (hash, client_id);
    drop index vault.lookups_by_hash;
    create index cases_ended on cases (process, stage, case_id) where ended <> 'no';
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    create index lookups_by_hash on vault.lookups (hash);
    drop index cases_ended, vault.lookups_by_hash_and_client, clients_by_pseudonym;
  `)
}
