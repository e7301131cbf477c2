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

    -- Job queues that run: those whose process is gone are found here, without looking through the jobs.
    create table job_pools (
      pool_id text primary key
    );
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(
    'drop table applied, job_pools; alter table definitions alter column definition type jsonb using definition::jsonb',
  )
}
