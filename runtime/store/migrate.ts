import { makeWorkerUtils } from 'graphile-worker'
import knex, { type Knex } from 'knex'
import pg from 'pg'
import { OperatorError } from '../operator-error.ts'
import { unheard, useClient } from './database.ts'
import * as cases from './migrations/001_cases.ts'
import * as people from './migrations/002_people.ts'
import * as masterCheck from './migrations/003_master_check.ts'
import * as actions from './migrations/004_actions.ts'
import * as callsAndIncidents from './migrations/005_calls_and_incidents.ts'
import * as running from './migrations/006_running.ts'
import * as keyring from './migrations/007_keyring.ts'
import * as failedTries from './migrations/008_failed_tries.ts'
import * as growth from './migrations/010_growth.ts'
import * as lineage from './migrations/011_lineage.ts'
import * as reasonsOfMessages from './migrations/012_reasons_of_messages.ts'
import * as lettersOut from './migrations/013_letters_out.ts'
import * as byHand from './migrations/014_by_hand.ts'
import * as consentRecords from './migrations/015_consent_records.ts'
import * as audit from './migrations/017_audit.ts'
import * as retention from './migrations/018_retention.ts'
import { wayTo } from './primary.ts'
import { inTurn } from './turns.ts'

const migrations: readonly { readonly name: string; readonly migration: Knex.Migration }[] = [
  { name: '001_cases', migration: cases },
  { name: '002_people', migration: people },
  { name: '003_master_check', migration: masterCheck },
  { name: '004_actions', migration: actions },
  { name: '005_calls_and_incidents', migration: callsAndIncidents },
  { name: '006_running', migration: running },
  { name: '007_keyring', migration: keyring },
  { name: '008_failed_tries', migration: failedTries },
  { name: '010_growth', migration: growth },
  { name: '011_lineage', migration: lineage },
  { name: '012_reasons_of_messages', migration: reasonsOfMessages },
  { name: '013_letters_out', migration: lettersOut },
  { name: '014_by_hand', migration: byHand },
  { name: '015_consent_records', migration: consentRecords },
  { name: '017_audit', migration: audit },
  { name: '018_retention', migration: retention },
]

/** The steps that this server knows, oldest first. */
export const migrationNames: readonly string[] = migrations.map(({ name }) => name)

const source: Knex.MigrationSource<(typeof migrations)[number]> = {
  getMigrations: async () => [...migrations],
  getMigrationName: ({ name }) => name,
  getMigration: async ({ migration }) => migration,
}

/**
 * The hundreds of a migration's number. Within one hundred every migration only adds, so that nodes of an older version go
 * on beside those that have made it; the first of the next hundred is for them to stop at.
 */
const major = (name: string) => Math.floor(Number.parseInt(name, 10) / 100)

/**
 * Brings the schema to this version, each step in a transaction; one node at a time, the others find it done. Throws a
 * sentence where the schema is newer than this server can know.
 */
export function migrate(url: string): Promise<void> {
  return inTurn(url, 'migrations', async () => {
    await migrateOurs(url)
    await migrateQueue(url)
  })
}

async function migrateOurs(url: string): Promise<void> {
  const { Client, connectionString } = wayTo(url)
  const db = knex({ client: 'pg', connection: connectionString, pool: { min: 0, max: 1 }, log: unheard })
  useClient(db, Client)
  try {
    const done = await namesDone(db)
    const ours = Math.max(...migrations.map(({ name }) => major(name)))
    if (done.some((name) => !(major(name) <= ours))) throw tooNew()
    if (migrations.every(({ name }) => done.includes(name))) return
    // Ours is the turn, so whoever has left knex's own lock behind was killed.
    await db.migrate.forceFreeMigrationsLock({ migrationSource: source })
    await db.migrate.latest({ migrationSource: source, disableMigrationsListValidation: true })
  } finally {
    await db.destroy()
  }
}

async function namesDone(db: Knex): Promise<string[]> {
  if (!(await db.schema.hasTable('knex_migrations'))) return []
  return db('knex_migrations').pluck('name')
}

async function migrateQueue(url: string): Promise<void> {
  const { Client, connectionString } = wayTo(url)
  const pgPool = new pg.Pool({ connectionString, Client, max: 1 })
  // A connection that is lost fails what was asked on it; that is told once.
  const heard = () => undefined
  pgPool.on('error', heard).on('connect', (client) => client.on('error', heard))
  try {
    const utils = await makeWorkerUtils({ pgPool })
    await utils.migrate().catch((error: Error) => {
      throw error.message.includes('breaking migration') ? tooNew() : error
    })
    await utils.release()
  } finally {
    await pgPool.end()
  }
}

function tooNew(): OperatorError {
  return new OperatorError(
    'the database was made by a newer version of Zgoda: install that version, or restore a backup',
  )
}
