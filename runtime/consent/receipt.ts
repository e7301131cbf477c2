import { createHash } from 'node:crypto'
import type { Definition, Duration } from '../../engine/definition.ts'
import { own } from '../../engine/named.ts'
import type { ConsentNotice } from './notice.ts'
import { noticeOf } from './notice.ts'
import type { ConsentState } from './state.ts'

/** One thing that became of a consent, as a receipt tells it. */
export interface ReceiptEvent {
  readonly event_time: string
  readonly event_type: 'ExpressedConsent' | 'ExplicitlyExpressedConsent'
  readonly event_state: ConsentState
  readonly event_method: string
  readonly validity_duration: string
  /** The client by their id, or `controller`. */
  readonly entity_id: string
  readonly recorded_by: 'client' | 'staff' | 'system'
  readonly purpose_version: number
  /** Of the notice that was shown; absent where nobody was shown one. */
  readonly notice_id?: string
  readonly text_sha256?: string
  readonly evidence?: Readonly<Record<string, unknown>>
}

/** A notice as it was shown, word for word. */
export interface ReceiptNotice {
  readonly notice_id: string
  readonly purpose_version: number
  /** Of notices of one version in one language, the how manieth: words that change within a version ask nobody again. */
  readonly edition: number
  readonly language: string
  readonly content: ConsentNotice
}

interface ReceiptPurpose {
  readonly purpose_id: string
  readonly purpose: string
  readonly purpose_description: string
  readonly purpose_version: number
  readonly lawful_basis: string
  readonly pii_information: readonly {
    readonly pii_type: string
    readonly pii_attribute_id: string
    readonly pii_optional: boolean
    readonly sensitive_pii_category: boolean
    readonly special_pii_category: boolean
  }[]
  readonly pii_controllers: readonly string[]
  readonly collection_method: string
  readonly storage_locations: readonly string[]
  readonly retention_period: string
  readonly retention_duration?: string
  readonly geographic_restrictions: readonly string[]
  readonly jurisdiction: readonly string[]
  readonly recipient_third_parties: readonly string[]
  readonly withdrawal_method: string
  readonly privacy_rights: readonly string[]
}

export interface ReceiptParty {
  readonly party_id: string
  readonly party_name: string
  readonly party_role: 'PII controller' | 'recipient'
  readonly party_type: 'organisation'
  readonly party_address: string
  readonly party_contact: string
  readonly party_email?: string
  readonly party_phone?: string
  readonly party_url?: string
}

/** A consent record by ISO/IEC TS 27560:2023: one client, one purpose, all that became of it. */
export interface ConsentRecord27560 {
  readonly schema_version: string
  readonly record_id: string
  readonly pii_principal_id: string
  readonly pii_processing: {
    readonly privacy_notice: readonly ReceiptNotice[]
    readonly language: string
    readonly purposes: readonly [ReceiptPurpose]
  }
  readonly party_identification: readonly ReceiptParty[]
  readonly events: readonly ReceiptEvent[]
  readonly metadata: { readonly created: string; readonly modified: string }
}

/** A consent receipt by ISO/IEC TS 27560:2023: a copy of records, for the client. */
export interface ConsentReceipt {
  readonly schema_version: string
  readonly receipt_id: string
  readonly pii_principal_id: string
  readonly issued: string
  readonly consent_records: readonly ConsentRecord27560[]
}

/** An event with the notice that belongs to it. */
export interface Happened {
  readonly purpose: string
  readonly event: ReceiptEvent
  readonly notice?: ReceiptNotice
}

export const schemaVersion = 'ISO/IEC TS 27560:2023'
export const notDeclared = 'not declared'

/** `happened` in the order of time. `url` is the public address of the server. */
export function receiptOf(
  clientId: string,
  happened: readonly Happened[],
  place: { readonly definition: Definition; readonly url: string; readonly language: string; readonly now: string },
): ConsentReceipt {
  const purposes = [...new Set(happened.map(({ purpose }) => purpose))]
  return {
    schema_version: schemaVersion,
    receipt_id: uuidOf(clientId, 'receipt', place.now, ...purposes),
    pii_principal_id: clientId,
    issued: place.now,
    consent_records: purposes.map((purpose) =>
      recordOf(
        clientId,
        purpose,
        happened.filter((one) => one.purpose === purpose),
        place,
      ),
    ),
  }
}

