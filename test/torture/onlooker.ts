import pg from 'pg'

/** A pool of those who look on. It loses its connections where the database comes to harm, and makes new ones. */
export function onlooker(connectionString: string): pg.Pool {
  const unheard = () => undefined
  const db = new pg.Pool({ connectionString, max: 2 })
  db.on('error', unheard)
  db.on('connect', (client) => client.on('error', unheard))
  return db
}
