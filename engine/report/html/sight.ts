import { inChunks } from '../gathered.ts'
import type { Language } from '../language.ts'
import type { Report } from '../report.ts'
import { fieldNotes, seenAmong, seenFields } from '../telling.ts'
import type { ProcessSight, Sight, ViewerSight } from '../visibility.ts'
import { said, sees } from '../words.ts'
import { html, type Markup } from './markup.ts'
import { scrolling } from './page.ts'

/** Stages beside each other: as many as fit on paper. */
const widest = 6

/** Who sees which field at which stage, process by process. */
export function sightSection({ sight, language }: Report): Markup {
  return html`<section id="sight" class="part">
<h2>${said.sight[language]}</h2>
<p class="lead">${said.sightLead[language]}</p>
${sight.map((each) => processSight(each, language))}
</section>`
}

function processSight(sight: ProcessSight, language: Language): Markup {
  const hasFields = sight.groups.some(({ fields }) => fields.length > 0)
  if (!hasFields) return html`<h3>${sight.title}</h3>\n<p>${said.noFields[language]}</p>`
  return html`<h3>${sight.title}</h3>
${sight.groups.map((group) => groupSight(group, sight, language))}
<p class="quiet">${said.nobodyElse[language]}${
    sight.ownAnswers.length > 0 && ` ${said.ownAnswers[language]}: ${sight.ownAnswers.join(', ')}.`
  }</p>`
}

function groupSight(group: ViewerSight, sight: ProcessSight, language: Language): Markup {
  const who = group.viewers.map(({ title }) => title).join(', ')
  const { seen, never } = seenFields(group)
  if (seen.length === 0) return html`<p><b>${who}</b>: ${said.seesNothing[language]}.</p>`
  return html`<h4>${who}</h4>
${inChunks([...sight.stages.keys()], widest).map((chunk) =>
  scrolling(
    `${sight.title}: ${who}`,
    html`<table class="sight">
<thead><tr><th scope="col">${said.field[language]}</th>${chunk.map((index) => html`<th scope="col">${sight.stages[index]?.title}</th>`)}</tr></thead>
<tbody>${seenAmong(seen, chunk).map(
      (field) =>
        html`<tr><th scope="row">${field.title}${fieldNotes(field, language).map((note) => html` <small>${note}</small>`)}</th>${chunk.map((index) => sightCell(field.stages[index], language))}</tr>\n`,
    )}</tbody></table>`,
  ),
)}
${never.length > 0 && html`<p class="quiet">${said.neverSees[language]}: ${never.join(', ')}.</p>`}`
}

function sightCell(sight: Sight | undefined, language: Language): Markup {
  const kind = sight?.sees ?? 'nothing'
  if (kind === 'nothing')
    return html`<td class="nothing"><span aria-hidden="true">–</span><span class="unseen">${sees.nothing[language]}</span></td>`
  return html`<td class="${kind}">${sees[kind][language]}</td>`
}
