import { peer } from '../../peers.ts'
import type { Contender } from '../contender.ts'
import { called, today } from '../orders.ts'

interface Rules {
  readonly Engine: new () => Engine
}

interface Engine {
  addRule(rule: object): void
  addOperator(name: string, holds: (value: never, other: never) => boolean): void
  run(facts: object): Promise<{ readonly events: readonly unknown[] }>
}

const fact = (name: string, operator: string, value: unknown) => ({ fact: name, operator, value })

/** `json-rules-engine`: an engine a rule, made once. It answers with a promise. */
export async function jsonRulesEngine() {
  const { Engine } = await peer<Rules>('json-rules-engine')
  const rule = (conditions: object) => {
    const engine = new Engine()
    engine.addOperator('is14DaysBefore', (date: number, other: number) => date + 1_209_600_000 < other)
    engine.addOperator('mentions', (text: string, part: string) => text.toLowerCase().includes(part))
    engine.addRule({ conditions, event: { type: 'holds' } })
    return async (order: object) => (await engine.run(order)).events.length > 0
  }
  return {
    name: 'json-rules-engine',
    notes: [
      'it computes nothing: dates are numbers, made before the clock starts; adding days and lower case are operators in JavaScript',
      'it has no conditional values: the table is worked out by hand into conditions',
    ],
    input: (order, names) => called({ ...order, ordered: Date.parse(order.ordered), today: Date.parse(today) }, names),
    rules: (names) => {
      const { bouquet, price, paid, ordered, weight, country, note, allergies } = names
      const light = fact(weight, 'lessThanInclusive', 2)
      return {
        money: rule({ all: [fact(paid, 'equal', true), fact(price, 'greaterThan', 100)] }),
        consent: rule({
          all: [fact(allergies, 'in', ['given', 'refused']), fact(bouquet, 'in', ['roses', 'tulips'])],
        }),
        date: rule({ all: [fact(ordered, 'is14DaysBefore', { fact: names.today })] }),
        text: rule({ all: [fact(note, 'mentions', 'lilies')] }),
        table: rule({
          all: [
            { any: [{ all: [light, fact(country, 'equal', 'pl')] }, light] },
            { any: [fact(paid, 'equal', true), fact(price, 'lessThan', 50)] },
          ],
        }),
      }
    },
  } satisfies Contender<object>
}
