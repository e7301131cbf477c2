import type { ImportOrder } from '../ports.ts'
import { type Route, staffRoute } from './route.ts'
import { object, schema } from './schema.ts'
import { count, id, isTrue, list, oneOf, refusedOne, text, yesNo } from './shapes.ts'

/** Rows a request: a larger file comes in several, so that none runs long and each can be sent again. */
const mostRows = 200
const mostColumns = 500

const name = { type: 'string', minLength: 1, maxLength: 200 } as const
const cell = { type: ['string', 'number', 'boolean', 'null', 'array'], items: { type: 'string' } } as const
const line = { type: 'integer', minimum: 1, maximum: 1_000_000_000 } as const
const row = object({ line, cells: { type: 'array', items: cell, maxItems: mostColumns } })

const importRows = staffRoute({
  method: 'post',
  path: '/imports',
  id: 'importRows',
  summary:
    'Makes a case of each row, by every rule that holds by hand; what an `id` and a line have made once is made no second time.',
  body: schema<ImportOrder>(
    object(
      {
        id: { type: 'string', pattern: '^[\\x21-\\x7e]{1,100}$' },
        process: name,
        columns: { type: 'array', items: name, minItems: 1, maxItems: mostColumns },
        rows: { type: 'array', items: row, minItems: 1, maxItems: mostRows },
      },
      { match: { enum: ['email'] }, dryRun: yesNo },
    ),
  ),
  answers: {
    200: object({
      items: list(
        oneOf(
          object({ line: count, ok: isTrue }, { case: id, again: isTrue, letters: list(text) }),
          object({ line: count, ...refusedOne }, { column: text }),
        ),
      ),
    }),
  },
  handle: async ({ ports }, { by, body }) => ({ items: await ports.bulk.import(by, body) }),
})

export const importRoutes: readonly Route[] = [importRows]
