import type { Text } from '../../engine/definition.ts'
import { hasBasis } from '../../engine/reach.ts'
import { consentStatuses, holderOf } from '../cases/assemble.ts'
import { audienceOf } from '../cases/audience.ts'
import { type KeptLetter, letterPlace, wordsOf } from '../cases/postman.ts'
import type { RunningProcess, Versions } from '../cases/versions.ts'
import { domainHash, undeliveredHash } from '../clients/lookups.ts'
import type { Clock } from '../clock.ts'
import { newId } from '../ids.ts'
import type { Log } from '../log.ts'
import { type Composed, TemplateError } from '../mail/compose.ts'
import type { Sender, Sent } from '../mail/send.ts'
import { type ClientRow, loadCases } from '../store/cases.ts'
import { loadClient } from '../store/clients.ts'
import { loadLetter, noteWaiting, type StoredLetter, settleLetter } from '../store/correspondence.ts'
import type { Database } from '../store/database.ts'
import { caseOfJob } from '../store/incidents.ts'
import { turnOf } from '../store/mail-turns.ts'
import { insertNotice } from '../store/notices.ts'
import { againstSending, noteUndelivered } from '../store/undelivered.ts'
import { inTrace, traceIn } from '../trace.ts'
import type { Holder, Vault } from '../vault/vault.ts'
import { Failed, Waits } from './failure.ts'
import { type Mailing, outgoing, ownMailbox } from './outgoing.ts'
import type { Attempt, Job } from './worker.ts'

export interface LetterParts extends Mailing {
  readonly db: Database
  readonly vault: Vault
  readonly versions: Versions
  readonly clock: Clock
  readonly log: Log
  /** Undefined where no mail server is set: letters then wait. */
  readonly sender: Sender | undefined
  /** How many letters a minute go to one mail domain, of all nodes together; no limit where absent. */
  readonly rate?: number | undefined
  /** Milliseconds for which a letter that is put off is tried again. */
  readonly keepTrying: number
  /** Told of the case whose page shows it. */
  changed(caseId: string, process: string): void
  /** Told what became of a letter, for the figures. */
  settled?(status: string): void
  /** Who the letters of a case without a client are sealed for. */
  fallback(): Holder
}

interface Place {
  readonly caseId: string
  readonly seq: number
}

/** A letter that nothing stands against. */
interface Ready {
  readonly letter: StoredLetter
  readonly kept: KeptLetter
  readonly holder: Holder
}

/** Sends the letters that one write has queued; the queue tries again those that failed, and no other. */
export function lettersJob(parts: LetterParts): Job {
  return (payload, attempt) => {
    let before: Promise<unknown> = Promise.resolve()
    return (payload as readonly Place[]).map((one) =>
      inTrace(traceIn(one), async () => {
        const inTurn = prepare(one, parts, parts.rate ? before : undefined)
        before = inTurn.catch(() => undefined)
        const ready = await inTurn
        if (ready) await send(ready, attempt, parts)
      }),
    )
  }
}

/** Loads a letter and asks whether it may go, and go now: after those `before` it, where a domain's turns are counted. */
async function prepare(place: Place, parts: LetterParts, before?: Promise<unknown>): Promise<Ready | undefined> {
  await before
  const letter = await loadLetter(parts.db.pool, place.caseId, place.seq)
  if (letter?.status === 'failed') throw new Failed(notSent(letter.letter, letter.because))
  if (letter?.status !== 'waiting') return undefined
  const client = letter.clientId ? await loadClient(parts.db.pool, letter.clientId) : undefined
  const stop = whyNot(letter, client, parts)
  if (stop) return skip(parts, letter, stop)
  const holder = holderOf(client ?? null, parts.vault) ?? parts.fallback()
  const kept = parts.vault.openRecord(holder, letterPlace(place.caseId, place.seq), letter.sealed as Buffer)
  const ready = { letter, kept: kept as KeptLetter, holder }
  const against = await whyNotThere(ready, parts)
  if (against) {
    await skip(parts, letter, against)
    return tellMovers(letter, parts)
  }
  await awaitTurn(ready, parts)
  return ready
}

/** Sends one letter, with an id that stays the same however often this is tried. */
async function send({ letter, kept, holder }: Ready, { last }: Attempt, parts: LetterParts): Promise<void> {
  const place = letterPlace(letter.caseId, letter.seq)
  const running = await runningOf(letter, parts)
  const words = running && composed(letter, kept, running, parts.log)
  if (!running || !words) return fail(parts, letter, 'its template can not be filled in')
  if (!parts.sender) return wait(parts, letter, { because: 'no mail server is set (ZGODA_SMTP_URL)' }, last)
  const sent = await parts.sender.send(await outgoing(letter, kept, words, running.definition, parts))
  if (sent.accepted) {
    const sealed = parts.vault.sealRecord(holder, place, { ...kept, sent: words })
    return settle(parts, letter, { status: 'sent', sealed })
  }
  parts.log.warn({ caseId: letter.caseId, seq: letter.seq, ...sent }, 'a letter was not accepted')
  if (sent.failure === 'temporary') return wait(parts, letter, sent, last)
  await noteUnknown(letter, kept, sent, parts)
  return fail(parts, letter, sent.because)
}

/** An address that the mail server says does not exist gets no further letters (RFC 3463 §3.2). */
async function noteUnknown(
  { clientId, caseId, seq }: StoredLetter,
  { to }: KeptLetter,
  { code }: Extract<Sent, { accepted: false }>,
  { db, vault, clock }: LetterParts,
): Promise<void> {
  if (!clientId || !code || !/^5\.1\.[1236]$/.test(code)) return
  const bounce = { addressHash: undeliveredHash(to, vault.master), hard: true, code, at: clock.now(), caseId, seq }
  await noteUndelivered(db.pool, clientId, bounce)
}

