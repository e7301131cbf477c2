import type { Form, Process, Purpose, Question } from '../../../engine/definition.ts'
import { inLanguage } from '../../../engine/text.ts'
import { statementOfConsent } from '../../consent/check.ts'
import { isId } from '../../ids.ts'
import { Refusal } from '../../refusal.ts'
import { checkForm, maskedToken } from '../forgery.ts'
import { type Html, html } from '../html.ts'
import { clientByCookie } from '../session-cookies.ts'
import { say } from '../words.ts'
import { fieldInput } from './field-input.ts'
import { type Answers, readAnswers } from './form-answers.ts'
import { conditionStyles } from './form-conditions.ts'
import {
  companyPanel,
  factsOf,
  noticeInput,
  noticeStands,
  noticesOf,
  purposesPanel,
  rightsHint,
} from './form-notice.ts'
import { sendPage } from './layout.ts'
import { enterPortal } from './portal-sign-in.ts'
import { type Pages, seeOther, type Visit } from './visit.ts'

interface Asked {
  readonly form: Form
  readonly process: Process
}

/** What came in and has to be shown again. */
interface Again {
  readonly sent: URLSearchParams
  readonly problems: ReadonlyMap<number, string>
  readonly refusal?: string
}

/** The forms that clients fill in: open to anyone where the process says so. */
export function portalFormPages(pages: Pages): void {
  pages.open('/portal/forms/:name', (visit) => formPage(visit, askedOf(visit)))
  pages.open('/portal/forms/:name/conditions.css', async (visit) => {
    visit.ctx.body = conditionStyles(askedOf(visit).form)
    visit.ctx.type = 'text/css; charset=utf-8'
  })
  pages.openForm('/portal/forms/:name', submit)
}

function askedOf({ site, params }: Visit): Asked {
  const { forms, processes } = site.ports.workspace.definition()
  const form = Object.hasOwn(forms, params.name ?? '') ? forms[params.name ?? ''] : undefined
  const process = form && processes[form.starts ?? form.fills ?? '']
  if (!form || !process?.portal) throw new Refusal('not-found', 'There is no such form.')
  return { form, process }
}

async function submit(visit: Visit, sent: URLSearchParams): Promise<void> {
  const { site, ctx, words, language } = visit
  const asked = askedOf(visit)
  const session = await clientByCookie(ctx, site)
  if (session) checkForm(sent, session.csrf)
  const definition = site.ports.workspace.definition()
  const answers = readAnswers(sent, { ...asked, definition, now: site.clock.now(), language, words })
  if (answers.problems.size > 0) return formPage(visit, asked, { sent, problems: answers.problems })
  if (!noticeStands(visit, sent, toldOn(asked)))
    return formPage(visit, asked, { sent, problems: new Map(), refusal: words.noticeChanged })
  try {
    const { clientId, caseId } = await sendOn(visit, asked.form, sent, answers, session?.clientId)
    if (!session) await enterPortal(visit, clientId)
    seeOther(ctx, `/portal/thanks/${caseId}`)
  } catch (refusal) {
    if (!(refusal instanceof Refusal) || ['not-found', 'unavailable', 'client-erased'].includes(refusal.code))
      throw refusal
    await formPage(visit, asked, { sent, problems: problemsOf(asked.form, refusal), refusal: refusal.because })
  }
}

async function sendOn(
  { site, language }: Visit,
  form: Form,
  sent: URLSearchParams,
  { values, consents, statements }: Answers,
  clientId: string | undefined,
): Promise<{ clientId: string; caseId: string }> {
  const caseId = caseOf(form, sent.get('case'), clientId)
  const key = sent.get('key')
  const done = await site.ports.portal.submit({
    name: form.name,
    values,
    consents,
    statements,
    language,
    ...(clientId && { clientId }),
    ...(caseId && { caseId }),
    ...(key && isId(key) && { key }),
  })
  return { clientId: done.clientId, caseId: done.case.id }
}

/** The case that a form fills: of a client who is signed in. A form that starts a process has none. */
function caseOf(form: Form, caseId: string | null, clientId: string | undefined): string | undefined {
  if (!form.fills) return undefined
  if (!clientId || !caseId || !isId(caseId)) throw new Refusal('not-found', 'Open this form from your case.')
  return caseId
}

/** What the rest of the server refused, beside its question. */
function problemsOf({ questions }: Form, { fields, because }: Refusal): ReadonlyMap<number, string> {
  const named = questions.flatMap(({ ask }, at) =>
    fields?.includes('consent' in ask ? ask.consent : ask.field) ? [[at, because] as const] : [],
  )
  return new Map(named)
}

