import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Random } from '../../bench/torture/random.ts'
import type { TortureResult } from '../../bench/torture/result.ts'
import { type Api, signIn } from '../api.ts'
import { startChild } from '../child-server.ts'
import { eventually } from '../eventually.ts'
import { mailWorld } from '../mail-world.ts'
import { companyAddress, deskDefinition, deskFolders, login } from './desk.ts'
import { type Harm, HarmedPostgres, harms } from './harmed-postgres.ts'
import { judge, timersAtOnce } from './judge.ts'
import { onlooker } from './onlooker.ts'
import { People } from './people.ts'

const people = 12
/** Milliseconds that a request may take at most: half a minute for a statement, what waits for it, and a busy machine. */
const bound = 42_000
/** Seconds until a case counts as stuck. */
const patience = 120

/**
 * The database of a server comes to harm once a round, in the ways given in turn, while people work. Each request must be answered
 * in time, by 503 where need be and never 500; and what was acknowledged must be there once.
 */
export async function harmDatabase(
  random: Random,
  rounds: number,
  turns: readonly Harm[] = harms,
): Promise<TortureResult> {
  const folder = await mkdtemp(join(tmpdir(), 'zgoda-database-'))
  const postgres = await HarmedPostgres.start()
  const mail = await mailWorld(companyAddress)
  const db = onlooker(postgres.straightUrl)
  try {
    await Promise.all([mail.smtp.open(), mail.imap.open()])
    const [desk = ''] = await deskFolders(folder)
    const server = await startChild(desk, {
      // What is lost is told in the log, as it should be.
      ZGODA_LOG: 'fatal',
      ZGODA_DATABASE_URL: postgres.url,
      ZGODA_MASTER_KEY: 'd'.repeat(64),
      ZGODA_ADMIN_LOGIN: login.login,
      ZGODA_ADMIN_PASSWORD: login.password,
      ...mail.settings,
    })
    try {
      const api = await signIn(server.url, login.login, login.password)
      const crowd = new People('database', { api, mail, random, mayVanish: false, bound, patience })
      const breaks: [number, number][] = []
      const seen: TortureResult = await timersAtOnce(db, async () => {
        crowd.start(people)
        const seen = await harmed({ postgres, api, random, breaks }, rounds, turns)
        await crowd.stop()
        return seen
      })
      const judged = await judge({ db, definition: deskDefinition(), mail, lives: crowd.lives, breaks }, patience)
      const { answers, unavailable, slowest } = crowd.figures
      return {
        figures: {
          ...seen.figures,
          'requests answered': answers,
          'of them with 503': unavailable,
          'slowest answer ms': slowest,
          ...judged.figures,
        },
        failures: [...seen.failures, ...crowd.odd, ...judged.failures],
      }
    } finally {
      await server.kill()
    }
  } finally {
    await db.end()
    await mail.close()
    await postgres.close()
    await rm(folder, { recursive: true, force: true })
  }
}

interface World {
  readonly postgres: HarmedPostgres
  readonly api: Api
  readonly random: Random
  readonly breaks: [number, number][]
}

async function harmed(
  { postgres, api, random, breaks }: World,
  rounds: number,
  turns: readonly Harm[],
): Promise<TortureResult> {
  const figures: Record<string, number> = { rounds }
  const failures: string[] = []
  for (let round = 0; round < rounds; round++) {
    const harm = turns[round % turns.length] as Harm
    await pause(random.below(1_500))
    const from = Date.now()
    await postgres[harm](random)
    figures[`harms: ${harm}`] = (figures[`harms: ${harm}`] ?? 0) + 1
    const alive = await api.get('/healthz').catch(() => undefined)
    if (alive?.status !== 200) failures.push(`round ${round}, ${harm}: /healthz was answered ${alive?.status}`)
    await eventually('the server to be ready again', async () => (await api.get('/readyz')).status === 200, 60).catch(
      (error: Error) => void failures.push(`round ${round}, ${harm}: ${error.message}`),
    )
    breaks.push([from, Date.now()])
  }
  return { figures, failures }
}
