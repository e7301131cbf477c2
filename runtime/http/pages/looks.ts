import { html } from '../html.ts'
import type { LookView } from '../ports.ts'
import { momentWords } from '../time-words.ts'
import { say, type Word } from '../words.ts'
import { breadcrumb, sendStaffPage } from './layout.ts'
import type { Pages, StaffVisit } from './visit.ts'

/** Who was shown a client's data, and when. */
export function lookPages(pages: Pages): void {
  pages.staff('/clients/:id/looks', looksPage)
}

async function looksPage(visit: StaffVisit): Promise<void> {
  const { site, by, params, words, language, ctx } = visit
  const client = await site.ports.clients.get(by, params.id ?? '')
  const after = typeof ctx.query.after === 'string' ? ctx.query.after : undefined
  const { items, next } = await site.ports.clients.looks(by, client.id, { limit: 50, ...(after && { after }) })
  const title = say(words.looksTitle, client.label)
  const back = [
    { address: '/clients', label: words.clients },
    { address: `/clients/${client.id}`, label: client.label },
  ]
  await sendStaffPage(visit, {
    title,
    body: html`<div class="narrow-wide stack">${breadcrumb(words, back)}<h1>${title}</h1><p class="lead">${words.looksLead}</p>
<section class="panel" aria-label="${title}">${
      items.length === 0
        ? html`<p class="empty">${words.looksEmpty}</p>`
        : html`<ol class="history">${items.map(
            (look) =>
              html`<li><p><strong>${look.by}</strong> · ${shown(visit, look)}${
                look.case && html` · <a href="/cases/${look.case}">${words.looksInCase}</a>`
              }</p><small><time datetime="${look.at}">${momentWords(look.at, language)}</time></small></li>`,
          )}</ol>`
    }</section>
${next && html`<p><a href="/clients/${client.id}/looks?after=${encodeURIComponent(next)}">${words.more}</a></p>`}</div>`,
  })
}

const called: Readonly<Record<string, Word>> = {
  'client.name': 'name',
  'client.email': 'email',
  'client.phone': 'phone',
  letters: 'letters',
  documents: 'documents',
  evidence: 'evidence',
  messages: 'messagesIn',
  inbox: 'inbox',
}

function shown({ words }: StaffVisit, { fields }: LookView): string {
  return fields.map((name) => (called[name] ? words[called[name]] : name)).join(', ')
}
