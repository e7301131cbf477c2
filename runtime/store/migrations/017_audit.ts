import type { Knex } from 'knex'

/**
 * The audit trail. What happened waits in `audit_waiting`, put there by the very transaction that did it; one node at a time
 * takes it from there into the chain, in which each entry's hash covers the one before. What a database from before holds is
 * taken in as it is now.
 *
 * `digests` are of rows that live elsewhere: 16 bytes of the id, 4 of the number, 32 of SHA-256 over what the row says.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table audit_waiting (
      entry_id uuid primary key default gen_random_uuid(),
      at timestamptz not null default now(),
      kind text not null,
      actor text,
      clients uuid[] not null default '{}',
      entry jsonb not null default '{}',
      digests bytea
    );

    create table audit (
      seq bigint primary key,
      at timestamptz not null,
      kind text not null,
      actor text,
      clients uuid[] not null,
      entry jsonb not null,
      digests bytea,
      hash bytea not null
    );
    create index audit_looks_by_client on audit using gin (clients) where kind = 'look';

    create function digest_of_history(h history) returns bytea language sql stable as $$
      select uuid_send(h.case_id) || int4send(h.seq)
        || sha256(convert_to(extract(epoch from h.at)::text || h.entry::text, 'UTF8'))
    $$;
    create function digest_of_consent(c consents) returns bytea language sql stable as $$
      select uuid_send(c.client_id) || int4send(c.seq) || sha256(convert_to(json_build_array(
        c.purpose, c.decision, c.purpose_version, extract(epoch from c.at)::text, c.actor, c.channel, c.case_id, c.shown_hash, c.state, c.language, c.notice_hash)::text, 'UTF8'))
    $$;

    insert into audit_waiting (kind, digests)
    select 'history', string_agg(digest_of_history(h), '' order by case_id, seq)
    from (select h, case_id, seq, (row_number() over (order by case_id, seq)) / 1000 as part from history h) each group by part;
    insert into audit_waiting (kind, digests)
    select 'consent', string_agg(digest_of_consent(c), '' order by client_id, seq)
    from (select c, client_id, seq, (row_number() over (order by client_id, seq)) / 1000 as part from consents c) each group by part;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop function digest_of_history(history);
    drop function digest_of_consent(consents);
    drop table audit, audit_waiting;
  `)
}
