import pg from 'pg'
import { readDatabaseAddress } from '../database-address.ts'

/** What a connection or a pool of them is made with, so that it goes to the server that takes writes. */
export interface Way {
  readonly connectionString: string
  /** Where several servers are named; `pg.Client` else. */
  readonly Client: typeof pg.Client
}

/**
 * The way to the database at `url`. Where that names several servers (see `readDatabaseAddress`), each new connection goes
 * to the one that takes writes, and all are asked again once that one is lost: a fail-over needs no word to us.
 */
export function wayTo(url: string): Way {
  const { servers, seeksPrimary } = readDatabaseAddress(url)
  const connectionString = servers[0] ?? url
  return { connectionString, Client: seeksPrimary ? clientOf(new Search(servers)) : pg.Client }
}

/** No server takes writes just now; one will, when a standby has become the primary. */
export class NoPrimary extends Error {
  override readonly name = 'NoPrimary'
  /** As Postgres says it of a server that is not ready yet. */
  readonly code = '57P03'

  constructor(options?: ErrorOptions) {
    super('none of the servers in ZGODA_DATABASE_URL takes writes just now', options)
  }
}

interface Place {
  readonly host: string
  readonly port: number
}

function clientOf(search: Search): typeof pg.Client {
  return class extends pg.Client {
    override connect(): Promise<pg.Client>
    override connect(callback: (error: Error) => void): void
    override connect(callback?: (error: Error) => void): Promise<pg.Client> | undefined {
      const connected = this.#toPrimary()
      if (!callback) return connected
      const told = callback as (error?: Error) => void
      connected.then(() => told(), told)
      return undefined
    }

    async #toPrimary(): Promise<this> {
      const { host, port } = await search.primary()
      this.host = host
      this.port = port
      try {
        await super.connect()
        // It may have become a standby since it was found.
        if (!(await takesWrites(this))) {
          await this.end()
          throw new NoPrimary()
        }
        return this
      } catch (error) {
        search.forget()
        throw error
      }
    }
  }
}

/** Milliseconds; less than a pool waits for its connection. */
const patience = 3_000

/** Which of several servers is the primary, as far as is known. */
class Search {
  readonly #servers: readonly string[]
  #found: Promise<Place> | undefined

  constructor(servers: readonly string[]) {
    this.#servers = servers
  }

  /** The one found last; where none is known all are asked at once, since one that is gone may not even refuse. */
  primary(): Promise<Place> {
    if (this.#found) return this.#found
    const asking = Promise.any(this.#servers.map(ask)).catch((error: AggregateError) => {
      this.forget()
      throw tellingOf(error.errors)
    })
    this.#found = asking
    return asking
  }

  forget(): void {
    this.#found = undefined
  }
}

async function ask(server: string): Promise<Place> {
  const client = new pg.Client({
    connectionString: server,
    connectionTimeoutMillis: patience,
    query_timeout: patience,
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    if (!(await takesWrites(client))) throw new NoPrimary()
    return { host: client.host, port: client.port }
  } finally {
    client.end().catch(() => undefined)
  }
}

async function takesWrites(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ transaction_read_only: string }>('show transaction_read_only')
  return rows[0]?.transaction_read_only === 'off'
}

/** Waiting helps where a server is away or a standby, and does not where it turns us away: then that is what is told. */
function tellingOf(errors: readonly Error[]): Error {
  const code = (error: Error) => ('code' in error ? String(error.code) : '')
  return errors.find((error) => /^(28|3D|42|ERR_)/.test(code(error))) ?? new NoPrimary({ cause: errors[0] })
}
