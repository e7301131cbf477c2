import { peer } from '../../peers.ts'
import type { Contender } from '../contender.ts'
import { called, today } from '../orders.ts'

interface Cel {
  celEnv(options: object): unknown
  parse(expression: string): unknown
  plan(environment: unknown, parsed: unknown): (variables: object) => unknown
}

/** `@bufbuild/cel`: each rule parsed and planned once, as its documentation recommends for speed. */
export async function bufbuildCel() {
  const { celEnv, parse, plan } = await peer<Cel>('@bufbuild/cel')
  const { strings } = await peer<{ strings: unknown }>('@bufbuild/cel/ext')
  const { timestampFromDate } = await peer<{ timestampFromDate(date: Date): unknown }>('@bufbuild/protobuf/wkt')
  const environment = celEnv({ funcs: strings })
  const timestamp = (date: string) => timestampFromDate(new Date(date))
  const rule = (expression: string) => plan(environment, parse(expression))
  return {
    name: '@bufbuild/cel',
    notes: ['dates are given as its timestamps, made before the clock starts; the table is a conditional expression'],
    input: (order, names) => called({ ...order, ordered: timestamp(order.ordered), today: timestamp(today) }, names),
    rules: ({ bouquet, price, paid, ordered, weight, country, note, allergies, today }) => {
      const shipping = `(${weight} <= 2.0 && ${country} == "pl" ? 12.0 : ${weight} <= 2.0 ? 30.0 : 60.0)`
      return {
        money: rule(`${paid} && ${price} > 100.0`),
        consent: rule(`${allergies} in ["given", "refused"] && ${bouquet} in ["roses", "tulips"]`),
        date: rule(`${ordered} + duration("336h") < ${today}`),
        text: rule(`${note}.lowerAscii().contains("lilies")`),
        table: rule(`${shipping} <= 30.0 && (${paid} || ${price} < 50.0)`),
      }
    },
  } satisfies Contender<object>
}
