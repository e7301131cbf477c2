import { inLanguage } from '../../../engine/text.ts'
import { Refusal } from '../../refusal.ts'
import { Attachment } from '../attachment.ts'
import { type Html, html, sentence } from '../html.ts'
import {
  type CaseView,
  type Correspondence,
  countReasons,
  type Desk,
  type Draft,
  type FieldView,
  type PersonRef,
} from '../ports.ts'
import { dateWords } from '../time-words.ts'
import { say } from '../words.ts'
import { hereFor, moveButton, processOf } from './board.ts'
import { consentGlance, documentList, historyList, relatedCases, scheduledList } from './case-parts.ts'
import { composer, type Writing } from './composer.ts'
import { conversation } from './conversation.ts'
import { fieldInput, personOptions, rawValue, typedValue } from './field-input.ts'
import { caseIncidents } from './incidents.ts'
import { alert, breadcrumb, csrfInput, sendStaffPage } from './layout.ts'
import { answerTo } from './letter-draft.ts'
import { caseName, fieldValue, reason } from './names.ts'
import { localAddress, type Pages, type StaffVisit, seeOther } from './visit.ts'

const historyPage = 50
/** Letters and messages. */
const talkPage = 20
/** Characters of what a person says on a message that they let count. */
const longestNote = 2_000

/** What a form just sent in is shown again with. */
interface Again {
  readonly refusal: Refusal
  readonly title: string
  readonly typed?: URLSearchParams
  readonly status: number
  /** A letter that was refused. */
  readonly draft?: Draft
}

/** The page of a case, and what can be done there. */
export function casePages(pages: Pages): void {
  pages.staff('/cases/:id', (visit) => casePage(visit))
  pages.staffForm('/cases/:id/moves', move)
  pages.staffForm('/cases/:id/fields', fill)
  pages.staffForm('/cases/:id/assignee', assign)
  pages.staff('/cases/:id/documents/:seq', async ({ site, by, params, ctx }) => {
    new Attachment(await site.ports.cases.document(by, params.id ?? '', params.seq ?? '')).sendTo(ctx)
  })
  pages.staff('/cases/:id/messages/:message', async ({ site, by, params, ctx }) => {
    new Attachment(await site.ports.cases.message(by, params.id ?? '', params.message ?? '')).sendTo(ctx)
  })
  pages.staffForm('/cases/:id/messages/:message/count', countMessage)
  pages.staff('/cases/:id/erase', erasePage)
  pages.staffForm('/cases/:id/erase', async ({ site, by, params, ctx }, form) => {
    const fields = form.getAll('field').slice(0, 500)
    if (fields.length > 0) await site.ports.cases.erase(by, params.id ?? '', fields)
    seeOther(ctx, `/cases/${params.id}`)
  })
}

async function move(visit: StaffVisit, form: URLSearchParams): Promise<void> {
  const { site, by, params, ctx, words } = visit
  const id = params.id ?? ''
  try {
    await site.ports.cases.move(by, id, form.get('to') ?? '')
    seeOther(ctx, localAddress(form.get('back'), `/cases/${id}`))
  } catch (refusal) {
    if (!showsOnCase(refusal)) throw refusal
    await casePage(visit, { refusal, title: words.notMoved, status: 409 })
  }
}

async function assign(visit: StaffVisit, form: URLSearchParams): Promise<void> {
  const { site, by, params, ctx, words } = visit
  const id = params.id ?? ''
  try {
    await site.ports.cases.assign(by, id, form.get('person') || null)
    seeOther(ctx, `/cases/${id}`)
  } catch (refusal) {
    if (!showsOnCase(refusal)) throw refusal
    await casePage(visit, { refusal, title: words.notDone, status: 422 })
  }
}

async function countMessage(visit: StaffVisit, form: URLSearchParams): Promise<void> {
  const { site, by, params, ctx, words } = visit
  const id = params.id ?? ''
  const reason = countReasons.find((name) => name === form.get('reason')) ?? 'other'
  const note = (form.get('note') ?? '').trim().slice(0, longestNote)
  const letter = /^[1-9]\d{0,8}$/.exec(form.get('letter') ?? '')?.[0]
  try {
    if (note.length < 3) throw new Refusal('invalid-value', words.countNoteMissing, { fields: ['note'] })
    await site.ports.cases.countMessage(by, id, params.message ?? '', { reason, note, ...(letter ? { letter } : {}) })
    seeOther(ctx, `/cases/${id}#message-${params.message}`)
  } catch (refusal) {
    if (!showsOnCase(refusal)) throw refusal
    await casePage(visit, { refusal, title: words.notDone, status: 422 })
  }
}

