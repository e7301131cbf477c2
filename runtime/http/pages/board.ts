import { inLanguage } from '../../../engine/text.ts'
import { Refusal } from '../../refusal.ts'
import { type Html, html } from '../html.ts'
import type { CaseCard, MoveView, Page, ProcessView } from '../ports.ts'
import { ageWords } from '../time-words.ts'
import { say } from '../words.ts'
import { csrfInput, sendStaffPage } from './layout.ts'
import { caseName, fieldValue } from './names.ts'
import type { Pages, StaffVisit } from './visit.ts'

/** Cases of a column on the first page of a board; more of one column on its own page. */
const cardsInColumn = 30
const cardsInList = 100

interface Column {
  readonly name: string
  readonly title: string
  readonly final: boolean
  readonly cards: Page<CaseCard>
}

/** The board of a process: a column a stage, a card a case. */
export function boardPages(pages: Pages): void {
  pages.staff('/boards/:process', (visit) => board(visit))
}

export function processOf({ site, by }: StaffVisit, name: string): ProcessView {
  const process = site.ports.workspace.processes(by).find((process) => process.name === name)
  if (!process) throw new Refusal('not-found', 'There is no such process, or none that you may see.')
  return process
}

async function board(visit: StaffVisit): Promise<void> {
  const { words, language, params, ctx } = visit
  const process = processOf(visit, params.process ?? '')
  const title = inLanguage(process.title, language)
  const only = typeof ctx.query.stage === 'string' ? ctx.query.stage : undefined
  const after = typeof ctx.query.after === 'string' ? ctx.query.after : undefined
  const columns = await columnsOf(visit, process, only, after)
  const empty = columns.every(({ cards }) => cards.items.length === 0)
  await sendStaffPage(visit, {
    title,
    wide: true,
    live: { process: process.name },
    body: html`<div class="title-row"><h1>${title}</h1>
${process.rights.some((right) => right === 'edit' || right === 'move') && html`<a class="button primary" href="/boards/${process.name}/start">${words.startCase}</a>`}</div>
<div id="board" class="board" data-live data-csrf="${visit.csrf}">
${empty && !only && html`<p class="empty panel">${words.emptyBoard}</p>`}
${columns.map((column) => columnView(visit, process, column))}
</div>`,
  })
}

async function columnsOf(
  { site, by, language }: StaffVisit,
  process: ProcessView,
  only?: string,
  after?: string,
): Promise<Column[]> {
  const stages = process.stages.filter((stage) => !only || stage.name === only)
  if (stages.length === 0) throw new Refusal('not-found', 'There is no such stage.')
  const page = { limit: only ? cardsInList : cardsInColumn, ...(after && { after }) }
  return Promise.all(
    stages.map(async ({ name, title, final }) => {
      const cards = await site.ports.cases.list(by, { process: process.name, stage: name }, page)
      return { name, title: inLanguage(title, language), final, cards }
    }),
  )
}

function columnView(visit: StaffVisit, process: ProcessView, { name, title, final, cards }: Column): Html {
  const { words } = visit
  const { items, next } = cards
  return html`<section class="${final ? 'column final' : 'column'}" id="stage-${name}" data-stage="${name}" aria-labelledby="title-${name}">
<h2 id="title-${name}">${title} <span class="count">${items.length}${next && '+'}</span></h2>
${
  items.length === 0
    ? html`<p class="empty">${words.emptyColumn}</p>`
    : html`<ul class="cards">${items.map((card) => cardView(visit, card))}</ul>`
}
${next && html`<p><a href="/boards/${process.name}?stage=${name}&amp;after=${encodeURIComponent(next)}">${words.more}</a></p>`}
</section>`
}

function cardView(visit: StaffVisit, card: CaseCard): Html {
  const { site, words, language } = visit
  const shown = card.fields.filter(({ value }) => value !== null)
  return html`<li class="card" id="case-${card.id}" data-case="${card.id}" draggable="true">
<a class="card-title" href="/cases/${card.id}" draggable="false">${caseName(visit, card.process, card.number)}</a>
<p class="card-client">${card.client?.label ?? words.noClient}</p>
${shown.length > 0 && html`<dl class="facts">${shown.map((field) => html`<div><dt>${inLanguage(field.title, language)}</dt><dd>${fieldValue(visit, field)}</dd></div>`)}</dl>`}
<div class="card-foot"><small><time datetime="${card.enteredAt}">${ageWords(card.enteredAt, site.clock.now(), language)}</time>${card.assignee && html` · ${card.assignee.name}`}</small>
${moveMenu(visit, card)}</div>
</li>`
}

/** The way without a mouse or scripts: what a drag does, as buttons. */
function moveMenu(visit: StaffVisit, card: CaseCard): Html | undefined {
  const { words } = visit
  const open = card.moves.filter((move) => move.allowed)
  if (open.length === 0) return undefined
  return html`<details class="menu"><summary>${words.moveTo}<span class="visually-hidden"> (${caseName(visit, card.process, card.number)})</span></summary>
<form method="post" action="/cases/${card.id}/moves">${csrfInput(visit)}<input type="hidden" name="back" value="/boards/${card.process}">
${open.map((move) => moveButton(visit, move))}</form></details>`
}

export function moveButton({ language }: StaffVisit, { to, title }: MoveView): Html {
  return html`<button name="to" value="${to}">${inLanguage(title, language)}</button>`
}

export function hereFor({ site, words, language }: StaffVisit, since: string): string {
  const age = ageWords(since, site.clock.now(), language)
  return age === words.justNow ? age : say(words.here, age)
}
