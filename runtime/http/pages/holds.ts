import { Refusal } from '../../refusal.ts'
import { type Html, html } from '../html.ts'
import type { ClientView, HoldView } from '../ports.ts'
import { dateWords } from '../time-words.ts'
import { say } from '../words.ts'
import { csrfInput } from './layout.ts'
import { caseName } from './names.ts'
import { type Pages, type StaffVisit, seeOther } from './visit.ts'

/** Legal holds, on the page of their client. `again` shows that page with why it was not done. */
export function holdForms(pages: Pages, again: (visit: StaffVisit, refusal: Refusal) => Promise<void>): void {
  pages.staffForm('/clients/:id/holds', (visit, form) =>
    orAgain(visit, again, async () => {
      const { site, by, params } = visit
      const about = form.get('case')
      const hold = { because: form.get('because') ?? '', until: form.get('until') ?? '' }
      await site.ports.holds.place(by, params.id ?? '', { ...hold, ...(about ? { case: about } : {}) })
    }),
  )
  pages.staffForm('/clients/:id/holds/:hold/lift', (visit) =>
    orAgain(visit, again, ({ site, by, params } = visit) =>
      site.ports.holds.lift(by, params.id ?? '', params.hold ?? ''),
    ),
  )
}

async function orAgain(
  visit: StaffVisit,
  again: (visit: StaffVisit, refusal: Refusal) => Promise<void>,
  attempt: () => Promise<void>,
): Promise<void> {
  try {
    await attempt()
    seeOther(visit.ctx, `/clients/${visit.params.id}#holds`)
  } catch (refusal) {
    if (!(refusal instanceof Refusal) || refusal.code !== 'invalid-value') throw refusal
    await again(visit, refusal)
  }
}

export function holdsPanel(visit: StaffVisit, client: ClientView, holds: readonly HoldView[]): Html {
  const { words } = visit
  return html`<section id="holds" class="panel stack" aria-labelledby="holds-title"><h2 id="holds-title">${words.holds}</h2><p class="hint">${words.holdsLead}</p>
${holds.length > 0 && html`<ul class="rows">${holds.map((hold) => holdRow(visit, client, hold))}</ul>`}
<details><summary>${words.placeHold}</summary><form method="post" action="/clients/${client.id}/holds" class="stack">${csrfInput(visit)}
<label>${words.holdWhy}<input name="because" required maxlength="1000"></label>
<label>${words.holdUntil}<input type="date" name="until" required></label>
${
  client.cases.length > 0 &&
  html`<label>${words.holdAbout}<select name="case"><option value="">${words.holdAll}</option>${client.cases.map(
    ({ id, number, process }) => html`<option value="${id}">${caseName(visit, process, number)}</option>`,
  )}</select></label>`
}
<p><button>${words.placeHold}</button></p></form></details></section>`
}

function holdRow(visit: StaffVisit, client: ClientView, hold: HoldView): Html {
  const { words, language } = visit
  const about = client.cases.find(({ id }) => id === hold.case)
  const end = hold.lifted
    ? say(words.holdLifted, dateWords(hold.lifted.at, language), hold.lifted.by)
    : say(hold.stands ? words.holdStands : words.holdEnded, dateWords(hold.until, language))
  return html`<li class="stack"><p><strong>${hold.because}</strong>${about && html` · ${caseName(visit, about.process, about.number)}`}<br><small>${hold.by}, ${dateWords(hold.at, language)} · ${end}</small></p>
${hold.stands && html`<form method="post" action="/clients/${client.id}/holds/${hold.id}/lift">${csrfInput(visit)}<button>${words.liftHold}</button></form>`}</li>`
}
