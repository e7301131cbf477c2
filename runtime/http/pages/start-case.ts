import { inLanguage } from '../../../engine/text.ts'
import { isId } from '../../ids.ts'
import { Refusal } from '../../refusal.ts'
import { type Html, html } from '../html.ts'
import type { ClientRef, ClientView, FieldView, PersonRef, ProcessView } from '../ports.ts'
import { say } from '../words.ts'
import { processOf } from './board.ts'
import { cardInputs, cardOf } from './client-card.ts'
import { fieldInput, readTyped, typedValue } from './field-input.ts'
import { alert, breadcrumb, csrfInput, sendStaffPage } from './layout.ts'
import { type Pages, type StaffVisit, seeOther } from './visit.ts'

/** A form that could not be carried out and is shown again with all that was typed. */
interface Again {
  readonly form: URLSearchParams
  readonly because: string
  /** By field of the process. */
  readonly fields?: ReadonlyMap<string, string>
  /** By field of the new client's card. */
  readonly card?: ReadonlyMap<string, string>
}

/** Starting a case: for a client we know, or for a new one who need not give anything; with what its first stage asks for. */
export function startCasePages(pages: Pages): void {
  pages.staff('/boards/:process/start', async (visit) => {
    const asked = visit.ctx.query.client
    await startPage(visit, await knownClient(visit, typeof asked === 'string' ? asked : undefined))
  })
  pages.staffForm('/boards/:process/start', start)
}

async function start(visit: StaffVisit, form: URLSearchParams): Promise<void> {
  const { site, by, words, params, ctx } = visit
  const key = form.get('key') ?? undefined
  let client = await knownClient(visit, form.get('client') ?? undefined)
  const { values, problems } = typedFields(visit, form, fieldsFor(visit, client))
  if (problems.size > 0) return startPage(visit, client, { form, because: words.errorsTitle, fields: problems })
  let blamed: 'card' | 'fields' = 'card'
  try {
    // Before the case, so that a letter it sends at once has someone to go to. A card without anything is the server's matter.
    if (!client && Object.keys(cardOf(form)).length > 0)
      client = await site.ports.clients.create(by, cardOf(form), key && `${key}-client`)
    blamed = 'fields'
    const started = await site.ports.cases.start(
      by,
      {
        process: params.process ?? '',
        ...(client && { client: client.id }),
        ...(Object.keys(values).length > 0 && { fields: values }),
      },
      key,
    )
    seeOther(ctx, `/cases/${started.id}`)
  } catch (refusal) {
    if (!showsHere(refusal)) throw refusal
    const { because, fields = [] } = refusal
    await startPage(visit, client, { form, because, [blamed]: new Map(fields.map((name) => [name, because])) })
  }
}

function showsHere(error: unknown): error is Refusal {
  return error instanceof Refusal && !['not-found', 'unavailable', 'client-erased'].includes(error.code)
}

async function knownClient({ site, by }: StaffVisit, id: string | undefined): Promise<ClientView | undefined> {
  if (!id) return undefined
  if (!isId(id)) throw new Refusal('not-found', 'There is no client with this id.')
  return site.ports.clients.get(by, id)
}

/** What the first stage asks for, as far as the client's consents reach. */
function fieldsFor({ site, by, params }: StaffVisit, client: ClientView | undefined): readonly FieldView[] {
  const consents = Object.fromEntries((client?.consents ?? []).map(({ purpose, status }) => [purpose, status]))
  return site.ports.workspace.startFields(by, params.process ?? '', consents)
}

function typedFields({ language, words }: StaffVisit, form: URLSearchParams, fields: readonly FieldView[]) {
  const values: Record<string, unknown> = {}
  const problems = new Map<string, string>()
  for (const field of fields) {
    const typed = readTyped(form, field, language, words)
    if (typed === undefined) continue
    if ('problem' in typed) problems.set(field.name, typed.problem)
    else values[field.name] = typed.raw
  }
  return { values, problems }
}

