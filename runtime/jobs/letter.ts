import type { Definition, Text } from '../../engine/definition.ts'
import { hasBasis, inReach } from '../../engine/reach.ts'
import { consentStatuses, holderOf } from '../cases/assemble.ts'
import { audienceOf } from '../cases/audience.ts'
import { type KeptLetter, letterPlace, wordsOf } from '../cases/postman.ts'
import { openFiles } from '../cases/uploads.ts'
import type { RunningProcess, Versions } from '../cases/versions.ts'
import { domainHash, undeliveredHash } from '../clients/lookups.ts'
import type { Clock } from '../clock.ts'
import type { FileView } from '../http/ports.ts'
import { newId } from '../ids.ts'
import type { Log } from '../log.ts'
import { type Composed, TemplateError } from '../mail/compose.ts'
import type { Outgoing, Sender, Sent } from '../mail/send.ts'
import { reasonOf } from '../reasons.ts'
import { type Spans, within } from '../spans/spans.ts'
import { type CaseRow, type ClientRow, loadCases } from '../store/cases.ts'
import { loadClient } from '../store/clients.ts'
import { loadLetter, noteWaiting, type StoredLetter, settleLetter } from '../store/correspondence.ts'
import type { Database } from '../store/database.ts'
import { caseOfJob } from '../store/incidents.ts'
import { turnOf } from '../store/mail-turns.ts'
import { insertNotice } from '../store/notices.ts'
import { leave } from '../store/on-the-way.ts'
import { againstSending, noteUndelivered } from '../store/undelivered.ts'
import type { Holder, Vault } from '../vault/vault.ts'
import { Failed, Waits } from './failure.ts'
import { type Mailing, outgoing, ownMailbox } from './outgoing.ts'
import type { Job, Attempt as OfQueue } from './worker.ts'

export interface LetterParts extends Mailing {
  readonly db: Database
  readonly vault: Vault
  readonly versions: Versions
  readonly clock: Clock
  readonly log: Log
  /** Undefined where no mail server is set: letters then wait. */
  readonly sender: Sender | undefined
  readonly spans: Spans
  /** How many letters a minute go to one mail domain, of all nodes together; no limit where absent. */
  readonly rate?: number | undefined
  /** Milliseconds for which a letter that is put off is tried again. */
  readonly keepTrying: number
  /** Told of the case whose page shows it. */
  changed(caseId: string, process: string): void
  /** Told what became of a letter, for the figures and for pages that show it. */
  settled?(status: string, caseId: string): void
  /** Who the letters of a case without a client are sealed for. */
  fallback(): Holder
}

/** `rounds`: how often it was looked at again within this try. */
interface Attempt extends OfQueue {
  readonly rounds?: number
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
  readonly client: ClientRow | undefined
  /** The case it is of. */
  readonly row: CaseRow | undefined
}

/** Sends the letters that one write has queued; the queue tries again those that failed, and no other. */
export function lettersJob(parts: LetterParts): Job {
  // Of all that this node sends, not of one job: each letter is given to it by itself, with its own trace.
  let before: Promise<unknown> = Promise.resolve()
  return (payload, attempt) =>
    (payload as readonly Place[]).map(async (one) => {
      const inTurn = prepare(one, parts, parts.rate ? before : undefined)
      before = inTurn.catch(() => undefined)
      const ready = await inTurn
      if (ready) await send(ready, attempt, parts)
    })
}

/** Loads a letter and asks whether it may go, and go now: after those `before` it, where a domain's turns are counted. */
async function prepare(place: Place, parts: LetterParts, before?: Promise<unknown>): Promise<Ready | undefined> {
  await before
  const letter = await loadLetter(parts.db.pool, place.caseId, place.seq)
  if (letter?.status === 'failed') throw new Failed(notSent(letter.letter, letter.because))
  if (letter?.status !== 'waiting') return undefined
  const client = letter.clientId ? await loadClient(parts.db.pool, letter.clientId) : undefined
  const row = (await loadCases(parts.db.pool, [place.caseId])).get(place.caseId)
  const stop = whyNot(letter, client, await runningOf(row, parts), parts)
  if (stop) return skip(parts, letter, stop)
  const holder = holderOf(client ?? null, parts.vault) ?? parts.fallback()
  const kept = parts.vault.openRecord(holder, letterPlace(place.caseId, place.seq), letter.sealed as Buffer)
  const ready = { letter, kept: kept as KeptLetter, holder, client, row }
  const against = await whyNotThere(ready, parts)
  if (against) {
    await skip(parts, letter, against)
    return tellMovers(letter, parts)
  }
  await awaitTurn(ready, parts)
  return ready
}

