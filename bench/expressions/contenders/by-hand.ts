import type { Contender } from '../contender.ts'
import { type Order, today } from '../orders.ts'

/** The rules as JavaScript that somebody wrote for one process alone: what no language can be expected to beat. */
export async function byHand() {
  const day = 86_400_000
  const midnight = Date.parse(today)
  const shipping = (weight: number, country: string) => {
    if (weight <= 2 && country === 'pl') return 12
    return weight <= 2 ? 30 : 60
  }
  return {
    name: 'closures by hand',
    notes: [],
    input: (order) => order,
    rules: () => ({
      money: ({ paid, price }) => paid && price > 100,
      consent: ({ allergies, bouquet }) =>
        (allergies === 'given' || allergies === 'refused') && (bouquet === 'roses' || bouquet === 'tulips'),
      date: ({ ordered }) => Date.parse(ordered) + 14 * day < midnight,
      text: ({ note }) => note.toLowerCase().includes('lilies'),
      table: ({ weight, country, paid, price }) => shipping(weight, country) <= 30 && (paid || price < 50),
    }),
  } satisfies Contender<Order>
}
