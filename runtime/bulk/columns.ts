import { nearest } from '../../dsl/nearest.ts'
import type { Definition, Field } from '../../engine/definition.ts'
import { restsOnConsent } from '../../engine/index.ts'
import { own } from '../../engine/named.ts'
import type { CurrentProcess } from '../cases/versions.ts'
import { cardFields } from '../clients/card.ts'
import type { CardField } from '../clients/lookups.ts'
import { Refusal } from '../refusal.ts'

/** What a column of an import stands for. */
export type Column =
  | { readonly name: string; readonly kind: 'card'; readonly field: CardField }
  | { readonly name: string; readonly kind: 'consent' | 'evidence'; readonly purpose: string }
  | { readonly name: string; readonly kind: 'field'; readonly field: Field }

/** Reads the names of columns. Refuses all of them where one is unknown; `suggested` are fields that may be named to who asks. */
export function readColumns(
  names: readonly string[],
  { process, definition }: CurrentProcess,
  suggested: readonly string[],
): readonly Column[] {
  const columns = names.map((name, position) => {
    if (names.indexOf(name) < position) throw twice(name, position)
    const column = cardColumn(name) ?? consentColumn(name, definition) ?? fieldColumn(name, process.fields)
    if (column) return column
    throw unknown(name, position, [...knownNames(definition), ...suggested], process.name)
  })
  for (const column of columns) {
    if (column.kind === 'consent' || column.kind === 'evidence') checkPair(column, names)
  }
  return columns
}

function cardColumn(name: string): Column | undefined {
  const field = cardFields.find((each) => name === `client.${each}`)
  return field && { name, kind: 'card', field }
}

function consentColumn(name: string, definition: Definition): Column | undefined {
  const [, kind, purpose = ''] = /^(consent|evidence)\.(.+)$/.exec(name) ?? []
  if (!asksConsent(definition, purpose)) return undefined
  return kind === 'consent' || kind === 'evidence' ? { name, kind, purpose } : undefined
}

function asksConsent({ purposes }: Definition, name: string): boolean {
  const purpose = own(purposes, name)
  return purpose !== undefined && restsOnConsent(purpose)
}

function fieldColumn(name: string, fields: Readonly<Record<string, Field>>): Column | undefined {
  const field = own(fields, name)
  return field && { name, kind: 'field', field }
}

/** A yes without what shows it is none: the one column takes the other. */
function checkPair(
  { kind, purpose }: { kind: 'consent' | 'evidence'; purpose: string },
  names: readonly string[],
): void {
  const other = kind === 'consent' ? `evidence.${purpose}` : `consent.${purpose}`
  if (names.includes(other)) return
  const why =
    kind === 'consent'
      ? `column \`consent.${purpose}\` needs a column \`${other}\` that names the document which shows it`
      : `column \`evidence.${purpose}\` shows a decision: name that in a column \`${other}\``
  throw new Refusal('invalid-body', why, { fields: [`${kind}.${purpose}`] })
}

function knownNames(definition: Definition): string[] {
  const purposes = Object.keys(definition.purposes).filter((name) => asksConsent(definition, name))
  return [
    ...cardFields.map((field) => `client.${field}`),
    ...purposes.flatMap((name) => [`consent.${name}`, `evidence.${name}`]),
  ]
}

/** Where a file has no header its first row stands here, so what is not like a name is not repeated. */
function called(name: string, position: number): string {
  return /^[a-z][a-z0-9_.]{0,100}$/i.test(name) ? `column \`${name}\`` : `column ${position + 1}`
}

function unknown(name: string, position: number, known: readonly string[], process: string): Refusal {
  const meant = nearest(name, known)
  const hint = meant ? `did you mean \`${meant}\`?` : `it may be: ${known.map((each) => `\`${each}\``).join(', ')}`
  return new Refusal('unknown-field', `${called(name, position)} is nothing that \`${process}\` knows; ${hint}`, {
    fields: [name],
  })
}

function twice(name: string, position: number): Refusal {
  return new Refusal('invalid-body', `${called(name, position)} is there twice`, { fields: [name] })
}
