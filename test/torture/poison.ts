import type pg from 'pg'
import { median } from '../../bench/median.ts'
import type { Random } from '../../bench/torture/random.ts'
import type { TortureResult } from '../../bench/torture/result.ts'
import { readWorkspace } from '../../dsl/index.ts'
import { migrate } from '../../runtime/store/migrate.ts'
import { type Api, apiOf } from '../api.ts'
import { eventually } from '../eventually.ts'
import { hurry } from '../runtime/webhooks/hurry.ts'
import { deployToken, type TestServer, testServer } from '../server.ts'
import { timersAtOnce } from './judge.ts'
import { Neighbours, officeWorkspace } from './neighbours.ts'
import { onlooker } from './onlooker.ts'

/** Milliseconds that a call may take. */
const callPatience = 8_000
/** Seconds in which other cases' work is done, though all these calls hang: one after another they would take longer. */
const usual = 15
const healthy = 12
/** Cases of each kind. The calls that hang are more than run at once, several times over. */
const poisoned = { hanging: 20, failing: 6, huge: 4, telling: 4, resting: 4, asking: 3 } as const
type Poison = keyof typeof poisoned
const kinds = Object.keys(poisoned) as Poison[]

/** What an incident of each kind must say. */
const reasons: Readonly<Record<Poison, RegExp>> = {
  hanging: /^the webhook `hanging` did not answer within 8 seconds$/,
  failing: /^the webhook `failing` answered 500$/,
  huge: /^the webhook `huge` answered 500$/,
  telling: /^the letter `tale` was not sent: its template can not be filled in$/,
  resting: /^something went wrong here/,
  asking: /^something went wrong here/,
}

/** Work that fails however often it is tried, on a server whose other cases go on meanwhile. */
export async function poison(databaseUrl: string, random: Random, rounds: number): Promise<TortureResult> {
  const neighbours = await Neighbours.start()
  const db = onlooker(databaseUrl)
  const { definition } = readWorkspace([{ name: 'office.zgoda', text: officeWorkspace(neighbours.place, true) }])
  if (!definition) throw new Error('the office has mistakes')
  const calls = { allow: new Set([neighbours.place]), secret: () => undefined, patience: callPatience }
  try {
    await migrate(databaseUrl)
    await db.query(spoilers)
    const server = await testServer(
      { text: officeWorkspace(neighbours.place, true) },
      { databaseUrl, definition, calls },
    )
    try {
      const clerk = await server.as('clerk')
      const world = { neighbours, db, server, clerk, random }
      return await timersAtOnce(db, () => runRounds(world, rounds))
    } finally {
      await server.stop()
    }
  } finally {
    await db.end()
    await neighbours.stop()
  }
}

/** A timer of a poisoned case can't be stored, and a message from its client can't be opened, until they are mended. */
const spoilers = `
  create table poisoned (case_id uuid primary key, client_id uuid not null);
  create function spoil_timer() returns trigger language plpgsql as $$ begin
    if new.entry->>'type' = 'timer' and exists (select from poisoned p where p.case_id = new.case_id)
    then raise exception 'poison'; end if;
    return new;
  end $$;
  create trigger spoil_timer before insert on history for each row execute function spoil_timer();
  create function turned(sealed bytea) returns bytea language sql as
    'select set_byte(sealed, length(sealed) - 1, get_byte(sealed, length(sealed) - 1) # 255)';
  create function spoil_message() returns trigger language plpgsql as $$ begin
    if exists (select from poisoned p where p.client_id = new.client_id) then new.sealed := turned(new.sealed); end if;
    return new;
  end $$;
  create trigger spoil_message before insert on vault.messages for each row execute function spoil_message();`

interface World {
  readonly neighbours: Neighbours
  readonly db: pg.Pool
  readonly server: TestServer
  readonly clerk: Api
  readonly random: Random
}

interface Begun {
  readonly id: string
  readonly address: string
}

async function runRounds(world: World, rounds: number): Promise<TortureResult> {
  const failures: string[] = []
  const counts: Record<string, number> = { rounds }
  const pace = { before: [] as number[], with: [] as number[] }
  const count = (what: string, n: number) => {
    counts[what] = (counts[what] ?? 0) + n
  }
  for (let round = 0; round < rounds; round++) {
    const tell = (why: string) => void failures.push(`round ${round}: ${why}`)
    if (round > 0) await apply(world, true)
    world.neighbours.spoil()
    pace.before.push(...(await wave(world, `before${round}`, tell)))
    const victims = await administer(world, round)
    pace.with.push(...(await wave(world, `with${round}`, tell)))
    if (world.neighbours.open === 0) tell('no call hung any more when the others were done: this shows nothing')
    count('other cases done meanwhile', healthy)
    count('jobs poisoned', [...victims.values()].flat().length)
    count('pauses seen to grow', await failForGood(world, victims, tell))
    count('incidents', await incidents(world, victims, tell))
    count('retried once mended', await mendAndRetry(world, victims, tell))
  }
  const figures = {
    ...counts,
    'usual pace, median ms': Math.round(median(pace.before)),
    'beside poison, median ms': Math.round(median(pace.with)),
  }
  return { figures, failures }
}

