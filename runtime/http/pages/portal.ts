import type { Process } from '../../../engine/definition.ts'
import { inLanguage } from '../../../engine/text.ts'
import { statementOfConsent, statesConsent } from '../../consent/check.ts'
import { Refusal } from '../../refusal.ts'
import { type Html, html } from '../html.ts'
import type { CaseCard, ConsentRecord, ConsentView } from '../ports.ts'
import { receiptFile } from '../receipt-file.ts'
import { dateWords } from '../time-words.ts'
import { basisWords, say, wayWords } from '../words.ts'
import { letterView } from './case-parts.ts'
import { languageInput } from './client-card.ts'
import { recordsList } from './consent-records.ts'
import { companyPanel, factsOf, noticeInput, noticeStands, noticesOf, rightsHint } from './form-notice.ts'
import { alert, breadcrumb, csrfInput, sendClientPage } from './layout.ts'
import { caseName, fieldValue, stageName } from './names.ts'
import { type ClientVisit, type Pages, seeOther } from './visit.ts'

/** The client's own pages: consents first, each withdrawn in two clicks (GDPR Art. 7(3)). */
export function portalPages(pages: Pages): void {
  pages.client('/portal', home)
  pages.client('/portal/consents/:purpose/withdraw', (visit) => confirmPage(visit, 'withdrawn'))
  pages.client('/portal/consents/:purpose/give', (visit) => confirmPage(visit, 'given'))
  pages.client('/portal/withdraw', withdrawAllPage)
  pages.clientForm('/portal/withdraw', withdrawAll)
  pages.client('/portal/receipt.:format', receipt)
  pages.clientForm('/portal/consents/:purpose', decide)
  pages.clientForm('/portal/language', chooseLetterLanguage)
  pages.client('/portal/cases/:id', casePage)
  pages.client('/portal/requests/:process', requestPage)
  pages.clientForm('/portal/requests/:process', async (visit, form) => {
    const { site, by, ctx } = visit
    const { name } = requestOf(visit)
    const started = await site.ports.cases.start(by, { process: name }, form.get('key') ?? undefined)
    seeOther(ctx, `/portal/thanks/${started.id}`)
  })
  pages.client('/portal/thanks/:id', thanksPage)
}

async function home(visit: ClientVisit): Promise<void> {
  const { site, by, words } = visit
  const consents = await site.ports.clients.consents(by, by.clientId)
  const records = await site.ports.clients.consentRecords(by, by.clientId)
  const cases = await site.ports.cases.list(by, { client: by.clientId }, { limit: 50 })
  const asked = consents.filter(isConsent)
  const others = consents.filter((consent) => !isConsent(consent))
  const { language } = await site.ports.clients.get(by, by.clientId)
  await sendClientPage(visit, {
    title: words.myConsents,
    body: html`<div class="narrow-wide stack">
<section aria-labelledby="consents" class="stack"><h1 id="consents">${words.myConsents}</h1><p class="lead">${words.myConsentsLead}</p>
${asked.length === 0 ? html`<p class="empty panel">${words.noConsents}</p>` : html`<ul class="consents">${asked.map((consent) => consentCard(visit, consent, records))}</ul>`}
${wholeConsents(visit, asked, records)}
</section>
${others.length > 0 && otherPurposes(visit, others)}
<section id="cases" data-live aria-labelledby="cases-title" class="panel stack"><h2 id="cases-title">${words.myCases}</h2>
${cases.items.length === 0 ? html`<p class="empty">${words.noOwnCases}</p>` : html`<ul class="rows">${cases.items.map((card) => caseRow(visit, card))}</ul>`}
</section>
${requests(visit)}
<form method="post" action="/portal/language" class="panel stack">${csrfInput(visit)}${languageInput(words, language)}
<p class="hint">${words.letterLanguageLead}</p><p><button>${words.save}</button></p></form>
</div>`,
  })
}

async function chooseLetterLanguage({ site, by, ctx }: ClientVisit, form: URLSearchParams): Promise<void> {
  await site.ports.clients.update(by, by.clientId, { language: form.get('language') ?? '' })
  seeOther(ctx, '/portal')
}

function isConsent({ basis }: ConsentView): boolean {
  return basis === 'consent' || basis === 'explicit consent'
}

