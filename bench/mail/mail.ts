import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { openKeyring } from '../../runtime/keyring.ts'
import type { Reference } from '../../runtime/mail/reference.ts'
import { load } from '../load.ts'
import { masterKey } from '../moves/credentials.ts'
import { query, signIn, startNode } from '../moves/drive.ts'
import { onPostgres } from '../on-postgres.ts'
import type { BenchResult, Setting } from '../result.ts'
import { dovecotMailbox, type Mailbox, sandboxMailbox } from './mailboxes.ts'
import { authserv, newSigner, reply, type Signer, sender } from './replies.ts'
import type { Reading } from './server.ts'

const waiting = 10_000

/** Answered one at a time, to see how soon each is noticed. */
const single = 200

const workspace = new URL('.', import.meta.url).pathname

/** One mailbox full of answers, and how they are judged. */
interface Round {
  readonly name: string
  readonly mailbox: () => Promise<Mailbox | undefined>
  readonly process: 'order' | 'consented'
  /** Signatures are checked here, in place of the mail server's word. */
  readonly signed: boolean
}

const rounds: readonly Round[] = [
  { name: 'sandbox', mailbox: sandboxMailbox, process: 'order', signed: false },
  { name: 'sandbox, DKIM checked', mailbox: sandboxMailbox, process: 'order', signed: true },
  { name: 'sandbox, consents', mailbox: sandboxMailbox, process: 'consented', signed: false },
  { name: 'Dovecot', mailbox: dovecotMailbox, process: 'order', signed: false },
]

/**
 * From a client's answer in the IMAP server to its case in the next stage: how many a second of many that wait, and how soon each
 * where they come one by one. On the sandbox's IMAP server, and on Dovecot where that is installed. `--messages=` sets how many wait,
 * `--only=` the one round. An answer that does not move its case fails the bench.
 */
export async function bench(_seconds: number, setting: Setting): Promise<BenchResult> {
  const messages = Number(setting('messages') ?? waiting)
  const only = setting('only')
  const measured: Measured[] = []
  for (const round of rounds.filter(({ name }) => only === undefined || name === only)) {
    const mailbox = await round.mailbox()
    if (!mailbox) {
      process.stderr.write(`${round.name}: not measured, for it is not installed or needs root\n`)
      continue
    }
    try {
      measured.push(await measure(round, mailbox, messages))
    } finally {
      await mailbox.stop()
    }
  }
  return resultOf(measured)
}

interface Measured {
  readonly name: string
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
}

function resultOf(measured: readonly Measured[]): BenchResult {
  const figures: Record<string, number> = {}
  for (const { name, perSecond, p50, p99 } of measured) {
    figures[`${name}: messages a second`] = perSecond
    figures[`${name}: p50 ms`] = p50
    figures[`${name}: p99 ms`] = p99
  }
  const [plain] = measured
  const ratios = measured
    .slice(1)
    .map(({ name, perSecond }) => [`sandbox alone, of ${name}`, perSecond / (plain?.perSecond ?? 0)])
  return { bench: 'mail', figures, ratios: Object.fromEntries(ratios) }
}

function measure(round: Round, mailbox: Mailbox, messages: number): Promise<Measured> {
  return onPostgres(async ({ url }) => {
    process.stderr.write(`${round.name}: writing ${messages} letters and their answers …\n`)
    const letters = await makeLetters(url, round.process, messages + single)
    const signer = round.signed ? newSigner() : undefined
    const db = new pg.Client({ connectionString: url })
    await db.connect()
    const raws = await answersTo(db, letters, signer)
    await mailbox.fill(raws.slice(0, messages))
    const reading = {
      databaseUrl: url,
      imapUrl: mailbox.imapUrl,
      ...(signer ? { record: signer.record } : { authserv }),
    }
    const node = await startReading(reading)
    try {
      const perSecond = await drained(db, messages)
      const times = await oneByOne(db, mailbox, letters.slice(messages), raws.slice(messages))
      times.sort((a, b) => a - b)
      return { name: round.name, perSecond, p50: at(times, 0.5), p99: at(times, 0.99) }
    } finally {
      await node.stop()
      await db.end()
    }
  })
}

function at(sorted: readonly number[], part: number): number {
  return sorted[Math.floor(sorted.length * part)] ?? Number.NaN
}

