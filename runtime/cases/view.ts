import type { CaseState } from '../../engine/case.ts'
import type { Definition, Process } from '../../engine/definition.ts'
import { possibleMoves, visibleFields } from '../../engine/index.ts'
import { standing } from '../consent/standing.ts'
import type {
  Caller,
  CaseCard,
  CaseLink,
  CaseView,
  ClientRef,
  ConsentView,
  FieldView,
  MoveView,
  PersonRef,
} from '../http/ports.ts'
import type { ClientRow, ConsentSummary } from '../store/cases.ts'
import type { LoadedCase } from './assemble.ts'
import { purposesOf } from './purposes.ts'
import { actorOf, cardRights, caseRights } from './rights.ts'

/** What a view needs beside the case: who looks, when, and how people are called. */
export interface Looking {
  readonly by: Caller
  readonly now: string
  /** The current definition, which says what a role may see of cards. */
  readonly definition: Definition
  personName(id: string): string
}

/** The case as one caller may see it at this stage: the only shape in which a case leaves for a page or the API. */
export function caseView(loaded: LoadedCase, state: CaseState, looking: Looking): CaseView {
  const { row, running } = loaded
  const stage = running.process.stages[state.stage]
  return {
    id: row.caseId,
    number: state.number,
    process: { name: row.process, title: running.process.title },
    version: row.version,
    stage: { name: state.stage, title: stage?.title ?? {}, final: stage?.final ?? false },
    client: clientRef(row.client, state, looking),
    fields: fieldViews(loaded, state, looking),
    moves: moveViews(loaded, state, looking),
    assignee: assigneeOf(state, looking),
    parent: row.parent ? (linksTo([row.parent], looking)[0] ?? null) : null,
    children: linksTo(row.children, looking),
    ended: state.ended,
    createdAt: state.createdAt,
    enteredAt: state.enteredAt,
    consents: consentViews(running.definition, row.client, purposesOf(running.process, running.definition)),
    scheduled: scheduled(state, running.process),
  }
}

/** The same for a board or a list: nothing personal on it but the client's name, for those who may see cards. */
export function caseCard(loaded: LoadedCase, looking: Looking): CaseCard {
  const { row, state } = loaded
  return {
    id: row.caseId,
    number: state.number,
    process: row.process,
    stage: state.stage,
    client: clientRef(row.client, state, looking),
    assignee: assigneeOf(state, looking),
    ended: state.ended,
    createdAt: state.createdAt,
    enteredAt: state.enteredAt,
    fields: fieldViews(loaded, state, looking).filter((field) => !field.personal),
    moves: moveViews(loaded, state, looking),
  }
}

export function clientRef(client: ClientRow | null, state: CaseState, looking: Looking): ClientRef | null {
  if (!client) return null
  const seesCards = looking.by.kind === 'client' || cardRights(looking.by, looking.definition).has('see')
  return { id: client.clientId, label: (seesCards ? state.client.name : undefined) ?? client.pseudonym }
}

function fieldViews({ running }: LoadedCase, state: CaseState, { by, definition, personName }: Looking): FieldView[] {
  const viewer = actorOf(by, definition)
  const visible = visibleFields(running.machine, state, viewer.kind === 'staff' ? viewer : { kind: 'client' })
  const required = new Set(running.process.stages[state.stage]?.require.map(({ field }) => field))
  return Object.values(running.process.fields).flatMap((field) => {
    const access =
      visible.get(field.name) ??
      (by.kind === 'client' && ownAnswer(running.definition, running.process, field.name, state) ? 'read' : undefined)
    if (!access) return []
    const value = state.values[field.name] ?? null
    return [
      {
        name: field.name,
        title: field.title,
        type: field.type,
        value,
        ...(field.type.kind === 'person' && value !== null ? { label: personName(String(value)) } : {}),
        editable: access === 'edit',
        personal: field.personal.length > 0,
        required: required.has(field.name),
      },
    ]
  })
}

/** Clients see what they themselves filled in, at whichever stage. */
function ownAnswer(definition: Definition, process: Process, field: string, state: CaseState): boolean {
  if (state.values[field] === undefined) return false
  return Object.values(definition.forms).some(
    (form) =>
      (form.starts === process.name || form.fills === process.name) &&
      form.questions.some(({ ask }) => 'field' in ask && ask.field === field),
  )
}

function moveViews({ running }: LoadedCase, state: CaseState, { by, definition, now }: Looking): MoveView[] {
  if (by.kind === 'client') return []
  return possibleMoves(running.machine, state, actorOf(by, definition), { now }).map((move) => ({
    to: move.to,
    title: move.title,
    allowed: move.allowed,
    ...(move.because ? { because: move.because } : {}),
    ...(move.code ? { code: move.code } : {}),
  }))
}

/** Other cases, as far as this person may see those of their process and they have started. A client has a list of their own. */
function linksTo(
  links: readonly { readonly caseId: string; readonly process: string; readonly number: number | null }[],
  { by, definition }: Looking,
): CaseLink[] {
  return links.flatMap(({ caseId, process: name, number }) => {
    const process = definition.processes[name]
    if (number === null || !process || caseRights(by, process, definition).size === 0) return []
    return [{ id: caseId, number: String(number), process: { name, title: process.title } }]
  })
}

function assigneeOf(state: CaseState, looking: Looking): PersonRef | null {
  return state.assignee ? { id: state.assignee, name: looking.personName(state.assignee) } : null
}

/** How a client's consents stand, for these purposes that rest on consent. */
export function consentViews(
  definition: Definition,
  client: ClientRow | null,
  purposes: readonly string[],
): ConsentView[] {
  if (!client) return []
  return purposes.flatMap((name) => {
    const purpose = definition.purposes[name]
    if (!purpose || (purpose.basis !== 'consent' && purpose.basis !== 'explicit consent')) return []
    const summary: ConsentSummary | undefined = client.consents[name]
    return [
      {
        purpose: name,
        title: purpose.title,
        text: purpose.text ?? {},
        status: summary ? standing(definition, name, summary) : 'none',
        basis: purpose.basis,
        ...(summary ? { at: summary.at, channel: summary.channel, version: summary.version } : {}),
      },
    ]
  })
}

function scheduled(state: CaseState, process: Process): { due: string; what: string }[] {
  return Object.entries(state.timers)
    .map(([key, due]) => ({ due, what: whatIsDue(key, process) }))
    .sort((a, b) => (a.due < b.due ? -1 : 1))
}

function whatIsDue(key: string, process: Process): string {
  if (key.startsWith('erase:')) return 'erase'
  const rules = [...process.rules, ...Object.values(process.stages).flatMap((stage) => stage.rules)]
  const goTo = rules.find((rule) => rule.id === key)?.actions.find((action) => action.kind === 'go to')
  return goTo?.kind === 'go to' ? goTo.stage : key
}
