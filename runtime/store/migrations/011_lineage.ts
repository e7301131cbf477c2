import type { Knex } from 'knex'

/**
 * How far a case that is to be started is from what somebody has done: how many cases in a row have started each other by
 * themselves, and how many at most such a row has become at its side. Those of before count as begun by somebody.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(
    'alter table children add column depth int not null default 1, add column width int not null default 1',
  )
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table children drop column depth, drop column width')
}
