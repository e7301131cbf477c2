import { peer } from '../../peers.ts'
import type { Contender } from '../contender.ts'
import { called, type Names, today } from '../orders.ts'

interface CelJs {
  readonly Environment: new () => Environment
}

interface Environment {
  registerVariable(name: string, type: string): Environment
  parse(expression: string): (context: object) => unknown
}

/** `@marcbachmann/cel-js`: variables declared with their types, each rule parsed once, as its page recommends. */
export async function celJs() {
  const { Environment } = await peer<CelJs>('@marcbachmann/cel-js')
  const declared = ({ bouquet, price, paid, ordered, weight, country, note, allergies, today }: Names) =>
    new Environment()
      .registerVariable(bouquet, 'string')
      .registerVariable(price, 'double')
      .registerVariable(paid, 'bool')
      .registerVariable(ordered, 'google.protobuf.Timestamp')
      .registerVariable(today, 'google.protobuf.Timestamp')
      .registerVariable(weight, 'double')
      .registerVariable(country, 'string')
      .registerVariable(note, 'string')
      .registerVariable(allergies, 'string')
  return {
    name: '@marcbachmann/cel-js',
    notes: ['dates are given as its timestamps, made before the clock starts; the table is a conditional expression'],
    input: (order, names) => called({ ...order, ordered: new Date(order.ordered), today: new Date(today) }, names),
    rules: (names) => {
      const environment = declared(names)
      const { bouquet, price, paid, ordered, weight, country, note, allergies, today } = names
      const shipping = `(${weight} <= 2.0 && ${country} == "pl" ? 12.0 : ${weight} <= 2.0 ? 30.0 : 60.0)`
      return {
        money: environment.parse(`${paid} && ${price} > 100.0`),
        consent: environment.parse(`${allergies} in ["given", "refused"] && ${bouquet} in ["roses", "tulips"]`),
        date: environment.parse(`${ordered} + duration("336h") < ${today}`),
        text: environment.parse(`${note}.lowerAscii().contains("lilies")`),
        table: environment.parse(`${shipping} <= 30.0 && (${paid} || ${price} < 50.0)`),
      }
    },
  } satisfies Contender<object>
}
