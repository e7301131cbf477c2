import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { type Html, html, type Part, sentence } from '../html.ts'
import type { Web } from '../site.ts'
import { say, type Words } from '../words.ts'
import type { ClientVisit, StaffVisit, Visit } from './visit.ts'

const compress = promisify(gzip)
/** Bytes under which compressing gains nothing. */
const smallPage = 1400

interface Page {
  readonly title: string
  readonly body: Part
  readonly status?: number
  /** What the page shows, so that it refreshes itself when that changes. */
  readonly live?: { readonly caseId?: string; readonly process?: string; readonly address?: string }
  /** A wide page uses the whole window. */
  readonly wide?: boolean
  /** A stylesheet of this page's own. */
  readonly stylesheet?: string
}

/** A page for those who work here, with menu and notifications. */
export async function sendStaffPage(visit: StaffVisit, page: Page): Promise<void> {
  const unread = await visit.site.ports.notifications.unread(visit.by)
  await send(visit, page, staffHeader(visit, unread), live(visit, page))
}

/** A page of the client's portal. */
export function sendClientPage(visit: ClientVisit, page: Page): Promise<void> {
  return send(visit, page, clientHeader(visit), live(visit, page))
}

/** A page for anyone. */
export function sendPage(visit: Visit, page: Page): Promise<void> {
  return send(visit, page, plainHeader(visit))
}

async function send(visit: Visit, page: Page, header: Html, live?: Html | false): Promise<void> {
  const { ctx } = visit
  const markup = documentOf(visit, page, header, live).toString()
  ctx.status = page.status ?? ctx.status
  if (ctx.status === 404 && !page.status) ctx.status = 200
  await sendMarkup(ctx, markup)
}

async function sendMarkup(ctx: Web, markup: string): Promise<void> {
  ctx.vary('Accept-Encoding')
  ctx.vary('Accept-Language')
  if (markup.length > smallPage && ctx.acceptsEncodings('gzip', 'identity') === 'gzip') {
    ctx.body = await compress(markup, { level: 5 })
    ctx.set('Content-Encoding', 'gzip')
  } else ctx.body = markup
  ctx.type = 'text/html; charset=utf-8'
}

