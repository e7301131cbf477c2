import { inLanguage } from '../../../engine/text.ts'
import { Refusal } from '../../refusal.ts'
import { type Html, html } from '../html.ts'
import type { ClientView, ConsentRecord, ConsentView } from '../ports.ts'
import { dateWords, momentWords } from '../time-words.ts'
import { say, wayWords } from '../words.ts'
import { cardInputs } from './client-card.ts'
import { recordsList } from './consent-records.ts'
import { purposeTitle } from './form-notice.ts'
import { holdForms, holdsPanel } from './holds.ts'
import { alert, breadcrumb, csrfInput, sendStaffPage } from './layout.ts'
import { caseName, stageName } from './names.ts'
import { type Pages, type StaffVisit, seeOther } from './visit.ts'

/** The page of a client: card, cases, consents, the code for the portal, and erasing. */
export function clientPages(pages: Pages): void {
  pages.staff('/clients/:id', (visit) => clientPage(visit))
  pages.staffForm('/clients/:id', update)
  holdForms(pages, clientPage)
  pages.staffForm('/clients/:id/consents', record)
  pages.staffForm('/clients/:id/portal-code', issueCode)
  pages.staff('/clients/:id/erase', erasePage)
  pages.staffForm('/clients/:id/erase', erase)
}

async function update(visit: StaffVisit, form: URLSearchParams): Promise<void> {
  const { site, by, params, ctx } = visit
  const value = (name: string) => form.get(name)?.trim() || null
  const card = { name: value('name'), email: value('email'), phone: value('phone') }
  await orShowAgain(visit, async () => {
    await site.ports.clients.update(by, params.id ?? '', card)
    seeOther(ctx, `/clients/${params.id}`)
  })
}

const decisions = ['given', 'refused', 'withdrawn'] as const

/** Only what the client said: how they said it is kept as evidence. */
async function record(visit: StaffVisit, form: URLSearchParams): Promise<void> {
  const { site, by, params, ctx } = visit
  const decision = decisions.find((one) => one === form.get('decision'))
  const statement = form.get('statement')?.trim()
  await orShowAgain(visit, async () => {
    if (!decision) throw new Refusal('invalid-value', visit.words.decisionMissing)
    const evidence = { channel: 'paper', note: (form.get('note') ?? '').trim().slice(0, 500) }
    const what = { purpose: form.get('purpose') ?? '', decision, evidence, ...(statement && { statement }) }
    await site.ports.clients.decide(by, params.id ?? '', what, form.get('key') ?? undefined)
    seeOther(ctx, `/clients/${params.id}#consents`)
  })
}

async function orShowAgain(visit: StaffVisit, attempt: () => Promise<void>): Promise<void> {
  try {
    await attempt()
  } catch (refusal) {
    if (!(refusal instanceof Refusal) || ['not-found', 'unavailable', 'client-erased'].includes(refusal.code))
      throw refusal
    await clientPage(visit, refusal)
  }
}

async function clientPage(visit: StaffVisit, refusal?: Refusal): Promise<void> {
  const { site, by, params, words, language } = visit
  const client = await site.ports.clients.get(by, params.id ?? '')
  const records = await site.ports.clients.consentRecords(by, client.id)
  const mayErase = client.rights.includes('erase')
  const holds = mayErase ? await site.ports.holds.list(by, client.id) : []
  await sendStaffPage(visit, {
    title: client.label,
    ...(refusal && { status: 422 }),
    body: html`${breadcrumb(words, [{ address: '/clients', label: words.clients }])}
<h1>${client.label}</h1>
<p class="meta">${words.pseudonym}: ${client.pseudonym} · ${say(words.since2, dateWords(client.createdAt, language))}</p>
${refusal && alert(words.notDone, refusal.because)}
<div class="columns">
<div class="stack">${cardPanel(visit, client)}${casesPanel(visit, client)}${codePanel(visit, client)}${mayErase && holdsPanel(visit, client, holds)}</div>
<div class="stack">${consentsPanel(visit, client, records)}
<p><a href="/clients/${client.id}/looks">${words.looks}</a></p>
${mayErase && html`<p><a class="button danger" href="/clients/${client.id}/erase">${words.eraseClient}</a></p>`}</div>
</div>`,
  })
}

