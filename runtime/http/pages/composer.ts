import { inLanguage } from '../../../engine/text.ts'
import type { Refusal } from '../../refusal.ts'
import { Html, html, type Part } from '../html.ts'
import type { CaseView, Correspondence, Desk, Draft, DraftView, MessageView } from '../ports.ts'
import { momentWords } from '../time-words.ts'
import { say } from '../words.ts'
import { sizeWords } from './conversation.ts'
import { alert, csrfInput } from './layout.ts'
import { letterName, reason } from './names.ts'
import type { StaffVisit } from './visit.ts'

/** What the composer is shown with: what was begun, or has just been typed and refused. */
export interface Writing {
  readonly draft?: Draft | DraftView
  readonly refusal?: Refusal
  /** The composer is open though nothing was begun. */
  readonly open: boolean
  readonly preview: boolean
}

/**
 * Where a person writes a letter. Each of its buttons sends the whole form, and what it says is kept as a draft: so all of it
 * works without scripts, and nothing typed is lost.
 */
export function composer(visit: StaffVisit, view: CaseView, desk: Desk, talk: Correspondence, writing: Writing): Html {
  const { words } = visit
  if (desk.because !== undefined) {
    if (!view.client) return html``
    return html`<section id="write" class="panel" aria-labelledby="write-title"><details><summary><h2 id="write-title">${words.mayNotWrite}</h2></summary><p class="because">${reason(visit, desk.because)}</p></details></section>`
  }
  const { draft, refusal, open, preview } = writing
  const answered = talk.messages.find(({ id }) => id === draft?.answers)
  const title = answered ? words.answerLetter : words.writeLetter
  const address = `/cases/${view.id}?write=1`
  if (!open && draft === undefined)
    return html`<section id="write" aria-label="${title}"><a class="button primary" href="${address}#write" hx-get="${address}" hx-target="#write" hx-select="#write" hx-swap="outerHTML">${title}</a></section>`
  return html`<section id="write" class="panel composer stack" aria-labelledby="write-title"><h2 id="write-title">${title}</h2>
${refusal && alert(words.letterNotSent, refusal.because, reason(visit, refusal.because))}
<form id="composer" method="post" action="/cases/${view.id}/letters" enctype="multipart/form-data" hx-post="/cases/${view.id}/letters" hx-encoding="multipart/form-data" hx-target="#write" hx-select="#write" hx-swap="outerHTML" class="stack" data-autosave="/cases/${view.id}/draft" data-not-saved="${words.draftNotSaved}" data-saved="${words.draftSaved}">${csrfInput(visit)}
<input type="hidden" name="key" value="${draft?.key ?? crypto.randomUUID()}"><button class="visually-hidden" name="do" value="save" tabindex="-1" aria-hidden="true"></button>
${answers(visit, draft?.answers, answered)}
${recipient(visit, desk, draft, refusal)}
${desk.templates.length > 0 && templates(visit, desk)}
<label>${words.subject}<input name="subject" value="${draft?.subject}" maxlength="250"${invalid(refusal, 'subject')}></label>
<label>${words.letterBody} <span class="hint">${words.markdownHint}</span><textarea name="body" rows="9" maxlength="100000"${invalid(refusal, 'body')}>${draft?.body}</textarea></label>
${attachments(visit, desk, draft)}
${purposes(visit, desk, draft)}
${preview && draft && previewOf(visit, draft)}
<div class="buttons"><button class="primary" name="do" value="send">${words.sendLetter}</button><button name="do" value="preview">${words.preview}</button><button name="do" value="save">${words.saveDraft}</button>${draft && html`<button class="quiet" name="do" value="discard">${words.discardDraft}</button>`}</div>
<p class="hint"><span id="draft-status" role="status">${draft && 'at' in draft && say(words.draftSavedAt, momentWords(draft.at, visit.language))}</span> ${words.draftHint}</p>
</form></section>`
}

function invalid(refusal: Refusal | undefined, field: string): Part {
  return refusal?.fields?.includes(field) && html` aria-invalid="true"`
}

