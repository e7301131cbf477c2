import type Router from '@koa/router'
import { isId } from '../../ids.ts'
import { Refusal } from '../../refusal.ts'
import { Attachment } from '../attachment.ts'
import { checkApiCall } from '../forgery.ts'
import { type Language, languageOf } from '../language.ts'
import type { Caller } from '../ports.ts'
import { readJson } from '../request-body.ts'
import { bearerToken, staffByCookie } from '../session-cookies.ts'
import type { Site, State, Web } from '../site.ts'
import { bodyCheck, type JsonSchema, queryCheck, type Schema } from './schema.ts'

/** One call of the API: what it takes, what it gives, who may ask. Validation and OpenAPI both come from this. */
export interface Route {
  readonly method: 'get' | 'post' | 'patch' | 'delete'
  /** Under `/api/v1`; parameters as `:id`. */
  readonly path: string
  readonly id: string
  readonly summary: string
  /** `staff` signed in, or anyone. */
  readonly who: 'staff' | 'anyone'
  readonly query?: JsonSchema
  readonly body?: JsonSchema
  /** Whether an `Idempotency-Key` makes a repeated request answer alike. */
  readonly idempotent?: boolean
  /** The answer's schema by status; `null` where it has no body. */
  readonly answers: Readonly<Record<number, JsonSchema | null>>
  readonly handler: (site: Site) => (ctx: Web & { params: Record<string, string> }) => Promise<void>
}

export interface Request<Body, Query, By = Caller> {
  readonly by: By
  readonly params: Readonly<Record<string, string>>
  readonly query: Query
  readonly body: Body
  readonly key: string | undefined
  readonly language: Language
  /** The media types that the caller would like, as they say so. */
  readonly accept: string
}

interface Described<Body, Query, By> extends Omit<Route, 'handler' | 'who' | 'query' | 'body'> {
  readonly query?: Schema<Query>
  readonly body?: Schema<Body>
  /** A body may be left out and counts as `{}`. */
  readonly bodyOptional?: boolean
  /** The answer's body; its status is the first of `answers`. */
  readonly handle: (site: Site, request: Request<Body, Query, By>) => Promise<unknown>
  /** The most that a body may have, in bytes, where that is not the usual. */
  readonly largest?: number
}

/** A call for staff, by cookie or bearer token. */
export function staffRoute<Body = undefined, Query = undefined>(described: Described<Body, Query, Caller>): Route {
  return routeFor(signedIn, described)
}

/** A call for whom `caller` lets through. */
export function routeFor<Body, Query, By>(
  caller: (ctx: Web, site: Site) => Promise<By>,
  described: Described<Body, Query, By>,
): Route {
  const { handle, query, body, bodyOptional, largest, ...rest } = described
  const checkQuery = queryCheck(query ?? noQuery)
  const checkBody = body && bodyCheck(body)
  const status = Number(Object.keys(described.answers)[0])
  const mayHaveBody = described.method !== 'get'
  const handler: Route['handler'] = (site) => async (ctx) => {
    const by = await caller(ctx, site)
    checkIds(ctx.params)
    const request = {
      by,
      params: ctx.params,
      query: (ctx.querystring === '' && !query ? undefined : checkQuery({ ...ctx.query })) as Query,
      body: (mayHaveBody ? checked(await readJson(ctx.req, largest), checkBody, bodyOptional) : undefined) as Body,
      key: rest.idempotent ? idempotencyKey(ctx) : undefined,
      language: languageOf(ctx),
      accept: ctx.get('accept'),
    }
    const answer = await handle(site, request)
    ctx.status = status
    if (answer === undefined) return
    if (answer instanceof Attachment) return answer.sendTo(ctx)
    // Straight to Node: Koa's setter would look the media type up each time.
    ctx.res.setHeader('Content-Type', 'application/json; charset=utf-8')
    ctx.body = JSON.stringify(answer)
  }
  return { ...rest, who: 'staff', ...(query && { query: query.json }), ...(body && { body: body.json }), handler }
}

const noQuery: Schema<undefined> = { json: { type: 'object', additionalProperties: false, properties: {} } }

function checked<Body>(
  sent: unknown,
  check: ((body: unknown) => Body) | undefined,
  optional = false,
): Body | undefined {
  if (check) return check(sent === undefined && optional ? {} : sent)
  const nothing = sent === undefined || (typeof sent === 'object' && sent !== null && Object.keys(sent).length === 0)
  if (!nothing) throw new Refusal('invalid-body', 'This call takes no body.')
  return undefined
}

/** Who of the staff asks, by cookie or bearer token. */
export async function signedIn(ctx: Web, site: Site): Promise<Caller> {
  const bearer = bearerToken(ctx)
  const session = bearer ? await site.ports.identity.session(bearer) : await staffByCookie(ctx, site)
  if (!session) throw new Refusal('not-signed-in', 'Sign in first: `POST /api/v1/sessions`, or send a bearer token.')
  if (!bearer) checkApiCall(ctx, session.csrf)
  return { kind: 'staff', person: session.person }
}

/** What is no id belongs to nothing. Parameters that are names are checked by the ports. */
function checkIds(params: Readonly<Record<string, string>>): void {
  if (params.id !== undefined && !isId(params.id)) throw new Refusal('not-found', 'There is nothing with this id.')
}

function idempotencyKey(ctx: Web): string | undefined {
  const key = ctx.get('idempotency-key')
  if (key === '') return undefined
  if (/^[\x21-\x7e]{1,200}$/.test(key)) return key
  throw new Refusal('invalid-body', '`Idempotency-Key` has 1 to 200 printable characters without spaces.')
}

export function addRoutes(router: Router<State>, site: Site, routes: readonly Route[], prefix: string): void {
  for (const route of routes) router[route.method](`${prefix}${route.path}`, route.handler(site))
}
