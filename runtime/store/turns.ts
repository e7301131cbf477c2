import { wayTo } from './primary.ts'
import { openStanding } from './standing-connection.ts'

/** Runs `work` while no other node of this database runs work of this name; the others wait for their turn. */
export async function inTurn<T>(url: string, name: string, work: () => Promise<T>): Promise<T> {
  const { Client, connectionString } = wayTo(url)
  const client = new Client({ connectionString, connectionTimeoutMillis: 5_000, keepAlive: true })
  // Its loss ends the turn: Postgres lets the next one in, and the work finds the database away by itself.
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [`zgoda ${name}`])
    return await work()
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** A place in the queue for what one node at a time may do. Postgres holds the turn for as long as the connection stands. */
export interface Queueing {
  /** Whether it is our turn now; once it is, it stays so. */
  take(): Promise<boolean>
  /** Lets the next one in. */
  close(): Promise<void>
}

/** Lines up for a turn of this name; `onLost` is called once when the connection is lost, and with it the turn. */
export async function lineUp(url: string, name: string, onLost: () => void): Promise<Queueing> {
  const { client, close } = await openStanding(url, 'zgoda turn', onLost)
  return {
    take: async () => {
      const { rows } = await client.query<{ taken: boolean }>(
        'select pg_try_advisory_lock(hashtextextended($1, 0)) as taken',
        [`zgoda ${name}`],
      )
      return rows[0]?.taken === true
    },
    close,
  }
}
