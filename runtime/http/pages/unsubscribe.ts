import { inLanguage } from '../../../engine/text.ts'
import { html } from '../html.ts'
import { discardBody } from '../request-body.ts'
import { say } from '../words.ts'
import { sendPage } from './layout.ts'
import type { Pages, Visit } from './visit.ts'

/**
 * The link at the end of a letter. Opening it changes nothing, since programs that look for harm open every link; the button does,
 * and so does the one click of a mail program, which sends it no cookie and follows no redirect (RFC 8058).
 */
export function unsubscribePages(pages: Pages): void {
  pages.open('/portal/u/:token', async (visit) => {
    const { title, stands } = await visit.site.ports.unsubscribe.read(visit.params.token ?? '', visit.ctx.ip)
    const named = inLanguage(title, visit.language)
    return stands ? askPage(visit, named) : donePage(visit, named)
  })
  pages.signed('/portal/u/:token', async (visit) => {
    await discardBody(visit.ctx.req)
    const { title } = await visit.site.ports.unsubscribe.withdraw(visit.params.token ?? '', visit.ctx.ip)
    await donePage(visit, inLanguage(title, visit.language))
  })
}

function askPage(visit: Visit, title: string): Promise<void> {
  const { words, params } = visit
  return sendPage(visit, {
    title: words.unsubscribeTitle,
    body: html`<div class="narrow"><h1>${words.unsubscribeTitle}</h1>
<form method="post" action="/portal/u/${params.token}" class="panel stack"><input type="hidden" name="List-Unsubscribe" value="One-Click">
<p class="lead">${say(words.unsubscribeLead, title)}</p><p class="hint">${words.withdrawLead}</p>
<p><button class="primary">${words.withdrawNow}</button></p></form></div>`,
  })
}

function donePage(visit: Visit, title: string): Promise<void> {
  const { words } = visit
  return sendPage(visit, {
    title: words.unsubscribed,
    status: 200,
    body: html`<div class="narrow"><h1>${words.unsubscribed}</h1>
<div class="panel stack"><p class="lead" role="status">${say(words.unsubscribedLead, title)}</p></div></div>`,
  })
}
