import type { ConsentReceipt, ConsentRecord27560, ReceiptEvent, ReceiptNotice, ReceiptParty } from './receipt.ts'
import { notDeclared } from './receipt.ts'

type Node = Readonly<Record<string, unknown>>

const reference = { '@type': '@id' } as const
const moment = { '@type': 'xsd:dateTime' } as const

/**
 * Whatever the terms below mean, within the document: nobody has to fetch anything to read it. Relations to things are told apart
 * from words here, once.
 */
const context = {
  dpv: 'https://w3id.org/dpv#',
  'eu-gdpr': 'https://w3id.org/dpv/legal/eu/gdpr#',
  loc: 'https://w3id.org/dpv/loc#',
  dct: 'http://purl.org/dc/terms/',
  schema: 'https://schema.org/',
  rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
  'dct:conformsTo': reference,
  'dct:created': moment,
  'dct:modified': moment,
  'dpv:hasApplicableLaw': reference,
  'dpv:hasDataController': reference,
  'dpv:hasDataSource': reference,
  'dpv:hasJurisdiction': reference,
  'dpv:hasLegalBasis': reference,
  'dpv:hasNecessity': reference,
  'dpv:hasNotice': reference,
  'dpv:hasRecipient': reference,
  'dpv:isExercisedAt': reference,
  'dpv:isIndicatedAtTime': moment,
  'dpv:isIndicatedBy': reference,
  'schema:url': reference,
} as const

const profile = 'https://w3id.org/dpv/schema/dpv-27560'

/** A receipt as JSON-LD, by the W3C community's guide to ISO/IEC TS 27560 (https://w3id.org/dpv/guides/consent-27560). */
export function receiptAsJsonLd(receipt: ConsentReceipt): Node {
  return {
    '@context': context,
    '@id': urn(receipt.receipt_id),
    '@type': 'dpv:ConsentReceipt',
    'dct:identifier': receipt.receipt_id,
    'dct:conformsTo': `${profile}#receipt`,
    'dct:created': receipt.issued,
    'dpv:hasDataSubject': subject(receipt.pii_principal_id),
    'dpv:hasRecordOfActivity': receipt.consent_records.map(recordNode),
  }
}

function recordNode(record: ConsentRecord27560): Node {
  const { record_id, pii_principal_id, pii_processing, party_identification, events, metadata } = record
  const ids = idsIn(record)
  return {
    '@id': urn(record_id),
    '@type': 'dpv:ConsentRecord',
    'dct:identifier': record_id,
    'dct:conformsTo': `${profile}#record`,
    'dct:created': metadata.created,
    'dct:modified': metadata.modified,
    'dpv:hasDataSubject': subject(pii_principal_id),
    'dpv:hasDataController': ids.party('controller'),
    'dpv:hasJurisdiction': 'loc:EU',
    'dpv:hasApplicableLaw': 'eu-gdpr:GDPR',
    'dpv:hasNotice': pii_processing.privacy_notice.map((notice) => noticeNode(notice, ids)),
    'dpv:hasProcess': [processNode(record, ids)],
    'dpv:hasEntity': party_identification.map((party) => partyNode(party, ids)),
    'dpv:hasConsentStatus': events.map((event) => eventNode(event, ids)),
  }
}

interface Ids {
  party(id: string): string
  notice(id: string): string
}

function idsIn({ record_id, pii_principal_id }: ConsentRecord27560): Ids {
  return {
    party: (id) => (id === pii_principal_id ? urn(id) : `${urn(record_id)}#${id}`),
    notice: (id) => `${urn(record_id)}#notice-${id}`,
  }
}

const urn = (id: string) => `urn:uuid:${id}`

function subject(id: string): Node {
  return { '@id': urn(id), '@type': 'dpv:DataSubject', 'dct:identifier': id }
}

const inWords = (words: string, language: string) => ({ '@value': words, '@language': language })

function noticeNode({ notice_id, purpose_version, edition, language, content }: ReceiptNotice, ids: Ids): Node {
  return {
    '@id': ids.notice(notice_id),
    '@type': 'dpv:ConsentNotice',
    'dct:identifier': notice_id,
    'dct:language': language,
    'dct:title': inWords(content.title, language),
    'dct:description': inWords(content.text, language),
    'schema:version': `${purpose_version}.${edition}`,
    ...(content.rights !== '' && { 'dct:rights': inWords(content.rights, language) }),
  }
}

