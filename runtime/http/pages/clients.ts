import { Refusal } from '../../refusal.ts'
import { html } from '../html.ts'
import { dateWords } from '../time-words.ts'
import { cardInputs, cardOf } from './client-card.ts'
import { alert, breadcrumb, csrfInput, sendStaffPage } from './layout.ts'
import { type Pages, type StaffVisit, seeOther } from './visit.ts'

/** Finding clients and making new ones. */
export function clientListPages(pages: Pages): void {
  pages.staff('/clients', list)
  pages.staff('/clients/new', (visit) => newPage(visit))
  pages.staffForm('/clients', async (visit, form) => {
    try {
      const client = await visit.site.ports.clients.create(visit.by, cardOf(form), form.get('key') ?? undefined)
      seeOther(visit.ctx, `/clients/${client.id}`)
    } catch (refusal) {
      if (!(refusal instanceof Refusal) || refusal.code !== 'invalid-value') throw refusal
      await newPage(visit, { form, because: refusal.because })
    }
  })
}

async function list(visit: StaffVisit): Promise<void> {
  const { site, by, words, language, ctx } = visit
  const query = String(ctx.query.q ?? '').slice(0, 200)
  const after = typeof ctx.query.after === 'string' ? ctx.query.after : undefined
  const { items, next } = await site.ports.clients.search(by, query, { limit: 50, ...(after && { after }) })
  await sendStaffPage(visit, {
    title: words.clients,
    body: html`<div class="title-row"><h1>${words.clients}</h1><a class="button primary" href="/clients/new">${words.newClient}</a></div>
<form method="get" action="/clients" role="search" class="inline panel"><label>${words.findClient}<input type="search" name="q" value="${query}" placeholder="${words.findClientHint}"></label><button>${words.search}</button></form>
${
  items.length === 0
    ? html`<p class="empty panel">${words.noClients}</p>`
    : html`<ul class="rows panel">${items.map(
        ({ id, label, createdAt }) =>
          html`<li class="row"><a href="/clients/${id}">${label}</a><time datetime="${createdAt}">${dateWords(createdAt, language)}</time></li>`,
      )}</ul>`
}
${next && html`<p><a href="/clients?q=${encodeURIComponent(query)}&amp;after=${encodeURIComponent(next)}">${words.more}</a></p>`}`,
  })
}

async function newPage(
  visit: StaffVisit,
  again?: { readonly form: URLSearchParams; readonly because: string },
): Promise<void> {
  const { words } = visit
  const typed = again ? cardOf(again.form) : {}
  await sendStaffPage(visit, {
    title: words.newClient,
    ...(again && { status: 422 }),
    body: html`${breadcrumb(words, [{ address: '/clients', label: words.clients }])}
<div class="narrow"><h1>${words.newClient}</h1><p class="lead">${words.nothingRequired}</p>
${again && alert(words.notDone, again.because)}
<form method="post" action="/clients" class="panel stack">${csrfInput(visit)}<input type="hidden" name="key" value="${crypto.randomUUID()}">${cardInputs(words, typed)}
<p><button class="primary">${words.createClient}</button></p></form></div>`,
  })
}
