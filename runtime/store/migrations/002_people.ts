import type { Knex } from 'knex'

/** People who work here, sessions of staff and clients, and portal codes. Tokens and codes are kept as hashes alone. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('people', (table) => {
    table.uuid('person_id').primary()
    table.text('login').notNullable().unique()
    table.text('name').notNullable()
    table.text('password_hash')
    table.specificType('roles', 'text[]').notNullable()
    table.boolean('active').notNullable().defaultTo(true)
    table.timestamp('created_at', { useTz: true }).notNullable()
    table.check('login = lower(login)', [], 'people_login_lower')
  })
  await knex.schema.createTable('sessions', (table) => {
    table.binary('token_hash').primary()
    table.text('kind').notNullable()
    table.uuid('subject_id').notNullable()
    table.text('csrf').notNullable()
    table.timestamp('created_at', { useTz: true }).notNullable()
    table.timestamp('expires_at', { useTz: true }).notNullable().index()
    table.index(['kind', 'subject_id'])
    table.check("kind in ('staff', 'client')", [], 'sessions_kind_known')
  })
  await knex.schema.createTable('portal_codes', (table) => {
    table.binary('code_hash').primary()
    table.uuid('client_id').notNullable().index()
    table.timestamp('expires_at', { useTz: true }).notNullable()
    table.timestamp('used_at', { useTz: true })
  })
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('portal_codes')
  await knex.schema.dropTable('sessions')
  await knex.schema.dropTable('people')
}
