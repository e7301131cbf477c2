import { peer } from '../../peers.ts'
import type { Contender } from '../contender.ts'
import { called, today } from '../orders.ts'

interface Jexl {
  addTransform(name: string, does: (text: string) => unknown): void
  compile(expression: string): { evalSync(context: object): unknown }
}

/** `jexl`: each rule compiled once and evaluated without promises. */
export async function jexl() {
  const { Jexl } = (await peer<{ default: { Jexl: new () => Jexl } }>('jexl')).default
  const language = new Jexl()
  language.addTransform('lower', (text) => text.toLowerCase())
  const rule = (expression: string) => {
    const compiled = language.compile(expression)
    return (order: object) => compiled.evalSync(order)
  }
  return {
    name: 'jexl',
    notes: [
      'it has no dates: they are given as numbers, made before the clock starts; the table is a conditional expression',
      'it has no lower case: that is a function in JavaScript added to it',
    ],
    input: (order, names) => called({ ...order, ordered: Date.parse(order.ordered), today: Date.parse(today) }, names),
    rules: ({ bouquet, price, paid, ordered, weight, country, note, allergies, today }) => {
      const shipping = `((${weight} <= 2 && ${country} == "pl") ? 12 : (${weight} <= 2 ? 30 : 60))`
      return {
        money: rule(`${paid} && ${price} > 100`),
        consent: rule(`${allergies} in ["given", "refused"] && ${bouquet} in ["roses", "tulips"]`),
        date: rule(`${ordered} + 1209600000 < ${today}`),
        text: rule(`"lilies" in (${note}|lower)`),
        table: rule(`${shipping} <= 30 && (${paid} || ${price} < 50)`),
      }
    },
  } satisfies Contender<object>
}