function cardPanel(visit: StaffVisit, client: ClientView): Html {
  const { words } = visit
  const shown = (label: string, value: string | null) =>
    html`<div><dt>${label}</dt><dd>${value ?? words.notSet}</dd></div>`
  return html`<section class="panel stack" aria-labelledby="card"><h2 id="card">${words.card}</h2>
${
  client.rights.includes('edit')
    ? html`<form method="post" action="/clients/${client.id}" class="stack">${csrfInput(visit)}${cardInputs(words, client)}<p><button class="primary">${words.save}</button></p></form>`
    : html`<dl class="facts">${shown(words.name, client.name)}${shown(words.email, client.email)}${shown(words.phone, client.phone)}</dl>`
}</section>`
}

function casesPanel(visit: StaffVisit, client: ClientView): Html {
  const { site, by, words, language } = visit
  const startable = site.ports.workspace
    .processes(by)
    .filter(({ rights }) => rights.some((right) => right === 'edit' || right === 'move'))
  return html`<section class="panel stack" aria-labelledby="cases"><h2 id="cases">${words.cases}</h2>
${
  client.cases.length === 0
    ? html`<p class="empty">${words.noCases}</p>`
    : html`<ul class="rows">${client.cases.map(
        ({ id, number, process, stage }) =>
          html`<li class="row"><a href="/cases/${id}">${caseName(visit, process, number)}</a><span class="stage">${stageName(visit, process, stage)}</span></li>`,
      )}</ul>`
}
${
  startable.length > 0 &&
  html`<p class="buttons">${startable.map(({ name, title }) => html`<a class="button" href="/boards/${name}/start?client=${client.id}">${say(words.startCaseOf, inLanguage(title, language))}</a>`)}</p>`
}</section>`
}

function codePanel(visit: StaffVisit, client: ClientView): Html {
  const { words } = visit
  return html`<section class="panel stack" aria-labelledby="code"><h2 id="code">${words.portalCode}</h2><p class="hint">${words.portalCodeLead}</p>
<form method="post" action="/clients/${client.id}/portal-code">${csrfInput(visit)}<button>${words.makeCode}</button></form></section>`
}

function consentsPanel(visit: StaffVisit, client: ClientView, records: readonly ConsentRecord[]): Html {
  const { words } = visit
  const asked = client.consents.filter(({ basis }) => basis.includes('consent'))
  return html`<section id="consents" class="panel stack" aria-labelledby="consents-title"><h2 id="consents-title">${words.consents}</h2>
<ul class="rows">${asked.map((consent) => consentRow(visit, client, consent, records))}</ul>
${
  records.length > 0 &&
  html`<details><summary>${words.history} (${records.length})</summary>${recordsList(visit, records, (purpose) => purposeTitle(visit, purpose))}</details>
<p><a href="/api/v1/clients/${client.id}/consents/receipt" download="consent-receipt.json">${words.receiptAll} (JSON)</a> · <a href="/api/v1/clients/${client.id}/consents/receipt?format=jsonld" download>${words.receiptAll} (JSON-LD)</a></p>`
}</section>`
}

