import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Random } from '../../bench/torture/random.ts'
import { createLog } from '../../runtime/log.ts'
import { type EmbeddedPostgres, startPostgres } from '../../runtime/sandbox/index.ts'
import { query } from '../database-query.ts'
import { eventually } from '../eventually.ts'
import { type Gate, gateTo } from '../gate.ts'

const log = createLog('silent')

/** A Postgres of its own behind a gate, which comes to harm in each way that one can, and is well again afterwards. */
export class HarmedPostgres {
  readonly #dataDir: string
  readonly #gate: Gate
  #postgres: EmbeddedPostgres

  static async start(): Promise<HarmedPostgres> {
    const dataDir = await mkdtemp(join(tmpdir(), 'zgoda-harmed-'))
    const postgres = await startPostgres({ dataDir, log })
    const gate = await gateTo(postgres.port)
    await gate.open()
    return new HarmedPostgres(dataDir, postgres, gate)
  }

  private constructor(dataDir: string, postgres: EmbeddedPostgres, gate: Gate) {
    this.#dataDir = dataDir
    this.#postgres = postgres
    this.#gate = gate
  }

  /** The way to it that comes to harm. */
  get url(): string {
    const url = new URL(this.#postgres.url)
    url.port = String(this.#gate.port)
    return url.href
  }

  /** The way for those who look on. */
  get straightUrl(): string {
    return this.#postgres.url
  }

  async close(): Promise<void> {
    await this.#gate.shut()
    await this.#postgres.stop()
    await rm(this.#dataDir, { recursive: true, force: true })
  }

  /** Stopped in order, as for an upgrade, and started again. */
  async stopped(random: Random): Promise<void> {
    await this.#postgres.stop()
    await pause(random.below(2_000))
    this.#postgres = await startPostgres({ dataDir: this.#dataDir, log, port: this.#postgres.port })
  }

  /** Stopped at once, as by a machine that loses its power: it recovers from its log. */
  async aborted(): Promise<void> {
    const text = await readFile(join(this.#dataDir, 'cluster', 'postmaster.pid'), 'utf8')
    process.kill(Number.parseInt(text, 10), 'SIGQUIT')
    await this.#answering()
  }

  /** One of its processes is killed, after which it ends all others and recovers. */
  async oneKilled(random: Random): Promise<void> {
    const [{ pid } = { pid: 0 }] = await this.#sessions(random, 1)
    if (pid > 1) process.kill(pid, 'SIGKILL')
    await this.#answering()
  }

  /** Sessions are ended one after another, by chance. */
  async terminated(random: Random): Promise<void> {
    for (let time = 0; time < 10; time++) {
      for (const { pid } of await this.#sessions(random, 1 + random.below(3)))
        await query(this.#postgres.adminUrl, 'select pg_terminate_backend($1)', [pid])
      await pause(random.below(100))
    }
  }

  /** Connections break off, and for a while none can be made. */
  async cut(random: Random): Promise<void> {
    for (let time = 0; time < 3; time++) {
      await this.#gate.shut()
      await pause(random.below(800))
      await this.#gate.open()
      await pause(random.below(300))
    }
  }

  /** Nothing comes through for a while, then all of it. */
  async stalled(random: Random): Promise<void> {
    await this.#silent(300 + random.below(3_000))
  }

  /** Nothing comes through for longer than anybody waits. */
  async swallowed(): Promise<void> {
    await this.#silent(60_000)
  }

  /** A network that is far away. */
  async far(random: Random): Promise<void> {
    this.#gate.slow(20 + random.below(60))
    await pause(2_500)
    this.#gate.slow(0)
  }

  /** A disk on which each commit takes a tenth of a second. */
  async onSlowDisk(): Promise<void> {
    await this.#set({ commit_delay: '100000', commit_siblings: '0' })
    await pause(2_500)
    await this.#set({ commit_delay: '0', commit_siblings: '5' })
  }

  async #silent(milliseconds: number): Promise<void> {
    this.#gate.silence()
    await pause(milliseconds)
    this.#gate.speak()
  }

  async #sessions(random: Random, count: number): Promise<{ pid: number }[]> {
    const sessions = await query<{ pid: number }>(
      this.#postgres.adminUrl,
      "select pid from pg_stat_activity where datname = 'zgoda' and backend_type = 'client backend' order by pid",
    )
    return sessions.length === 0 ? [] : Array.from({ length: count }, () => random.of(sessions))
  }

  async #set(settings: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, value] of Object.entries(settings))
      await query(this.#postgres.adminUrl, `alter system set ${name} = ${value}`)
    await query(this.#postgres.adminUrl, 'select pg_reload_conf()')
  }

  #answering(): Promise<true> {
    return eventually(
      'Postgres to be back',
      () =>
        query(this.#postgres.adminUrl, 'select 1').then(
          () => true as const,
          () => false,
        ),
      60,
    )
  }
}

/** Each way to come to harm. */
export const harms = [
  'stopped',
  'cut',
  'aborted',
  'stalled',
  'terminated',
  'far',
  'oneKilled',
  'onSlowDisk',
  'swallowed',
] as const satisfies readonly (keyof HarmedPostgres)[]
export type Harm = (typeof harms)[number]