function documentOf(visit: Visit, page: Page, header: Html, live: Html | false | undefined): Html {
  const { site, language, words } = visit
  // At the end and not deferred: deferred, htmx may start before its extension for event streams is there.
  const scripts = live ? ['htmx.min.js', 'hx-sse.min.js', 'zgoda.js'] : []
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="htmx-config" content='{"includeIndicatorCSS":false,"history":false,"morphIgnore":["data-htmx-powered","open"]}'>
<title>${page.title} · ${companyName(visit)}</title>
<link rel="icon" href="${site.assets.address('zgoda.svg')}" type="image/svg+xml">
<link rel="stylesheet" href="${site.assets.address('zgoda.css')}">
${page.stylesheet && html`<link rel="stylesheet" href="${page.stylesheet}">`}
</head>
<body>
<a class="skip" href="#main">${words.skip}</a>
${header}
<main id="main" tabindex="-1"${page.wide && html` class="wide"`}>
${page.body}
</main>
${live}
${scripts.map((name) => html`<script src="${site.assets.address(name)}"></script>\n`)}
</body>
</html>
`
}

export function companyName(visit: Visit): string {
  return visit.site.ports.workspace.definition().company?.name ?? 'Zgoda'
}

function staffHeader(visit: StaffVisit, unread: number): Html {
  const { words, person, csrf, site, ctx } = visit
  const link = (address: string, label: string, current: boolean) =>
    html`<li><a href="${address}"${current && html` aria-current="page"`}>${label}</a></li>`
  return html`<header class="bar">
<a class="brand" href="/">${mark}<span>${companyName(visit)}</span></a>
<nav aria-label="${words.menu}"><ul>
${link('/', words.boards, ctx.path === '/' || ctx.path.startsWith('/boards'))}
${link('/clients', words.clients, ctx.path.startsWith('/clients'))}
${site.ports.inbox.visibleTo(visit.by) && link('/inbox', words.inbox, ctx.path === '/inbox')}
${site.ports.retention.visibleTo(visit.by) && link('/retention', words.retentionShort, ctx.path === '/retention')}
${link('/incidents', words.incidents, ctx.path === '/incidents')}
${site.sandbox && link('/_mail', words.sandbox, false)}
</ul></nav>
<div class="bar-end">
<a class="bell" id="bell" data-live href="/#notifications"><span class="visually-hidden">${words.notifications}: </span>${bell}<b${unread > 0 && html` class="some"`}>${unread}</b></a>
${languageLink(visit)}
<span class="who">${person.name}</span>
<form method="post" action="/sign-out"><input type="hidden" name="_csrf" value="${csrf}"><button class="quiet">${words.signOut}</button></form>
</div>
</header>`
}

function clientHeader(visit: ClientVisit): Html {
  const { words, csrf } = visit
  return html`<header class="bar">
<a class="brand" href="/portal">${mark}<span>${companyName(visit)}</span></a>
<nav aria-label="${words.menu}"><ul><li><a href="/portal">${words.portal}</a></li></ul></nav>
<div class="bar-end">
${languageLink(visit)}
<form method="post" action="/portal/sign-out"><input type="hidden" name="_csrf" value="${csrf}"><button class="quiet">${words.signOut}</button></form>
</div>
</header>`
}

function plainHeader(visit: Visit): Html {
  return html`<header class="bar">
<a class="brand" href="${visit.ctx.path.startsWith('/portal') ? '/portal' : '/'}">${mark}<span>${companyName(visit)}</span></a>
<div class="bar-end">${languageLink(visit)}</div>
</header>`
}

function languageLink({ ctx, language, words }: Visit): Html {
  const other = language === 'en' ? 'pl' : 'en'
  const back = ctx.method === 'GET' ? ctx.path : '/'
  return html`<a class="language" href="/language/${other}?back=${encodeURIComponent(back)}" lang="${other}" hreflang="${other}">${words.otherLanguage}</a>`
}

/** What keeps an open page fresh: the event stream, and what to load anew when something it shows has changed. */
function live({ ctx, words }: Visit & { readonly csrf: string }, { live }: Page): Html {
  return html`<div id="stream" hidden hx-sse:connect="/api/v1/events" hx-swap="none"></div>
<div id="live" hidden hx-get="${live?.address ?? ctx.url}" hx-trigger="refresh throttle:300ms" hx-swap="none" hx-select-oob="[data-live]:outerMorph"
 data-case="${live?.caseId}" data-process="${live?.process}"></div>
<div id="toast" class="toast" role="alert" data-title="${words.notMoved}" data-close="${words.close}"></div>`
}

/** A panel that says why something was not done. */
export function alert(title: string, because: string): Html {
  return html`<div class="alert" role="alert"><strong>${title}</strong><p>${sentence(because)}</p></div>`
}

export function csrfInput({ csrf }: { readonly csrf: string }): Html {
  return html`<input type="hidden" name="_csrf" value="${csrf}">`
}

export function breadcrumb(words: Words, links: readonly { readonly address: string; readonly label: string }[]): Html {
  return html`<nav class="crumbs" aria-label="${words.youAreHere}"><ol>${links.map(({ address, label }) => html`<li><a href="${address}">${label}</a></li>`)}</ol></nav>`
}

export function greeting({ words, person }: StaffVisit): string {
  return say(words.welcome, person.name)
}

const mark = html`<svg class="mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true"><rect width="32" height="32" rx="9" class="mark-ground"/><path d="M8 17.2l5.2 5.3L24.5 10.8" fill="none" stroke-width="3.6" stroke-linecap="round" stroke-linejoin="round" class="mark-line"/></svg>`
const bell = html`<svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true"><path d="M10 2.5a5 5 0 0 0-5 5v3.2L3.6 14h12.8L15 10.7V7.5a5 5 0 0 0-5-5Zm-2 13a2 2 0 0 0 4 0" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linejoin="round" stroke-linecap="round"/></svg>`