async function apply({ neighbours, server }: World, broken: boolean): Promise<void> {
  const files = [{ name: 'office.zgoda', text: officeWorkspace(neighbours.place, broken) }]
  const bearer = { authorization: `Bearer ${deployToken}` }
  const { status, body } = await apiOf(server.local, '').post('/workspace/apply', { files }, bearer)
  if (status !== 200) throw new Error(`the office was not applied: ${body.because}`)
}

async function begin({ clerk }: World, address: string): Promise<Begun & { client: string }> {
  const client = (await clerk.post('/clients', { email: address })).body.id
  const { status, body } = await clerk.post('/cases', { process: 'job', client, fields: { length: 2_000_000_000 } })
  if (status !== 201) throw new Error(`a case was answered ${status}`)
  return { id: body.id, address, client }
}

async function move({ clerk }: World, id: string, to: string): Promise<void> {
  const { status } = await clerk.post(`/cases/${id}/moves`, { to })
  if (status !== 200) throw new Error(`the move to ${to} was answered ${status}`)
}

/** Cases whose letter goes out, whose neighbour is called and whose timer goes off. Milliseconds that each took. */
async function wave(world: World, name: string, tell: (why: string) => void): Promise<number[]> {
  const { neighbours, server, clerk } = world
  const mail = apiOf(server.local, '')
  const one = async (_: unknown, index: number) => {
    const { id, address } = await begin(world, `${name}-${index}@client.example`)
    const began = performance.now()
    await move(world, id, 'sound')
    const done = async () =>
      neighbours.received.sound.some((delivery) => delivery.startsWith(id)) &&
      (await mail.get(`/_mail/api/messages?mailbox=${address}`)).body.length === 1 &&
      (await clerk.get(`/cases/${id}`)).body.ended === 'success'
    await eventually(`the work of case ${name}-${index}`, done, usual).catch((error: Error) => tell(error.message))
    return performance.now() - began
  }
  return Promise.all(Array.from({ length: healthy }, one))
}

/** Gives each kind of poison, in an order by chance; the calls that hang do so afterwards. */
async function administer(world: World, round: number): Promise<Map<Poison, Begun[]>> {
  const { db, server, neighbours, random } = world
  const victims = new Map<Poison, Begun[]>(kinds.map((kind) => [kind, []]))
  const order = kinds.flatMap((kind) =>
    Array.from({ length: poisoned[kind] }, () => ({ kind, at: random.below(1_000) })),
  )
  for (const [index, { kind }] of order.toSorted((a, b) => a.at - b.at).entries()) {
    const begun = await begin(world, `${kind}${round}-${index}@client.example`)
    if (kind === 'resting' || kind === 'asking')
      await db.query('insert into poisoned values ($1, $2)', [begun.id, begun.client])
    await move(world, begun.id, kind)
    victims.get(kind)?.push(begun)
  }
  for (const { address } of victims.get('asking') ?? [])
    await server.answer(await server.letterTo(address, 'News'), 'Yes')
  await eventually('calls to hang', async () => neighbours.open > 0)
  return victims
}

interface Job {
  readonly id: string
  readonly attempts: number
  /** Seconds of Postgres's clock: when it is tried again, and now. */
  readonly due: number
  readonly now: number
}