/** Sends one letter, with an id that stays the same however often this is tried. */
async function send(ready: Ready, attempt: Attempt, parts: LetterParts): Promise<void> {
  const { letter, kept, holder, row } = ready
  const place = letterPlace(letter.caseId, letter.seq)
  const worded = row && (await inWords(letter, kept, row, parts))
  if (!worded) return fail(parts, letter, reasonOf('brokenTemplate'))
  if (!parts.sender) return wait(parts, letter, { because: reasonOf('noMailServer') }, attempt)
  const files = await openFiles(letter.caseId, kept.hand?.files ?? [], holder, parts)
  if (!files) return fail(parts, letter, reasonOf('fileGone'))
  const message = withHand(await outgoing(letter, kept, worded.words, worded.by.definition, parts), kept, files)
  const sent = await handOver(parts.sender, message, ready, parts)
  if (sent === 'withheld') return again(letter, attempt, parts)
  if (sent.accepted) {
    const sealed = parts.vault.sealRecord(holder, place, { ...kept, sent: worded.words })
    return settle(parts, letter, { status: 'sent', sealed })
  }
  parts.log.warn({ caseId: letter.caseId, seq: letter.seq, ...sent }, 'a letter was not accepted')
  if (sent.failure === 'temporary') return wait(parts, letter, sent, attempt)
  await noteUnknown(letter, kept, sent, parts)
  return fail(parts, letter, sent.because)
}

/**
 * Hands a letter to the mail server. One that rests on a consent leaves only while nothing was decided meanwhile, and in a time
 * that whoever withdraws can wait for (docs/decisions/012).
 */
function handOver(
  sender: Sender,
  message: Outgoing,
  { letter, client }: Ready,
  { db, versions, spans }: LetterParts,
): Promise<Sent | 'withheld'> {
  const attributes = { 'network.protocol.name': 'smtp', ...sender.server, 'zgoda.letter': letter.letter }
  return within(spans, 'send letter', { kind: 'client', attributes }, async (span) => {
    const sent =
      client && restsOnAConsent(letter, versions.definition())
        ? await sender.sendIf(message, { may: () => mayLeave(client), within: handingOver * 1_000 })
        : await sender.send(message)
    if (sent === 'withheld') span.set({ 'zgoda.outcome': sent })
    else if (!sent.accepted) {
      span.set({ 'zgoda.outcome': sent.failure })
      span.failed(String(sent.status ?? 'unreachable'))
    }
    return sent
  })

  function mayLeave({ clientId, consentSeq }: ClientRow): Promise<boolean> {
    const { caseId, seq } = letter
    return leave(db.pool, 'letters', { caseId, seq, clientId }, { consentSeq, seconds: handingOver + slack })
  }
}

/** Seconds that a mail server has to take a letter that rests on a consent: the longest that a withdrawal waits for one, but for the slack. */
const handingOver = 30
/** Seconds until what was written to a connection has left this machine. */
const slack = 5

function restsOnAConsent({ purpose, names }: StoredLetter, definition: Definition): boolean {
  return names.length > 0 || (purpose !== null && !hasBasis(definition, purpose, {}))
}

/** What the client has decided since the letter was looked at is looked at in turn. */
async function again(letter: StoredLetter, attempt: Attempt, parts: LetterParts): Promise<void> {
  const rounds = attempt.rounds ?? 0
  if (rounds >= mostRounds) return wait(parts, letter, { because: reasonOf('deciding') }, attempt)
  const ready = await prepare(letter, parts)
  if (ready) await send(ready, { ...attempt, rounds: rounds + 1 }, parts)
}

