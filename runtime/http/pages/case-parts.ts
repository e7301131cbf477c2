import { inLanguage } from '../../../engine/text.ts'
import { historyWord } from '../history-words.ts'
import { type Html, html, type Part, sentence } from '../html.ts'
import type { CaseLink, CaseView, ConsentView, DocumentView, HistoryItem, LetterView, Page } from '../ports.ts'
import { dateWords, momentWords } from '../time-words.ts'
import { basisWords, say } from '../words.ts'
import { statusBadge } from './conversation.ts'
import { countedByHand } from './message-evidence.ts'
import { caseName, fieldName, letterName, purposeName, reason, stageName, targetName } from './names.ts'
import type { Visit } from './visit.ts'

/** How each consent stands, in a line each. */
export function consentGlance({ words, language }: Visit, consents: readonly ConsentView[]): Html {
  if (consents.length === 0) return html``
  return html`<section id="consents" data-live class="panel stack" aria-labelledby="consents-title"><h2 id="consents-title">${words.consents}</h2>
<ul class="rows">${consents.map(
    (consent) =>
      html`<li class="row"><span>${inLanguage(consent.title, language)}</span>${
        consent.basis.includes('consent')
          ? html`<span class="badge ${consent.status}">${words[consent.status]}</span>`
          : html`<span class="badge">${basisWords(consent.basis, words)}</span>`
      }</li>`,
  )}</ul></section>`
}

export function scheduledList(visit: Visit, { scheduled, process }: CaseView): Html {
  const { words, language } = visit
  return html`<section id="scheduled" data-live class="panel stack" aria-labelledby="scheduled-title"><h2 id="scheduled-title">${words.scheduled}</h2>
${
  scheduled.length === 0
    ? html`<p class="empty">${words.nothingScheduled}</p>`
    : html`<ul class="rows">${scheduled.map(({ due, what }) => html`<li class="row"><span>${scheduledWords(visit, process.name, what)}</span><time datetime="${due}">${dateWords(due, language)}</time></li>`)}</ul>`
}</section>`
}

function scheduledWords(visit: Visit, process: string, what: string): Part {
  const { words, site } = visit
  if (what === 'erase') return words.valuesGo
  const stages = site.ports.workspace.definition().processes[process]?.stages ?? {}
  return Object.hasOwn(stages, what) ? say(words.movesTo, stageName(visit, process, what)) : sentence(what)
}

/** The case that started this one, and those that it has started. */
export function relatedCases(visit: Visit, { parent, children }: CaseView): Html {
  const { words } = visit
  if (!parent && children.length === 0) return html``
  const link = ({ id, number, process }: CaseLink) =>
    html`<a href="/cases/${id}">${caseName(visit, process, number)}</a>`
  return html`<section id="related" data-live class="panel stack" aria-labelledby="related-title"><h2 id="related-title">${words.relatedCases}</h2>
${parent && html`<p>${words.startedBy} ${link(parent)}</p>`}
${children.length > 0 && html`<p>${words.hasStarted}</p><ul class="rows">${children.map((child) => html`<li>${link(child)}</li>`)}</ul>`}
</section>`
}

/** What the case has written, each to be kept as a file. */
export function documentList(visit: Visit, caseId: string, documents: readonly DocumentView[]): Html {
  const { words, language } = visit
  return html`<section id="documents" data-live class="panel stack" aria-labelledby="documents-title"><h2 id="documents-title">${words.documents}</h2>
${
  documents.length === 0
    ? html`<p class="empty">${words.noDocuments}</p>`
    : html`<ul class="rows">${documents.map(
        ({ seq, title, at, because }) =>
          html`<li class="row">${because ? html`<span>${title.replaceAll('_', ' ')}</span><span class="because">${reason(visit, because)}</span>` : html`<a href="/cases/${caseId}/documents/${seq}">${title} (PDF)</a>`} <time datetime="${at}">${dateWords(at, language)}</time></li>`,
      )}</ul>`
}</section>`
}

/** A letter as its client sees it in the portal; it opens to its content. */
export function letterView(visit: Visit, letter: LetterView): Html {
  const { words, language } = visit
  const { content } = letter
  return html`<details class="letter" id="letter-${letter.id}"><summary><strong>${content?.subject ?? letterName(visit, letter.name)}</strong>
${statusBadge(visit, letter.status)} <small><time datetime="${letter.at}">${momentWords(letter.at, language)}</time></small></summary>
${letter.because && html`<p class="because">${reason(visit, letter.because)}</p>`}
${letter.againAt && html`<p class="hint">${say(words.triedAgainAt, momentWords(letter.againAt, language))}${letter.tries && ` · ${say(words.triesSoFar, letter.tries)}`}</p>`}
${
  content
    ? html`<dl class="facts"><div><dt>${words.letterTo}</dt><dd>${content.to}</dd></div>
${content.attachments.length > 0 && html`<div><dt>${words.attachments}</dt><dd>${content.attachments.join(', ')}</dd></div>`}</dl>
<div class="mail">${content.text}</div>`
    : html`<p class="empty">${words.contentErased}</p>`
}</details>`
}

/** What happened, in the order it did: names of fields, never their values. */
export function historyList(visit: Visit, view: CaseView, { items, next }: Page<HistoryItem>): Html {
  const { words, ctx } = visit
  return html`<section id="history" data-live class="panel stack" aria-labelledby="history-title"><h2 id="history-title">${words.history}</h2>
<ol class="history">${items.map((item) => historyItem(visit, view.process.name, item))}</ol>
${ctx.query.after !== undefined && html`<p><a href="/cases/${view.id}#history">${words.earlier}</a></p>`}
${next && html`<p><a href="/cases/${view.id}?after=${encodeURIComponent(next)}#history">${words.later}</a></p>`}
</section>`
}

function historyItem(visit: Visit, process: string, item: HistoryItem): Html {
  const { words, language } = visit
  const stage = (name: string) => stageName(visit, process, name)
  const by = item.by === 'client' ? words.byClient : item.by === 'system' ? words.bySystem : item.by
  const what = [
    item.from && item.to ? `${stage(item.from)} → ${stage(item.to)}` : item.to && stage(item.to),
    item.letter && letterName(visit, item.letter),
    item.purpose && purposeName(visit, item.purpose),
    item.decision && words[item.decision],
    item.fields?.map((name) => fieldName(visit, process, name)).join(', '),
    item.target && targetName(visit, item.type, item.target),
  ].filter((part) => part)
  return html`<li><p><strong>${historyWord(item.type, language)}</strong>${what.length > 0 && html` <span>${what.join(' · ')}</span>`}</p>
${item.because && html`<p class="because">${countedByHand(visit, item.because) ?? reason(visit, item.because)}</p>`}
<small><time datetime="${item.at}">${momentWords(item.at, language)}</time> · ${by}${item.rule && item.rule !== item.by && html` · ${item.rule}`}</small></li>`
}
