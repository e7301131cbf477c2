import { describeError, type Log } from '../log.ts'
import { OperatorError } from '../operator-error.ts'
import { type Database, openDatabase } from '../store/database.ts'
import { migrationNames } from '../store/migrate.ts'
import { forOperator } from '../store/refused.ts'
import { type Standing, standing } from '../store/standing.ts'

type Work<T> = (db: Database) => Promise<T>

/** Runs `work` on a database that a server of this version has made; throws a sentence for the operator where none has. */
export async function onPreparedDatabase<T>(url: string, log: Log, work: Work<T>): Promise<T> {
  const { migrations } = await reached(url)
  if (migrations.toSorted().join() !== migrationNames.toSorted().join()) {
    throw new OperatorError(
      'this database does not have the tables of this version: start the server of this version on it once (`zgoda serve`)',
    )
  }
  return using(url, log, work)
}

/** Runs `work` on a database of any version; throws a sentence for the operator where it does not answer. */
export async function onDatabase<T>(url: string, log: Log, work: Work<T>): Promise<T> {
  await reached(url)
  return using(url, log, work)
}

async function using<T>(url: string, log: Log, work: Work<T>): Promise<T> {
  const db = openDatabase(url, (error) => log.warn(describeError(error), 'a database connection was lost'))
  try {
    return await work(db)
  } finally {
    await db.close()
  }
}

/** A command does not wait for a database that is away, as a server does. */
async function reached(url: string): Promise<Standing> {
  try {
    return await standing(url)
  } catch (error) {
    const known = forOperator(error)
    if (known instanceof OperatorError) throw known
    const code = error instanceof Error && 'code' in error ? ` (${error.code})` : ''
    throw new OperatorError(`the database in ZGODA_DATABASE_URL does not answer${code}`, { cause: error })
  }
}
