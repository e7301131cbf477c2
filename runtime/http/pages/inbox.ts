import { Attachment } from '../attachment.ts'
import { html } from '../html.ts'
import { sendStaffPage } from './layout.ts'
import { messageView } from './message.ts'
import type { Pages, StaffVisit } from './visit.ts'

/** Messages that belong to no case, each with the reason why it changed nothing. */
export function inboxPages(pages: Pages): void {
  pages.staff('/inbox', inbox)
  pages.staff('/inbox/:message', async ({ site, by, params, ctx }) => {
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
        : html`<ul class="rows">${items.map((message) => html`<li>${messageView(visit, message, `/inbox/${message.id}`)}</li>`)}</ul>`
    }</section>
${next && html`<p><a href="/inbox?after=${encodeURIComponent(next)}">${words.more}</a></p>`}</div>`,
  })
}
