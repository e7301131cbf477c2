import { parseValue } from '../../engine/value.ts'
import { Refusal } from '../refusal.ts'
import { card, type Holder, type Vault } from '../vault/vault.ts'
import { type CardField, lookupsOf } from './lookups.ts'

/** What a contact card says; nothing of it is required. */
export type Card = { readonly [field in CardField]?: string | null }

export const cardFields: readonly CardField[] = ['name', 'email', 'phone']

/** In characters. */
const longest: Readonly<Record<CardField, number>> = { name: 200, email: 254, phone: 50 }

/** A value of a card as it is stored: sealed, with the hashes that find it again. `null` clears it. */
export interface CardValue {
  readonly field: CardField
  readonly kept: { readonly sealed: Buffer; readonly hashes: readonly Buffer[] } | null
}

/** Refuses a card with a value that does not fit. */
export function checkCard(values: Card): void {
  for (const field of cardFields) {
    const value = values[field]
    if (value === undefined || value === null || value.trim() === '') continue
    const parsed = parseValue({ kind: field === 'name' ? 'text' : field }, value)
    const tooLong = value.length > longest[field] ? `must have at most ${longest[field]} characters` : undefined
    const problem = tooLong ?? ('problem' in parsed ? parsed.problem : undefined)
    if (problem) throw new Refusal('invalid-value', `\`${field}\` ${problem}`, { fields: [field] })
  }
}

/** What is to be stored of a card; fields that it does not name stay as they are. */
export function sealCard(values: Card, holder: Holder, vault: Vault): CardValue[] {
  return cardFields.flatMap((field): CardValue[] => {
    const value = values[field]
    if (value === undefined) return []
    const text = value?.trim() ?? ''
    if (text === '') return [{ field, kept: null }]
    const kept = { sealed: vault.sealValue(holder, card, field, text), hashes: lookupsOf(field, text, vault.master) }
    return [{ field, kept }]
  })
}
