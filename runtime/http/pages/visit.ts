import type Router from '@koa/router'
import { isId } from '../../ids.ts'
import { Refusal } from '../../refusal.ts'
import { checkForm, maskedToken } from '../forgery.ts'
import { type Language, languageOf } from '../language.ts'
import type { Caller, Person } from '../ports.ts'
import { readForm } from '../request-body.ts'
import { clientByCookie, staffByCookie } from '../session-cookies.ts'
import type { Site, State, Web } from '../site.ts'
import { readUploadForm, type SentForm } from '../upload-body.ts'
import { type Words, wordsOf } from '../words.ts'

/** A request for a page, by anyone. */
export interface Visit {
  readonly site: Site
  readonly ctx: Web
  readonly params: Readonly<Record<string, string>>
  readonly language: Language
  readonly words: Words
}

/** By someone who works here. */
export interface StaffVisit extends Visit {
  readonly by: Extract<Caller, { kind: 'staff' }>
  readonly person: Person
  /** For forms on the page. */
  readonly csrf: string
}

/** By a client in the portal. */
export interface ClientVisit extends Visit {
  readonly by: Extract<Caller, { kind: 'client' }>
  readonly csrf: string
}

type Handle<V> = (visit: V) => Promise<void>
type HandleForm<V> = (visit: V, form: URLSearchParams) => Promise<void>
type RouterContext = Web & { params: Record<string, string> }

/** Registers pages by who may open them; each form is checked for forgery before its handler sees it. */
export class Pages {
  readonly #router: Router<State>
  readonly #site: Site

  constructor(router: Router<State>, site: Site) {
    this.#router = router
    this.#site = site
  }

  open(path: string, handle: Handle<Visit>): void {
    this.#router.get(path, (ctx) => handle(visitOf(ctx, this.#site)))
  }

  openForm(path: string, handle: HandleForm<Visit>): void {
    this.#router.post(path, async (ctx) => handle(visitOf(ctx, this.#site), await readForm(ctx.req)))
  }

  /** For whoever holds the signed link, without a form of ours. `forgery.ts` lets these through. */
  signed(path: string, handle: Handle<Visit>): void {
    this.#router.post(path, (ctx) => handle(visitOf(ctx, this.#site)))
  }

  staff(path: string, handle: Handle<StaffVisit>): void {
    this.#router.get(path, async (ctx) => {
      const visit = await staffVisit(ctx, this.#site)
      if (visit) await handle(visit)
      else ctx.redirect(`/sign-in?next=${encodeURIComponent(ctx.url)}`)
    })
  }

  staffForm(path: string, handle: HandleForm<StaffVisit>): void {
    this.#router.post(path, async (ctx) => {
      const visit = await staffVisit(ctx, this.#site)
      if (!visit) return seeOther(ctx, '/sign-in')
      const form = await readForm(ctx.req)
      const session = await staffByCookie(ctx, this.#site)
      checkForm(form, session?.csrf ?? '')
      await handle(visit, form)
    })
  }

  /** A form that may bring files. */
  staffUpload(path: string, handle: (visit: StaffVisit, sent: SentForm) => Promise<void>): void {
    this.#router.post(path, async (ctx) => {
      const visit = await staffVisit(ctx, this.#site)
      if (!visit) return seeOther(ctx, '/sign-in')
      const sent = await readUploadForm(ctx.req)
      const session = await staffByCookie(ctx, this.#site)
      checkForm(sent.fields, session?.csrf ?? '')
      await handle(visit, sent)
    })
  }

  client(path: string, handle: Handle<ClientVisit>): void {
    this.#router.get(path, async (ctx) => {
      const visit = await clientVisit(ctx, this.#site)
      if (visit) await handle(visit)
      else ctx.redirect('/portal/code')
    })
  }

  clientForm(path: string, handle: HandleForm<ClientVisit>): void {
    this.#router.post(path, async (ctx) => {
      const visit = await clientVisit(ctx, this.#site)
      if (!visit) return seeOther(ctx, '/portal/code')
      const form = await readForm(ctx.req)
      const session = await clientByCookie(ctx, this.#site)
      checkForm(form, session?.csrf ?? '')
      await handle(visit, form)
    })
  }
}

export function visitOf(ctx: RouterContext, site: Site): Visit {
  const params = ctx.params
  if (params.id !== undefined && !isId(params.id)) throw new Refusal('not-found', 'There is nothing with this id.')
  return plainVisit(ctx, site, params)
}

export function plainVisit(ctx: Web, site: Site, params: Readonly<Record<string, string>> = {}): Visit {
  const language = languageOf(ctx)
  ctx.state.language = language
  return { site, ctx, params, language, words: wordsOf(language) }
}

export async function staffVisit(ctx: RouterContext, site: Site): Promise<StaffVisit | undefined> {
  const session = await staffByCookie(ctx, site)
  if (!session) return undefined
  const { person } = session
  return { ...visitOf(ctx, site), person, by: { kind: 'staff', person }, csrf: maskedToken(session.csrf) }
}

export async function clientVisit(ctx: RouterContext, site: Site): Promise<ClientVisit | undefined> {
  const session = await clientByCookie(ctx, site)
  if (!session) return undefined
  const by = { kind: 'client', clientId: session.clientId } as const
  return { ...visitOf(ctx, site), by, csrf: maskedToken(session.csrf) }
}

/** After a form: the browser gets the next page, and a reload sends nothing twice. */
export function seeOther(ctx: Web, address: string): void {
  ctx.redirect(address)
  ctx.status = 303
}

/** An address on this site to go back to, or `otherwise`: never another site's. */
export function localAddress(address: string | null | undefined, otherwise: string): string {
  return address && /^\/(?![/\\])[\x21-\x7e]{0,500}$/.test(address) && !address.includes('\\') ? address : otherwise
}