function recordOf(
  clientId: string,
  purpose: string,
  happened: readonly Happened[],
  { definition, url, language }: Parameters<typeof receiptOf>[2],
): ConsentRecord27560 {
  const notices = new Map(happened.flatMap(({ notice }) => (notice ? [[notice.notice_id, notice] as const] : [])))
  // What the client decided on last; a record from before notices were kept is told by what is declared now.
  const told =
    [...notices.values()].at(-1)?.content ??
    noticeOf(definition, purpose, language)?.notice ??
    unknown(purpose, language)
  const events = happened.map(({ event }) => event)
  return {
    schema_version: schemaVersion,
    record_id: uuidOf(clientId, 'record', purpose),
    pii_principal_id: clientId,
    pii_processing: {
      privacy_notice: [...notices.values()],
      language: told.language,
      purposes: [purposeOf(told, url)],
    },
    party_identification: partiesOf(told, url),
    events,
    metadata: { created: events[0]?.event_time ?? '', modified: events.at(-1)?.event_time ?? '' },
  }
}

/** Of a purpose that is declared no longer, and whose notice nobody kept. */
function unknown(purpose: string, language: string): ConsentNotice {
  return {
    purpose,
    version: 1,
    language,
    title: purpose,
    text: notDeclared,
    basis: 'consent',
    necessary: false,
    recipients: [],
    data: [],
    rights: '',
  }
}

function purposeOf(told: ConsentNotice, url: string): ReceiptPurpose {
  const { keep } = told
  return {
    purpose_id: told.purpose,
    purpose: told.title,
    purpose_description: told.text,
    purpose_version: told.version,
    lawful_basis:
      told.basis === 'explicit consent' ? 'explicit consent, GDPR Art. 9(2)(a)' : 'consent, GDPR Art. 6(1)(a)',
    pii_information: told.data.map(({ process, field, title, special }) => ({
      pii_type: title,
      pii_attribute_id: `${process}.${field}`,
      pii_optional: !told.necessary,
      sensitive_pii_category: special,
      special_pii_category: special,
    })),
    pii_controllers: ['controller'],
    collection_method: 'from the client',
    storage_locations: [notDeclared],
    retention_period: told.kept ?? notDeclared,
    ...(keep && 'for' in keep && { retention_duration: isoDuration(keep.for) }),
    geographic_restrictions: [notDeclared],
    jurisdiction: ['EU'],
    recipient_third_parties: told.recipients.map((_, place) => `recipient-${place + 1}`),
    withdrawal_method: `${url}/portal`,
    privacy_rights: [told.rights, `${url}/portal`].filter((part) => part !== ''),
  }
}

function partiesOf({ controller, recipients }: ConsentNotice, url: string): ReceiptParty[] {
  const email = controller?.email
  const phone = controller?.phone
  return [
    {
      party_id: 'controller',
      party_name: controller?.name ?? notDeclared,
      party_role: 'PII controller',
      party_type: 'organisation',
      party_address: controller?.address ?? notDeclared,
      party_contact: controller?.officer ?? email ?? phone ?? notDeclared,
      ...(email && { party_email: email }),
      ...(phone && { party_phone: phone }),
      party_url: url,
    },
    ...recipients.map(
      (name, place): ReceiptParty => ({
        party_id: `recipient-${place + 1}`,
        party_name: name,
        party_role: 'recipient',
        party_type: 'organisation',
        party_address: notDeclared,
        party_contact: notDeclared,
      }),
    ),
  ]
}

/** How long what an event says holds. */
export function validityOf(state: ConsentState, notice: ConsentNotice | undefined): string {
  if (state === 'ConsentRequested') return 'until it is answered'
  if (state !== 'ConsentGiven' && state !== 'RenewedConsentGiven') return 'until consent is given'
  const keep = notice?.keep
  if (keep && 'for' in keep && keep.after === 'given') return isoDuration(keep.for)
  return 'until it is withdrawn or the purpose changes'
}

const units: Readonly<Record<Duration['unit'], readonly [string, string]>> = {
  minute: ['PT', 'M'],
  hour: ['PT', 'H'],
  day: ['P', 'D'],
  week: ['P', 'W'],
  month: ['P', 'M'],
  year: ['P', 'Y'],
}

/** ISO 8601; working days count as days. */
export function isoDuration({ amount, unit }: Duration): string {
  const [before, after] = units[unit]
  return `${before}${amount}${after}`
}

/** What a record in an earlier form says of how it was given: whether the purpose asks for an explicit consent now. */
export function typeOf(
  definition: Definition,
  purpose: string,
  notice: ConsentNotice | undefined,
): ReceiptEvent['event_type'] {
  const basis = notice?.basis ?? own(definition.purposes, purpose)?.basis
  return basis === 'explicit consent' ? 'ExplicitlyExpressedConsent' : 'ExpressedConsent'
}

/** The same for the same names, always: a UUID of version 8 (RFC 9562 §5.8), from a SHA-256. */
function uuidOf(...names: readonly string[]): string {
  const bytes = createHash('sha256').update(names.join('\n')).digest().subarray(0, 16)
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x80
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
