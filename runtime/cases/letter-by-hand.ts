import { addressOf } from '../../engine/index.ts'
import { hasBasis } from '../../engine/reach.ts'
import type { LetterOrder } from '../http/ports.ts'
import type { Composed } from '../mail/compose.ts'
import { Refusal } from '../refusal.ts'
import type { Holder } from '../vault/vault.ts'
import type { LoadedCase } from './assemble.ts'

/** Stands where a declared letter has its name; no declaration can have this one. */
export const byHand = 'by hand'

/** A file that goes with a letter; its content lies apart. */
export interface KeptFile {
  readonly id: string
  readonly name: string
  readonly type: string
  /** Bytes. */
  readonly size: number
}

/** What a person wrote, as it lies in the vault with its letter. */
export interface HandWritten {
  /** Whose hand: somebody's id. */
  readonly by: string
  readonly subject: string
  readonly markdown: string
  readonly files: readonly KeptFile[]
  /** The message it answers, and those before it: each with its angle brackets. */
  readonly thread?: { readonly messageId: string; readonly references: readonly string[] }
  /** The `Idempotency-Key` it was asked for under. */
  readonly request?: string
}

/** The most that a letter may have: characters, files, and bytes of them all. */
export const most = { subject: 250, body: 100_000, files: 10, bytes: 10 * 1024 * 1024 }

/** An address as people type it: one, and nothing that a mail server would read as more. */
const anAddress = /^[^\s@<>()[\]\\,;:"]{1,64}@[^\s@<>()\\,;"]{1,253}\.[^\s@<>()\\,;".]{2,63}$/

export function wordsByHand({ subject, markdown }: HandWritten): Composed {
  return { subject, markdown, attachments: [] }
}

/** Refuses a letter that says nothing, or too much. */
export function checkWords({ subject, body }: Pick<LetterOrder, 'subject' | 'body'>): void {
  if (subject.trim() === '') throw wrong('subject', 'the letter has no subject: write what it is about')
  if (subject.length > most.subject) throw wrong('subject', `the subject has more than ${most.subject} characters`)
  if (/[\r\n]/.test(subject)) throw wrong('subject', 'the subject must be one line')
  if (body.trim() === '') throw wrong('body', 'the letter has no words: write them')
  if (body.length > most.body) throw wrong('body', `the letter has more than ${most.body} characters`)
}

/**
 * Where a letter goes: to the `client` as letters of the process do, to the `card`'s address, to that of one of the case's own
 * fields, or to an address typed for this letter alone.
 */
export function addressFor({ running, state }: LoadedCase, to = 'client'): string {
  if (to.includes('@')) {
    if (anAddress.test(to)) return to
    throw wrong('to', 'this is no e-mail address: one like name@example.com is needed')
  }
  const address = to === 'card' ? state.client.email : addressOf(running, state, recipientOf(running.process, to))
  if (address) return address
  if (to === 'client' || to === 'card')
    throw wrong('to', 'no address of the client is held here: type one for this letter')
  throw wrong('to', `\`${to}\` holds no e-mail address that may be used`)
}

function recipientOf({ fields, name }: LoadedCase['running']['process'], to: string) {
  if (to === 'client') return { kind: 'client' } as const
  if (Object.hasOwn(fields, to) && fields[to]?.type.kind === 'client email')
    return { kind: 'field', field: to } as const
  throw wrong('to', `\`${name}\` has no field \`${to}\` for an address of the client`)
}

/** A letter for a purpose goes only where its basis stands, now and when it is sent (GDPR Art. 6, 7(3)). */
export function checkPurpose({ running, state }: LoadedCase, purpose: string | undefined): void {
  if (purpose === undefined) return
  if (!Object.hasOwn(running.definition.purposes, purpose)) throw wrong('purpose', `there is no purpose \`${purpose}\``)
  if (hasBasis(running.definition, purpose, state.client.consents)) return
  throw new Refusal(
    'consent-missing',
    `there is no valid consent to \`${purpose}\`: the letter may go once the client has given it`,
    { fields: ['purpose'] },
  )
}

/** A letter by hand belongs to a client, under whose key it is kept, with its answers. */
export function holderFor({ row, holder }: Pick<LoadedCase, 'row' | 'holder'>): Holder {
  if (!row.client) throw new Refusal('not-allowed', 'this case has no client whom a letter could be written to')
  if (!holder) throw new Refusal('client-erased', 'the client of this case was erased: nothing can be written to them')
  return holder
}

export function wrong(field: string, because: string): Refusal {
  return new Refusal('invalid-value', because, { fields: [field] })
}
