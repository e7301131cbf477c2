import type pg from 'pg'
import { openStanding } from './standing-connection.ts'

const name = 'zgoda'

/** Tells every node, once the transaction is committed; `text` is at most 7,999 bytes. */
export async function notify(db: pg.Pool | pg.PoolClient, text: string): Promise<void> {
  await db.query('select pg_notify($1, $2)', [name, text])
}

/** One connection that hears what other nodes say, and says what is to reach them. */
export interface Ear {
  /** Tells the others, in one transaction outside of any write: `NOTIFY` has them all wait for one lock at commit. */
  say(texts: readonly string[]): Promise<void>
  close(): Promise<void>
}

/** Listens; what was said over this very connection is not heard again. `onLost` is called once. */
export async function listen(url: string, hear: (text: string) => void, onLost: () => void): Promise<Ear> {
  let hears = false
  const { client, close } = await openStanding(url, 'zgoda nodes', () => {
    if (hears) onLost()
  })
  const own = (client as pg.Client & { readonly processID: number }).processID
  client.on('notification', ({ processId, payload }) => {
    if (processId !== own && payload !== undefined) hear(payload)
  })
  try {
    await client.query(`listen ${name}`)
    hears = true
  } catch (error) {
    await close()
    throw error
  }
  return {
    say: async (texts) => {
      await client.query('select pg_notify($1, text) from unnest($2::text[]) as said(text)', [name, texts])
    },
    close,
  }
}
