import type { Knex } from 'knex'

/** Which definition runs: the last row. Every node looks here, so that none goes by the files it was started with. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- jsonb forgets the order of names, and the first stage of a process is where its cases start.
    alter table definitions alter column definition type json using definition::json;

    create table applied (
      seq int primary key,
      definition_hash text not null references definitions (hash),
      at timestamptz not null,
      actor text not null,
      moved int not null
    );
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(
    'drop table applied; alter table definitions alter column definition type jsonb using definition::jsonb',
  )
}
