import type { Activity } from '../register.ts'
import type { Report } from '../report.ts'
import { registerHeads, said } from '../words.ts'
import { html, type Markup } from './markup.ts'

/** The record of processing activities (GDPR Art. 30(1)). */
export function registerSection({ register, language }: Report): Markup {
  const [first] = register
  const head = (key: keyof typeof registerHeads) => registerHeads[key][language]
  const labelled = (key: keyof typeof registerHeads, content: Markup) =>
    html`<td data-label="${head(key)}">${content}</td>`
  return html`<section id="register" class="part">
<h2>${said.register[language]}</h2>
<p class="lead">${said.registerLead[language]}</p>
${
  first
    ? html`${common(first, language)}
<table class="register">
<thead><tr>${(['purposes', 'processTitle', 'data', 'recipients', 'limits'] as const).map((key) => html`<th scope="col">${head(key)}</th>`)}</tr></thead>
<tbody>${register.map(
        (
          activity,
        ) => html`<tr><th scope="row"><b>${activity.purposes}</b> <small>${activity.basis}</small> <span>${activity.text}</span></th>
${labelled('processTitle', html`${activity.processTitle}`)}
${labelled('data', dataOf(activity, language))}
${labelled('recipients', list(activity.recipients, said.none[language]))}
${labelled('limits', list(activity.limits, said.none[language]))}</tr>\n`,
      )}</tbody></table>`
    : html`<p>${said.noActivities[language]}</p>`
}
</section>`
}

function common(first: Activity, language: Report['language']): Markup {
  const row = (key: 'controller' | 'officer' | 'thirdCountries' | 'security', content: Markup) =>
    html`<div><dt>${registerHeads[key][language]}</dt><dd>${content}</dd></div>`
  return html`<h3>${said.forAll[language]}</h3>
<dl class="facts">${row('controller', html`${first.controller}`)}${row('officer', html`${first.officer}`)}${row('thirdCountries', html`${first.thirdCountries}`)}${row('security', list(first.security, ''))}</dl>`
}

function dataOf({ people, data, special }: Activity, language: Report['language']): Markup {
  const parts = [
    ...data.map((each) => html`${each}`),
    ...special.map((each) => html`${each} <b>(${said.special[language]})</b>`),
  ]
  return html`<span class="people">${people}:</span> ${parts.length > 0 ? html`<ul>${parts.map((part) => html`<li>${part}</li>`)}</ul>` : said.none[language]}`
}

function list(parts: readonly string[], none: string): Markup {
  if (parts.length === 0) return html`${none}`
  return parts.length === 1 ? html`${parts[0]}` : html`<ul>${parts.map((part) => html`<li>${part}</li>`)}</ul>`
}
