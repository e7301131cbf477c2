import Router from '@koa/router'
import type { Site, State } from '../site.ts'
import { boardPages } from './board.ts'
import { casePages } from './case.ts'
import { clientPages } from './client.ts'
import { clientListPages } from './clients.ts'
import { homePages } from './home.ts'
import { inboxPages } from './inbox.ts'
import { incidentPages } from './incidents.ts'
import { lookPages } from './looks.ts'
import { portalPages } from './portal.ts'
import { portalFormPages } from './portal-form.ts'
import { portalSignInPages } from './portal-sign-in.ts'
import { retentionPages } from './retention.ts'
import { signInPages } from './sign-in.ts'
import { startCasePages } from './start-case.ts'
import { Pages } from './visit.ts'

export { errorPage } from './error.ts'

/** The staff's pages and the client's portal. */
export function pagesRouter(site: Site): Router<State> {
  const router = new Router<State>()
  const pages = new Pages(router, site)
  signInPages(pages)
  homePages(pages)
  inboxPages(pages)
  incidentPages(pages)
  boardPages(pages)
  startCasePages(pages)
  casePages(pages)
  clientListPages(pages)
  clientPages(pages)
  lookPages(pages)
  retentionPages(pages)
  portalSignInPages(pages)
  portalFormPages(pages)
  portalPages(pages)
  return router
}
