import { type Paging, pageOf, paging } from './paging.ts'
import { type Route, staffRoute } from './route.ts'
import { object, schema } from './schema.ts'
import { id, list, page, text, time, yesNo } from './shapes.ts'

const hold = object(
  { id, at: time, by: text, until: time, because: text, stands: yesNo },
  { case: id, lifted: object({ at: time, by: text }) },
)

interface NewHold {
  readonly because: string
  readonly until: string
  readonly case?: string
}

const holds = staffRoute({
  method: 'get',
  path: '/clients/:id/holds',
  id: 'listHolds',
  summary: 'Legal holds on this client, newest first: who, why and until when.',
  answers: { 200: object({ items: list(hold) }) },
  handle: async ({ ports }, { by, params }) => ({ items: await ports.holds.list(by, params.id ?? '') }),
})

const place = staffRoute({
  method: 'post',
  path: '/clients/:id/holds',
  id: 'placeHold',
  summary: 'Keeps what would have to be erased, out of reach, until a date; with `case`, of that case alone.',
  body: schema<NewHold>(
    object(
      { because: { type: 'string', maxLength: 1000 }, until: { type: 'string', maxLength: 40 } },
      { case: { type: 'string', maxLength: 40 } },
    ),
  ),
  answers: { 201: hold },
  handle: ({ ports }, { by, params, body }) => ports.holds.place(by, params.id ?? '', body),
})

const lift = staffRoute({
  method: 'delete',
  path: '/clients/:id/holds/:hold',
  id: 'liftHold',
  summary: 'Ends a hold: what had to go meanwhile goes now.',
  answers: { 204: null },
  handle: ({ ports }, { by, params }) => ports.holds.lift(by, params.id ?? '', params.hold ?? ''),
})

const goes = staffRoute({
  method: 'get',
  path: '/retention',
  id: 'retentionPreview',
  summary: 'What goes by itself within so many days (30), the soonest first, in processes where you may erase.',
  query: schema<{ days?: string }>(object({}, { days: { type: 'string', pattern: '^\\d{1,4}$' } })),
  answers: {
    200: object({
      items: list(
        object(
          {
            case: id,
            number: text,
            process: text,
            due: time,
            fields: list(text),
            fewer: list(text),
            letters: yesNo,
          },
          { heldUntil: time },
        ),
      ),
      more: yesNo,
    }),
  },
  handle: ({ ports }, { by, query }) => ports.retention.goes(by, Number(query.days ?? 30)),
})

const went = staffRoute({
  method: 'get',
  path: '/retention/done',
  id: 'retentionReport',
  summary: 'What went by itself, newest first.',
  query: schema<Paging>(object({}, paging)),
  answers: {
    200: page(
      object({
        at: time,
        case: id,
        number: text,
        process: text,
        fields: list(text),
        kept: { type: 'object', additionalProperties: { type: 'integer' } },
      }),
    ),
  },
  handle: ({ ports }, { by, query }) => ports.retention.went(by, pageOf(query)),
})

export const retentionRoutes: readonly Route[] = [holds, place, lift, goes, went]
