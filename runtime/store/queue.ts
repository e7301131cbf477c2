import pg from 'pg'
import { isAway, patience } from './database.ts'
import { wayTo } from './primary.ts'

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

/** Connections as plain as the queue expects them, `max` at most; it is the only one to use them. */
export function openQueue(url: string, max = 10): QueueConnections {
  const pool = new pg.Pool({
    ...wayTo(url),
    max,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    query_timeout: patience,
  })
  const watch = new Watch()
  const lose = () => watch.lose()
  pool.on('error', lose)
  pool.on('connect', (client) => client.on('error', lose))
  const taken = new Taken()
  const take = () => pool.connect().then((client) => taken.add(client))
  const guarded = (client: pg.PoolClient) =>
    instead(client, {
      query: (asked: Asked, values?: unknown[]) => watch.guard(client.query(asked, values)),
      release: (error?: Error | boolean) => taken.giveBack(client, error),
    })
  const connect = (told?: Told) => {
    const connecting = watch.guard(take()).then(guarded)
    if (!told) return connecting
    connecting.then(
      (client) => told(undefined, client, () => client.release()),
      (error: Error) => told(error, undefined, () => undefined),
    )
  }
  const ask = async (asked: Asked, values?: unknown[]) => {
    const client = await take()
    return client.query(asked, values).finally(() => taken.giveBack(client))
  }
  const query = (asked: Asked, values?: unknown[]) => watch.guard(ask(asked, values))
  return {
    pool: instead(pool, { connect, query }),
    lost: watch.lost,
    close: async () => {
      await watch.quiet()
      watch.lose()
      taken.giveAllBack()
      await pool.end()
    },
  }
}

type Asked = string | pg.QueryConfig
type Told = (error: Error | undefined, client: pg.PoolClient | undefined, release: () => void) => void

/** Connections that the pool has handed out. It ends only when it has each of them back, those that came too late too. */
class Taken {
  readonly #clients = new Set<pg.PoolClient>()
  #over = false

  add(client: pg.PoolClient): pg.PoolClient {
    this.#clients.add(client)
    if (this.#over) this.giveBack(client, true)
    return client
  }

  giveBack(client: pg.PoolClient, error?: Error | boolean): void {
    if (this.#clients.delete(client)) client.release(error)
  }

  /** Breaks them off, whatever is asked on them. */
  giveAllBack(): void {
    this.#over = true
    for (const client of this.#clients) this.giveBack(client, true)
  }
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
