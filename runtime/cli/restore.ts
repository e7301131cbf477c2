import { access, open } from 'node:fs/promises'
import { systemClock } from '../clock.ts'
import { readConfig } from '../config.ts'
import { createLog } from '../log.ts'
import { type Replayed, replayErasures } from '../replay-erasures.ts'
import { needed } from './needed.ts'
import { onDatabase } from './on-database.ts'
import { readArguments, UsageError } from './usage.ts'

export const help = `zgoda restore --replay-erasures FILE

After a backup was restored, and before a server starts on it: erases again everybody whose erasure is on record in FILE,
as \`zgoda export erasures\` writes it. Their keys and every row under them go, and their cases forget them. Doing it twice
does no harm. A line that this database has not made itself is left out and told.
Settings: ZGODA_DATABASE_URL, ZGODA_MASTER_KEY or ZGODA_MASTER_KEY_FILE (the key the backup was made under).

Exits with 0; 1 where a line was left out; 2 where it could not be done.`

export async function run(args: readonly string[]): Promise<number> {
  const { values } = readArguments(args, { 'replay-erasures': { type: 'string' } }, 0)
  const file = values['replay-erasures']
  if (!file) throw new UsageError('name the file of records: `zgoda restore --replay-erasures FILE`')
  await access(file).catch(() => {
    throw new UsageError(`there is no file \`${file}\` that can be read`)
  })
  const config = readConfig()
  const url = needed(config.databaseUrl, 'ZGODA_DATABASE_URL', 'the database that the backup was restored into')
  const masterKey = needed(config.masterKey, 'ZGODA_MASTER_KEY', 'the key that the backup was made under')
  const replayed = await onDatabase(url, createLog(config.logLevel), (db) =>
    replayErasures(db, linesOf(file), { masterKey, clock: systemClock }),
  )
  process.stdout.write(inWords(replayed))
  if (replayed.unproved.length === 0) return 0
  const shown = replayed.unproved.slice(0, 10).join(', ')
  process.stderr.write(
    `zgoda restore: ${replayed.unproved.length} lines are no record of this database's and were left out: ${shown}\n`,
  )
  return 1
}

/** Opened only once somebody reads: lines that come before that would be lost. */
async function* linesOf(file: string): AsyncGenerator<string> {
  const opened = await open(file)
  try {
    yield* opened.readLines()
  } finally {
    await opened.close()
  }
}

function inWords({ erased, erasedBefore, absent }: Replayed): string {
  return `${erased} clients erased again; ${erasedBefore} were erased already, ${absent} came after the backup.\n`
}
