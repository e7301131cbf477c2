import { Refusal } from '../../refusal.ts'
import { Attachment } from '../attachment.ts'
import type { Draft, LetterOrder } from '../ports.ts'
import { type Route, staffRoute } from './route.ts'
import { type JsonSchema, object, schema } from './schema.ts'
import { list, named, orNull, text, time } from './shapes.ts'

const name = { type: 'string', minLength: 1, maxLength: 100 } as const
const uuid = { type: 'string', pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' } as const
const message = { type: 'string', pattern: '^[0-9a-f]{64}$' } as const
const seq = { type: 'integer', minimum: 1, maximum: 999_999_999 } as const

/** How a letter by hand is asked for; the limits are those of `cases/letter-by-hand.ts`, here for a clear answer at once. */
const words = { subject: { type: 'string', maxLength: 250 }, body: { type: 'string', maxLength: 100_000 } } as const
const more: Record<string, JsonSchema> = {
  to: { type: 'string', minLength: 1, maxLength: 320 },
  purpose: name,
  documents: { type: 'array', items: seq, maxItems: 10, uniqueItems: true },
  answers: message,
}

const send = staffRoute({
  method: 'post',
  path: '/cases/:id/letters',
  id: 'writeLetter',
  summary:
    'A letter by hand: to the `client` where `to` is left out, else to their `card`, a field for their address, or an address typed for this letter alone. `body` is Markdown.',
  body: schema<LetterOrder>(
    object(words, { ...more, files: { type: 'array', items: uuid, maxItems: 10, uniqueItems: true } }),
  ),
  idempotent: true,
  answers: { 201: named('Letter'), 409: named('Problem') },
  handle: ({ ports }, { by, params, body, key }) => ports.writing.send(by, params.id ?? '', body, key),
})

const upload = staffRoute({
  method: 'post',
  path: '/cases/:id/files',
  id: 'uploadFile',
  summary:
    'A file to go with a letter by hand, `content` in base64: typed by what it is, not by its name; at most 10 MiB.',
  body: schema<{ name: string; content: string }>(
    object({ name: { type: 'string', minLength: 1, maxLength: 255 }, content: { type: 'string', minLength: 1 } }),
  ),
  largest: 15 * 1024 * 1024,
  answers: { 201: named('Upload') },
  handle: ({ ports }, { by, params, body }) => {
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(body.content)) throw new Refusal('invalid-body', '`content` is not base64.')
    return ports.writing.upload(by, params.id ?? '', { name: body.name, content: Buffer.from(body.content, 'base64') })
  },
})

const readDraft = staffRoute({
  method: 'get',
  path: '/cases/:id/draft',
  id: 'getDraft',
  summary: 'The letter that you have begun in this case, and who else has begun one.',
  answers: {
    200: object({ draft: orNull(named('Draft')), writers: list(object({ name: text, at: time })) }),
  },
  handle: async ({ ports }, { by, params }) => {
    const { draft = null, writers } = await ports.writing.desk(by, params.id ?? '')
    return { draft, writers }
  },
})

const uploaded = object({ id: uuid, name: { type: 'string' }, type: { type: 'string' }, size: { type: 'integer' } })

const keepDraft = staffRoute({
  method: 'post',
  path: '/cases/:id/draft',
  id: 'keepDraft',
  summary:
    'Keeps what you have begun in place of what was there. `key` is the `Idempotency-Key` its letter will go under.',
  body: schema<Draft>(
    object(
      {
        ...words,
        key: { type: 'string', pattern: '^[\\x21-\\x7e]{1,200}$' },
        files: { type: 'array', items: uploaded, maxItems: 10 },
      },
      more,
    ),
  ),
  answers: { 200: orNull(named('Draft')) },
  handle: async ({ ports }, { by, params, body }) => (await ports.writing.keepDraft(by, params.id ?? '', body)) ?? null,
})

const discardDraft = staffRoute({
  method: 'delete',
  path: '/cases/:id/draft',
  id: 'discardDraft',
  summary: 'Forgets the letter that you have begun in this case, with its files.',
  answers: { 204: null },
  handle: ({ ports }, { by, params }) => ports.writing.discardDraft(by, params.id ?? ''),
})

const drafts = staffRoute({
  method: 'get',
  path: '/drafts',
  id: 'listDrafts',
  summary: 'The letters that you have begun, newest first.',
  answers: { 200: object({ items: list(object({ case: text, number: text, process: text, at: time })) }) },
  handle: async ({ ports }, { by }) => ({
    items: (await ports.writing.drafts(by)).map((one) => ({
      case: one.case.id,
      number: one.case.number,
      process: one.case.process.name,
      at: one.at,
    })),
  }),
})

const aFile: JsonSchema = { type: 'string', contentMediaType: 'application/octet-stream' }
const position = (at: string | undefined) => (/^\d{1,3}$/.test(at ?? '') ? Number(at) : Number.NaN)

const letterFile = staffRoute({
  method: 'get',
  path: '/cases/:id/letters/:letter/files/:position',
  id: 'getLetterFile',
  summary: 'A file that went with a letter by hand, by its place among them from 0.',
  answers: { 200: aFile },
  handle: async ({ ports }, { by, params }) =>
    new Attachment(await ports.writing.letterFile(by, params.id ?? '', params.letter ?? '', position(params.position))),
})

const messageFile = staffRoute({
  method: 'get',
  path: '/cases/:id/messages/:message/files/:position',
  id: 'getMessageFile',
  summary: 'A file that came with a message, by its place among them from 0: as bytes, whatever its sender calls it.',
  answers: { 200: aFile },
  handle: async ({ ports }, { by, params }) =>
    new Attachment(
      await ports.writing.messageFile(by, params.id ?? '', params.message ?? '', position(params.position)),
    ),
})

const toCase = staffRoute({
  method: 'post',
  path: '/messages/:message/case',
  id: 'putMessage',
  summary: 'Puts a message of no case into one. It counts as nothing there.',
  body: schema<{ case: string }>(object({ case: uuid })),
  answers: { 204: null, 409: named('Problem') },
  handle: ({ ports }, { by, params, body }) => ports.inbox.toCase(by, params.message ?? '', body.case),
})

const toClient = staffRoute({
  method: 'post',
  path: '/messages/:message/client',
  id: 'giveMessage',
  summary: 'Puts a message of no case to a client.',
  body: schema<{ client: string }>(object({ client: uuid })),
  answers: { 204: null, 409: named('Problem') },
  handle: ({ ports }, { by, params, body }) => ports.inbox.toClient(by, params.message ?? '', body.client),
})

export const writingRoutes: readonly Route[] = [
  send,
  upload,
  readDraft,
  keepDraft,
  discardDraft,
  drafts,
  letterFile,
  messageFile,
  toCase,
  toClient,
]
