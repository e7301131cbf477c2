import { peer } from '../../peers.ts'
import type { Contender } from '../contender.ts'
import { called, today } from '../orders.ts'

interface Feelin {
  evaluate(expression: string, context: object): { readonly value: unknown }
  date(text: string): unknown
}

/** `feelin`, FEEL of the DMN standard. It offers no way to compile an expression: what a name is depends on the values. */
export async function feelin() {
  const { evaluate, date } = await peer<Feelin>('feelin')
  const rule = (expression: string) => (order: object) => evaluate(expression, order).value
  return {
    name: 'feelin',
    notes: [
      'it has no compiled form and reads the expression each time',
      'dates are given as its own, made before the clock starts; the table is a conditional expression',
    ],
    input: (order, names) => called({ ...order, ordered: date(order.ordered), today: date(today) }, names),
    rules: ({ bouquet, price, paid, ordered, weight, country, note, allergies, today }) => {
      const shipping = `(if ${weight} <= 2 and ${country} = "pl" then 12 else if ${weight} <= 2 then 30 else 60)`
      return {
        money: rule(`${paid} and ${price} > 100`),
        consent: rule(`${allergies} in ("given", "refused") and ${bouquet} in ("roses", "tulips")`),
        date: rule(`${ordered} + duration("P14D") < ${today}`),
        text: rule(`contains(lower case(${note}), "lilies")`),
        table: rule(`${shipping} <= 30 and (${paid} or ${price} < 50)`),
      }
    },
  } satisfies Contender<object>
}
