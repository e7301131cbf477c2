import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import Router from '@koa/router'
import { Refusal } from '../refusal.ts'
import { bearerToken } from './session-cookies.ts'
import type { Site, State, Web } from './site.ts'

/** `GET /metrics`: figures for Prometheus, for whoever shows the token or, where there is none, asks from this machine. */
export function metricsRouter(site: Site): Router<State> {
  const router = new Router<State>()
  router.get('/metrics', async (ctx) => {
    if (!site.metrics || !mayRead(ctx, site)) {
      throw new Refusal(
        'not-signed-in',
        'The figures are for monitoring: show the token in ZGODA_METRICS_TOKEN as `Authorization: Bearer TOKEN`. Without a token set, only this machine may ask, and only of a server without a public address.',
      )
    }
    ctx.body = await site.metrics.text()
    ctx.type = 'text/plain; version=0.0.4; charset=utf-8'
    ctx.set('Cache-Control', 'no-store')
  })
  return router
}

function mayRead(ctx: Web, { metrics, url }: Site): boolean {
  const token = metrics?.token
  if (token) return same(bearerToken(ctx) ?? '', token)
  // A proxy on this machine, which a public address stands for, makes everybody's request look like one from here.
  return isLoopback(new URL(url).hostname) && isLoopback(ctx.req.socket.remoteAddress ?? '') && !cameThrough(ctx.req)
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || /^(::ffff:)?127\.\d+\.\d+\.\d+$/.test(host) || host === '::1' || host === '[::1]'
}

function cameThrough({ headers }: IncomingMessage): boolean {
  return ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some((name) => headers[name] !== undefined)
}

function same(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}
