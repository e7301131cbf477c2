import { receiptFile } from '../receipt-file.ts'
import { type Paging, pageOf, paging } from './paging.ts'
import { presentClient, presentConsent, presentRecord } from './present.ts'
import { type Route, staffRoute } from './route.ts'
import { object, schema } from './schema.ts'
import { id, list, named, page, text, time } from './shapes.ts'

const name = { type: 'string', maxLength: 200 } as const
const email = { type: 'string', maxLength: 254 } as const
const phone = { type: 'string', maxLength: 50 } as const
const nullable = (shape: { type: string; maxLength: number }) => ({ ...shape, type: [shape.type, 'null'] })

interface Card {
  readonly name?: string
  readonly email?: string
  readonly phone?: string
}

interface CardChange {
  readonly name?: string | null
  readonly email?: string | null
  readonly phone?: string | null
}

interface Decision {
  readonly purpose: string
  readonly decision: 'given' | 'refused' | 'withdrawn' | 'invalidated'
  readonly evidence?: Readonly<Record<string, unknown>>
  readonly statement?: string
  readonly language?: string
}

interface Withdrawal {
  readonly purposes?: readonly string[]
  readonly evidence?: Readonly<Record<string, unknown>>
  readonly language?: string
}

const evidence = { type: 'object', maxProperties: 20 } as const
const shownIn = { enum: ['en', 'pl'] } as const

const create = staffRoute({
  method: 'post',
  path: '/clients',
  id: 'createClient',
  summary: 'A new client. Nothing is required, not even a name.',
  body: schema<Card>(object({}, { name, email, phone })),
  bodyOptional: true,
  idempotent: true,
  answers: { 201: named('Client') },
  handle: async ({ ports }, { by, body, key, language }) =>
    presentClient(await ports.clients.create(by, body, key), language),
})

const search = staffRoute({
  method: 'get',
  path: '/clients',
  id: 'searchClients',
  summary: 'Clients by name, e-mail, phone or pseudonym; the newest without a query.',
  query: schema<Paging & { q?: string }>(object({}, { q: { type: 'string', maxLength: 200 }, ...paging })),
  answers: { 200: page(object({ id, label: text, createdAt: time })) },
  handle: ({ ports }, { by, query }) => ports.clients.search(by, query.q ?? '', pageOf(query)),
})

const read = staffRoute({
  method: 'get',
  path: '/clients/:id',
  id: 'getClient',
  summary: 'The card, cases and consents.',
  answers: { 200: named('Client') },
  handle: async ({ ports }, { by, params, language }) =>
    presentClient(await ports.clients.get(by, params.id ?? ''), language),
})

const update = staffRoute({
  method: 'patch',
  path: '/clients/:id',
  id: 'updateClient',
  summary: 'Changes the card; `null` clears a value.',
  body: schema<CardChange>(object({}, { name: nullable(name), email: nullable(email), phone: nullable(phone) })),
  answers: { 200: named('Client') },
  handle: async ({ ports }, { by, params, body, language }) =>
    presentClient(await ports.clients.update(by, params.id ?? '', body), language),
})

const consents = staffRoute({
  method: 'get',
  path: '/clients/:id/consents',
  id: 'getConsents',
  summary: 'How each consent stands, and every decision there was, oldest first.',
  answers: { 200: object({ items: list(named('Consent')), records: list(named('ConsentRecord')) }) },
  handle: async ({ ports }, { by, params, language }) => {
    const client = params.id ?? ''
    const items = await ports.clients.consents(by, client)
    const records = await ports.clients.consentRecords(by, client)
    return {
      items: items.map((consent) => presentConsent(consent, language)),
      records: records.map((record) => presentRecord(record, language)),
    }
  },
})

const decide = staffRoute({
  method: 'post',
  path: '/clients/:id/consents',
  id: 'recordConsent',
  summary: "Records the client's decision on one purpose and moves every case it touches.",
  body: schema<Decision>(
    object(
      {
        purpose: { type: 'string', maxLength: 100 },
        decision: { enum: ['given', 'refused', 'withdrawn', 'invalidated'] },
      },
      { evidence, statement: { type: 'string', maxLength: 500 }, language: shownIn },
    ),
  ),
  idempotent: true,
  answers: { 201: named('ConsentRecord') },
  handle: async ({ ports }, { by, params, body, key, language }) =>
    presentRecord(await ports.clients.decide(by, params.id ?? '', body, key), language),
})

const looks = staffRoute({
  method: 'get',
  path: '/clients/:id/looks',
  id: 'getLooks',
  summary: "Who was shown this client's data, and when: names of fields, newest first.",
  query: schema<Paging>(object({}, paging)),
  answers: { 200: page(object({ at: time, by: text, fields: list(text) }, { case: id })) },
  handle: ({ ports }, { by, params, query }) => ports.clients.looks(by, params.id ?? '', pageOf(query)),
})

const withdraw = staffRoute({
  method: 'post',
  path: '/clients/:id/consents/withdraw',
  id: 'withdrawConsents',
  summary:
    "On the client's word, withdraws every consent that stands, in one transaction, or those to `purposes` alone. Answers when nothing that rests on them is on its way any more.",
  body: schema<Withdrawal>(
    object(
      {},
      {
        purposes: { type: 'array', items: { type: 'string', maxLength: 100 }, minItems: 1, maxItems: 200 },
        evidence,
        language: shownIn,
      },
    ),
  ),
  bodyOptional: true,
  idempotent: true,
  answers: { 200: object({ records: list(named('ConsentRecord')) }) },
  handle: async ({ ports }, { by, params, body, key, language }) => {
    const records = await ports.clients.withdraw(by, params.id ?? '', body, key)
    return { records: records.map((record) => presentRecord(record, language)) }
  },
})

const receipt = staffRoute({
  method: 'get',
  path: '/clients/:id/consents/receipt',
  id: 'getConsentReceipt',
  summary:
    'The consent records of the client, or the one of `purpose`, as a receipt by ISO/IEC TS 27560; with `format=jsonld` or `Accept: application/ld+json` as JSON-LD by W3C DPV.',
  query: schema<{ purpose?: string; format?: 'json' | 'jsonld' }>(
    object({}, { purpose: { type: 'string', maxLength: 100 }, format: { enum: ['json', 'jsonld'] } }),
  ),
  answers: { 200: named('ConsentReceipt') },
  handle: async ({ ports, url }, { by, params, query, accept }) => {
    const { purpose, format = accept.includes('application/ld+json') ? 'jsonld' : 'json' } = query
    const made = await ports.clients.receipt(by, params.id ?? '', { url, ...(purpose && { purpose }) })
    return format === 'json' ? made : receiptFile(made, 'jsonld')
  },
})

const erase = staffRoute({
  method: 'post',
  path: '/clients/:id/erase',
  id: 'eraseClient',
  summary: 'Erases the client whole. The proof holds no personal data.',
  answers: { 200: named('Erasure') },
  handle: ({ ports }, { by, params }) => ports.clients.erase(by, params.id ?? ''),
})

const code = staffRoute({
  method: 'post',
  path: '/clients/:id/portal-code',
  id: 'issuePortalCode',
  summary: 'A code to hand over on paper: it opens the portal once.',
  answers: { 201: object({ code: text, expiresAt: time }) },
  handle: ({ ports }, { by, params }) => ports.portal.issueCode(by, params.id ?? ''),
})

export const clientRoutes: readonly Route[] = [
  create,
  search,
  read,
  update,
  consents,
  decide,
  withdraw,
  receipt,
  looks,
  erase,
  code,
]
