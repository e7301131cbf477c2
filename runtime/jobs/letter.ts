import type { Definition } from '../../engine/definition.ts'
import { hasBasis, inReach } from '../../engine/reach.ts'
import { consentStatuses, holderOf } from '../cases/assemble.ts'
import { type KeptLetter, letterPlace, wordsOf } from '../cases/postman.ts'
import type { RunningProcess, Versions } from '../cases/versions.ts'
import type { Clock } from '../clock.ts'
import { portalLink } from '../identity/portal-link.ts'
import type { Log } from '../log.ts'
import { type Composed, TemplateError } from '../mail/compose.ts'
import { pdf } from '../mail/pdf.ts'
import { letterReference, messageId, replyTo } from '../mail/reference.ts'
import { render } from '../mail/render.ts'
import type { Outgoing, Sender, Sent } from '../mail/send.ts'
import { reasonOf } from '../reasons.ts'
import { type Spans, within } from '../spans/spans.ts'
import { type CaseRow, type ClientRow, loadCases } from '../store/cases.ts'
import { loadClient } from '../store/clients.ts'
import { loadLetter, noteWaiting, type StoredLetter, settleLetter } from '../store/correspondence.ts'
import type { Database } from '../store/database.ts'
import { leave } from '../store/on-the-way.ts'
import type { Holder, Vault } from '../vault/vault.ts'
import { Failed, Waits } from './failure.ts'
import type { Job, Attempt as OfQueue } from './worker.ts'

export interface LetterParts {
  readonly db: Database
  readonly vault: Vault
  readonly versions: Versions
  readonly clock: Clock
  readonly log: Log
  /** Undefined where no mail server is set: letters then wait. */
  readonly sender: Sender | undefined
  readonly spans: Spans
  /** The company mailbox; answers go to a plus-address of it. */
  readonly mailbox: string
  readonly url: string
  /** Told what became of a letter, for the figures. */
  settled?(status: string): void
  /** Who the letters of a case without a client are sealed for. */
  fallback(): Holder
}

/** `rounds`: how often it was looked at again within this try. */
interface Attempt extends OfQueue {
  readonly rounds?: number
}

/** Sends the letters that one write has queued; the queue tries again those that failed, and no other. */
export function lettersJob(parts: LetterParts): Job {
  return (payload, attempt) =>
    (payload as readonly { caseId: string; seq: number }[]).map((one) => sendOne(one, attempt, parts))
}

/** Sends one letter that waits, with an id that stays the same however often this is tried. */
async function sendOne(
  { caseId, seq }: { caseId: string; seq: number },
  attempt: Attempt,
  parts: LetterParts,
): Promise<void> {
  const letter = await loadLetter(parts.db.pool, caseId, seq)
  if (letter?.status === 'failed') throw new Failed(notSent(letter.letter, letter.because))
  if (letter?.status !== 'waiting') return
  const client = letter.clientId ? await loadClient(parts.db.pool, letter.clientId) : undefined
  const row = (await loadCases(parts.db.pool, [caseId])).get(caseId)
  const stop = whyNot(letter, client, await runningOf(row, parts), parts)
  if (stop) return settle(parts, letter, { status: 'skipped', because: stop })
  const holder = holderOf(client ?? null, parts.vault) ?? parts.fallback()
  const kept = parts.vault.openRecord(holder, letterPlace(caseId, seq), letter.sealed as Buffer) as KeptLetter
  const words = row && (await compose(letter, kept, row, parts))
  if (!words) return fail(parts, letter, reasonOf('brokenTemplate'))
  if (!parts.sender) return wait(parts, letter, reasonOf('noMailServer'), attempt)
  const sent = await handOver(parts.sender, letter, client, await outgoing(letter, kept, words, parts), parts)
  if (sent === 'withheld') return again(letter, attempt, parts)
  if (sent.accepted) {
    const sealed = parts.vault.sealRecord(holder, letterPlace(caseId, seq), { ...kept, sent: words })
    return settle(parts, letter, { status: 'sent', sealed })
  }
  parts.log.warn({ caseId, seq, ...sent }, 'a letter was not accepted')
  if (sent.failure === 'permanent') return fail(parts, letter, sent.because)
  return wait(parts, letter, sent.because, attempt)
}

/**
 * Hands a letter to the mail server. One that rests on a consent leaves only while nothing was decided meanwhile, and in a time
 * that whoever withdraws can wait for (docs/decisions/012).
 */
