import type pg from 'pg'
import { wayTo } from './primary.ts'

const heartbeat = 2_000
const patience = 5_000

/** Postgres itself notices within seconds that a machine is gone, and ends what that one held; its default is hours. */
const keepalives = '-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3'

/** A connection that stands as long as its node does. It must be the server's own: a pooler that shares it out breaks it. */
export interface Standing {
  readonly client: pg.Client
  /** Idempotent; `onLost` is not called for it. */
  close(): Promise<void>
}

/** Opens one; `onLost` is called once, within seconds, when either end loses the other. */
export async function openStanding(url: string, name: string, onLost: () => void): Promise<Standing> {
  const { Client, connectionString } = wayTo(url)
  const client = new Client({
    connectionString,
    application_name: name,
    connectionTimeoutMillis: patience,
    query_timeout: patience,
    keepAlive: true,
    // What is said over it is worth no wait for the disk.
    options: `${keepalives} -c synchronous_commit=off`,
  })
  let stands = false
  let over = false
  const end = async () => {
    over = true
    clearInterval(beat)
    await client.end().catch(() => undefined)
  }
  const lose = () => {
    if (over) return
    void end()
    if (stands) onLost()
  }
  let asked = false
  const ask = () => {
    if (asked) return
    asked = true
    void client.query('select 1').then(() => {
      asked = false
    }, lose)
  }
  const beat = setInterval(ask, heartbeat)
  client.on('error', lose)
  client.on('end', lose)
  try {
    await client.connect()
    stands = true
  } catch (error) {
    await end()
    throw error
  }
  return { client, close: async () => (over ? undefined : end()) }
}
