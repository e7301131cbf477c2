import { inLanguage } from '../../../engine/text.ts'
import { type ConsentNotice, hashOfAll, noticeOf, rightsInWords } from '../../consent/notice.ts'
import { type Html, html } from '../html.ts'
import { basisWords, say } from '../words.ts'
import type { Visit } from './visit.ts'

/** What a person must know before giving data (GDPR Art. 13): who asks. */
export function companyPanel({ site, words }: Visit): Html {
  const { company } = site.ports.workspace.definition()
  if (!company) return html``
  const contact = [company.email, company.phone].filter((part) => part).join(' · ')
  const row = (label: string, value: string | undefined) => value && html`<div><dt>${label}</dt><dd>${value}</dd></div>`
  return html`<section class="panel stack notice" aria-labelledby="who"><h2 id="who">${words.whoAsks}</h2>
<p><strong>${company.name}</strong></p>
<dl class="facts">${row(words.address, company.address)}${row(words.contact, contact)}${row(words.officer, company.officer)}</dl></section>`
}

/** What is told of some purposes, as the record of a consent keeps it. */
export function noticesOf({ site, language }: Visit, purposes: readonly string[]): ConsentNotice[] {
  const definition = site.ports.workspace.definition()
  return purposes.flatMap((name) => noticeOf(definition, name, language)?.notice ?? [])
}

/** And what for, on which ground, for how long, who else gets them. */
export function purposesPanel(visit: Visit, purposes: readonly string[]): Html {
  const { words } = visit
  if (purposes.length === 0) return html``
  return html`<section class="panel stack notice" aria-labelledby="what-for"><h2 id="what-for">${words.whatFor}</h2>
<dl class="purposes">${noticesOf(visit, purposes).map(
    (notice) => html`<dt>${notice.title}</dt>
<dd>${notice.text} <small>${say(words.onBasis, basisWords(notice.basis, words))}. ${factsOf(visit, notice)}</small></dd>`,
  )}</dl></section>`
}

/** For how long, who else gets them, and which of the data are of a special kind. */
export function factsOf({ words }: Visit, { kept, recipients, data }: ConsentNotice): string {
  const special = [...new Set(data.flatMap((field) => (field.special ? [field.title] : [])))]
  return [
    kept && ended(say(words.kept, kept)),
    recipients.length === 0 ? words.noRecipients : ended(say(words.recipients, recipients.join(', '))),
    special.length > 0 && ended(say(words.specialData, special.join(', '))),
  ]
    .filter((part) => part)
    .join(' ')
}

/** The right to withdraw, and the others. */
export function rightsHint({ language }: Visit): Html {
  return html`<p class="hint">${rightsInWords(language)}</p>`
}

/** Goes with the form, so that nobody decides on words that have changed since they read them. */
export function noticeInput(visit: Visit, purposes: readonly string[]): Html {
  return html`<input type="hidden" name="notice" value="${shownHash(visit, purposes)}">`
}

/** Whether what is told now is what the page said that the form was sent from. */
export function noticeStands(visit: Visit, sent: URLSearchParams, purposes: readonly string[]): boolean {
  const shown = sent.get('notice')
  return shown === null || shown === shownHash(visit, purposes)
}

function shownHash({ site, language }: Visit, purposes: readonly string[]): string {
  const definition = site.ports.workspace.definition()
  return hashOfAll(purposes.flatMap((name) => noticeOf(definition, name, language) ?? []))
}

/** The title of a purpose, as this visitor reads it. */
export function purposeTitle({ site, language }: Visit, purpose: string): string {
  return inLanguage(site.ports.workspace.definition().purposes[purpose]?.title ?? {}, language) || purpose
}

/** With a full stop, but not two after a shortened word. */
function ended(text: string): string {
  return text.endsWith('.') ? text : `${text}.`
}