function handOver(
  sender: Sender,
  letter: StoredLetter,
  client: ClientRow | undefined,
  outgoing: Outgoing,
  { db, versions, spans }: LetterParts,
): Promise<Sent | 'withheld'> {
  const { caseId, seq } = letter
  const attributes = { 'network.protocol.name': 'smtp', ...sender.server, 'zgoda.letter': letter.letter }
  return within(spans, 'send letter', { kind: 'client', attributes }, async (span) => {
    const sent =
      client && restsOnAConsent(letter, versions.definition())
        ? await sender.sendIf(outgoing, { may: () => mayLeave(client), within: handingOver * 1_000 })
        : await sender.send(outgoing)
    if (sent === 'withheld') span.set({ 'zgoda.outcome': sent })
    else if (!sent.accepted) {
      span.set({ 'zgoda.outcome': sent.failure })
      span.failed(String(sent.status ?? 'unreachable'))
    }
    return sent
  })

  function mayLeave({ clientId, consentSeq }: ClientRow): Promise<boolean> {
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
function again(letter: StoredLetter, attempt: Attempt, parts: LetterParts): Promise<void> {
  const rounds = attempt.rounds ?? 0
  if (rounds >= mostRounds) return wait(parts, letter, reasonOf('deciding'), attempt)
  return sendOne(letter, { ...attempt, rounds: rounds + 1 }, parts)
}

const mostRounds = 5

/** Lets the queue try again, unless this was the last time; meanwhile the case shows why. */
async function wait(parts: LetterParts, letter: StoredLetter, because: string, { last }: Attempt): Promise<never> {
  if (last) return fail(parts, letter, because)
  await noteWaiting(parts.db.pool, letter, because)
  throw new Waits(notSent(letter.letter, because))
}

async function fail(parts: LetterParts, letter: StoredLetter, because: string): Promise<never> {
  await settle(parts, letter, { status: 'failed', because })
  throw new Failed(notSent(letter.letter, because))
}

function notSent(letter: string, because: string | null): string {
  return reasonOf('letterNotSent', { letter, because: because ?? '' })
}

type Outcome = Omit<Parameters<typeof settleLetter>[2], 'at'>

async function settle(parts: LetterParts, letter: StoredLetter, outcome: Outcome): Promise<void> {
  await settleLetter(parts.db.pool, letter, { ...outcome, at: parts.clock.now() })
  parts.settled?.(outcome.status)
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

async function runningOf(row: CaseRow | undefined, { versions }: LetterParts): Promise<RunningProcess | undefined> {
  if (!row) return undefined
  await versions.ensure([row.definitionHash])
  return versions.of(row.definitionHash, row.process)
}

/** The letter's words by the definition it was decided under; nothing where a template is broken, which is logged. */
async function compose(
  letter: StoredLetter,
  kept: KeptLetter,
  row: CaseRow,
  { versions, log }: LetterParts,
): Promise<Composed | undefined> {
  try {
    return wordsOf(kept, letter.letter, await versions.decidedBy(kept.definition, row))
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    log.error({ caseId: letter.caseId, seq: letter.seq, template: error.message }, 'a letter could not be filled in')
    return undefined
  }
}

async function outgoing(
  letter: StoredLetter,
  kept: KeptLetter,
  words: Composed,
  parts: LetterParts,
): Promise<Outgoing> {
  const { vault, mailbox, url, versions } = parts
  const reference = letterReference({ caseId: letter.caseId, seq: letter.seq }, vault.master.letters)
  const portalUrl = letter.clientId ? `${url}/portal/l/${portalLink(letter.clientId, vault.master.links)}` : undefined
  const company = versions.definition().company?.name
  const { language } = kept
  const { text, html } = render(words.markdown, {
    language,
    ...(portalUrl ? { portalUrl } : {}),
    ...(company ? { company } : {}),
  })
  const attachments = await Promise.all(
    words.attachments.map(async ({ name, title, markdown }) => ({
      filename: name,
      content: await pdf({ title, markdown, language }),
      contentType: 'application/pdf',
    })),
  )
  return {
    messageId: messageId(reference, mailbox.slice(mailbox.lastIndexOf('@') + 1)),
    to: kept.to,
    replyTo: replyTo(mailbox, reference),
    subject: words.subject,
    text,
    html,
    attachments,
  }
}
