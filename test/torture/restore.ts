import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Random } from '../../bench/torture/random.ts'
import type { TortureResult } from '../../bench/torture/result.ts'
import { type Api, signIn } from '../api.ts'
import { type ChildServer, startChild } from '../child-server.ts'
import { query } from '../database-query.ts'
import { eventually } from '../eventually.ts'
import { illegal } from '../legal-run.ts'
import { type MailWorld, mailWorld } from '../mail-world.ts'
import { hurry } from '../runtime/webhooks/hurry.ts'
import { storedCases } from '../stored-cases.ts'
import { allRows, type BackedUp, type Restored } from './backup.ts'
import { companyAddress, deskDefinition, deskFolders, login } from './desk.ts'
import { onlooker } from './onlooker.ts'

/** Clients at the beginning of a round, and how many people make more of them meanwhile. */
const clients = 12
const people = 3

/** A client with a case, all of it made before `begun` and known since `known`, in milliseconds. */
interface Known {
  readonly id: string
  readonly caseId: string
  readonly name: string
  readonly address: string
  readonly wish: string
  readonly begun: number
  readonly known: number
  erased?: boolean
}

interface World {
  readonly place: BackedUp
  readonly random: Random
  readonly mail: MailWorld
  readonly desk: string
  readonly folder: string
  readonly api: Api
}

/**
 * A backup is taken while people work, clients are erased before, meanwhile and afterwards, and it is restored elsewhere: whoever was
 * erased stays so, all others are whole, and a server goes on with them. Its letters wait, so that the restored one sends them.
 */
export async function backUpAndRestore(place: BackedUp, random: Random, rounds: number): Promise<TortureResult> {
  const folder = await mkdtemp(join(tmpdir(), 'zgoda-restoring-'))
  const mail = await mailWorld(companyAddress)
  const figures: Record<string, number> = { rounds }
  const failures: string[] = []
  const known: Known[] = []
  try {
    await mail.smtp.open()
    const [desk = ''] = await deskFolders(folder)
    const server = await startChild(desk, settings(place.url))
    try {
      const api = await signIn(server.url, login.login, login.password)
      const world = { place, random, mail, desk, folder, api }
      for (let round = 0; round < rounds; round++) {
        const done = await runRound(world, `r${round}`, known)
        for (const [what, count] of Object.entries(done.figures)) figures[what] = (figures[what] ?? 0) + count
        failures.push(...done.failures.map((why) => `round ${round}: ${why}`))
      }
    } finally {
      await server.kill()
    }
  } finally {
    await mail.close()
    await rm(folder, { recursive: true, force: true })
  }
  return { figures, failures }
}

function settings(databaseUrl: string): Record<string, string> {
  return {
    // Its letters wait, and each says so.
    ZGODA_LOG: 'fatal',
    ZGODA_DATABASE_URL: databaseUrl,
    ZGODA_MASTER_KEY: 'd'.repeat(64),
    ZGODA_ADMIN_LOGIN: login.login,
    ZGODA_ADMIN_PASSWORD: login.password,
  }
}

async function runRound(world: World, name: string, known: Known[]): Promise<TortureResult> {
  const { place, random } = world
  const before = await Promise.all(Array.from({ length: clients }, (_, n) => make(world, `${name}-${n}`)))
  known.push(...before)
  const erase = async (count: number) => {
    for (let left = count; left > 0; left--) await eraseOne(world, random.of(known))
  }
  await erase(1 + random.below(3))
  const crowd = new Makers(world, name)
  crowd.start()
  await pause(random.below(400))
  const from = Date.now()
  const [restore] = await Promise.all([place.backUp(), erase(1 + random.below(3))])
  const to = Date.now()
  await erase(1 + random.below(4))
  await pause(random.below(300))
  known.push(...(await crowd.stop()))
  for (let left = random.below(3); left > 0; left--) await eraseOne(world, known.at(-1 - random.below(4)) as Known)
  const records = join(world.folder, `${name}.jsonl`)
  const exported = await zgoda(place.url, ['export', 'erasures'])
  await writeFile(records, exported.out)
  const restored = await restore()
  try {
    return await judge(world, restored, { known, records, from, to })
  } finally {
    await restored.close()
  }
}

