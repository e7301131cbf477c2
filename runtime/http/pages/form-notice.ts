import type { Purpose } from '../../../engine/definition.ts'
import { inLanguage } from '../../../engine/text.ts'
import { type Html, html } from '../html.ts'
import { durationWords } from '../time-words.ts'
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

/** And what for, on which ground, for how long, who else gets them. */
export function purposesPanel(visit: Visit, purposes: readonly Purpose[]): Html {
  const { words, language } = visit
  if (purposes.length === 0) return html``
  return html`<section class="panel stack notice" aria-labelledby="what-for"><h2 id="what-for">${words.whatFor}</h2>
<dl class="purposes">${purposes.map(
    (purpose) => html`<dt>${inLanguage(purpose.title, language)}</dt>
<dd>${inLanguage(purpose.text ?? {}, language)} <small>${say(words.onBasis, basisWords(purpose.basis, words))}. ${keptWords(visit, purpose)} ${recipientsWords(visit, purpose)}</small></dd>`,
  )}</dl></section>`
}

export function keptWords({ words, language }: Visit, { keep }: Purpose): string {
  if (!keep) return ''
  if ('until' in keep) return `${say(words.kept, words.keptUntilEnd)}.`
  const time = durationWords(keep.for, language)
  return `${say(words.kept, say(keep.after === 'end' ? words.keptAfterEnd : words.keptAfterGiven, time))}.`
}

export function recipientsWords({ words }: Visit, { recipients }: Purpose): string {
  return recipients.length === 0 ? words.noRecipients : ended(say(words.recipients, recipients.join(', ')))
}

/** With a full stop, but not two after a shortened word. */
function ended(text: string): string {
  return text.endsWith('.') ? text : `${text}.`
}