async function startPage(visit: StaffVisit, client: ClientView | undefined, again?: Again): Promise<void> {
  const { words, language, params } = visit
  const process = processOf(visit, params.process ?? '')
  const title = inLanguage(process.title, language)
  const fields = fieldsFor(visit, client)
  const choosing = fields.some(({ type }) => type.kind === 'person')
  const people = choosing ? await visit.site.ports.workspace.people(visit.by) : undefined
  await sendStaffPage(visit, {
    title: say(words.startCaseOf, title),
    ...(again && { status: 422 }),
    body: html`<div class="narrow-wide stack">${breadcrumb(words, [
      { address: '/', label: words.boards },
      { address: `/boards/${process.name}`, label: title },
    ])}
<h1>${say(words.startCaseOf, title)}</h1>
${again && alert(words.notDone, again.because)}
${!client && !again && (await clientSearch(visit, process))}
<form method="post" action="/boards/${process.name}/start" class="stack" novalidate>${csrfInput(visit)}<input type="hidden" name="key" value="${again?.form.get('key') ?? crypto.randomUUID()}">
${client ? chosenClient(visit, process, client) : newClientPanel(visit, again)}
${fieldsPanel(visit, fields, people, again)}
<p><button class="primary">${words.startCase}</button></p></form></div>`,
  })
}

function chosenClient({ words }: StaffVisit, process: ProcessView, { id, label }: ClientView): Html {
  return html`<section class="panel stack" aria-labelledby="client"><h2 id="client">${words.client}</h2>
<p class="row"><a href="/clients/${id}">${label}</a><a href="/boards/${process.name}/start">${words.anotherClient}</a><input type="hidden" name="client" value="${id}"></p></section>`
}

function newClientPanel({ words }: StaffVisit, again?: Again): Html {
  const typed = again ? cardOf(again.form) : {}
  return html`<section class="panel stack" aria-labelledby="new"><h2 id="new">${words.forNewClient}</h2>
<p class="hint">${words.nothingRequired}</p>
${cardInputs(words, typed, again?.card)}</section>`
}

function fieldsPanel(
  { words, language }: StaffVisit,
  fields: readonly FieldView[],
  people: readonly PersonRef[] | undefined,
  again?: Again,
): Html | undefined {
  if (fields.length === 0) return undefined
  return html`<section class="panel stack" aria-labelledby="fields"><h2 id="fields">${words.fields}</h2><div class="fields">${fields.map(
    ({ name, title, type, value, required, personal }) =>
      fieldInput(
        {
          name: `field.${name}`,
          title: inLanguage(title, language),
          type,
          typed: again ? again.form.getAll(`field.${name}`) : typedValue(value, type),
          required,
          problem: again?.fields?.get(name),
          people,
          ...(personal && { note: words.personal }),
        },
        words,
      ),
  )}</div></section>`
}

/** For those who may see clients' cards. Each client leads back here, chosen. */
async function clientSearch(visit: StaffVisit, process: ProcessView): Promise<Html | undefined> {
  const { words, ctx } = visit
  const query = String(ctx.query.q ?? '').slice(0, 200)
  const items = await found(visit, query)
  if (!items) return undefined
  return html`<section class="panel stack" aria-labelledby="known"><h2 id="known">${words.forKnownClient}</h2>
<form method="get" role="search" class="inline"><label>${words.findClient}<input type="search" name="q" value="${query}" placeholder="${words.findClientHint}"></label><button>${words.search}</button></form>
${
  items.length === 0
    ? query !== '' && html`<p class="empty">${words.noClients}</p>`
    : html`<ul class="buttons">${items.map(({ id, label }) => html`<li><a class="button" href="/boards/${process.name}/start?client=${id}">${label}</a></li>`)}</ul>`
}</section>`
}

async function found({ site, by }: StaffVisit, query: string): Promise<readonly ClientRef[] | undefined> {
  try {
    return (await site.ports.clients.search(by, query, { limit: query === '' ? 6 : 12 })).items
  } catch (refusal) {
    if (refusal instanceof Refusal && refusal.code === 'not-allowed') return undefined
    throw refusal
  }
}