/** Begins cases over HTTP; their letters count as sent, for sending is no part of this. */
async function makeLetters(url: string, process: string, count: number): Promise<Reference[]> {
  const node = await startNode(url, 'no jobs', workspace)
  try {
    const headers = { cookie: await signIn(node.port) }
    let begun = 0
    const next = () => {
      begun += 1
      const fields = { item: 'tulips', price: '12.50', email: sender }
      return { method: 'POST', path: '/api/v1/cases', body: JSON.stringify({ process, fields }) }
    }
    while (begun < count) {
      const { failures } = await load({ ports: [node.port], headers, connections: 16, next, seconds: 1 })
      if (failures > 0) throw new Error(`${failures} cases could not be begun`)
    }
  } finally {
    await node.stop()
  }
  await query(
    url,
    `update letters set status = 'sent', sent_at = at;
     select graphile_worker.complete_jobs(array(select id from graphile_worker.jobs where task_identifier = 'letters'));
     analyze`,
  )
  const rows = await query<{ case_id: string; seq: number }>(url, `select case_id, seq from letters limit ${count}`)
  return rows.map(({ case_id, seq }) => ({ caseId: case_id, seq }))
}

async function answersTo(db: pg.Client, letters: readonly Reference[], signer: Signer | undefined): Promise<string[]> {
  const { letters: key } = await openKeyring(db, masterKey)
  const raws: string[] = []
  for (const letter of letters) {
    const raw = reply(letter, key)
    raws.push(signer ? await signer.sign(raw) : raw)
  }
  return raws
}

async function startReading(reading: Reading): Promise<{ stop(): Promise<void> }> {
  const node = fork(new URL('./server.ts', import.meta.url).pathname, [JSON.stringify(reading)])
  const ready = await Promise.race([once(node, 'message'), once(node, 'exit').then(() => undefined)])
  if (!ready) throw new Error('the node that reads the mailbox did not start')
  return {
    stop: async () => {
      node.disconnect()
      await once(node, 'exit')
    },
  }
}

const patience = 600_000

/** Messages a second from the first that is judged to the last. */
async function drained(db: pg.Client, messages: number): Promise<number> {
  const until = Date.now() + patience
  let first: { readonly at: number; readonly judged: number } | undefined
  for (;;) {
    const judged = await countJudged(db)
    const at = performance.now()
    if (judged > 0) first ??= { at, judged }
    if (first && judged >= messages) {
      await checkMoved(db, messages)
      return (judged - first.judged) / ((at - first.at) / 1000)
    }
    if (Date.now() > until) throw new Error(`after ten minutes ${judged} of ${messages} messages are judged`)
    await pause(50)
  }
}

async function countJudged(db: pg.Client): Promise<number> {
  const { rows } = await db.query<{ n: number }>("select count(*)::int as n from messages where status <> 'new'")
  return rows[0]?.n ?? 0
}

/** Each answer must have moved its case, once. */
async function checkMoved(db: pg.Client, messages: number): Promise<void> {
  const { rows } = await db.query<{ moved: number; counted: number; because: string | null }>(
    `select (select count(*)::int from history where entry ->> 'to' = 'begun') as moved,
       (select count(*)::int from messages where status = 'counted') as counted,
       (select because from messages where status <> 'counted' limit 1) as because`,
  )
  const { moved, counted, because } = rows[0] as { moved: number; counted: number; because: string | null }
  if (moved !== messages || counted !== messages)
    throw new Error(`of ${messages} answers ${counted} counted and ${moved} moved a case: ${because}`)
}

/** For each answer, the milliseconds from its handing in until its case is in the next stage. */
async function oneByOne(
  db: pg.Client,
  mailbox: Mailbox,
  letters: readonly Reference[],
  raws: readonly string[],
): Promise<number[]> {
  const times: number[] = []
  for (const [nth, { caseId }] of letters.entries()) {
    // The node is back in IDLE, and nothing else is under way.
    await pause(50)
    const started = performance.now()
    await mailbox.deliver(raws[nth] as string)
    while (!(await isMoved(db, caseId))) {
      if (performance.now() - started > 60_000) throw new Error('an answer did not move its case within a minute')
      await pause(1)
    }
    times.push(performance.now() - started)
  }
  return times
}

async function isMoved(db: pg.Client, caseId: string): Promise<boolean> {
  const { rows } = await db.query({
    name: 'moved',
    text: "select 1 from cases where case_id = $1 and stage = 'begun'",
    values: [caseId],
  })
  return rows.length > 0
}