function processNode({ pii_processing }: ConsentRecord27560, ids: Ids): Node {
  const { language } = pii_processing
  const [purpose] = pii_processing.purposes
  const explicit = purpose.lawful_basis.startsWith('explicit')
  return {
    '@type': 'dpv:Process',
    'dpv:hasPurpose': {
      '@type': 'dpv:Purpose',
      'dct:identifier': purpose.purpose_id,
      'dct:title': inWords(purpose.purpose, language),
      'dct:description': inWords(purpose.purpose_description, language),
      'schema:version': String(purpose.purpose_version),
    },
    'dpv:hasPersonalData': purpose.pii_information.map((data) => ({
      '@type': data.special_pii_category ? 'dpv:SpecialCategoryPersonalData' : 'dpv:PersonalData',
      'dct:identifier': data.pii_attribute_id,
      'dct:title': inWords(data.pii_type, language),
      'dpv:hasNecessity': data.pii_optional ? 'dpv:Optional' : 'dpv:Required',
    })),
    'dpv:hasDataSource': 'dpv:DataSubjectDataSource',
    'dpv:hasDataController': purpose.pii_controllers.map(ids.party),
    'dpv:hasRecipient': purpose.recipient_third_parties.map(ids.party),
    'dpv:hasLegalBasis': explicit
      ? ['dpv:ExplicitlyExpressedConsent', 'eu-gdpr:A9-2-a']
      : ['dpv:ExpressedConsent', 'eu-gdpr:A6-1-a'],
    'dpv:hasStorageCondition': [
      {
        '@type': 'dpv:StorageDuration',
        'dpv:hasDuration': duration(purpose.retention_duration ?? purpose.retention_period),
      },
      { '@type': 'dpv:StorageLocation', 'dct:description': purpose.storage_locations.join(', ') },
    ],
    'dpv:hasConsentControl': {
      '@type': ['dpv:ProvideConsent', 'dpv:WithdrawConsent'],
      'dpv:isExercisedAt': purpose.withdrawal_method,
    },
    'dpv:hasRight': rights.map(([article, title]) => ({
      '@type': ['dpv:DataSubjectRight', `eu-gdpr:${article}`],
      'dct:title': inWords(title, 'en'),
      'dpv:isExercisedAt': purpose.withdrawal_method,
    })),
    'dpv:hasJurisdiction': 'loc:EU',
  }
}

const rights = [
  ['A7-3', 'Right to withdraw consent'],
  ['A15', 'Right of access'],
  ['A16', 'Right to rectification'],
  ['A17', 'Right to erasure'],
  ['A20', 'Right to data portability'],
  ['A77', 'Right to lodge a complaint'],
] as const

function partyNode(party: ReceiptParty, ids: Ids): Node {
  const { party_id, party_name, party_address, party_contact, party_email, party_phone, party_url } = party
  const contact = {
    ...(party_contact !== notDeclared && { 'schema:name': party_contact }),
    ...(party_email && { 'schema:email': party_email }),
    ...(party_phone && { 'schema:telephone': party_phone }),
  }
  return {
    '@id': ids.party(party_id),
    '@type': ['dpv:Organisation', party_id === 'controller' ? 'dpv:DataController' : 'dpv:Recipient'],
    'dpv:hasIdentifier': party_id,
    'dpv:hasName': party_name,
    'schema:address': { '@type': 'schema:PostalAddress', 'schema:streetAddress': party_address },
    ...(Object.keys(contact).length > 0 && { 'schema:contactPoint': { '@type': 'schema:ContactPoint', ...contact } }),
    ...(party_url && { 'schema:url': party_url }),
  }
}

function eventNode(event: ReceiptEvent, ids: Ids): Node {
  const evidence = Object.entries(event.evidence ?? {}).map(([name, value]) => ({
    '@type': 'schema:PropertyValue',
    'schema:name': name,
    'schema:value': typeof value === 'string' ? value : JSON.stringify(value),
  }))
  return {
    '@type': [`dpv:${event.event_state}`, `dpv:${event.event_type}`],
    'dpv:isIndicatedAtTime': event.event_time,
    'dpv:isIndicatedBy': ids.party(event.entity_id),
    'dpv:hasIndicationMethod': event.event_method,
    'dpv:hasDuration': duration(event.validity_duration),
    'schema:version': String(event.purpose_version),
    ...(event.notice_id && { 'dpv:hasNotice': ids.notice(event.notice_id) }),
    ...(evidence.length > 0 && { 'dct:source': evidence }),
  }
}

function duration(length: string): Node {
  return /^P\d|^PT\d/.test(length)
    ? { '@type': 'dpv:TemporalDuration', 'rdf:value': { '@value': length, '@type': 'xsd:duration' } }
    : { '@type': 'dpv:UntilEventDuration', 'rdf:value': length }
}
