import { Ajv2020 } from 'ajv/dist/2020.js'
import jsonld from 'jsonld'

const text = { type: 'string', minLength: 1 }
const texts = { type: 'array', items: text, minItems: 1 }
const object = (properties: Record<string, object>, optional: Record<string, object> = {}) => ({
  type: 'object',
  properties: { ...properties, ...optional },
  required: Object.keys(properties),
})

/** The fields that ISO/IEC TS 27560:2023 demands of a consent record (6.3), and those it names besides that we give. */
const record = object({
  schema_version: { const: 'ISO/IEC TS 27560:2023' },
  record_id: { type: 'string', pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' },
  pii_principal_id: text,
  pii_processing: object({
    privacy_notice: {
      type: 'array',
      items: object({
        notice_id: text,
        purpose_version: { type: 'integer' },
        edition: { type: 'integer' },
        language: text,
      }),
    },
    language: { enum: ['en', 'pl'] },
    purposes: {
      type: 'array',
      minItems: 1,
      items: object({
        purpose: text,
        purpose_description: text,
        lawful_basis: text,
        pii_information: {
          type: 'array',
          minItems: 1,
          items: object({
            pii_type: text,
            pii_attribute_id: text,
            pii_optional: { type: 'boolean' },
            sensitive_pii_category: { type: 'boolean' },
            special_pii_category: { type: 'boolean' },
          }),
        },
        pii_controllers: texts,
        collection_method: text,
        storage_locations: texts,
        retention_period: text,
        jurisdiction: texts,
        recipient_third_parties: { type: 'array', items: text },
        withdrawal_method: text,
        privacy_rights: texts,
      }),
    },
  }),
  party_identification: {
    type: 'array',
    minItems: 1,
    items: object({
      party_id: text,
      party_name: text,
      party_role: text,
      party_type: text,
      party_address: text,
      party_contact: text,
    }),
  },
  events: {
    type: 'array',
    minItems: 1,
    items: object({
      event_time: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z$' },
      validity_duration: text,
      entity_id: text,
      event_type: { enum: ['ExpressedConsent', 'ExplicitlyExpressedConsent'] },
      event_state: { type: 'string', pattern: '^(Consent|RenewedConsent)[A-Z][a-z]+$' },
    }),
  },
})

/** A receipt (6.4), which we make a copy of records. */
const receipt = object({
  schema_version: { const: 'ISO/IEC TS 27560:2023' },
  receipt_id: text,
  pii_principal_id: text,
  consent_records: { type: 'array', minItems: 1, items: record },
})

const validate = new Ajv2020({ strict: true, strictRequired: false }).compile(receipt)

/** What is wrong with a receipt by the standard's list of fields. */
export function receiptProblems(received: unknown): string[] {
  if (validate(received)) return []
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}

/** Says why a JSON-LD document can't be read whole: without the network, each of its terms an IRI, none left out. */
export async function expanded(document: object): Promise<Record<string, unknown>> {
  const documentLoader = (url: string) => Promise.reject(new Error(`it asks for ${url}`))
  const [node] = await jsonld.expand(document, { documentLoader, safe: true })
  for (const key of keysIn(node)) if (!/^@|^https?:\/\//.test(key)) throw new Error(`\`${key}\` is no IRI`)
  for (const iri of irisIn(node))
    if (!/^(https?:\/\/|urn:uuid:)/.test(iri)) throw new Error(`\`${iri}\` is no IRI that anybody knows`)
  const left = termsIn(document).filter((term) => !JSON.stringify(node).includes(term.replace(/^[\w-]+:/, '')))
  if (left.length > 0) throw new Error(`left out: ${left.join(', ')}`)
  return node as Record<string, unknown>
}

function keysIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(keysIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [key, ...keysIn(inner)])
}

/** What nodes are called and what kind they are of. */
function irisIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(irisIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '@id' || key === '@type' ? [inner].flat().map(String) : irisIn(inner),
  )
}

function termsIn(document: object): string[] {
  const { '@context': _, ...rest } = document as Record<string, unknown>
  return [...new Set(keysIn(rest).filter((key) => !key.startsWith('@')))]
}
