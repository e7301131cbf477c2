import type { Next } from 'koa'
import { inTrace, traceFrom } from '../trace.ts'
import type { Site, Web } from './site.ts'

let count = 0

/**
 * A line a request: which route, how it went, how long. Never the path itself, a query, a body or a name: paths hold signed
 * links and ids.
 */
export function requestLog(site: Site) {
  return (ctx: Web, next: Next): Promise<void> =>
    inTrace(traceFrom(ctx.req.headers.traceparent as string | undefined), () => logged(ctx, next))

  async function logged(ctx: Web, next: Next): Promise<void> {
    count = (count + 1) % 0x7fffffff
    const requestId = `${process.pid.toString(36)}-${count.toString(36)}`
    const started = performance.now()
    ctx.state.requestId = requestId
    ctx.res.setHeader('X-Request-Id', requestId)
    await next()
    const took = performance.now() - started
    const route = routeOf(ctx)
    site.metrics?.request(ctx.method, route, ctx.status, took / 1000)
    const ms = Math.round(took * 10) / 10
    const line = { request: requestId, method: ctx.method, route, status: ctx.status, ms }
    // Good answers of the API are many and say little.
    if (ctx.status < 400 && ctx.path.startsWith('/api/')) site.log.debug(line, 'request')
    else site.log.info(line, 'request')
  }
}

/** The pattern of the route, `/cases/:id`. */
export function routeOf(ctx: Web): string {
  const matched: unknown = ctx._matchedRoute
  return typeof matched === 'string' ? matched : 'none'
}
