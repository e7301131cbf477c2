import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import Router from '@koa/router'
import Koa, { type Next } from 'koa'
import type { Clock } from '../clock.ts'
import { describeError, type Log } from '../log.ts'
import { Refusal } from '../refusal.ts'
import { noSpans, type Spans } from '../spans/spans.ts'
import { apiRouter, hotRouter } from './api/index.ts'
import { loadAssets } from './assets.ts'
import { refuseForeignOrigin } from './forgery.ts'
import { languageOf } from './language.ts'
import { metricsRouter } from './metrics.ts'
import { errorPage, pagesRouter } from './pages/index.ts'
import type { Ports } from './ports.ts'
import { describeProblem, type Problem } from './problem.ts'
import { checkQueryText } from './request-body.ts'
import { requestLog, routeOf } from './request-log.ts'
import { securityHeaders } from './security-headers.ts'
import type { Site, State, Web } from './site.ts'

export interface AppOptions {
  /** The public address: `https://office.example`. */
  readonly url: string
  /** Cookies for https alone. */
  readonly secureCookies: boolean
  /** Whether a proxy in front tells the caller's address in `X-Forwarded-For`. */
  readonly behindProxy?: boolean
  /** Routes of the demo's sandbox mailbox, under `/_mail`. */
  readonly demo?: { readonly router: { routes(): Koa.Middleware } }
  readonly log: Log
  /** Where requests are recorded as spans of traces; nowhere where absent. */
  readonly spans?: Spans
  readonly clock: Clock
  /** Whether an error means that the database or another server is away; such requests get 503. */
  readonly isAway?: (error: unknown) => boolean
  /** Milliseconds between two signs of life on an event stream. */
  readonly heartbeat?: number
  /** Ends event streams, which would not end by themselves, when the server is to stop. */
  readonly ending?: AbortSignal
}

/** The server's pages and its API over the ports. Nothing listens yet. */
export function createApp(ports: Ports, options: AppOptions): Koa<State> {
  const site: Site = {
    ports,
    url: options.url.replace(/\/$/, ''),
    secureCookies: options.secureCookies,
    clock: options.clock,
    log: options.log,
    metrics: ports.metrics,
    spans: options.spans ?? noSpans,
    assets: loadAssets(),
    heartbeat: options.heartbeat ?? 15_000,
    isAway: options.isAway ?? (() => false),
    ending: options.ending,
    sandbox: options.demo !== undefined,
  }
  const app = new Koa<State>({ proxy: options.behindProxy ?? false })
  // Koa's own `error` event prints to the console; `answerErrors` has logged by then.
  app.silent = true
  app.use(requestLog(site))
  app.use(securityHeaders(site))
  app.use(answerErrors(site))
  app.use(refuseForeignOrigin(site))
  app.use(refuseNoText)
  app.use(hotRouter(site).routes())
  app.use(apiRouter(site).routes())
  app.use(metricsRouter(site).routes())
  app.use(assetsRouter(site).routes())
  if (options.demo) app.use(options.demo.router.routes())
  app.use(pagesRouter(site).routes())
  app.use(() => {
    throw new Refusal('not-found', 'There is nothing at this address.')
  })
  return app
}

function assetsRouter(site: Site): Router<State> {
  const router = new Router<State>()
  router.get('/assets/:name', (ctx) => {
    if (!site.assets.serve(ctx, ctx.params.name ?? '')) throw new Refusal('not-found', 'There is no such file.')
  })
  router.get('/favicon.ico', (ctx) => {
    site.assets.serve(ctx, 'zgoda.svg')
  })
  return router
}

function answerErrors(site: Site) {
  return async (ctx: Web, next: Next): Promise<void> => {
    try {
      await next()
    } catch (error) {
      const { problem, expected } = describeProblem(unreadableAddress(error), site.isAway)
      if (!expected) {
        site.log.error({ request: ctx.state.requestId, route: routeOf(ctx), ...describeError(error) }, 'request failed')
      }
      ctx.status = problem.status
      if (problem.status === 503) ctx.set('Retry-After', '5')
      if (wantsJson(ctx)) answerJson(ctx, problem)
      else {
        ctx.state.language = languageOf(ctx)
        await errorPage(ctx, site, problem)
      }
    }
  }
}

function refuseNoText(ctx: Web, next: Next): Promise<unknown> {
  checkQueryText(ctx.querystring)
  return next()
}

/** A broken percent-encoding in the path, as the router reports it. */
function unreadableAddress(error: unknown): unknown {
  return error instanceof URIError ? new Refusal('not-found', 'This address can not be read.') : error
}

function answerJson(ctx: Web, problem: Problem): void {
  if (problem.code === 'not-signed-in') ctx.set('WWW-Authenticate', 'Bearer')
  ctx.body = JSON.stringify(problem)
  ctx.type = 'application/problem+json'
}

function wantsJson(ctx: Web): boolean {
  return (
    /^\/(api|hooks|healthz|readyz|metrics|_mail\/api)(\/|$)/.test(ctx.path) || ctx.accepts('html', 'json') === 'json'
  )
}

export interface Listening {
  readonly server: Server
  readonly port: number
  /** Takes no more requests from now on, lets those under way end, and closes what does not within ten seconds. */
  close(): Promise<void>
}

/** Port 0 takes any free one. */
export async function listen(app: Koa<State>, port: number, host: string): Promise<Listening> {
  const server = createServer(app.callback())
  server.requestTimeout = 60_000
  server.headersTimeout = 20_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= closeServer(server)
    return closing
  }
  return { server, port: (server.address() as AddressInfo).port, close }
}

function closeServer(server: Server): Promise<void> {
  const patience = setTimeout(() => server.closeAllConnections(), 10_000)
  // A connection that is kept alive would bring further requests.
  server.prependListener('request', (_, response) => response.setHeader('Connection', 'close'))
  const idle = setInterval(() => server.closeIdleConnections(), 100)
  return new Promise((resolve) => {
    server.close(() => {
      clearTimeout(patience)
      clearInterval(idle)
      resolve()
    })
    server.closeIdleConnections()
  })
}