async function fill(visit: StaffVisit, form: URLSearchParams): Promise<void> {
  const { site, by, params, ctx, words } = visit
  const id = params.id ?? ''
  const before = await site.ports.cases.get(by, id)
  const changed = [...form.keys()].filter((key) => key.startsWith('was.')).map((key) => key.slice(4))
  const values: Record<string, unknown> = {}
  for (const name of changed.filter((name) => wasChanged(form, name))) {
    // A field that this stage shows no more goes along as it came: the refusal then names it, and nothing is lost in silence.
    const type = before.fields.find((field) => field.name === name)?.type ?? { kind: 'text' }
    values[name] = rawValue(form.getAll(`field.${name}`), type)
  }
  try {
    if (Object.keys(values).length > 0) await site.ports.cases.fill(by, id, values)
    seeOther(ctx, `/cases/${id}`)
  } catch (refusal) {
    if (!showsOnCase(refusal)) throw refusal
    await casePage(visit, { refusal, title: words.notDone, typed: form, status: 422 })
  }
}

/** Only what the person changed is sent on: another's change meanwhile to another field stays, and history names no more. */
function wasChanged(form: URLSearchParams, name: string): boolean {
  const sent = form.getAll(`field.${name}`).filter((answer) => answer !== '')
  return sent.join('\n').replaceAll('\r\n', '\n') !== (form.get(`was.${name}`) ?? '').replaceAll('\r\n', '\n')
}

export function showsOnCase(error: unknown): error is Refusal {
  return (
    error instanceof Refusal && !['not-found', 'not-signed-in', 'unavailable', 'client-erased'].includes(error.code)
  )
}

export async function casePage(visit: StaffVisit, again?: Again): Promise<void> {
  const { site, by, params, words, language, ctx } = visit
  const { cases, incidents, writing } = site.ports
  const id = params.id ?? ''
  const after = typeof ctx.query.after === 'string' ? ctx.query.after : undefined
  const earlier = typeof ctx.query.earlier === 'string' ? ctx.query.earlier : undefined
  const [view, talk, history, documents, failed, desk] = await Promise.all([
    cases.get(by, id),
    cases.correspondence(by, id, { limit: talkPage, ...(earlier && { after: earlier }) }),
    cases.history(by, id, { limit: historyPage, ...(after && { after }) }),
    cases.documents(by, id),
    incidents.list(by, { caseId: id }, { limit: 20 }),
    writing.desk(by, id),
  ])
  const people = view.fields.some(choosesPerson) ? await site.ports.workspace.people(by) : undefined
  await sendStaffPage(visit, {
    title: caseName(visit, view.process, view.number),
    ...(again && { status: again.status }),
    live: { caseId: id, address: ctx.method === 'GET' ? ctx.url : `/cases/${id}` },
    body: html`${breadcrumb(words, [
      { address: '/', label: words.boards },
      { address: `/boards/${view.process.name}`, label: inLanguage(view.process.title, language) },
    ])}
${heading(visit, view)}
${again && !again.draft && alert(again.title, again.refusal.because, reason(visit, again.refusal.because))}
<div class="columns">
<div class="stack">
${caseIncidents(visit, id, failed.items)}
${movesPanel(visit, view)}
${fieldsPanel(visit, view, people, again)}
${composer(visit, view, desk, talk, begun(visit, desk, talk, again))}
${conversation(visit, view, talk, { desk, mayCount: processOf(visit, view.process.name).rights.includes('edit') })}
${documentList(visit, id, documents)}
</div>
<div class="stack">
${await assigneePanel(visit, view)}
${relatedCases(visit, view)}
${consentGlance(visit, view.consents)}
${scheduledList(visit, view)}
${historyList(visit, view, history)}
</div>
</div>`,
  })
}

/** What the composer begins with: what was refused just now, else the answer asked for, else the draft. */
function begun({ ctx }: StaffVisit, desk: Desk, talk: Correspondence, again?: Again): Writing {
  if (again?.draft) return { draft: again.draft, refusal: again.refusal, open: true, preview: false }
  const { answer, write, preview } = ctx.query
  const message = talk.messages.find(({ id }) => id === answer)
  const draft = message ? answerTo(message, desk) : desk.draft
  return { ...(draft ? { draft } : {}), open: write !== undefined, preview: preview !== undefined }
}

function heading(visit: StaffVisit, view: CaseView): Html {
  const { words, language } = visit
  const ended = view.ended === 'success' ? words.endedWell : view.ended === 'other' ? words.ended : undefined
  return html`<div class="case-head" id="case-head" data-live>
<h1>${caseName(visit, view.process, view.number)}</h1>
<p class="stage-line"><span class="${view.stage.final ? 'stage final' : 'stage'}">${inLanguage(view.stage.title, language)}</span>
<span>${ended ?? hereFor(visit, view.enteredAt)}</span></p>
<p class="meta">${words.client}: ${view.client ? html`<a href="/clients/${view.client.id}">${view.client.label}</a>` : words.noClient}
 · ${words.started} <time datetime="${view.createdAt}">${dateWords(view.createdAt, language)}</time>
 · ${say(words.versionOf, view.version)}</p>
<p class="jump">${view.client && html`<a href="/cases/${view.id}?write=1#write">${words.writeLetter}</a>`} <a href="#conversation">${words.conversation}</a></p>
</div>`
}

