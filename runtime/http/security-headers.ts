import type { Next } from 'koa'
import type { Site, Web } from './site.ts'

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** No inline script or style, no frame around us, nothing kept in caches unless a handler says so. */
export function securityHeaders(site: Site) {
  const headers: Record<string, string> = {
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
    'Cache-Control': 'no-store',
    ...(site.secureCookies && { 'Strict-Transport-Security': 'max-age=31536000' }),
  }
  return (ctx: Web, next: Next): Promise<unknown> => {
    ctx.set(headers)
    return next()
  }
}
