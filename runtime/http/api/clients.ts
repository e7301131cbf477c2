import { type Paging, pageOf, paging } from './paging.ts'
import { presentClient, presentConsent, presentRecord } from './present.ts'
import { type Route, staffRoute } from './route.ts'
import { object, schema } from './schema.ts'
import { id, list, named, page, text, time } from './shapes.ts'

const name = { type: 'string', maxLength: 200 } as const
const email = { type: 'string', maxLength: 254 } as const
const phone = { type: 'string', maxLength: 50 } as const
const ofLetters = { enum: ['en', 'pl'] } as const
const nullable = (shape: { type: string; maxLength: number }) => ({ ...shape, type: [shape.type, 'null'] })

interface Card {
  readonly name?: string
  readonly email?: string
  readonly phone?: string
  readonly language?: string
}

interface CardChange {
  readonly name?: string | null
  readonly email?: string | null
  readonly phone?: string | null
  readonly language?: string
}

interface Decision {
  readonly purpose: string
  readonly decision: 'given' | 'refused' | 'withdrawn'
  readonly evidence?: Readonly<Record<string, unknown>>
  readonly statement?: string
}

const create = staffRoute({
  method: 'post',
  path: '/clients',
  id: 'createClient',
  summary: 'A new client. Nothing is required, not even a name.',
  body: schema<Card>(object({}, { name, email, phone, language: ofLetters })),
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
  body: schema<CardChange>(
    object({}, { name: nullable(name), email: nullable(email), phone: nullable(phone), language: ofLetters }),
  ),
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
      { purpose: { type: 'string', maxLength: 100 }, decision: { enum: ['given', 'refused', 'withdrawn'] } },
      { evidence: { type: 'object', maxProperties: 20 }, statement: { type: 'string', maxLength: 500 } },
    ),
  ),
  idempotent: true,
  answers: { 201: named('ConsentRecord') },
  handle: async ({ ports }, { by, params, body, key, language }) =>
    presentRecord(await ports.clients.decide(by, params.id ?? '', body, key), language),
})

const clearUndelivered = staffRoute({
  method: 'delete',
  path: '/clients/:id/undelivered',
  id: 'clearUndelivered',
  summary: 'Lets letters go again to addresses of the client from which they have come back.',
  answers: { 204: null },
  handle: ({ ports }, { by, params }) => ports.clients.clearUndelivered(by, params.id ?? ''),
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
  clearUndelivered,
  erase,
  code,
]
