import type pg from 'pg'
import { isAway } from './database.ts'

/** Runs `work` in a transaction on a connection of its own: all of it is stored, or nothing. */
export async function inTransaction<T>(pool: pg.Pool, work: (db: pg.PoolClient) => Promise<T>): Promise<T> {
  const db = await pool.connect()
  let lost = false
  try {
    await db.query('begin')
    const result = await work(db)
    await db.query('commit')
    return result
  } catch (error) {
    lost = isAway(error) || !(await rolledBack(db))
    throw error
  } finally {
    // Postgres rolls back what a lost connection had begun; nobody else may find it half done.
    db.release(lost)
  }
}

function rolledBack(db: pg.PoolClient): Promise<boolean> {
  return db.query('rollback').then(
    () => true,
    () => false,
  )
}
