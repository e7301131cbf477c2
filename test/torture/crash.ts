import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import type { Random } from '../../bench/torture/random.ts'
import type { TortureResult } from '../../bench/torture/result.ts'
import { type Api, signIn } from '../api.ts'
import { spawnChild } from '../child-server.ts'
import { query } from '../database-query.ts'
import { portToComeBackTo } from '../free-port.ts'
import { type MailWorld, mailWorld } from '../mail-world.ts'
import { companyAddress, deskDefinition, deskFolders, login, versions } from './desk.ts'
import { judge, timersAtOnce } from './judge.ts'
import { onlooker } from './onlooker.ts'
import { People } from './people.ts'

const people = 12
const slips = 12
/** Seconds until a case counts as stuck: a start takes some, and a killed node's jobs are given back after two. */
const patience = 400
/** Milliseconds that a kill falls after: what a start takes on a slow machine, and work under load. */
const within = { start: 4_000, load: 5_000 }

/** When the kill falls: under load; while it starts; while it starts and applies another version; on an empty database. */
export const moments = ['load', 'start', 'apply', 'empty'] as const
type Moment = (typeof moments)[number]

/**
 * A real server is killed with -9 once a round, at the moments given in turn, while people work on it and go on when it is back.
 * Afterwards what they were told is held against the log and the mailboxes.
 */
export async function crash(
  databaseUrl: string,
  random: Random,
  rounds: number,
  turns: readonly Moment[] = moments,
): Promise<TortureResult> {
  const folder = await mkdtemp(join(tmpdir(), 'zgoda-crash-'))
  const mail = await mailWorld(companyAddress)
  const db = onlooker(databaseUrl)
  try {
    await Promise.all([mail.smtp.open(), mail.imap.open()])
    const victim = new Victim(await deskFolders(folder), await settings(databaseUrl, mail, random))
    return await run({ databaseUrl, db, mail, random, victim }, rounds, turns)
  } finally {
    await db.end()
    await mail.close()
    await rm(folder, { recursive: true, force: true })
  }
}

interface World {
  readonly databaseUrl: string
  readonly db: pg.Pool
  readonly mail: MailWorld
  readonly random: Random
  readonly victim: Victim
}

async function settings(databaseUrl: string, mail: MailWorld, random: Random): Promise<Record<string, string>> {
  return {
    ZGODA_DATABASE_URL: databaseUrl,
    ZGODA_MASTER_KEY: 'd'.repeat(64),
    ZGODA_PORT: String(await portToComeBackTo((limit) => random.below(limit))),
    ZGODA_ADMIN_LOGIN: login.login,
    ZGODA_ADMIN_PASSWORD: login.password,
    ...mail.settings,
  }
}

async function run(world: World, rounds: number, turns: readonly Moment[]): Promise<TortureResult> {
  const { db, mail, random, victim } = world
  const failures: string[] = []
  const kills: Record<string, number> = {}
  try {
    const url = await victim.start()
    const api = await signIn(url, login.login, login.password)
    await laySlips(api)
    const crowd = new People('crash', { api, mail, random, mayVanish: true, bound: 60_000, patience })
    await timersAtOnce(db, async () => {
      crowd.start(people)
      for (let round = 0; round < rounds; round++) {
        const moment = turns[round % turns.length] as Moment
        failures.push(...(await killAt(moment, world)).map((why) => `round ${round}, ${moment}: ${why}`))
        kills[`kills: ${moment}`] = (kills[`kills: ${moment}`] ?? 0) + 1
      }
      await crowd.stop()
    })
    const judged = await judge(
      { db, definition: deskDefinition(), mail, lives: crowd.lives, breaks: victim.breaks },
      patience,
    )
    const { answers, vanished } = crowd.figures
    return {
      figures: {
        rounds,
        ...kills,
        'requests answered': answers,
        'requests without an answer': vanished,
        ...judged.figures,
      },
      failures: [...failures, ...crowd.odd, ...judged.failures, ...victim.errors],
    }
  } finally {
    await victim.kill()
  }
}