async function awaitTurn({ letter, kept }: Ready, { db, vault, rate }: LetterParts): Promise<void> {
  if (!rate) return
  const until = await turnOf(db.pool, letter, domainHash(kept.to, vault.master), rate)
  if (!until) return
  const because = `it waits its turn: no more than ${rate} ${rate === 1 ? 'letter goes' : 'letters go'} to one mail domain in a minute (ZGODA_MAIL_RATE)`
  await noteWaiting(db.pool, letter, { because, until })
  throw new Waits(notSent(letter.letter, because), until, { counts: false })
}

const minute = 60_000
const longestPause = 60 * minute

/** A server that can't be reached is asked again soon; one that puts a letter off, as greylisting does, after a minute. */
function pauseAfter(tries: number, status: number | undefined): number {
  return Math.min((status === undefined ? 3_000 : minute) * 2 ** Math.min(tries, 20), longestPause)
}

/** Has it tried again, unless that has gone on for too long; meanwhile the case shows why and when. */
async function wait(
  parts: LetterParts,
  letter: StoredLetter,
  { because, status }: { readonly because: string; readonly status?: number },
  last: boolean,
): Promise<never> {
  const now = parts.clock.now()
  const since = letter.triedAt ?? now
  if (last) return fail(parts, letter, because)
  if (Date.parse(now) - Date.parse(since) >= parts.keepTrying) {
    return fail(parts, letter, `${because}; given up after ${letter.tries + 1} tries`)
  }
  const until = new Date(Date.now() + pauseAfter(letter.tries, status))
  await noteWaiting(parts.db.pool, letter, { because, until, tried: { since } })
  throw new Waits(notSent(letter.letter, because), until, { counts: false })
}

async function fail(parts: LetterParts, letter: StoredLetter, because: string): Promise<never> {
  await settle(parts, letter, { status: 'failed', because })
  throw new Failed(notSent(letter.letter, because), letter.tries + 1)
}

async function skip(parts: LetterParts, letter: StoredLetter, because: string): Promise<undefined> {
  await settle(parts, letter, { status: 'skipped', because })
}

const notGone: Text = {
  en: 'A letter was not sent: the case says why.',
  pl: 'List nie został wysłany: sprawa mówi dlaczego.',
}

/** Where a letter can't go, those who may move its case are told. */
async function tellMovers({ caseId }: StoredLetter, { db, versions, clock, changed }: LetterParts): Promise<undefined> {
  const found = await caseOfJob(db.pool, { caseId, messageKey: undefined })
  const running = found && versions.current(found.process)
  if (!found || !running) return
  const audience = audienceOf({ kind: 'movers' }, running, null)
  await insertNotice(db.pool, { id: newId(), at: clock.now(), audience, text: notGone, case: found })
  changed(found.caseId, found.process)
}

function notSent(letter: string, because: string | null): string {
  return `the letter \`${letter}\` was not sent: ${because}`
}

type Outcome = Omit<Parameters<typeof settleLetter>[2], 'at'>

async function settle(parts: LetterParts, letter: StoredLetter, outcome: Outcome): Promise<void> {
  await settleLetter(parts.db.pool, letter, { ...outcome, at: parts.clock.now() })
  parts.settled?.(outcome.status)
}

/** Between the decision and the sending, the client may have been erased or the consent withdrawn (GDPR Art. 7(3)). */
function whyNot(letter: StoredLetter, client: ClientRow | undefined, { versions }: LetterParts): string | undefined {
  if (letter.clientId && (!client || client.erasedAt)) return 'the client was erased before it went out'
  if (!letter.sealed) return 'its text is no longer held'
  if (
    letter.purpose &&
    !hasBasis(versions.definition(), letter.purpose, consentStatuses(client ?? null, versions.definition()))
  ) {
    return `there is no valid consent to \`${letter.purpose}\``
  }
  return undefined
}

/** How many of one letter a case sends in an hour: more than any person answers, fewer than two machines do. */
const mostAnHour = 20

/** What stands against sending to this address: ourselves, letters that come back, two machines that answer each other. */
async function whyNotThere({ letter, kept }: Ready, parts: LetterParts): Promise<string | undefined> {
  const { db, vault, clock, mailbox } = parts
  if (kept.toClient && ownMailbox(kept.to, mailbox)) return 'the client’s address is our own mailbox'
  const anHourAgo = new Date(Date.parse(clock.now()) - 60 * minute).toISOString()
  const { stoppedAt, code, lately } = await againstSending(
    db.pool,
    letter,
    undeliveredHash(kept.to, vault.master),
    anHourAgo,
  )
  if (stoppedAt) {
    const said = code ? ` (${code})` : ''
    return `letters to this address have come back${said} since ${stoppedAt.slice(0, 10)}: the client’s card says so, and lets them go again`
  }
  if (lately >= mostAnHour) {
    return `${mostAnHour} letters like this have gone out in this case within an hour, as when two machines answer each other`
  }
  return undefined
}

/** What the letter's case runs on. */
async function runningOf(letter: StoredLetter, { db, versions }: LetterParts): Promise<RunningProcess | undefined> {
  const row = (await loadCases(db.pool, [letter.caseId])).get(letter.caseId)
  if (!row) return undefined
  await versions.ensure([row.definitionHash])
  return versions.of(row.definitionHash, row.process)
}

/** The letter's words by that definition; nothing where a template is broken, which is logged. */
function composed(letter: StoredLetter, kept: KeptLetter, running: RunningProcess, log: Log): Composed | undefined {
  try {
    return wordsOf(kept, letter.letter, running)
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    log.error({ caseId: letter.caseId, seq: letter.seq, template: error.message }, 'a letter could not be filled in')
    return undefined
  }
}
