import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { createTransport } from 'nodemailer'
import pg from 'pg'
import { checkFolder } from '../dsl/index.ts'
import { systemClock } from '../runtime/clock.ts'
import { createLog } from '../runtime/log.ts'
import { startServer } from '../runtime/main.ts'
import { startMailSandbox } from '../runtime/sandbox/index.ts'
import { type Api, apiOf, signIn } from './api.ts'
import { eventually } from './eventually.ts'
import { type ImapProxy, imapProxy, type LetterFault, smtpProxy } from './mail-proxy.ts'
import { serveRouter } from './sandbox-pages.ts'
import type { SandboxLetter } from './server.ts'

const workspace = `
company "Desk" { address "Long Street 1" email "desk@company.example" }
role clerk "Clerk" { clients: see, edit, erase }
letter ask "May we?" { body "Answer: I agree" }
process job "Job" {
  access clerk: see, move, edit
  field note "Note" text
  show note
  stage open "Open" {
    on enter { send ask to client }
    on reply from client to ask saying "I agree" go to answered
  }
  stage answered "Answered" { move to done by clerk }
  final stage done "Done" success
}
`

export interface Round {
  readonly figures: Readonly<Record<string, number>>
  readonly failures: readonly string[]
}

/** A server between a mail server that fails and a mailbox that breaks off, forgets its numbers and repeats itself. */
export interface FaultyMail {
  /** `below` gives a whole number from 0 to its argument, which it does not reach. */
  round(below: (limit: number) => number): Promise<Round>
  close(): Promise<void>
}

const casesAtOnce = 6
const passing: readonly LetterFault[] = ['deferred', 'deferred at data', 'hangs', 'dropped after data']
const login = { login: 'admin', password: 'a-password-for-tests' }
const companyAddress = 'desk@company.example'

interface World {
  readonly office: Api
  readonly mail: Api
  readonly imap: ImapProxy
  readonly smtpPort: number
  readonly db: pg.Pool
  readonly plans: Map<string, LetterFault[]>
  readonly met: Record<string, number>
}

