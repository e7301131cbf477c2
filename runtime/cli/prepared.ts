import { describeError, type Log } from '../log.ts'
import { OperatorError } from '../operator-error.ts'
import { type Database, openDatabase } from '../store/database.ts'
import { migrationNames } from '../store/migrate.ts'
import { forOperator } from '../store/refused.ts'
import { standing } from '../store/standing.ts'

/** Runs `work` on a database that a server of this version has made; throws a sentence for the operator where none has. */
export async function onPreparedDatabase<T>(url: string, log: Log, work: (db: Database) => Promise<T>): Promise<T> {
  const { migrations } = await standing(url).catch((error) => {
    throw readable(error)
  })
  if (migrations.toSorted().join() !== migrationNames.toSorted().join()) {
    throw new OperatorError(
      'this database does not have the tables of this version: start the server of this version on it once (`zgoda serve`)',
    )
  }
  const db = openDatabase(url, (error) => log.warn(describeError(error), 'a database connection was lost'))
  try {
    return await work(db)
  } finally {
    await db.close()
  }
}

function readable(error: unknown): unknown {
  const known = forOperator(error)
  if (known instanceof OperatorError) return known
  const code = error instanceof Error && 'code' in error ? ` (${error.code})` : ''
  return new OperatorError(`the database in ZGODA_DATABASE_URL does not answer${code}`, { cause: error })
}
