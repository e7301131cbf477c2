import { Refusal } from '../../refusal.ts'
import { Attachment } from '../attachment.ts'
import { type CountOrder, countReasons } from '../ports.ts'
import { type Paging, pageOf, paging } from './paging.ts'
import { presentCard, presentCase, presentMessage } from './present.ts'
import { type Route, staffRoute } from './route.ts'
import { object, schema } from './schema.ts'
import { file, id, isTrue, list, mailFile, named, oneOf, page, refusedOne, text } from './shapes.ts'

const name = { type: 'string', minLength: 1, maxLength: 100 } as const
const uuid = { type: 'string', pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' } as const

/** What a field takes is the process's matter; a value is of one of these kinds. */
const values = {
  type: 'object',
  maxProperties: 500,
  additionalProperties: { type: ['string', 'number', 'boolean', 'null', 'array'], items: { type: 'string' } },
} as const

type Values = Readonly<Record<string, unknown>>

// First among the API's routes: the one that must be lean.
const move = staffRoute({
  method: 'post',
  path: '/cases/:id/moves',
  id: 'moveCase',
  summary: 'Moves the case to a stage, or says which rule forbids it and what unblocks it.',
  body: schema<{ to: string }>(object({ to: name })),
  idempotent: true,
  answers: { 200: named('Case'), 409: named('Problem') },
  handle: async ({ ports }, { by, params, body, key, language }) =>
    presentCase(await ports.cases.move(by, params.id ?? '', body.to, key), language),
})

const moveMany = staffRoute({
  method: 'post',
  path: '/cases/moves',
  id: 'moveCases',
  summary: 'Moves many cases to a stage, each by every rule; one that is refused stops no other.',
  body: schema<{ ids: readonly string[]; to: string }>(
    object({ ids: { type: 'array', items: uuid, minItems: 1, maxItems: 200, uniqueItems: true }, to: name }),
  ),
  idempotent: true,
  answers: {
    200: object({ items: list(oneOf(object({ id, ok: isTrue, stage: text }), object({ id, ...refusedOne }))) }),
  },
  handle: async ({ ports }, { by, body, key }) => ({ items: await ports.bulk.move(by, body.ids, body.to, key) }),
})

const start = staffRoute({
  method: 'post',
  path: '/cases',
  id: 'startCase',
  summary: 'Starts a case of a process, for a client or for a new one.',
  body: schema<{ process: string; client?: string; fields?: Values }>(
    object({ process: name }, { client: uuid, fields: values }),
  ),
  idempotent: true,
  answers: { 201: named('Case') },
  handle: async ({ ports }, { by, body, key, language }) =>
    presentCase(await ports.cases.start(by, body, key), language),
})

const read = staffRoute({
  method: 'get',
  path: '/cases/:id',
  id: 'getCase',
  summary: 'The case, as far as you may see it at this stage.',
  answers: { 200: named('Case') },
  handle: async ({ ports }, { by, params, language }) =>
    presentCase(await ports.cases.get(by, params.id ?? ''), language),
})

const browse = staffRoute({
  method: 'get',
  path: '/cases',
  id: 'listCases',
  summary: 'Cases by process, stage, assignee or client.',
  query: schema<Paging & { process?: string; stage?: string; assignee?: string; client?: string }>(
    object({}, { process: name, stage: name, assignee: uuid, client: uuid, ...paging }),
  ),
  answers: { 200: page(named('CaseCard')) },
  handle: async ({ ports }, { by, query, language }) => {
    const { after: _after, limit: _limit, ...filter } = query
    const found = await ports.cases.list(by, filter, pageOf(query))
    return { ...found, items: found.items.map((card) => presentCard(card, language)) }
  },
})

const fill = staffRoute({
  method: 'patch',
  path: '/cases/:id/fields',
  id: 'fillCase',
  summary: 'Fills fields, all or none; `null` clears one.',
  body: schema<Values>({ ...values, minProperties: 1 }),
  answers: { 200: named('Case') },
  handle: async ({ ports }, { by, params, body, language }) =>
    presentCase(await ports.cases.fill(by, params.id ?? '', body), language),
})

const erase = staffRoute({
  method: 'post',
  path: '/cases/:id/erase',
  id: 'eraseFields',
  summary: 'Erases the values of some fields for good.',
  body: schema<{ fields: readonly string[] }>(
    object({ fields: { type: 'array', items: name, minItems: 1, maxItems: 500 } }),
  ),
  answers: { 200: named('Case') },
  handle: async ({ ports }, { by, params, body, language }) =>
    presentCase(await ports.cases.erase(by, params.id ?? '', body.fields), language),
})

const signal = staffRoute({
  method: 'post',
  path: '/cases/:id/signals/:name',
  id: 'signalCase',
  summary: 'Something happened outside that the process waits for.',
  idempotent: true,
  answers: { 200: named('Case'), 409: named('Problem') },
  handle: async ({ ports }, { by, params, key, language }) => {
    if (!/^[a-z][a-z0-9_]{0,99}$/.test(params.name ?? '')) throw new Refusal('not-found', 'There is no such signal.')
    return presentCase(await ports.cases.signal(by, params.id ?? '', params.name ?? '', key), language)
  },
})

const assign = staffRoute({
  method: 'post',
  path: '/cases/:id/assignee',
  id: 'assignCase',
  summary: 'Gives the case to somebody who may see it, or with `null` to nobody.',
  body: schema<{ person: string | null }>(object({ person: { ...uuid, type: ['string', 'null'] } })),
  idempotent: true,
  answers: { 200: named('Case'), 409: named('Problem') },
  handle: async ({ ports }, { by, params, body, key, language }) =>
    presentCase(await ports.cases.assign(by, params.id ?? '', body.person, key), language),
})

const documents = staffRoute({
  method: 'get',
  path: '/cases/:id/documents',
  id: 'listDocuments',
  summary:
    'What the case has written; `because` says why one can not be opened: you may not see all that is in it, or it could not be written.',
  answers: { 200: object({ items: list(named('Document')) }) },
  handle: async ({ ports }, { by, params }) => ({ items: await ports.cases.documents(by, params.id ?? '') }),
})

const document = staffRoute({
  method: 'get',
  path: '/cases/:id/documents/:seq',
  id: 'getDocument',
  summary: 'One of them, as a PDF file.',
  answers: { 200: file },
  handle: async ({ ports }, { by, params }) =>
    new Attachment(await ports.cases.document(by, params.id ?? '', params.seq ?? '')),
})

const history = staffRoute({
  method: 'get',
  path: '/cases/:id/history',
  id: 'getHistory',
  summary: 'What happened, who or which rule did it, when: names of fields, never their values.',
  query: schema<Paging>(object({}, paging)),
  answers: { 200: page(named('HistoryItem')) },
  handle: ({ ports }, { by, params, query }) => ports.cases.history(by, params.id ?? '', pageOf(query)),
})

const correspondence = staffRoute({
  method: 'get',
  path: '/cases/:id/letters',
  id: 'getLetters',
  summary:
    'The newest letters out and messages in, each oldest first; of each message whether it counted, why, and what was checked. `next` leads to those before.',
  query: schema<Paging>(object({}, paging)),
  answers: { 200: object({ letters: list(named('Letter')), messages: list(named('Message')) }, { next: text }) },
  handle: async ({ ports }, { by, params, query, language }) => {
    const { messages, ...rest } = await ports.cases.correspondence(by, params.id ?? '', pageOf(query))
    return { ...rest, messages: messages.map((message) => presentMessage(message, language)) }
  },
})

const message = staffRoute({
  method: 'get',
  path: '/cases/:id/messages/:message',
  id: 'getMessage',
  summary: 'One of the messages as it came, byte by byte.',
  answers: { 200: mailFile },
  handle: async ({ ports }, { by, params }) =>
    new Attachment(await ports.cases.message(by, params.id ?? '', params.message ?? '')),
})

const countMessage = staffRoute({
  method: 'post',
  path: '/cases/:id/messages/:message/count',
  id: 'countMessage',
  summary:
    'Lets a message that did not count be the client’s answer, for a reason that is kept with it; never one that a machine sent. Done again alike, it changes nothing.',
  body: schema<CountOrder>(
    object(
      {
        reason: { enum: [...countReasons] },
        note: { type: 'string', minLength: 3, maxLength: 2000, pattern: '\\S' },
      },
      { letter: { type: 'string', pattern: '^[1-9]\\d{0,8}$' } },
    ),
  ),
  answers: { 200: named('Case'), 409: named('Problem') },
  handle: async ({ ports }, { by, params, body, language }) =>
    presentCase(await ports.cases.countMessage(by, params.id ?? '', params.message ?? '', body), language),
})

export const caseRoutes: readonly Route[] = [
  move,
  moveMany,
  start,
  read,
  browse,
  fill,
  erase,
  signal,
  assign,
  history,
  correspondence,
  message,
  countMessage,
  documents,
  document,
]
