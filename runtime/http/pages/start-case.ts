import { inLanguage } from '../../../engine/text.ts'
import { type Html, html } from '../html.ts'
import type { ClientRef } from '../ports.ts'
import { say } from '../words.ts'
import { processOf } from './board.ts'
import { cardInputs, cardOf } from './client-card.ts'
import { breadcrumb, csrfInput, sendStaffPage } from './layout.ts'
import { type Pages, type StaffVisit, seeOther } from './visit.ts'

/** Starting a case: for a client we know, or for a new one who need not give anything. */
export function startCasePages(pages: Pages): void {
  pages.staff('/boards/:process/start', startPage)
  pages.staffForm('/boards/:process/start', start)
}

async function start({ site, by, params, ctx }: StaffVisit, form: URLSearchParams): Promise<void> {
  const { cases, clients } = site.ports
  const key = form.get('key') ?? undefined
  const known = form.get('client')
  const client = known ?? (await clients.create(by, cardOf(form), key && `${key}-client`)).id
  const started = await cases.start(by, { process: params.process ?? '', client }, key)
  seeOther(ctx, `/cases/${started.id}`)
}

async function startPage(visit: StaffVisit): Promise<void> {
  const { site, by, words, language, params, ctx } = visit
  const process = processOf(visit, params.process ?? '')
  const title = inLanguage(process.title, language)
  const query = String(ctx.query.q ?? '').slice(0, 200)
  const { items } = await site.ports.clients.search(by, query, { limit: 12 })
  const key = html`<input type="hidden" name="key" value="${crypto.randomUUID()}">`
  await sendStaffPage(visit, {
    title: say(words.startCaseOf, title),
    body: html`${breadcrumb(words, [
      { address: '/', label: words.boards },
      { address: `/boards/${process.name}`, label: title },
    ])}
<h1>${say(words.startCaseOf, title)}</h1>
<div class="columns">
<section class="panel stack" aria-labelledby="new"><h2 id="new">${words.forNewClient}</h2>
<p class="lead">${words.nothingRequired}</p>
<form method="post" class="stack">${csrfInput(visit)}${key}${cardInputs(words)}<p><button class="primary">${words.startCase}</button></p></form>
</section>
<section class="panel stack" aria-labelledby="known"><h2 id="known">${words.forKnownClient}</h2>
<form method="get" role="search" class="inline"><label>${words.findClient}<input type="search" name="q" value="${query}" placeholder="${words.findClientHint}"></label><button>${words.search}</button></form>
${items.length === 0 ? html`<p class="empty">${words.noClients}</p>` : html`<ul class="rows">${items.map((client) => clientRow(visit, client, key))}</ul>`}
</section></div>`,
  })
}

function clientRow(visit: StaffVisit, { id, label }: ClientRef, key: Html): Html {
  const { words } = visit
  return html`<li class="row"><span>${label}</span><form method="post">${csrfInput(visit)}${key}<input type="hidden" name="client" value="${id}"><button aria-label="${words.startForThis}: ${label}">${words.start}</button></form></li>`
}