/** The server that is killed, over and over, on one port. */
class Victim {
  /** From each kill to the next time it takes requests. */
  readonly breaks: (readonly [number, number])[] = []
  /** What it said went wrong. */
  readonly errors: string[] = []
  readonly #folders: readonly string[]
  readonly #env: Record<string, string>
  #child: ReturnType<typeof spawnChild> | undefined
  #version = 0
  #killed = Date.now()

  constructor(folders: readonly string[], env: Record<string, string>) {
    this.#folders = folders
    this.#env = env
  }

  spawn(more: Record<string, string> = {}): ReturnType<typeof spawnChild> {
    const errors = (text: string) => void this.errors.push(`it said: ${text.trim().slice(0, 400)}`)
    const child = spawnChild(
      this.#folders[this.#version] as string,
      { ...this.#env, ...more },
      { args: ['--apply'], errors },
    )
    // A kill ends it before it listens.
    child.listening.catch(() => undefined)
    return child
  }

  /** Resolves when it takes requests. */
  async start(): Promise<string> {
    this.#child = this.spawn()
    const url = await this.#child.listening.catch((error: Error) => {
      throw new Error([error.message, ...this.errors].join('\n'))
    })
    this.breaks.push([this.#killed, Date.now()])
    return url
  }

  /** Starts it, and waits no longer than this. */
  async startFor(milliseconds: number): Promise<void> {
    this.#child = this.spawn()
    await pause(milliseconds)
  }

  /** From the next start on it runs the next version of the desk. */
  turnVersion(): void {
    this.#version = (this.#version + 1) % versions
  }

  async kill(): Promise<void> {
    this.#killed = Date.now()
    await this.#child?.kill()
    this.#child = undefined
  }
}

async function killAt(moment: Moment, world: World): Promise<string[]> {
  const { random, victim, databaseUrl } = world
  if (moment === 'empty') return killOnEmpty(world)
  await pause(random.below(within.load))
  await victim.kill()
  if (moment === 'apply') victim.turnVersion()
  if (moment !== 'load') {
    await victim.startFor(random.below(within.start))
    await victim.kill()
  }
  const halfway = await unevenSlips(databaseUrl)
  await victim.start()
  return [...halfway, ...(await unevenSlips(databaseUrl, true))]
}

/** Slips lie there from the first version on; each apply moves them all on, or none. */
async function laySlips(api: Api): Promise<void> {
  for (let slip = 0; slip < slips; slip++) {
    const { status } = await api.post('/cases', { process: 'slip' })
    if (status !== 201) throw new Error(`a slip was answered ${status}`)
  }
}

async function unevenSlips(databaseUrl: string, settled = false): Promise<string[]> {
  const rows = await query<{ applied: boolean; n: number }>(
    databaseUrl,
    `select definition_hash = (select definition_hash from applied order by seq desc limit 1) as applied, count(*)::int as n
     from cases where process = 'slip' group by 1`,
  )
  if (rows.length === 1 && rows[0]?.n === slips && (rows[0].applied || !settled)) return []
  return [`an apply was half done: ${JSON.stringify(rows)}`]
}

/** The first start of all, on a database without a table, killed three times on its way. */
async function killOnEmpty({ databaseUrl, random, victim }: World): Promise<string[]> {
  const name = `zgoda_empty_${random.below(2 ** 31)}`
  const url = new URL(databaseUrl)
  await query(databaseUrl, `create database ${name}`)
  url.pathname = name
  const env = { ZGODA_DATABASE_URL: url.href, ZGODA_PORT: '0', ZGODA_SMTP_URL: '', ZGODA_IMAP_URL: '' }
  try {
    for (let time = 0; time < 3; time++) {
      const child = victim.spawn(env)
      await pause(random.below(within.start))
      await child.kill()
    }
    const child = victim.spawn(env)
    try {
      const api = await signIn(await child.listening, login.login, login.password)
      const { status } = await api.post('/cases', { process: 'job' })
      return status === 201 ? [] : [`a case on the new database was answered ${status}`]
    } finally {
      await child.kill()
    }
  } catch (error) {
    return [`it never started on the new database: ${(error as Error).message}`]
  } finally {
    await query(databaseUrl, `drop database ${name} with (force)`)
  }
}
