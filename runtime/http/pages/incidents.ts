import { Refusal } from '../../refusal.ts'
import { type Html, html } from '../html.ts'
import type { IncidentView } from '../ports.ts'
import { momentWords } from '../time-words.ts'
import { say, type Word } from '../words.ts'
import { alert, csrfInput, sendStaffPage } from './layout.ts'
import { caseName, reason } from './names.ts'
import { localAddress, type Pages, type StaffVisit, seeOther } from './visit.ts'

const longestReason = 1000

/** Work that failed for good: what it was, why, and two buttons. */
export function incidentPages(pages: Pages): void {
  pages.staff('/incidents', (visit) => incidents(visit))
  pages.staffForm('/incidents/:id/retry', async ({ site, by, params, ctx }, form) => {
    await site.ports.incidents.retry(by, params.id ?? '')
    seeOther(ctx, localAddress(form.get('back'), '/incidents'))
  })
  pages.staffForm('/incidents/:id/skip', async (visit, form) => {
    const { site, by, params, ctx, words } = visit
    const because = (form.get('because') ?? '').trim().slice(0, longestReason)
    if (because === '') return incidents(visit, new Refusal('invalid-body', words.incidentWhyMissing))
    await site.ports.incidents.skip(by, params.id ?? '', because)
    seeOther(ctx, localAddress(form.get('back'), '/incidents'))
  })
}

async function incidents(visit: StaffVisit, refusal?: Refusal): Promise<void> {
  const { site, by, words, ctx } = visit
  const after = typeof ctx.query.after === 'string' ? ctx.query.after : undefined
  const { items, next } = await site.ports.incidents.list(by, { state: 'open' }, { limit: 50, ...(after && { after }) })
  await sendStaffPage(visit, {
    title: words.incidents,
    ...(refusal && { status: 422 }),
    body: html`<div class="narrow-wide stack"><h1>${words.incidents}</h1><p class="lead">${words.incidentsLead}</p>
${refusal && alert(words.notDone, refusal.because)}
<section class="panel" aria-label="${words.incidents}">${
      items.length === 0
        ? html`<p class="empty">${words.incidentsEmpty}</p>`
        : html`<ul class="rows">${items.map((incident) => html`<li>${incidentView(visit, incident, '/incidents')}</li>`)}</ul>`
    }</section>
${next && html`<p><a href="/incidents?after=${encodeURIComponent(next)}">${words.more}</a></p>`}</div>`,
  })
}

/** The incidents of one case; nothing where it never had any. */
export function caseIncidents(visit: StaffVisit, caseId: string, items: readonly IncidentView[]): Html {
  const { words } = visit
  if (items.length === 0) return html`<div id="incidents" data-live></div>`
  return html`<section id="incidents" data-live class="panel stack" aria-labelledby="incidents-title"><h2 id="incidents-title">${words.incidents}</h2>
<ul class="rows">${items.map((incident) => html`<li>${incidentView(visit, incident, `/cases/${caseId}`)}</li>`)}</ul></section>`
}

const kindWord: Readonly<Record<string, Word>> = {
  letter: 'incidentLetter',
  call: 'incidentCall',
  timer: 'incidentTimer',
  message: 'incidentMessage',
  start: 'incidentStart',
}

const stateWord = { open: 'incidentOpen', retried: 'incidentRetried', skipped: 'incidentSkipped' } as const

/** `back` is the page that its buttons lead back to. */
function incidentView(visit: StaffVisit, incident: IncidentView, back: string): Html {
  const { words, language } = visit
  const { id, kind, at, because, tries, state, closedBy, closedAt, closedBecause, mayAct } = incident
  return html`<div class="stack" id="incident-${id}"><p><strong>${words[kindWord[kind] ?? 'incidentOther']}</strong>
<span class="badge ${state === 'open' ? 'failed' : ''}">${words[stateWord[state]]}</span>
${incident.case && back === '/incidents' && html`<a href="/cases/${incident.case.id}">${caseName(visit, incident.case.process, incident.case.number)}</a>`}
<small><time datetime="${at}">${momentWords(at, language)}</time> · ${say(words.incidentTries, tries)}</small></p>
<p class="because">${reason(visit, because)}</p>
${closedAt && html`<p class="meta">${closedBy} · <time datetime="${closedAt}">${momentWords(closedAt, language)}</time>${closedBecause && html` · ${closedBecause}`}</p>`}
${mayAct && buttons(visit, id, back)}</div>`
}

function buttons(visit: StaffVisit, id: string, back: string): Html {
  const { words } = visit
  const hidden = html`${csrfInput(visit)}<input type="hidden" name="back" value="${back}">`
  return html`<form method="post" action="/incidents/${id}/retry" class="buttons">${hidden}<button class="primary">${words.incidentRetry}</button></form>
<details id="leave-${id}"><summary>${words.incidentLeave}</summary>
<form method="post" action="/incidents/${id}/skip" class="stack">${hidden}<label>${words.incidentWhy}
<input name="because" required maxlength="${longestReason}"></label><p><button>${words.incidentSkip}</button></p></form></details>`
}
