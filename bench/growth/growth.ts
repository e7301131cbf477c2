import type { Ask } from '../load.ts'
import { load } from '../load.ts'
import { median } from '../median.ts'
import { movesOf, query, signIn, startNode } from '../moves/drive.ts'
import { onPostgres } from '../on-postgres.ts'
import type { BenchResult, Setting } from '../result.ts'
import { fill } from './fill.ts'
import { emailOf } from './people.ts'
import { workspace } from './specimen.ts'

const sizes = [1_000, 100_000, 1_000_000]
const rounds = 5

/** Of each size, spread evenly. */
const asked = 1_000

/** An office with so many cases: its node, and what is asked of it. */
interface Office {
  readonly cases: number
  measure(doing: Doing, seconds: number): Promise<number>
  stop(): Promise<void>
}

const doings = ['a move', 'the board', 'a search', 'a history', 'a new case'] as const
type Doing = (typeof doings)[number]

/**
 * What a clerk does, on databases of 1 thousand, 100 thousand and 1 million cases with a client each: milliseconds a request.
 * All three are there at once and measured in turns. `--cases=` sets the largest. A request that is refused fails the bench.
 */
export function bench(seconds: number, setting: Setting): Promise<BenchResult> {
  const most = Number(setting('cases') ?? sizes.at(-1))
  if (!Number.isInteger(most) || most < 2_000) throw new Error('--cases= must be a number of at least 2000')
  return onPostgres(async ({ url, adminUrl }, folder) => {
    const offices: Office[] = []
    try {
      for (const cases of [...sizes.filter((size) => size < most), most]) {
        process.stderr.write(`filling a database with ${cases.toLocaleString('en')} cases …\n`)
        await query(adminUrl, `create database growth_${cases} owner zgoda`)
        offices.push(await openOffice(url.replace(/zgoda$/, `growth_${cases}`), cases, folder))
      }
      await query(adminUrl, 'checkpoint')
      return resultOf(offices, await inTurns(offices, Math.max(0.5, seconds / 10)))
    } finally {
      for (const office of offices) await office.stop()
    }
  })
}

type Times = Readonly<Record<Doing, readonly (readonly number[])[]>>

/** For each doing, the rounds, each with the milliseconds of every office; what is first asked of each does not count. */
async function inTurns(offices: readonly Office[], seconds: number): Promise<Times> {
  const times = Object.fromEntries(doings.map((doing) => [doing, [] as number[][]])) as Record<Doing, number[][]>
  for (let round = 0; round <= rounds; round++) {
    for (const doing of doings) {
      const each: number[] = []
      for (const office of offices) each.push(await office.measure(doing, seconds))
      if (round > 0) times[doing].push(each)
    }
  }
  return times
}

function resultOf(offices: readonly Office[], times: Times): BenchResult {
  const figures: Record<string, number> = {}
  const ratios: Record<string, number> = {}
  for (const doing of doings) {
    for (const [at, { cases }] of offices.entries()) {
      figures[`${doing} among ${cases.toLocaleString('en')}, ms`] = median(
        times[doing].map((each) => each[at] ?? Number.NaN),
      )
    }
    ratios[`${doing}, last to first`] = median(
      times[doing].map((each) => (each.at(-1) ?? Number.NaN) / (each[0] ?? Number.NaN)),
    )
  }
  return { bench: 'growth', figures, ratios }
}

async function openOffice(url: string, cases: number, folder: string): Promise<Office> {
  await fill(url, cases, folder)
  const node = await startNode(url, 'no jobs', workspace)
  const headers = { cookie: await signIn(node.port) }
  const ask = await asksOf(url, cases)
  return {
    cases,
    stop: node.stop,
    measure: async (doing, seconds) => {
      const { next, connections, check } = ask[doing]
      const result = await load({ ports: [node.port], headers, connections, next, seconds })
      if (result.failures > 0)
        throw new Error(`${doing}: ${result.failures} of ${result.requests} requests were refused among ${cases} cases`)
      await check?.(result.requests)
      return (result.seconds / result.requests) * 1000
    },
  }
}

interface Asking {
  readonly connections: number
  next(): Ask
  /** Throws where so many requests have not left what they should have. */
  check?(requests: number): Promise<void>
}

async function asksOf(url: string, cases: number): Promise<Readonly<Record<Doing, Asking>>> {
  const spread = await someCases(url, 'true')
  const packing = await someCases(url, "stage = 'packing'")
  const [last] = await query<{ pseudonym: string }>(
    url,
    'select pseudonym from clients order by client_id desc limit 1',
  )
  const searches = [
    emailOf(Math.floor(cases / 2)),
    'Anna',
    'nowak anna',
    'Kazimierz Nowak',
    'Nobody Atall',
    last?.pseudonym ?? '',
  ].map((words) => `/api/v1/clients?limit=20&q=${encodeURIComponent(words)}`)
  let begun = 0
  return {
    'a move': { connections: 32, next: movesOf(packing), check: checkOfMoves(url, packing) },
    'the board': { connections: 1, next: () => ({ method: 'GET', path: '/boards/order' }) },
    'a search': { connections: 1, next: cycle(searches) },
    'a history': { connections: 1, next: cycle(spread.map((id) => `/api/v1/cases/${id}/history`)) },
    'a new case': {
      connections: 32,
      next: () => {
        begun += 1
        const fields = { item: 'tulips', price: '12.50', email: `new${begun}@client.example` }
        return { method: 'POST', path: '/api/v1/cases', body: JSON.stringify({ process: 'order', fields }) }
      },
    },
  }
}

/** As many as are asked about, or all there are, spread evenly over all that fit. */
async function someCases(url: string, where: string): Promise<string[]> {
  const rows = await query<{ case_id: string }>(
    url,
    `select case_id from (select case_id, row_number() over (order by case_id) as at, count(*) over () as of
       from cases where ${where}) c
     where at % greatest(1, of / ${asked}) = 0 limit ${asked}`,
  )
  if (rows.length === 0) throw new Error(`there are no cases where ${where}`)
  return rows.map(({ case_id }) => case_id)
}

function cycle(paths: readonly string[]): () => Ask {
  let position = 0
  return () => ({ method: 'GET', path: paths[position++ % paths.length] as string })
}

/** A move leaves itself and a letter in the history of its case. */
function checkOfMoves(url: string, ids: readonly string[]): (requests: number) => Promise<void> {
  const entries = async () => {
    const list = ids.map((id) => `'${id}'`).join(', ')
    const [row] = await query<{ n: string }>(url, `select count(*) as n from history where case_id in (${list})`)
    return Number(row?.n)
  }
  let before = entries()
  return async (requests) => {
    const now = await entries()
    const stored = now - (await before)
    before = Promise.resolve(now)
    if (stored !== 2 * requests) throw new Error(`${requests} moves were acknowledged and ${stored / 2} are in the log`)
  }
}