/** A client and a case of theirs, both with values that stand nowhere else. */
async function make({ api, random }: World, name: string): Promise<Known> {
  const begun = Date.now()
  const mark = `Mark${name}x${random.below(2 ** 31)}`
  const address = `${mark.toLowerCase()}@client.example`
  const wish = `Wish of ${mark}`
  const { id } = (await answered(api.post('/clients', { name: mark, email: address }))).body
  const { id: caseId } = (await answered(api.post('/cases', { process: 'job', client: id }))).body
  await answered(api.patch(`/cases/${caseId}/fields`, { wish }))
  await answered(api.post(`/cases/${caseId}/moves`, { to: 'one' }))
  return { id, caseId, name: mark, address, wish, begun, known: Date.now() }
}

async function answered<T extends { readonly status: number }>(asked: Promise<T>): Promise<T> {
  const answer = await asked
  if (answer.status >= 300) throw new Error(`a request was answered ${answer.status}`)
  return answer
}

async function eraseOne({ api }: World, one: Known): Promise<void> {
  if (one.erased) return
  one.erased = true
  await answered(api.post(`/clients/${one.id}/erase`))
}

/** People who make clients and cases, one after another, until they are told to stop. */
class Makers {
  readonly #world: World
  readonly #name: string
  readonly #made: Known[] = []
  #going = true
  #working: Promise<unknown> = Promise.resolve()

  constructor(world: World, name: string) {
    this.#world = world
    this.#name = name
  }

  start(): void {
    this.#working = Promise.all(
      Array.from({ length: people }, async (_, person) => {
        for (let n = 0; this.#going; n++) this.#made.push(await make(this.#world, `${this.#name}p${person}-${n}`))
      }),
    )
  }

  async stop(): Promise<readonly Known[]> {
    this.#going = false
    await this.#working
    return this.#made
  }
}

interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

function zgoda(url: string, args: readonly string[]): Promise<Ran> {
  const env = { PATH: process.env.PATH ?? '', ...settings(url) }
  return new Promise((resolve) => {
    execFile(process.execPath, ['runtime/cli/zgoda.ts', ...args], { env }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    )
  })
}

interface Facts {
  readonly known: readonly Known[]
  readonly records: string
  /** The backup was taken from here to there. */
  readonly from: number
  readonly to: number
}

async function judge(world: World, { url }: Restored, facts: Facts): Promise<TortureResult> {
  const { mail, desk } = world
  const { known, records } = facts
  const erased = known.filter((one) => one.erased)
  const ids = erased.map(({ id }) => id)
  const back = await query(url, 'select 1 from vault.keys where client_id = any($1)', [ids])
  const replayed = await zgoda(url, ['restore', '--replay-erasures', records])
  const failures = replayed.code === 0 ? [] : [`the replay ended with ${replayed.code}: ${replayed.err}`]
  failures.push(...(await leftOf(url, ids)))
  const rows = await allRows(url)
  const open = known.filter(({ name, address, wish }) => [name, address, wish].some((mark) => rows.includes(mark)))
  if (open.length > 0) failures.push(`${open.length} clients' values stand in the clear`)
  // Before somebody was erased, the server of an earlier round may have written to them.
  const letters = async () => (await Promise.all(erased.map(({ address }) => mail.letters(address)))).flat().length
  const written = await letters()
  const server = await startChild(desk, { ...settings(url), ZGODA_SMTP_URL: mail.options.smtpUrl })
  let whole = 0
  try {
    const api = await signIn(server.url, login.login, login.password)
    for (const one of known) {
      const found = one.erased ? await remembered(api, one) : await broken(api, one, facts)
      if (typeof found === 'string') failures.push(found)
      else if (!one.erased) whole += found
    }
    failures.push(...(await unlawful(url, known)), ...(await goesOn({ ...world, api }, url, server)))
    const more = (await letters()) - written
    if (more > 0) failures.push(`${more} letters went out to clients who were erased`)
  } finally {
    await server.kill()
  }
  return {
    figures: {
      'clients looked at': known.length,
      'of them erased': erased.length,
      'whom the backup brought back': back.length,
      'not erased and whole': whole,
    },
    failures,
  }
}