const mostRounds = 5

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
  const because = reasonOf('waitsItsTurn', { rate })
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
  { last }: Attempt,
): Promise<never> {
  const now = parts.clock.now()
  const since = letter.triedAt ?? now
  if (last) return fail(parts, letter, because)
  if (Date.parse(now) - Date.parse(since) >= parts.keepTrying) {
    return fail(parts, letter, reasonOf('givenUp', { because, tries: letter.tries + 1 }))
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
  return reasonOf('letterNotSent', { letter, because: because ?? '' })
}

type Outcome = Omit<Parameters<typeof settleLetter>[2], 'at'>

async function settle(parts: LetterParts, letter: StoredLetter, outcome: Outcome): Promise<void> {
  await settleLetter(parts.db.pool, letter, { ...outcome, at: parts.clock.now() })
  parts.settled?.(outcome.status, letter.caseId)
}

/** Between the decision and the sending, the client may have been erased or the consent withdrawn (GDPR Art. 7(3)). */
function whyNot(
  letter: StoredLetter,
  client: ClientRow | undefined,
  running: RunningProcess | undefined,
  { versions }: LetterParts,
): string | undefined {
  if (letter.clientId && (!client || client.erasedAt)) return reasonOf('clientErased')
  if (!letter.sealed) return reasonOf('textGone')
  const definition = versions.definition()
  const consents = consentStatuses(client ?? null, definition)
  if (letter.purpose && !hasBasis(definition, letter.purpose, consents))
    return reasonOf('noConsent', { purpose: letter.purpose })
  const hidden = letter.names.find((name) => {
    const field = running?.process.fields[name]
    return (
      !running || !field || !inReach(running.definition, field, consentStatuses(client ?? null, running.definition))
    )
  })
  return hidden && reasonOf('namesHidden', { field: hidden })
}

/** How many of one letter a case sends in an hour: more than any person answers, fewer than two machines do. */
const mostAnHour = 20

/** What stands against sending to this address: ourselves, letters that come back, two machines that answer each other. */
async function whyNotThere({ letter, kept }: Ready, parts: LetterParts): Promise<string | undefined> {
  const { db, vault, clock, mailbox } = parts
  if (kept.toClient && ownMailbox(kept.to, mailbox)) return reasonOf('ownMailbox')
  const anHourAgo = new Date(Date.parse(clock.now()) - 60 * minute).toISOString()
  const { stoppedAt, code, lately } = await againstSending(
    db.pool,
    letter,
    undeliveredHash(kept.to, vault.master),
    anHourAgo,
  )
  if (stoppedAt) {
    const since = stoppedAt.slice(0, 10)
    return code ? reasonOf('cameBackWith', { code, since }) : reasonOf('cameBack', { since })
  }
  if (lately >= mostAnHour) {
    return reasonOf('tooManyLike', { count: mostAnHour })
  }
  return undefined
}

async function runningOf(row: CaseRow | undefined, { versions }: LetterParts): Promise<RunningProcess | undefined> {
  if (!row) return undefined
  await versions.ensure([row.definitionHash])
  return versions.of(row.definitionHash, row.process)
}

/** The letter's words by the version it was decided under; where its template is broken, by the one its case runs on now, which may have mended it. */
async function inWords(
  letter: StoredLetter,
  kept: KeptLetter,
  row: CaseRow,
  { versions, log }: LetterParts,
): Promise<{ readonly words: Composed; readonly by: RunningProcess } | undefined> {
  for (const hash of new Set([kept.definition ?? row.definitionHash, row.definitionHash])) {
    const by = await versions.decidedBy(hash, row)
    const words = composed(letter, kept, by, log)
    if (words) return { words, by }
  }
  return undefined
}

/** Its words by one version; nothing where a template is broken, which is logged. */
function composed(letter: StoredLetter, kept: KeptLetter, running: RunningProcess, log: Log): Composed | undefined {
  try {
    return wordsOf(kept, letter.letter, running)
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    log.error({ caseId: letter.caseId, seq: letter.seq, template: error.message }, 'a letter could not be filled in')
    return undefined
  }
}

/** What a person's letter has beside a machine's: its own files, and its place in the thread that it answers (RFC 5322 §3.6.4). */
function withHand(message: Outgoing, { hand }: KeptLetter, files: readonly FileView[]): Outgoing {
  if (!hand) return message
  const attachments = files.map(({ name, type, content }) => ({ filename: name, content, contentType: type }))
  if (!hand.thread) return { ...message, byHand: true, attachments }
  const { messageId, references } = hand.thread
  const thread = { 'In-Reply-To': messageId, References: [...references, messageId].join(' ') }
  return { ...message, byHand: true, attachments, headers: { ...message.headers, ...thread } }
}
