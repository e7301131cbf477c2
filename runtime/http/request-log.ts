import type { Next } from 'koa'
import type { Span } from '../spans/spans.ts'
import { inTrace, placeFrom } from '../trace.ts'
import type { Site, Web } from './site.ts'

let count = 0

/**
 * A line a request: which route, how it went, how long. Never the path itself, a query, a body or a name: paths hold signed
 * links and ids.
 */
export function requestLog(site: Site) {
  return (ctx: Web, next: Next): Promise<void> => {
    const parent = placeFrom(ctx.req.headers.traceparent as string | undefined)
    const span = site.spans.open(ctx.method, { kind: 'server', parent })
    return inTrace(span.place, () => logged(ctx, next)).finally(() => {
      if (quiet.test(ctx.path)) span.forget()
      else tell(span, ctx)
    })
  }

  async function logged(ctx: Web, next: Next): Promise<void> {
    count = (count + 1) % 0x7fffffff
    const requestId = `${process.pid.toString(36)}-${count.toString(36)}`
    const started = performance.now()
    ctx.state.requestId = requestId
    ctx.res.setHeader('X-Request-Id', requestId)
    await next()
    const took = performance.now() - started
    const route = routeOf(ctx)
    site.metrics?.request(methodOf(ctx.method), route, ctx.status, took / 1000)
    const ms = Math.round(took * 10) / 10
    const line = { request: requestId, method: ctx.method, route, status: ctx.status, ms }
    // Good answers of the API are many and say little.
    if (ctx.status < 400 && ctx.path.startsWith('/api/')) site.log.debug(line, 'request')
    else site.log.info(line, 'request')
  }
}

/** Asked for every few seconds, or as often as a page is opened: they say nothing of why something was slow. */
const quiet = /^\/(healthz|readyz|metrics|favicon\.ico|assets\/.*)$/

/** By the conventions of OpenTelemetry for HTTP, but for the path, which may hold a signed link. */
function tell(span: Span, ctx: Web): void {
  const method = methodOf(ctx.method)
  const route = routeOf(ctx)
  const known = method === 'other' ? 'HTTP' : method
  span.name(route === 'none' ? known : `${known} ${route}`)
  span.set({
    'http.request.method': method === 'other' ? '_OTHER' : method,
    ...(route === 'none' ? {} : { 'http.route': route }),
    'http.response.status_code': ctx.status,
    'url.scheme': ctx.protocol,
  })
  if (ctx.status >= 500) span.failed(String(ctx.status))
  span.end()
}

const methods = new Set(['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'])

/** Whoever asks chooses the method: only those that mean something here are named. */
export function methodOf(sent: string): string {
  return methods.has(sent) ? sent : 'other'
}

/** The pattern of the route, `/cases/:id`. */
export function routeOf(ctx: Web): string {
  const matched: unknown = ctx._matchedRoute
  return typeof matched === 'string' ? matched : 'none'
}