export async function openFaultyMail(databaseUrl: string): Promise<FaultyMail> {
  const folder = await mkdtemp(join(tmpdir(), 'zgoda-mail-faults-'))
  await writeFile(join(folder, 'job.zgoda'), workspace)
  const { definition, problems } = await checkFolder(folder)
  if (!definition) throw new Error(problems.map(({ message }) => message).join('; '))
  const log = createLog('silent')
  const sandbox = await startMailSandbox({ dataDir: join(folder, 'mail'), companyAddress, log })
  const pages = await serveRouter(sandbox.router)
  const plans = new Map<string, LetterFault[]>()
  const met: Record<string, number> = {}
  const smtp = await smtpProxy(sandbox.smtpPort, (receiver) => {
    const plan = plans.get(receiver) ?? []
    // Refused once is refused for good; what passes is met once each.
    const fault = plan[0] === 'refused' ? plan[0] : plan.shift()
    if (fault) met[fault] = (met[fault] ?? 0) + 1
    return fault
  })
  const imap = await imapProxy(sandbox.imapPort)
  const through = new URL(sandbox.imapUrl)
  through.port = String(imap.port)
  const server = await startServer({
    definition,
    databaseUrl,
    masterKey: 'e'.repeat(64),
    host: '127.0.0.1',
    port: 0,
    mail: {
      smtpUrl: `smtp://127.0.0.1:${smtp.port}`,
      imapUrl: through.href,
      imapMailbox: 'INBOX',
      from: companyAddress,
      trustedAuthserv: sandbox.authserv,
    },
    admin: login,
    clock: systemClock,
    log,
  })
  const office = await signIn(server.url, login.login, login.password)
  const db = new pg.Pool({ connectionString: databaseUrl, max: 2 })
  const world = { office, mail: apiOf(pages.url, ''), imap, smtpPort: sandbox.smtpPort, db, plans, met }
  let rounds = 0
  return {
    round: (below) => runRound(world, rounds++, below),
    async close() {
      await db.end()
      await server.stop()
      await Promise.all([smtp.close(), imap.close()])
      pages.server.close()
      await sandbox.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

interface Asked {
  readonly id: string
  readonly address: string
  readonly refused: boolean
}

async function runRound(world: World, round: number, below: (limit: number) => number): Promise<Round> {
  for (const what of Object.keys(world.met)) world.met[what] = 0
  const asked: Asked[] = []
  for (let n = 0; n < casesAtOnce; n++) asked.push(await ask(world, `client${round}.${n}@client.example`, below))
  const hurry = hurried(world.db)
  const trouble = troubled(world.imap, below)
  try {
    const answers = await Promise.all(asked.map((one) => answer(world, one, below)))
    const repeats = answers.reduce((sum, { repeated }) => sum + repeated, 0)
    await settled(world, asked)
    // Read anew from its first message: what is known must not happen again.
    const figures = await trouble.end()
    await readAnew(world)
    await settled(world, asked)
    const failures = await judge(world, asked)
    return {
      figures: { rounds: 1, letters: asked.length, ...world.met, 'messages repeated': repeats, ...figures },
      failures,
    }
  } finally {
    await trouble.end()
    await hurry.end()
  }
}

/** A case whose letter is to meet up to three faults that pass, or one that does not. */
async function ask({ office, plans }: World, address: string, below: (limit: number) => number): Promise<Asked> {
  const refused = below(6) === 0
  plans.set(address, refused ? ['refused'] : Array.from({ length: below(4) }, () => passing[below(4)] as LetterFault))
  const client = (await office.post('/clients', { email: address })).body.id
  const { body } = await office.post('/cases', { process: 'job', client })
  return { id: body.id, address, refused }
}

/** Answers a letter that came, and hands in the same and other messages as well, that must change nothing. */
async function answer(world: World, { address, refused, id }: Asked, below: (limit: number) => number) {
  if (refused) return { repeated: 0 }
  const arrived = async () => {
    await hurry(world)
    return (await lettersTo(world.mail, address))[0]
  }
  const letter = await eventually(`the letter to ${address}`, arrived, 60)
  const noise = below(4)
  if (noise === 0) await world.mail.post('/_mail/api/replies', { message: letter.id, text: 'I agree', auto: true })
  if (noise === 1) await handIn(world, forged(letter, address))
  await world.mail.post('/_mail/api/replies', { message: letter.id, text: 'I agree' })
  if (noise !== 2) return { repeated: 0 }
  // A message that is told twice, as when it was moved away and back.
  const message = `${forged(letter, address).replace('Subject:', 'Message-ID: <again@client.example>\r\nSubject:')}`
  await handIn(world, message)
  await handIn(world, message)
  await handIn(world, message.replace('I agree', `I agree, ${id}`))
  return { repeated: 2 }
}

/** A letter that is put off is tried again after a minute and more: a test does not wait for that. */
async function hurry({ db }: World): Promise<void> {
  await db.query(
    `select graphile_worker.reschedule_jobs(array_agg(id), now()) from graphile_worker.jobs
     where task_identifier = 'letters' and run_at > now() and locked_at is null having count(*) > 0`,
  )
}

function forged(letter: SandboxLetter, address: string): string {
  const to = letter.headers['reply-to'] ?? ''
  return `From: ${address}\r\nTo: ${to}\r\nSubject: Re: May we?\r\nIn-Reply-To: ${letter.headers['message-id']}\r\n\r\nI agree\r\n`
}

async function handIn({ smtpPort }: World, raw: string): Promise<void> {
  const transport = createTransport({ host: '127.0.0.1', port: smtpPort, ignoreTLS: true })
  await transport.sendMail({ envelope: { from: 'someone@else.example', to: [companyAddress] }, raw })
  transport.close()
}

async function lettersTo(mail: Api, address: string): Promise<SandboxLetter[]> {
  const sent = (await mail.get('/_mail/api/messages')).body as SandboxLetter[]
  return sent.filter(({ to }) => to.includes(address))
}

/** Until each letter has its end, each answer counts, and nothing waits to be judged. */
function settled(world: World, asked: readonly Asked[]): Promise<true> {
  const { db } = world
  const ids = asked.map(({ id }) => id)
  return eventually(
    'every letter, answer and message to be settled',
    async () => {
      await hurry(world)
      const { rows } = await db.query(
        `select (select count(*) from letters where case_id = any($1) and status in ('sent', 'failed'))::int as letters,
           (select count(*) from messages where case_id = any($1) and status = 'counted')::int as counted,
           (select count(*) from messages where status = 'new')::int as new`,
        [ids],
      )
      const wanted = asked.filter(({ refused }) => !refused).length
      return rows[0].letters === asked.length && rows[0].counted >= wanted && rows[0].new === 0
    },
    90,
  )
}

async function readAnew({ db, imap }: World): Promise<void> {
  const position = async () => (await db.query('select uid_validity, last_uid::int as uid from mailboxes')).rows[0]
  const before = await position()
  imap.renumber()
  await eventually(
    'the mailbox to be read anew',
    async () => {
      const now = await position()
      return now.uid_validity !== before.uid_validity && now.uid >= before.uid
    },
    60,
  )
}

async function judge({ office, mail, db }: World, asked: readonly Asked[]): Promise<string[]> {
  const failures: string[] = []
  for (const { id, address, refused } of asked) {
    const { items } = (await office.get(`/cases/${id}/history?limit=200`)).body as { items: { type: string }[] }
    const replies = items.filter(({ type }) => type === 'reply').length
    if (replies !== (refused ? 0 : 1)) failures.push(`case ${id} has ${replies} replies in its history`)
    const ids = new Set((await lettersTo(mail, address)).map(({ headers }) => headers['message-id']))
    if (ids.size !== (refused ? 0 : 1)) failures.push(`${ids.size} different letters went to ${address}`)
    const incidents = (await office.get(`/incidents?case=${id}`)).body.items as { kind: string; because: string }[]
    if (refused && incidents.length !== 1) failures.push(`a refused letter has ${incidents.length} incidents`)
    if (refused && !/550/.test(incidents[0]?.because ?? ''))
      failures.push('an incident does not say what the server said')
    if (!refused && incidents.length > 0) failures.push(`case ${id} waits for a person: ${incidents[0]?.because}`)
  }
  const { rows } = await db.query(
    `select count(*)::int as n from history where entry->>'type' = 'reply' group by case_id having count(*) > 1`,
  )
  if (rows.length > 0) failures.push(`${rows.length} cases have taken a message twice`)
  return failures
}

/** What waits to be tried again is due at once: the pauses are not what is looked at here. */
function hurried(db: pg.Pool): { end(): Promise<void> } {
  return repeating(async () => {
    await db.query(
      'update graphile_worker._private_jobs set run_at = now() where attempts > 0 and locked_at is null and run_at > now()',
    )
    return 100
  })
}

/** Breaks the mailbox's connections off and numbers it anew, again and again. */
function troubled(imap: ImapProxy, below: (limit: number) => number) {
  const figures = { 'connections cut': 0, 'mailbox renumbered': 0 }
  const going = repeating(async () => {
    if (below(4) === 0) {
      imap.renumber()
      figures['mailbox renumbered'] += 1
    } else if (imap.cut() > 0) figures['connections cut'] += 1
    return 200 + below(1_000)
  })
  return {
    async end() {
      await going.end()
      return figures
    },
  }
}

function repeating(work: () => Promise<number>): { end(): Promise<void> } {
  const ending = new AbortController()
  const { signal } = ending
  const going = (async () => {
    while (!signal.aborted) {
      const next = await work()
      await pause(next, undefined, { signal }).catch(() => undefined)
    }
  })()
  return {
    async end() {
      ending.abort()
      await going
    },
  }
}