/** What the vault still holds of those who were erased. */
async function leftOf(url: string, ids: readonly string[]): Promise<string[]> {
  const left: string[] = []
  for (const table of ['keys', 'values', 'lookups', 'letters', 'messages', 'evidence']) {
    const rows = await query(url, `select 1 from vault.${table} where client_id = any($1)`, [ids])
    if (rows.length > 0) left.push(`vault.${table} still holds ${rows.length} rows of those who were erased`)
  }
  return left
}

/** What is still known of somebody who was erased; 0 where it is nothing. */
async function remembered(api: Api, { id, caseId, name, address, wish }: Known): Promise<string | 0> {
  const told = JSON.stringify([
    await api.get(`/clients/${id}`),
    await api.get(`/clients?q=${name}`),
    await api.get(`/cases/${caseId}`),
  ])
  return [name, address, wish].some((mark) => told.includes(mark)) ? `client ${id} was erased and is known again` : 0
}

/** What is missing of somebody who was not erased; else 1 where they are there, and 0 where they came too late for the backup. */
async function broken(api: Api, one: Known, { from, to }: Facts): Promise<string | 0 | 1> {
  const client = await api.get(`/clients/${one.id}`)
  const { status, body } = await api.get(`/cases/${one.caseId}`)
  if (client.status === 404 && status === 404)
    return one.known < from ? `client ${one.id} was there before the backup and is lost` : 0
  if (one.begun > to) return `client ${one.id} came after the backup and is there`
  if (client.body.name !== one.name || client.body.email !== one.address) return `client ${one.id} is not whole`
  const found = (await api.get(`/clients?q=${one.name}`)).body.items
  if (found.length !== 1) return `client ${one.id} is not found by name`
  // One who came while it was taken may be there without a case, or with a case as it was on its way.
  if (one.known >= from) return 1
  if (status !== 200 || body.fields.wish.value !== one.wish || body.stage.name !== 'one')
    return `case ${one.caseId} is not whole`
  return 1
}

/** Each case that is there, and was not erased, is a run of its machine. */
async function unlawful(url: string, known: readonly Known[]): Promise<string[]> {
  const db = onlooker(url)
  try {
    const ids = known.filter((one) => !one.erased).map(({ caseId }) => caseId)
    return (await storedCases(db, ids)).flatMap((one) => {
      const why = illegal(deskDefinition(), 'job', one)
      return why ? [`case ${one.caseId}: ${why}`] : []
    })
  } finally {
    await db.end()
  }
}

/** The restored server sends what waited, and works. */
async function goesOn(world: World, url: string, { stop }: ChildServer): Promise<string[]> {
  try {
    const fresh = await make(world, 'afterwards')
    await eventually('the letter of a new case', async () => (await world.mail.letters(fresh.address)).length === 1, 60)
    await hurry(url)
    const waiting = async () => (await query(url, "select 1 from letters where status = 'waiting'")).length
    await eventually('every letter to be settled', async () => (await waiting()) === 0, 60)
    const failed = await query<{ n: number }>(url, 'select count(*)::int as n from incidents')
    if (failed[0]?.n !== 0) return [`the restored server has ${failed[0]?.n} incidents`]
    return (await stop()) === 0 ? [] : ['the restored server did not stop in order']
  } catch (error) {
    return [`the restored server does not go on: ${(error as Error).message}`]
  }
}
