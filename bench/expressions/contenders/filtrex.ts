import { peer } from '../../peers.ts'
import type { Contender } from '../contender.ts'
import { called, today } from '../orders.ts'

interface Filtrex {
  compileExpression(expression: string, options: object): (order: object) => unknown
}

/** `filtrex`: each rule compiled once, to the source of a JavaScript function. */
export async function filtrex() {
  const { compileExpression } = await peer<Filtrex>('filtrex')
  const extraFunctions = {
    lower: (text: string) => text.toLowerCase(),
    contains: (text: string, part: string) => text.includes(part),
  }
  const rule = (expression: string) => compileExpression(expression, { extraFunctions })
  return {
    name: 'filtrex',
    notes: [
      'it has no dates: they are given as numbers, made before the clock starts; the table is a conditional expression',
      'it has neither lower case nor a search in texts: both are functions in JavaScript added to it',
    ],
    input: (order, names) => called({ ...order, ordered: Date.parse(order.ordered), today: Date.parse(today) }, names),
    rules: ({ bouquet, price, paid, ordered, weight, country, note, allergies, today }) => {
      const shipping = `(if ${weight} <= 2 and ${country} == "pl" then 12 else if ${weight} <= 2 then 30 else 60)`
      return {
        money: rule(`${paid} and ${price} > 100`),
        consent: rule(`${allergies} in ("given", "refused") and ${bouquet} in ("roses", "tulips")`),
        date: rule(`${ordered} + 1209600000 < ${today}`),
        text: rule(`contains(lower(${note}), "lilies")`),
        table: rule(`${shipping} <= 30 and (${paid} or ${price} < 50)`),
      }
    },
  } satisfies Contender<object>
}
