import { inLanguage } from '../../../engine/text.ts'
import { type Html, html } from '../html.ts'
import type { Notification, Writing } from '../ports.ts'
import { momentWords } from '../time-words.ts'
import { say } from '../words.ts'
import { csrfInput, greeting, sendStaffPage } from './layout.ts'
import { caseName } from './names.ts'
import { type Pages, type StaffVisit, seeOther } from './visit.ts'

/** The first page of those who work here: boards, clients, notifications. */
export function homePages(pages: Pages): void {
  pages.staff('/', home)
  pages.staffForm('/notifications/:id/read', async ({ site, by, params, ctx }) => {
    await site.ports.notifications.markRead(by, params.id ?? '')
    seeOther(ctx, '/#notifications')
  })
}

async function home(visit: StaffVisit): Promise<void> {
  const { site, by, words } = visit
  const [{ items }, drafts] = await Promise.all([
    site.ports.notifications.list(by, { limit: 30 }),
    site.ports.writing.drafts(by),
  ])
  await sendStaffPage(visit, {
    title: words.boards,
    body: html`<h1>${greeting(visit)}</h1>
<div class="columns">
<div class="stack">
<section aria-labelledby="boards"><h2 id="boards">${words.boards}</h2>${boards(visit)}</section>
<section aria-labelledby="clients" class="panel stack"><h2 id="clients">${words.clients}</h2>
<form method="get" action="/clients" role="search" class="inline">
<label>${words.findClient}<input type="search" name="q" placeholder="${words.findClientHint}"></label>
<button>${words.search}</button>
</form>
<p><a class="button" href="/clients/new">${words.newClient}</a></p>
</section>
${site.ports.workspace.letters(by).length > 0 && html`<p><a href="/letters">${words.letterPreviews}</a></p>`}
</div>
<div class="stack">${begunLetters(visit, drafts)}
<section id="notifications" data-live aria-labelledby="notifications-title" class="panel stack"><h2 id="notifications-title">${words.notifications}</h2>
${items.length === 0 ? html`<p class="empty">${words.noNotifications}</p>` : html`<ul class="rows">${items.map((item) => row(visit, item))}</ul>`}
</section>
</div>
</div>`,
  })
}

/** Letters this person has begun and not sent. */
function begunLetters(visit: StaffVisit, drafts: Awaited<ReturnType<Writing['drafts']>>): Html {
  const { words, language } = visit
  return html`<section id="drafts" data-live${drafts.length === 0 && html` hidden`} aria-labelledby="drafts-title" class="panel stack"><h2 id="drafts-title">${words.myDrafts}</h2>
<ul class="rows">${drafts.map(
    (draft) =>
      html`<li class="row"><a href="/cases/${draft.case.id}#write">${caseName(visit, draft.case.process, draft.case.number)}</a><small><time datetime="${draft.at}">${momentWords(draft.at, language)}</time></small></li>`,
  )}</ul></section>`
}

function boards({ site, by, words, language }: StaffVisit): Html {
  const processes = site.ports.workspace.processes(by)
  if (processes.length === 0) return html`<p class="empty panel">${words.noBoards}</p>`
  return html`<ul class="tiles">${processes.map(
    ({
      name,
      title,
      stages,
    }) => html`<li><a class="tile" href="/boards/${name}"><strong>${inLanguage(title, language)}</strong>
<span class="dots" aria-hidden="true">${stages.slice(0, 8).map((stage) => html`<i${stage.final && html` class="final"`}></i>`)}</span>
<small>${say(words.stagesCount, stages.length)}</small></a></li>`,
  )}</ul>`
}

function row(visit: StaffVisit, { id, at, text, caseId, caseNumber, process, read }: Notification): Html {
  const { words, language } = visit
  return html`<li class="${read ? 'row' : 'row unread'}"><div>
<p>${inLanguage(text, language)}</p>
<small><time datetime="${at}">${momentWords(at, language)}</time>${caseId && html` · <a href="/cases/${caseId}">${caseNumber ? caseName(visit, process ?? '', caseNumber) : words.open}</a>`}</small></div>
${!read && html`<form method="post" action="/notifications/${id}/read">${csrfInput(visit)}<button class="quiet">${words.markRead}</button></form>`}
</li>`
}
