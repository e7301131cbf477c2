import type { Value } from '../../../engine/case.ts'
import { inLanguage } from '../../../engine/text.ts'
import type {
  CaseCard,
  CaseLink,
  CaseView,
  ClientView,
  ConsentRecord,
  ConsentView,
  FieldView,
  MessageView,
  MoveView,
  Notification,
  ProcessView,
} from '../ports.ts'

/** Views as the API gives them: words in one language, fields by name, money as text with two decimals. */

export function presentCase(view: CaseView, language: string) {
  return {
    id: view.id,
    number: view.number,
    process: view.process.name,
    title: inLanguage(view.process.title, language),
    version: view.version,
    stage: { ...view.stage, title: inLanguage(view.stage.title, language) },
    client: view.client,
    fields: presentFields(view.fields, language),
    moves: presentMoves(view.moves, language),
    assignee: view.assignee,
    parent: view.parent && presentLink(view.parent, language),
    children: view.children.map((child) => presentLink(child, language)),
    ended: view.ended,
    createdAt: view.createdAt,
    enteredAt: view.enteredAt,
    // Without the texts, which the client's own consents give: this is the road of every move.
    consents: view.consents.map(({ text: _text, ...consent }) => ({
      ...consent,
      title: inLanguage(consent.title, language),
    })),
    scheduled: view.scheduled,
  }
}

function presentLink({ id, number, process }: CaseLink, language: string) {
  return { id, number, process: process.name, title: inLanguage(process.title, language) }
}

/** Why it counted or did not, and each check, in one language. */
export function presentMessage(
  { because, checks, namesLetter: _named, why: _why, reading: _reading, ...message }: MessageView,
  language: string,
) {
  return {
    ...message,
    because: inLanguage(because, language),
    checks: checks.map(({ because: why, ...check }) => ({
      ...check,
      ...(why ? { because: inLanguage(why, language) } : {}),
    })),
  }
}

export function presentCard(card: CaseCard, language: string) {
  return { ...card, fields: presentFields(card.fields, language), moves: presentMoves(card.moves, language) }
}

function presentFields(fields: readonly FieldView[], language: string) {
  const byName: Record<string, object> = {}
  for (const { name, title, type, value, label, editable, personal, required } of fields) {
    byName[name] = {
      title: inLanguage(title, language),
      type: type.kind,
      ...('options' in type && { options: type.options }),
      value: presentValue(value, type.kind),
      ...(label !== undefined && { label }),
      editable,
      personal,
      required,
    }
  }
  return byName
}

/** A value as JSON has it. */
export function presentValue(value: Value | null, kind: string): Value | null {
  return kind === 'money' && typeof value === 'number' ? value.toFixed(2) : value
}

function presentMoves(moves: readonly MoveView[], language: string) {
  return moves.map((move) => ({ ...move, title: inLanguage(move.title, language) }))
}

export function presentConsent(consent: ConsentView, language: string) {
  return { ...consent, title: inLanguage(consent.title, language), text: inLanguage(consent.text, language) }
}

export function presentRecord(record: ConsentRecord, language: string) {
  return { ...record, text: inLanguage(record.text, language) }
}

export function presentClient(client: ClientView, language: string) {
  return {
    ...client,
    consents: client.consents.map((consent) => presentConsent(consent, language)),
    cases: client.cases.map((card) => presentCard(card, language)),
  }
}

export function presentProcess(process: ProcessView, language: string) {
  return {
    ...process,
    title: inLanguage(process.title, language),
    stages: process.stages.map((stage) => ({ ...stage, title: inLanguage(stage.title, language) })),
  }
}

export function presentNotification(notification: Notification, language: string) {
  return { ...notification, text: inLanguage(notification.text, language) }
}