/** What concerns all consents at once: the receipt, and an end to all of them. */
function wholeConsents({ words }: ClientVisit, asked: readonly ConsentView[], records: readonly ConsentRecord[]): Html {
  const given = asked.filter(({ status }) => status === 'given').length
  return html`<p class="buttons">${given > 1 && html`<a class="button" href="/portal/withdraw">${words.withdrawAll}</a>`}${
    records.length > 0 &&
    html`<a class="button" href="/portal/receipt.json" download>${words.receiptAll} (JSON)</a><a class="button" href="/portal/receipt.jsonld" download>${words.receiptAll} (JSON-LD)</a>`
  }</p>`
}

function consentCard(visit: ClientVisit, consent: ConsentView, records: readonly ConsentRecord[]): Html {
  const { words, language } = visit
  const { purpose, status, at, channel } = consent
  const title = inLanguage(consent.title, language)
  const said = records.filter((record) => record.purpose === purpose)
  const named = html`<span class="visually-hidden">: ${title}</span>`
  return html`<li class="panel consent-card ${status}"><div class="row"><h2>${title}</h2><span class="badge ${status}">${words[status]}</span></div>
<p>${inLanguage(consent.text, language)}</p>
<div class="row">${at ? html`<small>${words.sinceWord} <time datetime="${at}">${dateWords(at, language)}</time>${channel && ` · ${wayWords(channel, words)}`}</small>` : html``}
<div class="buttons">${
    status === 'given'
      ? html`<a class="button" href="/portal/consents/${purpose}/withdraw">${words.withdraw}${named}</a>`
      : html`${
          status !== 'refused' &&
          html`<form method="post" action="/portal/consents/${purpose}">${csrfInput(visit)}${keyInput()}<input type="hidden" name="decision" value="refused"><button>${words.refuse}${named}</button></form>`
        }<a class="button" href="/portal/consents/${purpose}/give">${words.give}${named}</a>`
  }</div></div>
${said.length > 0 && agreement(visit, purpose, title, said)}</li>`
}

/** The very words of the last decision, all decisions there were, and the receipt. */
function agreement(visit: ClientVisit, purpose: string, title: string, said: readonly ConsentRecord[]): Html {
  const { words } = visit
  return html`<details class="agreement"><summary>${said.at(-1)?.decision === 'given' ? words.agreedTo : words.whatWasSaid}<span class="visually-hidden">: ${title}</span></summary>
${recordsList(visit, said)}
<p><a href="/portal/receipt.json?purpose=${purpose}" download>${words.receiptOf} (JSON)</a> · <a href="/portal/receipt.jsonld?purpose=${purpose}" download>${words.receiptOf} (JSON-LD)</a></p></details>`
}

function otherPurposes({ words, language }: ClientVisit, others: readonly ConsentView[]): Html {
  return html`<section class="panel stack" aria-labelledby="others"><h2 id="others">${words.withoutConsent}</h2>
<dl class="purposes">${others.map(
    ({ title, text, basis }) =>
      html`<dt>${inLanguage(title, language)}</dt><dd>${inLanguage(text, language)} <small>${say(words.onBasis, basisWords(basis, words))}</small></dd>`,
  )}</dl></section>`
}

function caseRow(visit: ClientVisit, { id, number, process, stage }: CaseCard): Html {
  return html`<li class="row"><a href="/portal/cases/${id}">${caseName(visit, process, number)}</a><span class="stage">${stageName(visit, process, stage)}</span></li>`
}

/** Forms that start a process, and processes without a form that a client starts by sending a request. */
function requests(visit: ClientVisit): Html | undefined {
  const { site, words, language } = visit
  const { forms, processes } = site.ports.workspace.definition()
  const starting = Object.values(forms).filter(({ starts }) => starts && processes[starts]?.portal)
  const links = [
    ...starting.map(({ name, title }) => ({ address: `/portal/forms/${name}`, label: inLanguage(title, language) })),
    ...plainRequests(visit).map(({ name, title }) => ({
      address: `/portal/requests/${name}`,
      label: inLanguage(title, language),
    })),
  ]
  if (links.length === 0) return undefined
  return html`<section class="stack" aria-labelledby="forms"><h2 id="forms">${words.forms}</h2>
<ul class="tiles">${links.map(({ address, label }) => html`<li><a class="tile" href="${address}"><strong>${label}</strong></a></li>`)}</ul></section>`
}

