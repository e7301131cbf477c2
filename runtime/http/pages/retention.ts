import { inLanguage } from '../../../engine/text.ts'
import { type Html, html } from '../html.ts'
import type { GoesView, WentView } from '../ports.ts'
import { momentWords } from '../time-words.ts'
import { say, type Word } from '../words.ts'
import { sendStaffPage } from './layout.ts'
import { caseName } from './names.ts'
import type { Pages, StaffVisit } from './visit.ts'

const spans = [7, 30, 90, 365] as const

/** What goes when by itself, and what went. */
export function retentionPages(pages: Pages): void {
  pages.staff('/retention', retentionPage)
}

async function retentionPage(visit: StaffVisit): Promise<void> {
  const { site, by, words, ctx } = visit
  const days = spans.find((one) => String(one) === ctx.query.days) ?? 30
  const after = typeof ctx.query.after === 'string' ? ctx.query.after : undefined
  const { items, more } = await site.ports.retention.goes(by, days)
  const went = await site.ports.retention.went(by, { limit: 50, ...(after && { after }) })
  await sendStaffPage(visit, {
    title: words.retention,
    body: html`<div class="narrow-wide stack"><h1>${words.retention}</h1><p class="lead">${words.retentionLead}</p>
<section class="panel stack" aria-labelledby="goes"><h2 id="goes">${words.goes}</h2>
<p class="buttons">${spans.map((span) =>
      span === days
        ? html`<span class="button" aria-current="true">${say(words.inDays, span)}</span>`
        : html`<a class="button" href="/retention?days=${span}">${say(words.inDays, span)}</a>`,
    )}</p>
${
  items.length === 0
    ? html`<p class="empty">${words.goesEmpty}</p>`
    : html`<ul class="rows">${items.map((one) => goesRow(visit, one))}</ul>`
}
${more && html`<p class="hint">${words.goesMore}</p>`}</section>
<section class="panel stack" aria-labelledby="went"><h2 id="went">${words.went}</h2>
${
  went.items.length === 0
    ? html`<p class="empty">${words.wentEmpty}</p>`
    : html`<ul class="rows">${went.items.map((one) => wentRow(visit, one))}</ul>`
}
${went.next && html`<p><a href="/retention?days=${days}&amp;after=${encodeURIComponent(went.next)}">${words.more}</a></p>`}</section></div>`,
  })
}

function goesRow(visit: StaffVisit, one: GoesView): Html {
  const { words, language } = visit
  return html`<li><p><a href="/cases/${one.case}">${caseName(visit, one.process, one.number)}</a> · ${titles(visit, one.process, one.fields)}${
    one.letters && html`${one.fields.length > 0 && ', '}${words.lettersToo}`
  }${one.fewer.length > 0 && html` · ${say(words.fewerPurposes, titles(visit, one.process, one.fewer))}`}</p>
<small><time datetime="${one.due}">${momentWords(one.due, language)}</time>${one.heldUntil && html` · ${say(words.heldUntil, momentWords(one.heldUntil, language))}`}</small></li>`
}

function wentRow(visit: StaffVisit, { at, case: id, number, process, fields, kept }: WentView): Html {
  const { language } = visit
  const counts = Object.entries(kept).map(([what, count]) => `${keptWord(visit, what)}: ${count}`)
  const what = [titles(visit, process, fields), ...counts].filter((text) => text !== '').join(' · ')
  return html`<li><p><a href="/cases/${id}">${caseName(visit, process, number)}</a> · ${what}</p>
<small><time datetime="${at}">${momentWords(at, language)}</time></small></li>`
}

const keptWords: Readonly<Record<string, Word>> = {
  letters: 'letters',
  documents: 'documents',
  messages: 'messagesIn',
  drafts: 'draftsKept',
  files: 'filesKept',
  calls: 'callsKept',
}

function keptWord({ words }: StaffVisit, what: string): string {
  return keptWords[what] ? words[keptWords[what]] : what
}

function titles({ site, language }: StaffVisit, process: string, fields: readonly string[]): string {
  const declared = site.ports.workspace.definition().processes[process]?.fields ?? {}
  return fields.map((name) => inLanguage(declared[name]?.title ?? {}, language) || name).join(', ')
}
