import { cookieIn } from './cookie-header.ts'
import type { Session } from './ports.ts'
import type { Site, Web } from './site.ts'

type Kind = 'session' | 'portal'

/** `__Host-` (RFC 6265bis §4.1.3.2) binds the cookie to this host and https; browsers refuse that name over plain http. */
function cookieName(site: Site, kind: Kind): string {
  return site.secureCookies ? `__Host-zgoda_${kind}` : `zgoda_${kind}`
}

export function sessionToken(ctx: Web, site: Site, kind: Kind): string | undefined {
  return cookieIn(ctx.req.headers.cookie, cookieName(site, kind))
}

/** Without a lifetime: the cookie ends with the browser, the session by its own limits. */
export function keepSession(ctx: Web, site: Site, kind: Kind, token: string): void {
  // A proxy in front ends TLS; that the public address is https is a setting, not this connection's.
  ctx.cookies.secure = site.secureCookies
  ctx.cookies.set(cookieName(site, kind), token, options(site))
}

export function dropSession(ctx: Web, site: Site, kind: Kind): void {
  ctx.cookies.secure = site.secureCookies
  ctx.cookies.set(cookieName(site, kind), '', { ...options(site), expires: new Date(0) })
}

function options(site: Site) {
  return { httpOnly: true, sameSite: 'lax', path: '/', secure: site.secureCookies, overwrite: true } as const
}

/** The token of `Authorization: Bearer TOKEN`. */
export function bearerToken(ctx: Web): string | undefined {
  return /^bearer ([\w.~+/-]{1,200}=*)$/i.exec(ctx.get('authorization'))?.[1]
}

/** Who of the staff asks by cookie. */
export async function staffByCookie(ctx: Web, site: Site): Promise<Session | undefined> {
  const token = sessionToken(ctx, site, 'session')
  return token ? site.ports.identity.session(token) : undefined
}

/** Which client asks by cookie. */
export async function clientByCookie(ctx: Web, site: Site): Promise<{ clientId: string; csrf: string } | undefined> {
  const token = sessionToken(ctx, site, 'portal')
  return token ? site.ports.portal.session(token) : undefined
}
