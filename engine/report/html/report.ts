import type { Report } from '../report.ts'
import { said } from '../words.ts'
import { complianceSection } from './compliance.ts'
import { asMarkup, html, type Markup } from './markup.ts'
import { header, page } from './page.ts'
import { registerSection } from './register.ts'
import { sightSection } from './sight.ts'

/** The whole report as one file. `pictures` are the SVG drawings of its processes, in their order. */
export function reportInHtml(report: Report, pictures: readonly string[]): string {
  const { language } = report
  const title = said.title[language]
  return page(
    language,
    report.controller ? `${title}: ${report.controller.name}` : title,
    html`${header(report, title)}
${contents(report)}
<main class="report">
${complianceSection(report)}
${sightSection(report)}
${picturesSection(report, pictures)}
${registerSection(report)}
</main>`,
  )
}

/** The register alone, as one file. */
export function registerInHtml(report: Report): string {
  const title = said.register[report.language]
  return page(
    report.language,
    title,
    html`${header(report, title)}\n<main class="report">${registerSection(report)}</main>`,
  )
}

function contents({ language }: Report): Markup {
  const entries = [
    ['compliance', said.compliance],
    ['sight', said.sight],
    ['pictures', said.pictures],
    ['register', said.register],
  ] as const
  return html`<nav aria-label="${said.contents[language]}"><ul>${entries.map(([id, title]) => html`<li><a href="#${id}">${title[language]}</a></li>`)}</ul></nav>`
}

function picturesSection({ processes, language }: Report, pictures: readonly string[]): Markup {
  return html`<section id="pictures" class="${pictures.some(isWide) ? 'part wide' : 'part'}">
<h2>${said.pictures[language]}</h2>
<p class="lead">${said.picturesLead[language]}</p>
${pictures.map(
  (picture, index) =>
    html`<figure class="scroll" role="group" aria-label="${processes[index]?.title}" tabindex="0">${asMarkup(picture)}</figure>`,
)}
</section>`
}

/** Whether a drawing has more room on a page that lies on its side. */
function isWide(picture: string): boolean {
  const [, width = '0', height = '0'] = /width="(\d+)" height="(\d+)"/.exec(picture) ?? []
  return Number(width) > 720 && Number(width) > 1.05 * Number(height)
}
