import { placeInWords } from '../../wording.ts'
import type { Cell, Reason, Row, Status } from '../compliance.ts'
import { byKind, gathered, inChunks } from '../gathered.ts'
import type { Language } from '../language.ts'
import type { Report } from '../report.ts'
import { titlesOfProcesses } from '../telling.ts'
import { meanings, said, statuses } from '../words.ts'
import { html, type Markup, sentence } from './markup.ts'
import { scrolling } from './page.ts'

/** Processes beside each other: as many as fit on paper. */
const widest = 6

/** Requirement × process, and under it what shows each cell. */
export function complianceSection(report: Report): Markup {
  const { compliance, language } = report
  return html`<section id="compliance" class="part">
<h2>${said.compliance[language]}</h2>
<p class="lead">${said.complianceLead[language]}</p>
${legend(report)}
${inChunks(report.processes, widest).map((chunk) => grid(report, chunk))}
<h3>${said.details[language]}</h3>
${compliance.rows.map((row) => details(row, report))}
${others(report)}
</section>`
}

function legend({ compliance, language }: Report): Markup {
  const occurring = (Object.keys(statuses) as Status[]).filter((status) => compliance.counts[status] > 0)
  return html`<ul class="legend">${occurring.map(
    (status) =>
      html`<li>${chip(status, language)} <b>${compliance.counts[status]}</b> <span class="meaning">${meanings[status][language]}</span></li>\n`,
  )}</ul>`
}

function grid({ compliance, language }: Report, processes: Report['processes']): Markup {
  return scrolling(
    said.compliance[language],
    html`<table class="grid">
<thead><tr><th scope="col">${said.requirement[language]}</th><th scope="col">${said.law[language]}</th>${processes.map(({ title }) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${compliance.rows.map(
      (row) =>
        html`<tr><th scope="row"><a href="#${row.row}"><span class="row">${row.row}</span> ${row.title}</a></th><td class="law">${row.law}</td>${processes.map(({ name }) => html`<td>${statusOf(row, name, language)}</td>`)}</tr>\n`,
    )}</tbody></table>`,
  )
}

function statusOf({ cells }: Row, process: string, language: Language): Markup {
  return chip(cells.find((cell) => cell.process === process)?.status ?? 'open', language)
}

/** A sign beside the word, so that neither colour nor the word alone has to be read. */
const signs: Readonly<Record<Status, string>> = {
  broken: '✕',
  proved: '✓',
  enforced: '■',
  tested: '▶',
  open: '?',
  'not concerned': '–',
}

function chip(status: Status, language: Language): Markup {
  return html`<span class="chip ${status.replace(' ', '-')}"><span aria-hidden="true">${signs[status]}</span> ${statuses[status][language]}</span>`
}

function details(row: Row, report: Report): Markup {
  return html`<article id="${row.row}" class="requirement">
<h4><span class="row">${row.row}</span> ${row.title} <small>${row.law}</small></h4>
<p>${row.asks}</p>
${gathered(row).map(({ processes, cell }) => cellDetails(titlesOfProcesses(processes, report), cell, report.language))}
</article>`
}

function cellDetails(title: string, { status, reasons }: Cell, language: Language): Markup {
  return html`<div class="cell"><h5>${title} ${chip(status, language)}</h5>
${reasons.length === 0 && html`<p class="quiet">${said.nothingShows[language]}</p>`}
<dl class="reasons">${byKind(reasons).map(
    ([kind, list]) =>
      html`<div><dt>${kind === 'not concerned' ? '' : statuses[kind][language]}</dt><dd><ul>${list.map((reason) => html`<li>${reasonView(reason, language)}</li>\n`)}</ul></dd></div>\n`,
  )}</dl></div>`
}

function reasonView(reason: Reason, language: Language): Markup {
  switch (reason.kind) {
    case 'broken':
      return brokenView(reason, language)
    case 'proved':
      return html`${sentence(reason.says)} <span class="source">${reason.code}</span>`
    case 'enforced':
      return html`${sentence(reason.says)} <span class="source">${reason.part}</span>`
    case 'tested':
      return html`${sentence(reason.says)} <span class="source">${placeInWords(reason.at)}</span>`
    case 'not concerned':
      return html`${sentence(reason.says)}`
  }
}

function brokenView(reason: Extract<Reason, { kind: 'broken' }>, language: Language): Markup {
  const { code, severity, says, at, path, hint } = reason
  const by = [code, severity === 'warning' ? said.warning[language] : undefined].filter((part) => part !== undefined)
  return html`${sentence(says)} <span class="source">${[...by, placeInWords(at)].join(' · ')}</span>
${
  path.length > 0 &&
  html`<p class="path">${said.path[language]}:</p><ol>${path.map((step) => html`<li>${sentence(step)}</li>\n`)}</ol>`
}
${hint !== undefined && html`<p class="hint">${said.help[language]}: ${sentence(hint)}</p>`}`
}

function others({ compliance, language }: Report): Markup {
  if (compliance.other.length === 0) return html``
  return html`<h3>${said.otherFindings[language]}</h3>
<p class="lead">${said.otherLead[language]}</p>
<ul class="findings">${compliance.other.map((reason) => html`<li>${brokenView(reason, language)}</li>\n`)}</ul>`
}