function consentRow(
  visit: StaffVisit,
  client: ClientView,
  consent: ConsentView,
  records: readonly ConsentRecord[],
): Html {
  const { words, language } = visit
  const { purpose, status, at, channel } = consent
  const said = records.filter((record) => record.purpose === purpose)
  const title = inLanguage(consent.title, language)
  const possible = status === 'given' ? (['withdrawn'] as const) : (['given', 'refused'] as const)
  const label = { given: words.decisionGiven, refused: words.decisionRefused, withdrawn: words.decisionWithdrawn }
  return html`<li><div class="row"><strong>${title}</strong><span class="badge ${status}">${words[status]}</span></div>
<p class="hint">${inLanguage(consent.text, language)}</p>
${at && html`<small>${words.sinceWord} <time datetime="${at}">${dateWords(at, language)}</time>${channel && ` · ${wayWords(channel, words)}`}</small>`}
${said.length > 0 && html`<details class="agreement"><summary>${words.whatWasSaid}<span class="visually-hidden">: ${title}</span></summary>${recordsList(visit, said)}</details>`}
${
  client.rights.includes('edit') &&
  html`<details class="record"><summary>${words.recordDecision}<span class="visually-hidden">: ${title}</span></summary>
<form method="post" action="/clients/${client.id}/consents" class="stack">${csrfInput(visit)}${keyInput()}<input type="hidden" name="purpose" value="${purpose}">
<p class="hint">${words.recordLead}</p>
<fieldset class="field"><legend>${words.decision}</legend><div class="choices">${possible.map(
    (decision) =>
      html`<label class="choice"><input type="radio" name="decision" value="${decision}" required> ${label[decision]}</label>`,
  )}</div></fieldset>
<label>${words.howDecided}<input name="note" required maxlength="500" placeholder="${words.howDecidedHint}"></label>
${consent.basis === 'explicit consent' && status !== 'given' && html`<label>${words.statementTyped}<input name="statement" maxlength="200" autocomplete="off"></label>`}
<p><button>${words.record}</button></p></form></details>`
}</li>`
}

function keyInput(): Html {
  return html`<input type="hidden" name="key" value="${crypto.randomUUID()}">`
}

/** The code is in no address and no later page: shown once, here. */
async function issueCode(visit: StaffVisit): Promise<void> {
  const { site, by, params, words, language } = visit
  const { code, expiresAt } = await site.ports.portal.issueCode(by, params.id ?? '')
  await sendStaffPage(visit, {
    title: words.portalCode,
    status: 200,
    body: html`<div class="narrow"><h1>${words.portalCode}</h1><p class="lead">${words.codeIs}</p>
<div class="panel stack"><p class="code">${code}</p><p>${site.url}/portal/code</p><p class="hint">${say(words.validUntil, dateWords(expiresAt, language))}</p></div>
<p><a class="button" href="/clients/${params.id}">${words.back}</a></p></div>`,
  })
}

async function erasePage(visit: StaffVisit): Promise<void> {
  const { site, by, params, words } = visit
  const client = await site.ports.clients.get(by, params.id ?? '')
  if (!client.rights.includes('erase')) throw new Refusal('not-allowed', 'Your role may not erase clients.')
  await sendStaffPage(visit, {
    title: say(words.eraseClientTitle, client.label),
    body: html`<div class="narrow"><h1>${say(words.eraseClientTitle, client.label)}</h1>
<form method="post" action="/clients/${client.id}/erase" class="panel stack">${csrfInput(visit)}
<p>${words.eraseClientLead}</p>
<ul class="plain"><li>${words.eraseCard}</li><li>${say(words.eraseFields, client.cases.length)}</li><li>${words.eraseLetters}</li><li>${words.eraseSearch}</li></ul>
<p class="hint">${words.eraseStays}</p>
<p class="buttons"><button class="danger">${words.eraseNow}</button><a class="button" href="/clients/${client.id}">${words.cancel}</a></p>
</form></div>`,
  })
}

async function erase(visit: StaffVisit): Promise<void> {
  const { site, by, params, words, language } = visit
  const { proof, at, erased } = await site.ports.clients.erase(by, params.id ?? '')
  await sendStaffPage(visit, {
    title: words.erasedTitle,
    status: 200,
    body: html`<div class="narrow"><h1>${words.erasedTitle}</h1>
<div class="panel stack"><p>${words.eraseStays}</p>
<dl class="facts"><div><dt>${words.proof}</dt><dd class="proof">${proof}</dd></div><div><dt>${words.history}</dt><dd>${momentWords(at, language)}</dd></div>
${Object.entries(erased).map(([what, count]) => html`<div><dt>${what}</dt><dd>${count}</dd></div>`)}</dl></div>
<p><a class="button" href="/clients">${words.clients}</a></p></div>`,
  })
}
