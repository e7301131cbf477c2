import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { Next } from 'koa'
import { Refusal } from '../refusal.ts'
import { mediaType } from './request-body.ts'
import type { Site, Web } from './site.ts'

/*
 * Cross-site request forgery: another site makes a visitor's browser send us a request, and the browser adds our cookie.
 *
 * 1. Every request that may change something is refused where the browser says that another site sent it: an `Origin` that
 *    is not ours, or `Sec-Fetch-Site` other than `same-origin` or `none`. Browsers send `Origin` with every POST to
 *    another site; programs such as curl or a test's `fetch` send neither header and have no visitor to abuse.
 * 2. A page's form by cookie carries the session's token besides, in `_csrf`.
 * 3. An API call by cookie is JSON or has no body: no other site's form can send `application/json`, and a script there would
 *    first have to ask (CORS), which we never allow. `X-CSRF-Token` is not needed for it, but one that is sent must be right.
 *    A bearer token is no cookie: no browser adds it by itself.
 * 4. A link that withdraws a consent (`/portal/u/TOKEN`) reads no cookie: its token alone says what may happen. Mail programs send it from
 *    wherever they are (RFC 8058), so the first rule leaves it out.
 */

const harmless = new Set(['GET', 'HEAD', 'OPTIONS'])

export function refuseForeignOrigin(site: Site) {
  const own = new URL(site.url).origin
  return (ctx: Web, next: Next): Promise<unknown> => {
    if (harmless.has(ctx.method) || ctx.path.startsWith('/portal/u/')) return next()
    const from = ctx.get('sec-fetch-site')
    const origin = ctx.get('origin')
    if (from && from !== 'same-origin' && from !== 'none') throw forged()
    if (origin && origin !== own && hostOf(origin) !== ctx.get('host')) throw forged()
    return next()
  }
}

/** For an API call that a cookie speaks for. */
export function checkApiCall(ctx: Web, csrf: string): void {
  if (harmless.has(ctx.method)) return
  const token = ctx.get('x-csrf-token')
  if (token) {
    if (!tokenMatches(token, csrf)) throw forged()
    return
  }
  const type = mediaType(ctx.req)
  if (type !== '' && type !== 'application/json') throw forged()
}

/** For a page's form that a cookie speaks for. */
export function checkForm(form: URLSearchParams, csrf: string): void {
  if (!tokenMatches(form.get('_csrf') ?? '', csrf)) throw forged()
}

/** The token under a new random pad each time, so that a compressed page never repeats it (BREACH). */
export function maskedToken(csrf: string): string {
  const token = Buffer.from(csrf)
  const pad = randomBytes(token.length)
  return Buffer.concat([pad, token.map((byte, at) => byte ^ (pad[at] ?? 0))]).toString('base64url')
}

function tokenMatches(sent: string, csrf: string): boolean {
  return sent.length <= 200 && (same(sent, csrf) || same(unmasked(sent), csrf))
}

function unmasked(sent: string): string {
  const bytes = Buffer.from(sent, 'base64url')
  const half = bytes.length / 2
  return Buffer.from(bytes.subarray(half).map((byte, at) => byte ^ (bytes[at] ?? 0))).toString()
}

function same(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}

function hostOf(origin: string): string | undefined {
  return URL.parse(origin)?.host
}

function forged(): Refusal {
  return new Refusal(
    'forged-request',
    'This request did not come from our own page. Open the page again and repeat it there.',
  )
}
