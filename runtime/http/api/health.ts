import type { Route } from './route.ts'
import { object } from './schema.ts'
import { text, yesNo } from './shapes.ts'

/** Probes, at the root and under `/api/v1` alike. */
export const healthRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/healthz',
    id: 'alive',
    summary: 'The server runs.',
    who: 'anyone',
    answers: { 200: object({ alive: yesNo }) },
    handler: () => async (ctx) => {
      ctx.body = { alive: true }
    },
  },
  {
    method: 'get',
    path: '/readyz',
    id: 'ready',
    summary: 'The server can take requests; else what is missing.',
    who: 'anyone',
    answers: { 200: object({ ready: yesNo, checks: { type: 'object', additionalProperties: text } }) },
    handler: (site) => async (ctx) => {
      const { ready, checks } = await site.ports.health.ready()
      ctx.status = ready ? 200 : 503
      if (!ready) ctx.set('Retry-After', '5')
      ctx.body = { ready, checks }
    },
  },
]
