import type { Text } from '../../engine/definition.ts'
import { holderOf } from '../cases/assemble.ts'
import { audienceOf } from '../cases/audience.ts'
import { type KeptLetter, letterPlace } from '../cases/postman.ts'
import type { Versions } from '../cases/versions.ts'
import { undeliveredHash } from '../clients/lookups.ts'
import type { Clock } from '../clock.ts'
import { newId } from '../ids.ts'
import { type DeliveryReport, deliveryReport, meaning } from '../mail/delivery-report.ts'
import type { Message } from '../mail/parse.ts'
import type { Reference } from '../mail/reference.ts'
import { reasonOf } from '../reasons.ts'
import { loadClient } from '../store/clients.ts'
import { loadLetter, noteReported, type StoredLetter, settleMessage } from '../store/correspondence.ts'
import type { Database } from '../store/database.ts'
import { caseOfJob } from '../store/incidents.ts'
import { insertNotice } from '../store/notices.ts'
import { inTransaction } from '../store/transaction.ts'
import { noteUndelivered } from '../store/undelivered.ts'
import type { Vault } from '../vault/vault.ts'
import { Waits } from './failure.ts'

export interface ReportParts {
  readonly db: Database
  readonly vault: Vault
  readonly versions: Versions
  readonly clock: Clock
  /** Told of the case whose page shows it. */
  changed(caseId: string, process: string): void
}

/** What the message is noted as. */
type Kept = Parameters<typeof settleMessage>[2]

const news: Readonly<Record<'failed' | 'complaint', Text>> = {
  failed: {
    en: 'A letter came back: the case says why.',
    pl: 'List wrócił: sprawa mówi dlaczego.',
  },
  complaint: {
    en: 'A client reported a letter of ours as unwanted. That withdraws nothing by itself: ask them what they wish.',
    pl: 'Klient zgłosił nasz list jako niechciany. To samo niczego nie wycofuje: zapytaj, czego sobie życzy.',
  },
}

/**
 * Takes in what a mail server says of a letter of ours, which it names by a reference whose mac holds: of the letter, of the address
 * where none can reach it, and to those who may move the case. A complaint is neither a withdrawal nor silence, so it changes no consent.
 */
export async function noteReport(
  parts: ReportParts,
  { key, message, kept }: { readonly key: Buffer; readonly message: Message; readonly kept: Kept },
  { caseId, seq }: Reference,
): Promise<void> {
  const { db, versions, clock, changed } = parts
  const letter = await loadLetter(db.pool, caseId, seq)
  if (letter?.status === 'waiting') {
    throw new Waits('the letter that it is about is not noted as sent yet', new Date(Date.now() + 5_000))
  }
  const report = deliveryReport(message)
  const found = letter && (await caseOfJob(db.pool, { caseId, messageKey: undefined }))
  if (!letter || !found || !report || report.kind === 'delivered') {
    return settleMessage(db.pool, key, kept)
  }
  const gone = report.hard ? await goneAddress(parts, letter, report) : undefined
  const running = versions.current(found.process)
  await inTransaction(db.pool, async (tx) => {
    await settleMessage(tx, key, kept)
    const isNews = await noteReported(tx, letter, { ...wordsOf(report), code: report.code })
    if (letter.clientId && report.kind === 'failed' && isNews) {
      const hash = gone ?? (await addressOf(parts, letter))
      const bounce = { code: report.code, at: clock.now(), caseId, seq, hard: gone !== undefined }
      if (hash) await noteUndelivered(tx, letter.clientId, { ...bounce, addressHash: hash })
    }
    if (!isNews || report.kind === 'delayed' || !running) return
    await insertNotice(tx, {
      id: newId(),
      at: clock.now(),
      audience: audienceOf({ kind: 'movers' }, running, null),
      text: news[report.kind as 'failed' | 'complaint'],
      case: found,
    })
  })
  changed(caseId, found.process)
}

function wordsOf({ kind, code }: DeliveryReport): { status: 'sent' | 'bounced'; because: string } {
  if (kind === 'complaint') return { status: 'sent', because: reasonOf('unwanted') }
  const parts = { because: reasonOf(meaning(code)), ...(code ? { code } : {}) }
  if (kind === 'delayed') return { status: 'sent', because: reasonOf(code ? 'delayedWith' : 'delayed', parts) }
  return { status: 'bounced', because: reasonOf(code ? 'bouncedWith' : 'bounced', parts) }
}

/** The letter's own address by its hash, where the report speaks of that one and not of one it was passed on to. */
async function goneAddress(
  parts: ReportParts,
  letter: StoredLetter,
  report: DeliveryReport,
): Promise<Buffer | undefined> {
  const to = await sentTo(parts, letter)
  if (!to) return undefined
  const named = report.recipients.length === 0 || report.recipients.includes(to.trim().toLowerCase())
  return named ? undeliveredHash(to, parts.vault.master) : undefined
}

async function addressOf(parts: ReportParts, letter: StoredLetter): Promise<Buffer | undefined> {
  const to = await sentTo(parts, letter)
  return to === undefined ? undefined : undeliveredHash(to, parts.vault.master)
}

async function sentTo({ db, vault }: ReportParts, letter: StoredLetter): Promise<string | undefined> {
  const client = letter.clientId ? await loadClient(db.pool, letter.clientId) : undefined
  const holder = holderOf(client ?? null, vault)
  if (!letter.sealed || !holder) return undefined
  return (vault.openRecord(holder, letterPlace(letter.caseId, letter.seq), letter.sealed) as KeptLetter).to
}
