import { hasBasis } from '../../engine/reach.ts'
import { consentStatuses, holderOf } from '../cases/assemble.ts'
import { letterPlace, type WaitingLetter } from '../cases/postman.ts'
import type { Versions } from '../cases/versions.ts'
import type { Clock } from '../clock.ts'
import { portalLink } from '../identity/portal-link.ts'
import type { Log } from '../log.ts'
import { pdf } from '../mail/pdf.ts'
import { letterReference, messageId, replyTo } from '../mail/reference.ts'
import { render } from '../mail/render.ts'
import type { Outgoing, Sender } from '../mail/send.ts'
import type { ClientRow } from '../store/cases.ts'
import { loadClient } from '../store/clients.ts'
import { loadLetter, settleLetter, type StoredLetter } from '../store/correspondence.ts'
import type { Database } from '../store/database.ts'
import type { Holder, Vault } from '../vault/vault.ts'
import type { Job } from './worker.ts'

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
  /** Who the letters of a case without a client are sealed for. */
  fallback(): Holder
}

/** Sends one letter that waits, with an id that stays the same however often this is tried. */
export function letterJob(parts: LetterParts): Job {
  return async (payload, { last }) => {
    const { caseId, seq } = payload as { caseId: string; seq: number }
    const letter = await loadLetter(parts.db.pool, caseId, seq)
    if (letter?.status !== 'waiting') return
    const client = letter.clientId ? await loadClient(parts.db.pool, letter.clientId) : undefined
    const stop = whyNot(letter, client, parts)
    if (stop) return settle(parts, letter, 'skipped', stop)
    if (!parts.sender) throw new Error('no mail server is set (ZGODA_SMTP_URL): the letter waits')
    const sent = await parts.sender.send(await outgoing(letter, client, parts))
    if (sent.accepted) return settle(parts, letter, 'sent')
    parts.log.warn({ caseId, seq, failure: sent.failure, status: sent.status }, 'a letter was not accepted')
    if (sent.failure === 'permanent' || last) return settle(parts, letter, 'failed', sent.because)
    throw new Error(`the mail server did not take the letter: ${sent.because}`)
  }
}

function settle({ db, clock }: LetterParts, letter: StoredLetter, status: 'sent' | 'skipped' | 'failed', because?: string): Promise<void> {
  return settleLetter(db.pool, letter, { status, at: clock.now(), ...(because ? { because } : {}) })
}

/** Between the decision and the sending, the client may have been erased or the consent withdrawn (GDPR Art. 7(3)). */
function whyNot(letter: StoredLetter, client: ClientRow | undefined, { versions }: LetterParts): string | undefined {
  if (letter.clientId && (!client || client.erasedAt)) return 'the client was erased before it went out'
  if (!letter.sealed) return 'its text is no longer held'
  if (letter.purpose && !hasBasis(versions.definition(), letter.purpose, consentStatuses(client ?? null))) {
    return `there is no valid consent to \`${letter.purpose}\``
  }
  return undefined
}

async function outgoing(letter: StoredLetter, client: ClientRow | undefined, parts: LetterParts): Promise<Outgoing> {
  const { vault, mailbox, url, versions } = parts
  const holder = holderOf(client ?? null, vault) ?? parts.fallback()
  const place = letterPlace(letter.caseId, letter.seq)
  const { to, language, composed } = vault.openRecord(holder, place, letter.sealed as Buffer) as WaitingLetter
  const reference = letterReference({ caseId: letter.caseId, seq: letter.seq }, vault.master.letters)
  const portalUrl = client ? `${url}/portal/l/${portalLink(client.clientId, vault.master.links)}` : undefined
  const company = versions.definition().company?.name
  const { text, html } = render(composed.markdown, { language, ...(portalUrl ? { portalUrl } : {}), ...(company ? { company } : {}) })
  const attachments = await Promise.all(
    composed.attachments.map(async ({ name, title, markdown }) => ({
      filename: name,
      content: await pdf({ title, markdown, language }),
      contentType: 'application/pdf',
    })),
  )
  return {
    messageId: messageId(reference, mailbox.slice(mailbox.lastIndexOf('@') + 1)),
    to,
    replyTo: replyTo(mailbox, reference),
    subject: composed.subject,
    text,
    html,
    attachments,
  }
}
