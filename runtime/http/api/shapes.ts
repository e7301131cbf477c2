import { consentStates } from '../../consent/state.ts'
import { type JsonSchema, object } from './schema.ts'

/** The shapes of answers, by name: the components of the OpenAPI document. */

export const text: JsonSchema = { type: 'string' }
export const id: JsonSchema = { type: 'string', format: 'uuid' }
export const time: JsonSchema = { type: 'string', format: 'date-time' }
export const yesNo: JsonSchema = { type: 'boolean' }
export const count: JsonSchema = { type: 'integer', minimum: 0 }
export const list = (items: JsonSchema): JsonSchema => ({ type: 'array', items })
export const orNull = (shape: JsonSchema): JsonSchema => ({ anyOf: [shape, { type: 'null' }] })
export const named = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` })
export const page = (items: JsonSchema): JsonSchema => object({ items: list(items) }, { next: text })
export const isTrue: JsonSchema = { const: true }
export const oneOf = (...shapes: readonly JsonSchema[]): JsonSchema => ({ oneOf: shapes })

/** What one of many that was refused says, beside which it is. */
export const refusedOne: Record<string, JsonSchema> = { ok: { const: false }, code: text, because: text }

const place = object({ file: text, line: count, column: count })
/** An answer that is a file. */
export const file: JsonSchema = { type: 'string', contentMediaType: 'application/pdf' }
export const mailFile: JsonSchema = { type: 'string', contentMediaType: 'message/rfc822' }

const titled = object({ name: text, title: text })
const person = object({ id, name: text })
const clientRef = object({ id, label: text })
const caseLink = object({ id, number: text, process: text, title: text })
const ended: JsonSchema = { enum: ['no', 'success', 'other'] }
const decision: JsonSchema = { enum: ['given', 'refused', 'withdrawn'] }

/** Money is a string with two decimals; a missing value is `null`. */
const value: JsonSchema = { type: ['string', 'number', 'boolean', 'array', 'null'], items: text }

const field = object(
  { title: text, type: text, value, editable: yesNo, personal: yesNo, required: yesNo },
  { options: list(text), label: text },
)
const fields: JsonSchema = { type: 'object', additionalProperties: field }
const move = object({ to: text, title: text, allowed: yesNo }, { because: text, code: text })

const standing = object(
  {
    purpose: text,
    title: text,
    status: { enum: ['none', 'given', 'refused', 'withdrawn', 'expired'] },
    basis: text,
  },
  { at: time, channel: text, version: count },
)

const consent = object(
  {
    purpose: text,
    title: text,
    text,
    status: { enum: ['none', 'given', 'refused', 'withdrawn', 'expired'] },
    basis: text,
  },
  { at: time, channel: text, version: count },
)

const fileRef = object({ name: text, type: text, size: count })

const letter = object(
  { id: text, name: text, at: time, status: { enum: ['waiting', 'sent', 'skipped', 'failed', 'bounced'] } },
  {
    because: text,
    tries: count,
    againAt: time,
    code: text,
    by: text,
    content: object({ to: text, subject: text, text, attachments: list(text) }, { files: list(fileRef) }),
  },
)

const check = object(
  {
    check: { enum: ['form', 'machine', 'letter', 'sender', 'proof', 'words'] },
    result: { enum: ['holds', 'fails', 'not made'] },
  },
  { because: text },
)

const message = object(
  { id: text, at: time, counted: yesNo, because: text, mayCount: yesNo, checks: list(check) },
  {
    class: text,
    answers: text,
    byHand: isTrue,
    outcome: object({ consents: list(object({ purpose: text, decision })) }, { to: text }),
    size: count,
    sha256: text,
    countedFor: object({ reason: text, note: text }),
    content: object(
      { from: text, subject: text, text, own: text, attachments: list(fileRef), html: yesNo },
      { delivery: text },
    ),
  },
)

const caseCard = object({
  id,
  number: text,
  process: text,
  stage: text,
  client: orNull(clientRef),
  assignee: orNull(person),
  ended,
  createdAt: time,
  enteredAt: time,
  fields,
  moves: list(move),
})

export const shapes: Readonly<Record<string, JsonSchema>> = {
  Case: object({
    id,
    number: text,
    process: text,
    title: text,
    version: count,
    stage: object({ name: text, title: text, final: yesNo }),
    client: orNull(clientRef),
    fields,
    moves: list(move),
    assignee: orNull(person),
    parent: orNull(caseLink),
    children: list(caseLink),
    ended,
    createdAt: time,
    enteredAt: time,
    consents: list(standing),
    scheduled: list(object({ due: time, what: text })),
  }),
  CaseCard: caseCard,
  Document: object({ seq: count, document: text, title: text, at: time }, { because: text }),
  Letter: letter,
  Message: message,
  Upload: object({ id, name: text, type: text, size: count }),
  Draft: object(
    { subject: text, body: text, files: list(named('Upload')), key: text, at: time },
    { to: text, purpose: text, documents: list(count), answers: text },
  ),
  Consent: consent,
  ConsentRecord: object(
    {
      seq: count,
      purpose: text,
      decision: { enum: ['given', 'refused', 'withdrawn', 'expired'] },
      state: { enum: [...consentStates] },
      at: time,
      version: count,
      channel: text,
      text,
      textHash: text,
      by: text,
    },
    { notice: { type: 'object' }, caseId: id, evidence: { type: 'object' } },
  ),
  ConsentReceipt: object({
    schema_version: text,
    receipt_id: id,
    pii_principal_id: id,
    issued: time,
    consent_records: list({ type: 'object' }),
  }),
  Client: object({
    id,
    label: text,
    pseudonym: text,
    name: orNull(text),
    email: orNull(text),
    phone: orNull(text),
    createdAt: time,
    language: { enum: ['en', 'pl'] },
    undelivered: list(object({ onCard: yesNo, caseId: id, passing: count }, { since: time, code: text })),
    consents: list(named('Consent')),
    cases: list(named('CaseCard')),
    rights: list({ enum: ['see', 'edit', 'erase'] }),
  }),
  HistoryItem: object(
    { seq: count, at: time, type: text, by: text },
    {
      from: text,
      to: text,
      rule: text,
      fields: list(text),
      letter: text,
      purpose: text,
      decision,
      target: text,
      because: text,
    },
  ),
  Process: object({
    name: text,
    title: text,
    version: count,
    hash: text,
    portal: yesNo,
    stages: list({ ...titled, properties: { name: text, title: text, final: yesNo } }),
    rights: list({ enum: ['see', 'move', 'edit', 'erase'] }),
  }),
  Person: person,
  Session: object({ person: object({ id, login: text, name: text, roles: list(text) }), csrf: text }),
  Notification: object({ id: text, at: time, text, read: yesNo }, { caseId: id, caseNumber: text, process: text }),
  Incident: object(
    {
      id,
      kind: text,
      at: time,
      because: text,
      tries: count,
      state: { enum: ['open', 'retried', 'skipped'] },
      mayAct: yesNo,
    },
    {
      case: object({ id, number: text, process: text }),
      closedAt: time,
      closedBy: text,
      closedBecause: text,
    },
  ),
  Hook: object({ id, process: text, signal: text, at: time, madeBy: text }),
  Erasure: object({ proof: text, at: time, erased: { type: 'object', additionalProperties: count } }),
  Plan: object(
    {
      current: object({ hash: text, at: time }),
      proposed: object({ hash: text }),
      differences: list({ type: 'object' }),
      processes: list(
        object({
          process: text,
          from: list(count),
          to: count,
          cases: count,
          stages: list(object({ from: text, to: text, cases: count })),
          notes: list(object({ what: text, cases: count })),
        }),
      ),
      askAgain: list(object({ purpose: text, because: list(text), raised: yesNo, clients: count, some: list(text) })),
      needs: list(object({ what: text }, { process: text, at: place, cases: count })),
    },
    { replay: object({ cases: count, unclear: count, otherwise: list({ type: 'object' }) }) },
  ),
  Problem: object(
    { type: text, title: text, status: { type: 'integer' }, detail: text, code: text, because: text },
    { rule: object({ file: text, line: count }), fields: list(text) },
  ),
}
