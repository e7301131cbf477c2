import { hasBasis } from '../../engine/reach.ts'
import { consentStatuses, holderOf } from '../cases/assemble.ts'
import { type KeptLetter, letterPlace, wordsOf } from '../cases/postman.ts'
import { openFiles } from '../cases/uploads.ts'
import type { Versions } from '../cases/versions.ts'
import type { Clock } from '../clock.ts'
import type { FileView } from '../http/ports.ts'
import { portalLink } from '../identity/portal-link.ts'
import type { Log } from '../log.ts'
import { type Composed, TemplateError } from '../mail/compose.ts'
import { pdf } from '../mail/pdf.ts'
import { letterReference, messageId, replyTo } from '../mail/reference.ts'
import { render } from '../mail/render.ts'
import type { Outgoing, Sender } from '../mail/send.ts'
import { type ClientRow, loadCases } from '../store/cases.ts'
import { loadClient } from '../store/clients.ts'
import { loadLetter, noteWaiting, type StoredLetter, settleLetter } from '../store/correspondence.ts'
import type { Database } from '../store/database.ts'
import { inTrace, traceIn } from '../trace.ts'
import type { Holder, Vault } from '../vault/vault.ts'
import { Failed, Waits } from './failure.ts'
import type { Attempt, Job } from './worker.ts'

export interface LetterParts {
  readonly db: Database
  readonly vault: Vault
  readonly versions: Versions
  readonly clock: Clock
  readonly log: Log
  /** Undefined where no mail server is set: letters then wait. */
  readonly sender: Sender | undefined
  /** The company mailbox; answers go to a plus-address of it. */
  readonly mailbox: string
  readonly url: string
  /** Told what became of a letter, for the figures and for pages that show it. */
  settled?(status: string, caseId: string): void
  /** Who the letters of a case without a client are sealed for. */
  fallback(): Holder
}

/** Sends the letters that one write has queued; the queue tries again those that failed, and no other. */
export function lettersJob(parts: LetterParts): Job {
  return (payload, attempt) =>
    (payload as readonly { caseId: string; seq: number }[]).map((one) =>
      inTrace(traceIn(one), () => sendOne(one, attempt, parts)),
    )
}

/** Sends one letter that waits, with an id that stays the same however often this is tried. */
async function sendOne(
  { caseId, seq }: { caseId: string; seq: number },
  { last }: Attempt,
  parts: LetterParts,
): Promise<void> {
  const letter = await loadLetter(parts.db.pool, caseId, seq)
  if (letter?.status === 'failed') throw new Failed(notSent(letter.letter, letter.because))
  if (letter?.status !== 'waiting') return
  const client = letter.clientId ? await loadClient(parts.db.pool, letter.clientId) : undefined
  const stop = whyNot(letter, client, parts)
  if (stop) return settle(parts, letter, { status: 'skipped', because: stop })
  const holder = holderOf(client ?? null, parts.vault) ?? parts.fallback()
  const kept = parts.vault.openRecord(holder, letterPlace(caseId, seq), letter.sealed as Buffer) as KeptLetter
  const words = await compose(letter, kept, parts)
  if (!words) return fail(parts, letter, 'its template can not be filled in')
  if (!parts.sender) return wait(parts, letter, 'no mail server is set (ZGODA_SMTP_URL)', last)
  const files = await openFiles(caseId, kept.hand?.files ?? [], holder, parts)
  if (!files) return fail(parts, letter, 'a file that goes with it is no longer held')
  const sent = await parts.sender.send({ ...(await outgoing(letter, kept, words, parts)), ...byHandOf(kept, files) })
  if (sent.accepted) {
    const sealed = parts.vault.sealRecord(holder, letterPlace(caseId, seq), { ...kept, sent: words })
    return settle(parts, letter, { status: 'sent', sealed })
  }
  parts.log.warn({ caseId, seq, ...sent }, 'a letter was not accepted')
  if (sent.failure === 'permanent') return fail(parts, letter, sent.because)
  return wait(parts, letter, sent.because, last)
}

/** Lets the queue try again, unless this was the last time; meanwhile the case shows why. */
async function wait(parts: LetterParts, letter: StoredLetter, because: string, last: boolean): Promise<never> {
  if (last) return fail(parts, letter, because)
  await noteWaiting(parts.db.pool, letter, because)
  throw new Waits(notSent(letter.letter, because))
}

async function fail(parts: LetterParts, letter: StoredLetter, because: string): Promise<never> {
  await settle(parts, letter, { status: 'failed', because })
  throw new Failed(notSent(letter.letter, because))
}

function notSent(letter: string, because: string | null): string {
  return `the letter \`${letter}\` was not sent: ${because}`
}

type Outcome = Omit<Parameters<typeof settleLetter>[2], 'at'>

async function settle(parts: LetterParts, letter: StoredLetter, outcome: Outcome): Promise<void> {
  await settleLetter(parts.db.pool, letter, { ...outcome, at: parts.clock.now() })
  parts.settled?.(outcome.status, letter.caseId)
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

/** The letter's words by the definition its case runs on; nothing where a template is broken, which is logged. */
async function compose(
  letter: StoredLetter,
  kept: KeptLetter,
  { db, versions, log }: LetterParts,
): Promise<Composed | undefined> {
  const row = (await loadCases(db.pool, [letter.caseId])).get(letter.caseId)
  if (!row) return undefined
  await versions.ensure([row.definitionHash])
  try {
    return wordsOf(kept, letter.letter, versions.of(row.definitionHash, row.process))
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

/** What a person's letter has beside a machine's: its own files, and its place in the thread that it answers (RFC 5322 §3.6.4). */
function byHandOf({ hand }: KeptLetter, files: readonly FileView[]): Partial<Outgoing> {
  if (!hand) return {}
  const attachments = files.map(({ name, type, content }) => ({ filename: name, content, contentType: type }))
  if (!hand.thread) return { byHand: true, attachments }
  const { messageId, references } = hand.thread
  const headers = { 'In-Reply-To': messageId, References: [...references, messageId].join(' ') }
  return { byHand: true, attachments, headers }
}