/** Has what waits tried again and again, and at last as often as it is tried at all. How many pauses were looked at. */
async function failForGood(
  { db, server, clerk }: World,
  victims: ReadonlyMap<Poison, readonly Begun[]>,
  tell: (why: string) => void,
): Promise<number> {
  const all = [...victims.values()].flat().length
  const seen = new Set<string>()
  let before = 0
  const look = async () => {
    const { rows } = await db.query<Job>(
      `select id::text, attempts, extract(epoch from run_at)::float8 as due, extract(epoch from now())::float8 as now
       from graphile_worker.jobs where locked_at is null and last_error is not null and run_at > now()`,
    )
    for (const { id, attempts, due } of rows) {
      const key = `${id} ${attempts}`
      if (seen.has(key)) continue
      seen.add(key)
      // It failed after the last look, and waits e to the power of its tries, in seconds.
      const least = Math.exp(Math.min(attempts, 10))
      if (due - before < least) tell(`a job waits ${(due - before).toFixed(1)} s at most after try ${attempts}`)
    }
    before = rows[0]?.now ?? before
    const tried = Math.max(0, ...rows.map(({ attempts }) => attempts))
    if (rows.length > 0) await hurry(server.databaseUrl, tried > 2 ? 23 : undefined)
    return (await openIncidents(clerk)).length >= all
  }
  await eventually('every poisoned job to be given up', look, 180).catch((error: Error) => tell(error.message))
  return seen.size
}

interface Incident {
  readonly id: string
  readonly because: string
  readonly case?: { readonly id: string }
}

async function openIncidents(clerk: Api): Promise<Incident[]> {
  const { items } = (await clerk.get('/incidents?limit=200')).body
  return items
}

/** Each poisoned job has one incident, which says why; nothing else has. */
async function incidents(
  { clerk }: World,
  victims: ReadonlyMap<Poison, readonly Begun[]>,
  tell: (why: string) => void,
): Promise<number> {
  const open = await openIncidents(clerk)
  for (const [kind, cases] of victims) {
    for (const { id } of cases) {
      const own = open.filter((one) => one.case?.id === id)
      if (own.length !== 1) tell(`a case of kind ${kind} has ${own.length} incidents`)
      for (const { because } of own)
        if (!reasons[kind].test(because)) tell(`an incident of kind ${kind} says: ${because}`)
    }
  }
  const known = new Set([...victims.values()].flat().map(({ id }) => id))
  const others = open.filter((one) => !known.has(one.case?.id ?? ''))
  if (others.length > 0) tell(`${others.length} incidents without cause: ${others[0]?.because}`)
  return open.length
}

/** Once the causes are gone, each is tried again by a person, some by two at once, and is done once. */
async function mendAndRetry(
  world: World,
  victims: ReadonlyMap<Poison, readonly Begun[]>,
  tell: (why: string) => void,
): Promise<number> {
  const { neighbours, db, clerk, random } = world
  neighbours.mend()
  const marks = Object.fromEntries(Object.entries(neighbours.received).map(([kind, list]) => [kind, list.length]))
  await apply(world, false)
  await db.query(
    'update vault.messages set sealed = turned(sealed) where client_id in (select client_id from poisoned)',
  )
  await db.query('delete from poisoned')
  const open = await openIncidents(clerk)
  for (const { id } of open) {
    const answers = await Promise.all(
      Array.from({ length: 1 + random.below(2) }, () => clerk.post(`/incidents/${id}/retry`)),
    )
    for (const { status } of answers) if (status !== 200) tell(`a retry was answered ${status}`)
  }
  await eventually('all to be done', async () => (await left(db)) === 0, 60).catch((error: Error) =>
    tell(error.message),
  )
  for (const [kind, cases] of victims) {
    for (const { id, address } of cases) {
      const times = await timesDone(kind, id, address, { ...world, marks })
      if (times !== 1) tell(`a case of kind ${kind} was done ${times} times once mended`)
    }
  }
  const again = await openIncidents(clerk)
  if (again.length > 0) tell(`${again.length} incidents are left: ${again[0]?.because}`)
  return open.length
}

async function left(db: pg.Pool): Promise<number> {
  const { rows } = await db.query<{ n: number }>(
    `select (select count(*) from graphile_worker.jobs where task_identifier <> 'tidy')::int
       + (select count(*) from calls where status <> 'done')::int
       + (select count(*) from letters where status <> 'sent')::int as n`,
  )
  return rows[0]?.n ?? 0
}

async function timesDone(
  kind: Poison,
  id: string,
  address: string,
  { neighbours, server, db, marks }: World & { marks: Record<string, number> },
): Promise<number> {
  if (kind === 'hanging' || kind === 'failing' || kind === 'huge')
    return neighbours.received[kind].slice(marks[kind]).filter((delivery) => delivery.startsWith(id)).length
  if (kind === 'telling') return (await server.letters()).filter(({ to }) => to.includes(address)).length
  const type = kind === 'resting' ? 'timer' : 'reply'
  const { rows } = await db.query<{ n: number }>(
    "select count(*)::int as n from history where case_id = $1 and entry->>'type' = $2",
    [id, type],
  )
  return rows[0]?.n ?? 0
}
