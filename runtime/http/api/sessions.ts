import { Refusal } from '../../refusal.ts'
import { checkApiCall } from '../forgery.ts'
import { readJson } from '../request-body.ts'
import { bearerToken, dropSession, keepSession, sessionToken, staffByCookie } from '../session-cookies.ts'
import type { Site, Web } from '../site.ts'
import type { Route } from './route.ts'
import { bodyCheck, object, schema } from './schema.ts'
import { named } from './shapes.ts'

const credentials = schema<{ login: string; password: string }>(
  object({ login: { type: 'string', maxLength: 200 }, password: { type: 'string', maxLength: 1000 } }),
)
const checkCredentials = bodyCheck(credentials)

/** Signing in ends the session the browser had before, so that a token planted there is worth nothing. */
async function signIn(ctx: Web, site: Site): Promise<void> {
  const { login, password } = checkCredentials(await readJson(ctx.req))
  const { token } = await site.ports.identity.signIn(login, password, ctx.ip)
  const before = sessionToken(ctx, site, 'session')
  if (before) await site.ports.identity.signOut(before)
  keepSession(ctx, site, 'session', token)
  ctx.status = 204
}

async function signOut(ctx: Web, site: Site): Promise<void> {
  const bearer = bearerToken(ctx)
  const token = bearer ?? sessionToken(ctx, site, 'session')
  const session = token && (await site.ports.identity.session(token))
  if (token && session) {
    if (!bearer) checkApiCall(ctx, session.csrf)
    await site.ports.identity.signOut(token)
  }
  if (!bearer) dropSession(ctx, site, 'session')
  ctx.status = 204
}

async function current(ctx: Web, site: Site): Promise<void> {
  const bearer = bearerToken(ctx)
  const session = bearer ? await site.ports.identity.session(bearer) : await staffByCookie(ctx, site)
  if (!session)
    throw new Refusal('not-signed-in', 'Nobody is signed in: `POST /api/v1/sessions` with a login and password.')
  ctx.body = { person: session.person, csrf: session.csrf }
}

export const sessionRoutes: readonly Route[] = [
  {
    method: 'post',
    path: '/sessions',
    id: 'signIn',
    summary: 'Sign in: sets a cookie. Slowed after failures.',
    who: 'anyone',
    body: credentials.json,
    answers: { 204: null },
    handler: (site) => (ctx) => signIn(ctx, site),
  },
  {
    method: 'delete',
    path: '/sessions',
    id: 'signOut',
    summary: 'Sign out: ends the session at once.',
    who: 'anyone',
    answers: { 204: null },
    handler: (site) => (ctx) => signOut(ctx, site),
  },
  {
    method: 'get',
    path: '/sessions',
    id: 'currentSession',
    summary: 'Who is signed in, and the token for `X-CSRF-Token`.',
    who: 'anyone',
    answers: { 200: named('Session') },
    handler: (site) => (ctx) => current(ctx, site),
  },
]