function movesPanel(visit: StaffVisit, view: CaseView): Html {
  const { words, language } = visit
  const open = view.moves.filter(({ allowed }) => allowed)
  const refused = view.moves.filter(({ allowed }) => !allowed)
  return html`<section id="moves" data-live class="panel stack" aria-labelledby="moves-title"><h2 id="moves-title">${words.moves}</h2>
${
  open.length > 0
    ? html`<form method="post" action="/cases/${view.id}/moves" class="buttons">${csrfInput(visit)}${open.map((to) => moveButton(visit, to))}</form>`
    : html`<p class="empty">${words.noMoves}</p>`
}
${
  refused.length > 0 &&
  html`<details class="refused"${!view.stage.final && refused.length <= 4 && html` open`}><summary>${words.movesRefused} (${refused.length})</summary>
<dl>${refused.map(({ title, because }) => html`<dt>${inLanguage(title, language)}</dt><dd>${sentence(because)}</dd>`)}</dl></details>`
}
</section>`
}

/** Who has the case, and for those who may move it the choice of somebody else. */
async function assigneePanel(visit: StaffVisit, view: CaseView): Promise<Html> {
  const { site, by, words } = visit
  const { name, rights } = processOf(visit, view.process.name)
  const open = view.ended === 'no' && rights.includes('move')
  const people = open ? await site.ports.workspace.people(by, name) : []
  return html`<section id="assignee" data-live class="panel stack" aria-labelledby="assignee-title"><h2 id="assignee-title">${words.assignee}</h2>
<p>${view.assignee?.name ?? html`<span class="empty">${words.nobody}</span>`}</p>
${
  open &&
  html`<form method="post" action="/cases/${view.id}/assignee" class="inline">${csrfInput(visit)}<label><span class="visually-hidden">${words.assignee}</span><select name="person">${personOptions(people, view.assignee?.id ?? '', words.nobody, words)}</select></label><button>${words.assign}</button></form>`
}</section>`
}

function choosesPerson({ type, editable }: FieldView): boolean {
  return editable && type.kind === 'person'
}

function fieldsPanel(visit: StaffVisit, view: CaseView, people: readonly PersonRef[] | undefined, again?: Again): Html {
  const { words } = visit
  const mayErase = processOf(visit, view.process.name).rights.includes('erase')
  const editable = view.fields.some((field) => field.editable)
  const rows = view.fields.map((field) =>
    field.editable ? editField(visit, field, people, again) : showField(visit, field),
  )
  return html`<section id="fields" data-live class="panel stack" aria-labelledby="fields-title"><h2 id="fields-title">${words.fields}</h2>
${
  view.fields.length === 0
    ? html`<p class="empty">${words.noFields}</p>`
    : editable
      ? html`<form method="post" action="/cases/${view.id}/fields" class="fields" novalidate>${csrfInput(visit)}${rows}<p><button class="primary">${words.save}</button></p></form>`
      : html`<div class="fields">${rows}</div>`
}
${mayErase && view.fields.length > 0 && html`<p><a href="/cases/${view.id}/erase">${words.eraseValues}</a></p>`}
</section>`
}

function showField(visit: StaffVisit, field: FieldView): Html {
  const { words, language } = visit
  const { title, value, personal } = field
  return html`<dl class="field shown"><dt>${inLanguage(title, language)}${personal && html` <span class="tag">${words.personal}</span>`}</dt>
<dd>${value === null ? html`<span class="empty">${words.notSet}</span>` : fieldValue(visit, field)}</dd></dl>`
}

function editField(
  { words, language }: StaffVisit,
  field: FieldView,
  people: readonly PersonRef[] | undefined,
  again?: Again,
): Html {
  const { name, title, type, value, required, personal } = field
  const now = typedValue(value, type)
  const typed = again?.typed?.has(`was.${name}`) ? again.typed.getAll(`field.${name}`) : now
  const problem = again?.typed && again.refusal.fields?.includes(name) ? again.refusal.because : undefined
  const input = fieldInput(
    {
      name: `field.${name}`,
      title: inLanguage(title, language),
      type,
      typed,
      required,
      problem,
      people,
      ...(personal && { note: words.personal }),
    },
    words,
  )
  return html`<input type="hidden" name="was.${name}" value="${now.join('\n')}">${input}`
}

async function erasePage(visit: StaffVisit): Promise<void> {
  const { site, by, params, words, language } = visit
  const view = await site.ports.cases.get(by, params.id ?? '')
  const filled = view.fields.filter(({ value }) => value !== null)
  const title = say(words.eraseValuesTitle, caseName(visit, view.process, view.number))
  await sendStaffPage(visit, {
    title,
    body: html`<div class="narrow"><h1>${title}</h1>
<p class="lead">${words.eraseValuesLead}</p>
<form method="post" action="/cases/${view.id}/erase" class="panel stack">${csrfInput(visit)}
${
  filled.length === 0
    ? html`<p class="empty">${words.noFields}</p>`
    : filled.map(
        ({ name, title, personal }) =>
          html`<label class="choice"><input type="checkbox" name="field" value="${name}"> ${inLanguage(title, language)}${personal && html` <span class="tag">${words.personal}</span>`}</label>`,
      )
}
<p class="buttons">${filled.length > 0 && html`<button class="danger">${words.erase}</button>`}<a class="button" href="/cases/${view.id}">${words.cancel}</a></p>
</form></div>`,
  })
}
