import type { Actor, Evidence } from '../../engine/case.ts'
import type { Decided, Definition, Field } from '../../engine/definition.ts'
import { isBlank } from '../../engine/index.ts'
import { type Card, checkCard } from '../clients/card.ts'
import { channelOf, checkDecision } from '../consent/check.ts'
import type { ConsentDecision } from '../consent/record.ts'
import type { ImportCell } from '../http/ports.ts'
import { Refusal } from '../refusal.ts'
import type { Column } from './columns.ts'

/** What a row says: of a client, of what they decided, of a case. Blank cells say nothing. */
export interface Row {
  readonly card: Card
  readonly decided: readonly ConsentDecision[]
  readonly fields: Readonly<Record<string, unknown>>
}

const decisions: readonly Decided[] = ['given', 'refused', 'withdrawn']
const longestNote = 1_000

/** What parts several options in one cell of a `many` field. */
const between = '|'

/** Reads a row. Refuses it with the column at fault in `fields`; values of the case are for its own rules to check. */
export function readRow(
  columns: readonly Column[],
  cells: readonly ImportCell[],
  by: Actor,
  definition: Definition,
): Row {
  const card: { -readonly [field in keyof Card]: Card[field] } = {}
  const words: Record<'consent' | 'evidence', Record<string, string>> = { consent: {}, evidence: {} }
  const fields: Record<string, unknown> = {}
  for (const [position, column] of columns.entries()) {
    const cell = cells[position]
    if (isBlank(cell)) continue
    if (column.kind === 'field') fields[column.name] = fieldValue(column.field, cell as ImportCell)
    else if (column.kind === 'card') card[column.field] = cardValue(column, cell as ImportCell)
    else words[column.kind][column.purpose] = text(column, cell as ImportCell)
  }
  return { card, decided: decisionsIn(words, by, definition), fields }
}

function fieldValue({ type }: Field, cell: ImportCell): ImportCell {
  if (type.kind !== 'many' || typeof cell !== 'string' || type.options.includes(cell)) return cell
  return cell.split(between).map((option) => option.trim())
}

function cardValue(column: Column & { kind: 'card' }, cell: ImportCell): string {
  const value = text(column, cell)
  at(column.name, () => checkCard({ [column.field]: value }))
  return value
}

function text({ name }: Column, cell: ImportCell): string {
  if (typeof cell === 'string') return cell.trim()
  if (typeof cell === 'number') return String(cell)
  throw new Refusal('invalid-value', `\`${name}\` must be text`, { fields: [name] })
}

function decisionsIn(
  { consent, evidence }: Record<'consent' | 'evidence', Readonly<Record<string, string>>>,
  by: Actor,
  definition: Definition,
): ConsentDecision[] {
  for (const purpose of Object.keys(evidence)) {
    if (consent[purpose] !== undefined) continue
    const because = `\`evidence.${purpose}\` shows a decision, and \`consent.${purpose}\` does not say which`
    throw new Refusal('invalid-value', because, { fields: [`consent.${purpose}`] })
  }
  return Object.entries(consent).map(([purpose, word]) => decisionOf(purpose, word, evidence[purpose], by, definition))
}

/** A decision as staff would record it from a paper. That nobody says what shows a yes makes it none, whatever it is for. */
function decisionOf(
  purpose: string,
  word: string,
  note: string | undefined,
  by: Actor,
  definition: Definition,
): ConsentDecision {
  const decision = decisions.find((each) => each === word.toLowerCase())
  const [said, shown] = [`consent.${purpose}`, `evidence.${purpose}`]
  if (!decision) throw wrong(said, 'must be `given`, `refused` or `withdrawn`')
  if (decision === 'given' && note === undefined) {
    throw wrong(shown, 'is missing: a consent counts as given only with the document that shows it')
  }
  if (note !== undefined && note.length > longestNote) throw wrong(shown, `must have at most ${longestNote} characters`)
  const evidence: Evidence = note === undefined ? {} : { channel: 'paper', note }
  at(shown, () => checkDecision(definition, { purpose, decision, evidence }, 'staff'))
  const channel = channelOf(evidence)
  return { purpose, decision, by, channel, evidence: { ...evidence, channel } }
}

function wrong(column: string, problem: string): Refusal {
  return new Refusal('invalid-value', `\`${column}\` ${problem}`, { fields: [column] })
}

/** Lets a refusal name the column that it is about. */
function at(column: string, check: () => void): void {
  try {
    check()
  } catch (error) {
    throw error instanceof Refusal ? new Refusal(error.code, error.because, { fields: [column] }) : error
  }
}