async function formPage(visit: Visit, { form, process }: Asked, again?: Again): Promise<void> {
  const { site, ctx, words, language } = visit
  const session = await clientByCookie(ctx, site)
  const caseId = again?.sent.get('case') ?? (typeof ctx.query.case === 'string' ? ctx.query.case : undefined)
  caseOf(form, caseId ?? null, session?.clientId)
  const title = inLanguage(form.title, language)
  const { purposes } = site.ports.workspace.definition()
  const questions = form.questions.map((question, at) => questionView(visit, process, purposes, question, at, again))
  await sendPage(visit, {
    title,
    ...(again && { status: 422 }),
    ...(form.questions.some(({ when }) => when) && { stylesheet: `/portal/forms/${form.name}/conditions.css` }),
    body: html`<div class="narrow-wide stack"><h1>${title}</h1>
${again && errorSummary(visit, form, process, purposes, again)}
${companyPanel(visit)}
${purposesPanel(visit, purposesWithoutQuestion({ form, process }))}
${rightsHint(visit)}
<form id="form" method="post" action="/portal/forms/${form.name}" class="panel fields">
${session && html`<input type="hidden" name="_csrf" value="${maskedToken(session.csrf)}">`}
${noticeInput(visit, toldOn({ form, process }))}
<input type="hidden" name="key" value="${again?.sent.get('key') ?? crypto.randomUUID()}">
${caseId && html`<input type="hidden" name="case" value="${caseId}">`}
<h2>${words.questions}</h2>
${questions}
<p><button class="primary">${words.send}</button></p>
</form></div>`,
  })
}

/** Purposes of the fields asked for that are not a question of their own. */
function purposesWithoutQuestion({ form, process }: Asked): string[] {
  const asked = new Set(consentsAsked(form))
  const used = form.questions.flatMap(({ ask }) => ('field' in ask ? (process.fields[ask.field]?.personal ?? []) : []))
  return [...new Set(used)].filter((name) => !asked.has(name))
}

function consentsAsked({ questions }: Form): string[] {
  return questions.flatMap(({ ask }) => ('consent' in ask ? [ask.consent] : []))
}

/** All purposes that the page tells of. */
function toldOn(asked: Asked): string[] {
  return [...purposesWithoutQuestion(asked), ...consentsAsked(asked.form)]
}

function errorSummary(
  { words, language }: Visit,
  form: Form,
  process: Process,
  purposes: Readonly<Record<string, Purpose>>,
  { problems, refusal }: Again,
): Html {
  const label = (at: number) => {
    const ask = form.questions[at]?.ask
    const asked = ask && ('field' in ask ? process.fields[ask.field] : purposes[ask.consent])
    return inLanguage(asked?.title ?? {}, language)
  }
  return html`<div class="alert" role="alert"><strong>${words.errorsTitle}</strong>
${problems.size === 0 ? html`<p>${refusal}</p>` : html`<ul>${[...problems].map(([at, problem]) => html`<li><a href="#q-${at}">${label(at)}</a>: ${problem}</li>`)}</ul>`}</div>`
}

function questionView(
  visit: Visit,
  process: Process,
  purposes: Readonly<Record<string, Purpose>>,
  question: Question,
  at: number,
  again?: Again,
): Html {
  const { words, language } = visit
  const { ask, required, when } = question
  const problem = again?.problems.get(at)
  if ('consent' in ask) {
    const purpose = purposes[ask.consent]
    return purpose ? consentQuestion(visit, purpose, question, at, again) : html``
  }
  const field = process.fields[ask.field]
  if (!field) return html``
  const name = `field.${ask.field}`
  const typed = again?.sent.getAll(name) ?? []
  const input = {
    name,
    title: inLanguage(field.title, language),
    type: field.type,
    typed,
    required,
    insist: !when,
    problem,
  }
  return html`<div class="question" id="q-${at}">${fieldInput(input, words)}</div>`
}

/** Yes and No, neither preset; for explicit consent the client's own words besides (GDPR Art. 9(2)(a)). */
function consentQuestion(
  visit: Visit,
  purpose: Purpose,
  { required, when }: Question,
  at: number,
  again?: Again,
): Html {
  const { words, language } = visit
  const name = `consent.${purpose.name}`
  const problem = again?.problems.get(at)
  const chosen = again?.sent.get(name)
  const radio = (value: string, label: string) =>
    html`<label class="choice"><input type="radio" name="${name}" value="${value}"${chosen === value && html` checked`}${required && !when && html` required`}> ${label}</label>`
  const statement = `statement.${purpose.name}`
  return html`<div class="question" id="q-${at}"><fieldset class="${problem ? 'field consent invalid' : 'field consent'}" aria-describedby="about-${purpose.name}${problem && ` problem-${purpose.name}`}">
<legend>${inLanguage(purpose.title, language)}${required && html` <span class="mark-required">${words.required}</span>`}</legend>
<div id="about-${purpose.name}">${noticesOf(visit, [purpose.name]).map((notice) => html`<p>${notice.text}</p><p class="hint">${factsOf(visit, notice)}</p>`)}</div>
<div class="choices">${radio('given', words.iSayYes)}${radio('refused', words.iSayNo)}</div>
${
  purpose.basis === 'explicit consent' &&
  html`<div class="statement"><label for="in-${statement}">${say(words.typeToConsent, inLanguage(statementOfConsent, language))}</label><input id="in-${statement}" name="${statement}" value="${again?.sent.get(statement)}" autocomplete="off" maxlength="200"></div>`
}
${problem && html`<p class="problem" id="problem-${purpose.name}">${problem}</p>`}
</fieldset></div>`
}