/** Processes shown in the portal that no form starts. */
function plainRequests({ site }: ClientVisit): Process[] {
  const { forms, processes } = site.ports.workspace.definition()
  const byForm = new Set(Object.values(forms).map(({ starts }) => starts))
  return Object.values(processes).filter(({ name, portal }) => portal && !byForm.has(name))
}

function requestOf(visit: ClientVisit): Process {
  const process = plainRequests(visit).find(({ name }) => name === visit.params.process)
  if (!process) throw new Refusal('not-found', 'There is no such request.')
  return process
}

async function consentOf({ site, by, params }: ClientVisit): Promise<ConsentView> {
  const consents = await site.ports.clients.consents(by, by.clientId)
  const consent = consents.find(({ purpose }) => purpose === params.purpose)
  if (!consent || !isConsent(consent)) throw new Refusal('not-found', 'There is no such consent.')
  return consent
}

async function confirmPage(visit: ClientVisit, decision: 'given' | 'withdrawn', problem?: string): Promise<void> {
  const { words, language } = visit
  const consent = await consentOf(visit)
  const giving = decision === 'given'
  const heading = giving ? words.giveTitle : words.withdrawTitle
  await sendClientPage(visit, {
    title: heading,
    ...(problem && { status: 422 }),
    body: html`<div class="narrow"><h1>${heading}</h1>
${problem && alert(words.notDone, problem)}
${giving && companyPanel(visit)}
<form method="post" action="/portal/consents/${consent.purpose}" class="panel stack">${csrfInput(visit)}${keyInput()}<input type="hidden" name="decision" value="${decision}">
<h2>${inLanguage(consent.title, language)}</h2><p>${inLanguage(consent.text, language)}</p>
${giving && html`${noticeInput(visit, [consent.purpose])}${noticesOf(visit, [consent.purpose]).map((notice) => html`<p class="hint">${factsOf(visit, notice)}</p>`)}${rightsHint(visit)}`}
${giving && consent.basis === 'explicit consent' && html`<label>${say(words.typeToConsent, inLanguage(statementOfConsent, language))}<input name="statement" required autocomplete="off" maxlength="100"></label>`}
${!giving && html`<p class="hint">${words.withdrawLead}</p>`}
<p class="buttons"><button class="primary">${giving ? words.giveNow : words.withdrawNow}</button><a class="button" href="/portal">${words.back}</a></p>
</form></div>`,
  })
}

async function decide(visit: ClientVisit, form: URLSearchParams): Promise<void> {
  const { site, by, words, language, ctx } = visit
  const consent = await consentOf(visit)
  const decision = form.get('decision')
  if (decision !== 'given' && decision !== 'refused' && decision !== 'withdrawn') {
    throw new Refusal('invalid-body', 'A decision is `given`, `refused` or `withdrawn`.')
  }
  const statement = (form.get('statement') ?? '').slice(0, 200)
  const explicit = decision === 'given' && consent.basis === 'explicit consent'
  if (explicit && !statesConsent(statement))
    return confirmPage(visit, 'given', say(words.statementMissing, inLanguage(statementOfConsent, language)))
  if (decision === 'given' && !noticeStands(visit, form, [consent.purpose]))
    return confirmPage(visit, 'given', words.noticeChanged)
  await site.ports.clients.decide(
    by,
    by.clientId,
    { purpose: consent.purpose, decision, evidence: { channel: 'portal' }, language, ...(explicit && { statement }) },
    form.get('key') ?? undefined,
  )
  seeOther(ctx, '/portal')
}

async function withdrawAllPage(visit: ClientVisit): Promise<void> {
  const { site, by, words, language } = visit
  const consents = await site.ports.clients.consents(by, by.clientId)
  const given = consents.filter(({ status }) => status === 'given')
  await sendClientPage(visit, {
    title: words.withdrawAllTitle,
    body: html`<div class="narrow"><h1>${words.withdrawAllTitle}</h1>
<form method="post" action="/portal/withdraw" class="panel stack">${csrfInput(visit)}${keyInput()}
<ul class="plain">${given.map(({ title }) => html`<li>${inLanguage(title, language)}</li>`)}</ul>
<p class="hint">${words.withdrawLead}</p>
<p class="buttons"><button class="primary">${words.withdrawAllNow}</button><a class="button" href="/portal">${words.back}</a></p>
</form></div>`,
  })
}

