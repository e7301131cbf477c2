import { inLanguage } from '../../../engine/text.ts'
import { isId } from '../../ids.ts'
import { Refusal } from '../../refusal.ts'
import { Attachment } from '../attachment.ts'
import { type Html, html } from '../html.ts'
import type { ClientRef, ClientView, MessageView } from '../ports.ts'
import { say } from '../words.ts'
import { strayMessage } from './conversation.ts'
import { alert, breadcrumb, csrfInput, sendStaffPage } from './layout.ts'
import { caseName, reason, stageName } from './names.ts'
import { type Pages, type StaffVisit, seeOther } from './visit.ts'

/** Messages that belong to no case, each with the reason why it changed nothing; and where a person puts them. */
export function inboxPages(pages: Pages): void {
  pages.staff('/inbox', inbox)
  pages.staff('/inbox/:message', (visit) => putPage(visit))
  pages.staffForm('/inbox/:message', put)
  pages.staff('/inbox/:message/raw', async ({ site, by, params, ctx }) => {
    new Attachment(await site.ports.inbox.message(by, params.message ?? '')).sendTo(ctx)
  })
}

async function inbox(visit: StaffVisit): Promise<void> {
  const { site, by, words, ctx } = visit
  const after = typeof ctx.query.after === 'string' ? ctx.query.after : undefined
  const { items, next } = await site.ports.inbox.list(by, { limit: 50, ...(after && { after }) })
  await sendStaffPage(visit, {
    title: words.inbox,
    body: html`<div class="narrow-wide stack"><h1>${words.inbox}</h1><p class="lead">${words.inboxLead}</p>
<section class="panel" aria-label="${words.inbox}">${
      items.length === 0
        ? html`<p class="empty">${words.inboxEmpty}</p>`
        : html`<h2 class="visually-hidden">${words.fromClientMessages}</h2><ul class="talk">${items.map((message) => html`<li>${strayMessage(visit, message, putLink(visit, message))}</li>`)}</ul>`
    }</section>
${next && html`<p><a href="/inbox?after=${encodeURIComponent(next)}">${words.more}</a></p>`}</div>`,
  })
}

function putLink({ words }: StaffVisit, { id }: MessageView): Html {
  return html`<p><a class="button" href="/inbox/${id}">${words.putIntoCase}</a></p>`
}

/** `to` says where: `case ID`, `client ID`, `start PROCESS ID` for a client, or `start PROCESS` for a new one. */
async function put(visit: StaffVisit, form: URLSearchParams): Promise<void> {
  const { site, by, params, ctx } = visit
  const id = params.message ?? ''
  const [what, first = '', second] = (form.get('to') ?? '').split(' ')
  try {
    if (what === 'client') {
      await site.ports.inbox.toClient(by, id, first)
      return seeOther(ctx, `/clients/${first}`)
    }
    const caseId = what === 'start' ? await started(visit, first, second, form.get('key') ?? undefined) : first
    if (!isId(caseId)) throw new Refusal('not-found', 'There is no case with this id.')
    await site.ports.inbox.toCase(by, id, caseId)
    seeOther(ctx, `/cases/${caseId}#conversation`)
  } catch (refusal) {
    if (!(refusal instanceof Refusal) || ['not-found', 'unavailable', 'conflict'].includes(refusal.code)) throw refusal
    await putPage(visit, refusal)
  }
}

/** The message is looked at first, so that no case starts with one that is elsewhere already. */
async function started(
  { site, by, params }: StaffVisit,
  process: string,
  client: string | undefined,
  key: string | undefined,
): Promise<string> {
  await site.ports.inbox.get(by, params.message ?? '')
  const id = client ?? (await site.ports.clients.create(by, {}, key && `${key}-client`)).id
  return (await site.ports.cases.start(by, { process, client: id }, key && `${key}-${process}`)).id
}

