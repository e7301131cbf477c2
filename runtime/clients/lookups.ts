import type { MasterKey } from '../vault/master-key.ts'

export type CardField = 'name' | 'email' | 'phone'

const shortestPrefix = 3
const longestPrefix = 12

/** The keyed hashes by which a card's value is found again: a name by each word and its beginnings, an address whole. */
export function lookupsOf(field: CardField, value: string, master: MasterKey): Buffer[] {
  if (field === 'name') return [...new Set(words(value).flatMap(beginnings))].map((text) => master.lookup('name', text))
  const normal = normalise(field, value)
  return normal === '' ? [] : [master.lookup(field, normal)]
}

/** The hashes that every client a search means has. Empty where the search says nothing that can be looked up. */
export function searchHashes(query: string, master: MasterKey): Buffer[] {
  const text = query.trim()
  if (text.includes('@')) return [master.lookup('email', normalise('email', text))]
  const digits = normalise('phone', text)
  if (digits.length >= 6 && !/\p{L}/u.test(text)) return [master.lookup('phone', digits)]
  return words(text)
    .filter((word) => word.length >= shortestPrefix)
    .map((word) => master.lookup('name', word.slice(0, longestPrefix)))
}

function normalise(field: CardField, value: string): string {
  if (field === 'phone') return value.replace(/\D/g, '').slice(-9)
  return value.trim().toLowerCase()
}

function words(text: string): string[] {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/ł/gi, 'l')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .slice(0, 8)
}

function beginnings(word: string): string[] {
  const all: string[] = word.length <= longestPrefix ? [word] : []
  for (let length = shortestPrefix; length <= Math.min(word.length, longestPrefix); length++)
    all.push(word.slice(0, length))
  return all
}

/** By which an address that letters come back from is known again, and nothing else of it. */
export function undeliveredHash(address: string, master: MasterKey): Buffer {
  return master.lookup('undelivered', normalise('email', address))
}

/** By which the letters to one mail domain are counted. */
export function domainHash(address: string, master: MasterKey): Buffer {
  return master.lookup('mail domain', normalise('email', address.slice(address.lastIndexOf('@') + 1)))
}
