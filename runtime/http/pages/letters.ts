import { inLanguage } from '../../../engine/text.ts'
import { type Html, html } from '../html.ts'
import { languages } from '../language.ts'
import { policyWithFrames } from '../security-headers.ts'
import { breadcrumb, sendStaffPage } from './layout.ts'
import { letterName } from './names.ts'
import type { Pages, StaffVisit } from './visit.ts'

/** What letters look like, with sample values, for those who look after the workspace. */
export function letterPages(pages: Pages): void {
  pages.staff('/letters', listPage)
  pages.staff('/letters/:process/:letter', previewPage)
  pages.staff('/letters/:process/:letter/html', async (visit) => {
    const { ctx } = visit
    ctx.set('Content-Security-Policy', lettersOwn)
    ctx.type = 'text/html; charset=utf-8'
    ctx.body = previewOf(visit).html
  })
}

/** A letter has its styles in itself, and nothing else it may do. */
const lettersOwn = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; sandbox"

function previewOf({ site, by, params, ctx, language }: StaffVisit) {
  const wanted = languages.find((one) => one === ctx.query.language) ?? language
  return site.ports.workspace.previewLetter(by, params.process ?? '', params.letter ?? '', wanted)
}

async function listPage(visit: StaffVisit): Promise<void> {
  const { site, by, words, language } = visit
  const { processes } = site.ports.workspace.definition()
  const found = site.ports.workspace.letters(by).filter(({ letters }) => letters.length > 0)
  await sendStaffPage(visit, {
    title: words.letterPreviews,
    body: html`<h1>${words.letterPreviews}</h1><p class="lead">${words.letterPreviewsLead}</p>
${found.length === 0 && html`<p class="empty panel">${words.letterPreviewsNone}</p>`}
${found.map(
  ({ process, letters }) =>
    html`<section class="panel stack" aria-labelledby="of-${process}"><h2 id="of-${process}">${inLanguage(processes[process]?.title ?? {}, language)}</h2>
<ul class="rows">${letters.map((letter) => html`<li><a href="/letters/${process}/${letter}">${letterName(visit, letter)}</a></li>`)}</ul></section>`,
)}`,
  })
}

async function previewPage(visit: StaffVisit): Promise<void> {
  const { words, ctx } = visit
  const { process, letter, language, subject, text, attachments } = previewOf(visit)
  const address = `/letters/${process}/${letter}`
  ctx.set('Content-Security-Policy', policyWithFrames)
  const other = (one: string): Html =>
    html`<a class="button" href="${address}?language=${one}"${one === language && html` aria-current="true"`}>${one === 'pl' ? 'Polski' : 'English'}</a>`
  await sendStaffPage(visit, {
    title: subject,
    body: html`${breadcrumb(words, [{ address: '/letters', label: words.letterPreviews }])}
<h1>${subject}</h1><p class="buttons">${languages.map(other)}</p>
${attachments.length > 0 && html`<p>${words.attachments}: ${attachments.map(({ title }) => title).join(', ')}</p>`}
<iframe class="letter-preview panel" title="${subject}" src="${address}/html?language=${language}" sandbox></iframe>
<details class="panel"><summary>${words.letterAsText}</summary><div class="mail">${text}</div></details>`,
  })
}
