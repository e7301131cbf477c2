import { type Paging, pageOf, paging } from './paging.ts'
import { type Route, staffRoute } from './route.ts'
import { object, schema } from './schema.ts'
import { named, page } from './shapes.ts'

interface Filter extends Paging {
  readonly state?: 'open' | 'closed'
  readonly case?: string
}

const caseId = { type: 'string', pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' }

const browse = staffRoute({
  method: 'get',
  path: '/incidents',
  id: 'listIncidents',
  summary: 'Work that failed for good and waits for a person, newest first; `state=closed` gives what was dealt with.',
  query: schema<Filter>(object({}, { ...paging, state: { enum: ['open', 'closed'] }, case: caseId })),
  answers: { 200: page(named('Incident')) },
  handle: ({ ports }, { by, query }) =>
    ports.incidents.list(
      by,
      { state: query.state ?? 'open', ...(query.case && { caseId: query.case }) },
      pageOf(query),
    ),
})

const retry = staffRoute({
  method: 'post',
  path: '/incidents/:id/retry',
  id: 'retryIncident',
  summary: 'Puts the work back, to be tried anew.',
  answers: { 200: named('Incident') },
  handle: ({ ports }, { by, params }) => ports.incidents.retry(by, params.id ?? ''),
})

const skip = staffRoute({
  method: 'post',
  path: '/incidents/:id/skip',
  id: 'skipIncident',
  summary: 'Leaves the work undone; the reason is kept with who and when.',
  body: schema<{ because: string }>(
    object({ because: { type: 'string', minLength: 1, maxLength: 1000, pattern: '\\S' } }),
  ),
  answers: { 200: named('Incident') },
  handle: ({ ports }, { by, params, body }) => ports.incidents.skip(by, params.id ?? '', body.because),
})

export const incidentRoutes: readonly Route[] = [browse, retry, skip]
