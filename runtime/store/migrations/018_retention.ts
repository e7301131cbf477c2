import type { Knex } from 'knex'

/**
 * When something of a case has to go next, and what must stay though it would have to go. Ended cases from before are looked
 * at once. No move of an open case changes `due_at` unless a limit does, so that most moves still touch no index.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table cases add column due_at timestamptz;
    update cases c set due_at = now() where exists (select 1 from vault.values v where v.client_id = c.client_id and v.case_id = c.case_id);
    create index cases_by_due on cases (due_at, case_id) where due_at is not null;

    create table holds (
      client_id uuid not null,
      hold_id uuid not null,
      case_id uuid,
      at timestamptz not null,
      actor text not null,
      until timestamptz not null,
      lifted_at timestamptz,
      lifted_by text,
      primary key (client_id, hold_id)
    );
    create table vault.holds (
      client_id uuid not null,
      hold_id uuid not null,
      sealed bytea not null,
      primary key (client_id, hold_id)
    );
    create index audit_retention on audit (seq) where kind = 'retention';
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop index audit_retention;
    drop table vault.holds, holds;
    drop index cases_by_due;
    alter table cases drop column due_at;
  `)
}