async function withdrawAll({ site, by, language, ctx }: ClientVisit, form: URLSearchParams): Promise<void> {
  const how = { evidence: { channel: 'portal' }, language }
  await site.ports.clients.withdraw(by, by.clientId, how, form.get('key') ?? undefined)
  seeOther(ctx, '/portal')
}

/** To keep; of one purpose where the address names it. */
async function receipt({ site, by, params, ctx }: ClientVisit): Promise<void> {
  const format = params.format
  if (format !== 'json' && format !== 'jsonld') throw new Refusal('not-found', 'There is no such receipt.')
  const purpose = typeof ctx.query.purpose === 'string' ? ctx.query.purpose : undefined
  const made = await site.ports.clients.receipt(by, by.clientId, { url: site.url, ...(purpose && { purpose }) })
  receiptFile(made, format).sendTo(ctx)
}

async function casePage(visit: ClientVisit): Promise<void> {
  const { site, by, params, words, language } = visit
  const view = await site.ports.cases.get(by, params.id ?? '')
  const { letters } = await site.ports.cases.correspondence(by, view.id, {})
  const forms = Object.values(site.ports.workspace.definition().forms).filter(
    ({ fills }) => fills === view.process.name,
  )
  const filled = view.fields.filter(({ value }) => value !== null)
  await sendClientPage(visit, {
    title: caseName(visit, view.process, view.number),
    live: { caseId: view.id },
    body: html`<div class="narrow-wide stack">${breadcrumb(words, [{ address: '/portal', label: words.portal }])}
<div id="case-head" data-live class="case-head"><h1>${caseName(visit, view.process, view.number)}</h1>
<p class="stage-line"><span class="${view.stage.final ? 'stage final' : 'stage'}">${inLanguage(view.stage.title, language)}</span> <span>${say(words.since, dateWords(view.enteredAt, language))}</span></p></div>
${!view.stage.final && forms.length > 0 && html`<ul class="tiles">${forms.map(({ name, title }) => html`<li><a class="tile" href="/portal/forms/${name}?case=${view.id}"><strong>${inLanguage(title, language)}</strong></a></li>`)}</ul>`}
${
  filled.length > 0 &&
  html`<section id="fields" data-live class="panel stack" aria-labelledby="fields-title"><h2 id="fields-title">${words.whatYouToldUs}</h2>
<dl class="facts">${filled.map((field) => html`<div><dt>${inLanguage(field.title, language)}</dt><dd>${fieldValue(visit, field)}</dd></div>`)}</dl></section>`
}
<section id="letters" data-live class="panel stack" aria-labelledby="letters-title"><h2 id="letters-title">${words.letters}</h2>
${letters.length === 0 ? html`<p class="empty">${words.noLetters}</p>` : html`<ul class="rows">${letters.map((letter) => html`<li>${letterView(visit, letter)}</li>`)}</ul>`}</section>
</div>`,
  })
}

async function requestPage(visit: ClientVisit): Promise<void> {
  const { words, language } = visit
  const process = requestOf(visit)
  const title = inLanguage(process.title, language)
  await sendClientPage(visit, {
    title,
    body: html`<div class="narrow"><h1>${title}</h1>
<form method="post" action="/portal/requests/${process.name}" class="panel stack">${csrfInput(visit)}${keyInput()}<p>${words.requestLead}</p>
<p class="buttons"><button class="primary">${words.send}</button><a class="button" href="/portal">${words.back}</a></p></form></div>`,
  })
}

async function thanksPage(visit: ClientVisit): Promise<void> {
  const { site, by, params, words } = visit
  const view = await site.ports.cases.get(by, params.id ?? '')
  await sendClientPage(visit, {
    title: words.thanksTitle,
    body: html`<div class="narrow"><h1>${words.thanksTitle}</h1>
<div class="panel stack"><p class="lead">${say(words.thanksLead, caseName(visit, view.process, view.number))}</p><p>${words.thanksNext}</p>
<p><a class="button primary" href="/portal">${words.portal}</a></p></div></div>`,
  })
}

function keyInput(): Html {
  return html`<input type="hidden" name="key" value="${crypto.randomUUID()}">`
}
