import pg from 'pg'
import { isAway } from './database.ts'

/** The job queue's connections, from the start of a queue to its end. */
export interface QueueConnections {
  /**
   * Once the database is lost, these connections answer nothing at all: the queue, told of a failure while it notes what
   * became of a job, would end the process. Whoever started the queue leaves it then, and starts another.
   */
  readonly pool: pg.Pool
  /** Resolves when the database was lost. */
  readonly lost: Promise<void>
  close(): Promise<void>
}

/** Connections as plain as the queue expects them; it is the only one to use them. */
export function openQueue(url: string): QueueConnections {
  const pool = new pg.Pool({ connectionString: url, max: 10, connectionTimeoutMillis: 5_000 })
  const watch = new Watch()
  const lose = () => watch.lose()
  pool.on('error', lose)
  pool.on('connect', (client) => client.on('error', lose))
  const taken = new Set<pg.PoolClient>()
  const connect = (told?: Told) => {
    const connecting = watch.guard(pool.connect()).then((client) => guarded(client, watch, taken))
    if (!told) return connecting
    connecting.then(
      (client) => told(undefined, client, () => client.release()),
      (error: Error) => told(error, undefined, () => undefined),
    )
  }
  const query = (asked: Asked, values?: unknown[]) => watch.guard(pool.query(asked, values))
  return {
    pool: instead(pool, { connect, query }),
    lost: watch.lost,
    close: async () => {
      await watch.quiet()
      watch.lose()
      for (const client of taken) client.release(true)
      await pool.end()
    },
  }
}

type Asked = string | pg.QueryConfig
type Told = (error: Error | undefined, client: pg.PoolClient | undefined, release: () => void) => void

function guarded(client: pg.PoolClient, watch: Watch, taken: Set<pg.PoolClient>): pg.PoolClient {
  taken.add(client)
  return instead(client, {
    query: (asked: Asked, values?: unknown[]) => watch.guard(client.query(asked, values)),
    release: (error?: Error | boolean) => {
      if (taken.delete(client)) client.release(error)
    },
  })
}

/** The same object with some of its methods replaced. */
function instead<T extends object>(target: T, methods: Readonly<Record<string, unknown>>): T {
  return new Proxy(target, {
    get: (_, name) => {
      if (typeof name === 'string' && Object.hasOwn(methods, name)) return methods[name]
      const own: unknown = Reflect.get(target, name, target)
      return typeof own === 'function' ? own.bind(target) : own
    },
  })
}

/** What is asked of the database, until it is lost. */
class Watch {
  readonly lost: Promise<void>
  #lose: () => void = () => undefined
  #gone = false
  readonly #asked = new Set<Promise<unknown>>()

  constructor() {
    this.lost = new Promise((resolve) => {
      this.#lose = resolve
    })
  }

  lose(): void {
    this.#gone = true
    this.#lose()
  }

  /** The same promise while the database is there; afterwards one that never settles. */
  guard<T>(work: Promise<T>): Promise<T> {
    const settled = work.catch((error: unknown) => {
      if (isAway(error)) this.lose()
    })
    this.#asked.add(settled)
    void settled.then(() => this.#asked.delete(settled))
    return settled.then(() => (this.#gone ? new Promise<never>(() => undefined) : work))
  }

  /** Until all is answered, or the database is lost. */
  async quiet(): Promise<void> {
    while (this.#asked.size > 0 && !this.#gone) await Promise.race([this.lost, ...this.#asked])
  }
}
