import type { Knex } from 'knex'

/** What was made of a message and by which checks: codes and names, so that each reader has them in their language. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('alter table messages add column reasoning jsonb')
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table messages drop column reasoning')
}
