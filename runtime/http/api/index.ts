import Router from '@koa/router'
import { Refusal } from '../../refusal.ts'
import type { Site, State } from '../site.ts'
import { caseRoutes } from './cases.ts'
import { clientRoutes } from './clients.ts'
import { deploymentRoutes } from './deployment.ts'
import { eventRoutes } from './events.ts'
import { exportRoutes } from './exports.ts'
import { healthRoutes } from './health.ts'
import { hookRoutes, signalRoutes } from './hooks.ts'
import { importRoutes } from './imports.ts'
import { incidentRoutes } from './incidents.ts'
import { openApi } from './openapi.ts'
import { retentionRoutes } from './retention.ts'
import { addRoutes } from './route.ts'
import { sessionRoutes } from './sessions.ts'
import { workspaceRoutes } from './workspace.ts'

const prefix = '/api/v1'

const routes = [
  ...caseRoutes,
  ...importRoutes,
  ...exportRoutes,
  ...clientRoutes,
  ...retentionRoutes,
  ...workspaceRoutes,
  ...deploymentRoutes,
  ...incidentRoutes,
  ...hookRoutes,
  ...sessionRoutes,
  ...eventRoutes,
  ...healthRoutes,
]

/** The call that is made most, by itself: a router looks through all its routes for each request. */
export function hotRouter(site: Site): Router<State> {
  const router = new Router<State>()
  addRoutes(router, site, caseRoutes.slice(0, 1), prefix)
  return router
}

/** All of `/api/v1`, its description, and the probes. */
export function apiRouter(site: Site): Router<State> {
  const router = new Router<State>()
  addRoutes(router, site, routes, prefix)
  addRoutes(router, site, healthRoutes, '')
  addRoutes(router, site, signalRoutes, '')
  addRoutes(router, site, signalRoutes, prefix)
  const description = JSON.stringify(openApi(routes, site.url))
  router.get(`${prefix}/openapi.json`, (ctx) => {
    ctx.body = description
    ctx.type = 'application/json'
  })
  router.all('/api{/*rest}', () => {
    throw new Refusal('not-found', 'There is no such call: `/api/v1/openapi.json` lists them.')
  })
  return router
}