function answers({ words, language }: StaffVisit, id: string | undefined, message: MessageView | undefined): Part {
  if (id === undefined) return undefined
  const subject = message?.content?.subject || words.noSubject
  return html`<p class="answering"><input type="hidden" name="answers" value="${id}">${message && say(words.answering, subject, momentWords(message.at, language))} <button class="quiet" name="do" value="new-thread">${words.notAnAnswer}</button></p>`
}

function recipient(
  visit: StaffVisit,
  { recipients }: Desk,
  draft: Draft | undefined,
  refusal: Refusal | undefined,
): Html {
  const { words, language } = visit
  const { to } = draft ?? {}
  const typed = to?.includes('@') || recipients.length === 0
  const chosen = typed ? undefined : (recipients.find((one) => one.to === to) ?? recipients[0])?.to
  const typedInput = html`<label class="typed-address"><span class="${recipients.length > 0 && 'visually-hidden'}">${words.typedAddress}</span><input name="address" type="email" autocomplete="off" value="${to?.includes('@') && to}"${invalid(refusal, 'to')} aria-describedby="typed-hint"></label><p class="hint" id="typed-hint">${recipients.length === 0 && html`${words.noAddressHeld} `}${words.toTypedHint}</p>`
  if (recipients.length === 0) return html`<div><input type="hidden" name="to" value="typed">${typedInput}</div>`
  return html`<fieldset class="recipient"><legend>${words.letterTo}</legend>
${recipients.map(
  (one) =>
    html`<label class="choice"><input type="radio" name="to" value="${one.to}"${one.to === chosen && html` checked`}> <span>${one.title ? inLanguage(one.title, language) : words.toTheCard}${one.address && html`: <strong>${one.address}</strong>`}</span></label>`,
)}
<label class="choice"><input type="radio" name="to" value="typed"${typed && html` checked`}> <span>${words.toTyped}</span></label>${typedInput}</fieldset>`
}

function templates(visit: StaffVisit, desk: Desk): Html {
  const { words } = visit
  return html`<div class="inline"><label>${words.startWith}<select name="template"><option value="">${words.choose}</option>${desk.templates.map((name) => html`<option value="${name}">${letterName(visit, name)}</option>`)}</select></label><button name="do" value="insert">${words.insertTemplate}</button></div>`
}

function attachments({ words, language }: StaffVisit, { documents }: Desk, draft: Draft | undefined): Html {
  const chosen = new Set(draft?.documents)
  const files = draft?.files ?? []
  return html`<fieldset class="attaching"><legend>${words.attachmentsTitle}</legend>
${documents.map(
  ({ seq, title }) =>
    html`<label class="choice"><input type="checkbox" name="document" value="${seq}"${chosen.has(seq) && html` checked`}> ${title} (PDF)</label>`,
)}
${
  files.length > 0 &&
  html`<ul class="rows">${files.map(
    ({ id, name, size }) =>
      html`<li class="row"><span><input type="hidden" name="file" value="${id}">${name} <small>${sizeWords(size, language)}</small></span><button class="quiet" name="do" value="remove ${id}">${say(words.removeFile, name)}</button></li>`,
  )}</ul>`
}
<div class="inline"><label>${words.attachFiles}<input type="file" name="upload" multiple></label><button name="do" value="attach">${words.attach}</button></div>
<p class="hint">${words.attachHint}</p></fieldset>`
}

function purposes({ words, language }: StaffVisit, desk: Desk, draft: Draft | undefined): Html {
  return html`<label>${words.purposeOf}<select name="purpose" aria-describedby="purpose-hint"><option value="">${words.noPurpose}</option>${desk.purposes.map(
    ({ name, title, holds }) =>
      html`<option value="${name}"${draft?.purpose === name && html` selected`}>${holds ? inLanguage(title, language) : say(words.purposeLacking, inLanguage(title, language))}</option>`,
  )}</select></label><p class="hint" id="purpose-hint">${words.purposeHint}</p>`
}

function previewOf({ words, site }: StaffVisit, { subject, body }: Draft): Html {
  return html`<section class="preview" aria-labelledby="preview-title"><h3 id="preview-title">${words.previewTitle}</h3><p><strong>${subject}</strong></p><div class="formatted-letter">${Html.made(site.ports.writing.markup(body))}</div></section>`
}
