import { makeWorkerUtils } from 'graphile-worker'
import knex, { type Knex } from 'knex'
import { OperatorError } from '../operator-error.ts'
import { unheard } from './database.ts'
import * as cases from './migrations/001_cases.ts'
import * as people from './migrations/002_people.ts'
import * as masterCheck from './migrations/003_master_check.ts'
import * as actions from './migrations/004_actions.ts'
import * as callsAndIncidents from './migrations/005_calls_and_incidents.ts'
import * as running from './migrations/006_running.ts'
import * as keyring from './migrations/007_keyring.ts'

const migrations: readonly { readonly name: string; readonly migration: Knex.Migration }[] = [
  { name: '001_cases', migration: cases },
  { name: '002_people', migration: people },
  { name: '003_master_check', migration: masterCheck },
  { name: '004_actions', migration: actions },
  { name: '005_calls_and_incidents', migration: callsAndIncidents },
  { name: '006_running', migration: running },
  { name: '007_keyring', migration: keyring },
]

/** The steps that this server knows, oldest first. */
export const migrationNames: readonly string[] = migrations.map(({ name }) => name)

const source: Knex.MigrationSource<(typeof migrations)[number]> = {
  getMigrations: async () => [...migrations],
  getMigrationName: ({ name }) => name,
  getMigration: async ({ migration }) => migration,
}

/** Brings the schema to this version, each step in a transaction. Throws a sentence where the schema is newer than this server. */
export async function migrate(url: string): Promise<void> {
  const db = knex({ client: 'pg', connection: url, pool: { min: 0, max: 1 }, log: unheard })
  try {
    await db.migrate.latest({ migrationSource: source }).catch((error: Error) => {
      if (!error.message.includes('corrupt')) throw error
      throw new OperatorError(
        'the database was made by a newer version of Zgoda: install that version, or restore a backup',
      )
    })
  } finally {
    await db.destroy()
  }
  const utils = await makeWorkerUtils({ connectionString: url })
  try {
    await utils.migrate()
  } finally {
    await utils.release()
  }
}
