import type { Next } from 'koa'
import type { Site, Web } from './site.ts'

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "frame-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** For a page that shows another of ours in a frame. */
export const policyWithFrames = `${policy}; frame-src 'self'`

/** No inline script or style, no frame around us, nothing kept in caches unless a handler says so. */
export function securityHeaders(site: Site) {
  const transport: Record<string, string> = site.secureCookies
    ? { 'Strict-Transport-Security': 'max-age=31536000' }
    : {}
  const forData = Object.entries({
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
    ...transport,
  })
  const forPages = Object.entries({
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
    // Not `no-referrer`: under it browsers send `Origin: null` with our own forms.
    'Referrer-Policy': 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
    ...transport,
  })
  return (ctx: Web, next: Next): Promise<unknown> => {
    const headers = ctx.path.startsWith('/api/') ? forData : forPages
    for (const [name, value] of headers) ctx.res.setHeader(name, value)
    return next()
  }
}