async function putPage(visit: StaffVisit, refusal?: Refusal): Promise<void> {
  const { site, by, params, words } = visit
  const message = await site.ports.inbox.get(by, params.message ?? '')
  await sendStaffPage(visit, {
    title: words.putTitle,
    ...(refusal && { status: 422 }),
    body: html`<div class="narrow-wide stack">${breadcrumb(words, [{ address: '/inbox', label: words.inbox }])}
<h1>${words.putTitle}</h1>
${refusal && alert(words.notDone, refusal.because, reason(visit, refusal.because))}
<section class="panel" aria-label="${words.fromClientMessages}"><h2 class="visually-hidden">${words.fromClientMessages}</h2>${strayMessage(visit, message)}</section>
<p class="lead">${words.putLead}</p>
${await clientChoice(visit, message)}
${newClient(visit)}</div>`,
  })
}

/** The client chosen, or a search for one; whoever's card has the sender's address comes first, and is no proof. */
async function clientChoice(visit: StaffVisit, message: MessageView): Promise<Html> {
  const { words, ctx, site, by } = visit
  const chosen = typeof ctx.query.client === 'string' && isId(ctx.query.client) ? ctx.query.client : undefined
  const client = chosen && (await site.ports.clients.get(by, chosen))
  const query = typeof ctx.query.q === 'string' ? ctx.query.q.slice(0, 200) : ''
  const from = message.content?.from ?? ''
  const [found, suggested] = await Promise.all([
    query === '' ? [] : site.ports.clients.search(by, query, { limit: 12 }).then(({ items }) => items),
    from === '' ? [] : site.ports.clients.search(by, from, { limit: 3 }).then(({ items }) => items),
  ])
  return html`<section class="panel stack" aria-labelledby="known"><h2 id="known">${words.forKnownClient}</h2>
${!client && suggested.length > 0 && html`<div class="suggested"><p>${words.putSuggested}. <span class="hint">${words.putUnproved}</span></p>${choices(message.id, suggested)}</div>`}
${client && chosenClient(visit, message, client)}
<form method="get" role="search" class="inline"><label>${words.findClient}<input type="search" name="q" value="${query}" placeholder="${words.findClientHint}"></label><button>${words.search}</button></form>
${found.length > 0 ? choices(message.id, found) : query !== '' && html`<p class="empty">${words.noClients}</p>`}</section>`
}

function choices(message: string, clients: readonly ClientRef[]): Html {
  return html`<ul class="buttons">${clients.map(({ id, label }) => html`<li><a class="button" href="/inbox/${message}?client=${id}">${label}</a></li>`)}</ul>`
}

function chosenClient(visit: StaffVisit, message: MessageView, { id, label, cases, rights }: ClientView): Html {
  const { words, language } = visit
  return html`<form method="post" action="/inbox/${message.id}" class="stack">${csrfInput(visit)}<input type="hidden" name="key" value="${crypto.randomUUID()}">
<h3><a href="/clients/${id}">${label}</a></h3>
${
  cases.length > 0 &&
  html`<ul class="rows">${cases.map(
    (one) =>
      html`<li class="row"><span><a href="/cases/${one.id}">${caseName(visit, one.process, one.number)}</a> <span class="stage">${stageName(visit, one.process, one.stage)}</span></span><button name="to" value="case ${one.id}">${say(words.putHere, caseName(visit, one.process, one.number))}</button></li>`,
  )}</ul>`
}
<p class="buttons">${startable(visit).map(({ name, title }) => html`<button name="to" value="start ${name} ${id}">${say(words.putStartCase, inLanguage(title, language))}</button>`)}${rights.includes('edit') && html`<button name="to" value="client ${id}">${words.putToClient}</button>`}</p></form>`
}

function newClient(visit: StaffVisit): Html {
  const { words, language, params } = visit
  return html`<section class="panel stack" aria-labelledby="new"><h2 id="new">${words.putNewClient}</h2><p class="hint">${words.putNewClientLead}</p>
<form method="post" action="/inbox/${params.message}" class="buttons">${csrfInput(visit)}<input type="hidden" name="key" value="${crypto.randomUUID()}">${startable(visit).map(({ name, title }) => html`<button name="to" value="start ${name}">${say(words.putStartCase, inLanguage(title, language))}</button>`)}</form></section>`
}

function startable({ site, by }: StaffVisit) {
  return site.ports.workspace.processes(by).filter(({ rights }) => rights.includes('edit'))
}
