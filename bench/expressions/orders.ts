import type { ConsentStatus } from '../../engine/definition.ts'
import { Random } from '../torture/random.ts'

/** What the rules ask of an order. Nothing is missing: what a missing value means differs from language to language. */
export interface Order {
  readonly bouquet: string
  readonly price: number
  readonly paid: boolean
  readonly ordered: string
  readonly weight: number
  readonly country: string
  readonly note: string
  readonly allergies: ConsentStatus
}

export const now = '2026-05-25T10:00:00.000Z'
export const today = '2026-05-25'

const day = 86_400_000
const bouquets = ['roses', 'tulips', 'wild flowers']
const countries = ['pl', 'de', 'other']
const statuses: readonly ConsentStatus[] = ['none', 'given', 'refused', 'withdrawn', 'expired']
const notes = [
  'Please ring twice, the bell is quiet. No Lilies in the bouquet, they make me sneeze.',
  'Leave it with the neighbour at number 7 if nobody opens.',
  'A birthday: a card with "All the best, Mum", and a ribbon if there is one.',
  'White LILIES and eucalyptus would be lovely, whatever is in season.',
  'As last time.',
]

/** Orders that a seed makes again, so that every contender sees the same. */
export function makeOrders(count: number, seed: number): Order[] {
  const random = new Random(seed)
  return Array.from({ length: count }, () => ({
    bouquet: random.of(bouquets),
    price: random.below(30_000) / 100,
    paid: random.below(2) === 0,
    ordered: new Date(Date.parse(today) - random.below(40) * day).toISOString().slice(0, 10),
    weight: random.below(80) / 10,
    country: random.of(countries),
    note: `${random.of(notes)} (${random.below(1000)})`,
    allergies: random.of(statuses),
  }))
}

/** What the fields of an order are called in one process of many. */
export type Names = Readonly<Record<keyof Order | 'today' | 'process', string>>

const fields = ['bouquet', 'price', 'paid', 'ordered', 'weight', 'country', 'note', 'allergies', 'today'] as const

/** The names in the process of that number: each has fields of its own, as the processes of a company have. */
export function namesOf(process: number): Names {
  const named = ['process', ...fields].map((field) => [field, process === 0 ? field : `${field}_${process}`])
  return { ...(Object.fromEntries(named) as Names) }
}

/** Values under the names that a process has for them. Their order differs too: objects of two processes are not alike. */
export function called(values: Readonly<Record<string, unknown>>, names: Names): Readonly<Record<string, unknown>> {
  const entries = Object.entries(values)
  const first = Number(/\d+$/.exec(names.process)?.[0] ?? 0) % entries.length
  const turned = [...entries.slice(first), ...entries.slice(0, first)]
  return Object.fromEntries(turned.map(([field, value]) => [names[field as keyof Names], value]))
}
