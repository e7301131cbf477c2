import { median } from '../median.ts'
import type { BenchResult } from '../result.ts'
import { type Contender, rules } from './contender.ts'
import { bufbuildCel } from './contenders/bufbuild-cel.ts'
import { byHand } from './contenders/by-hand.ts'
import { celJs } from './contenders/cel-js.ts'
import { feelin } from './contenders/feelin.ts'
import { filtrex } from './contenders/filtrex.ts'
import { jexl } from './contenders/jexl.ts'
import { jsonRulesEngine } from './contenders/json-rules-engine.ts'
import { zgoda } from './contenders/zgoda.ts'
import { makeOrders, type Names, namesOf, now, type Order } from './orders.ts'

const rounds = 7
const seed = 20_260_525
const ordersEach = 64

/**
 * Evaluations a second of five rules: ours, JavaScript closures written by hand for them, and the libraries that are used for
 * such rules. All must give the same answers before the clock starts; then they take turns. First the rules of one process,
 * then those of twelve, each with fields of its own, where V8 can no longer make code for the names of one.
 */
export async function bench(seconds: number): Promise<BenchResult> {
  const one = await measure(1, seconds / 2)
  const many = await measure(12, seconds / 2)
  return { bench: 'expressions', figures: figuresOf(one, many), ratios: ratiosOf(one, many) }
}

/** Evaluations a second by contender: ours, those by hand, then the libraries. */
type Speeds = readonly { readonly name: string; readonly perSecond: number }[]

async function measure(processCount: number, seconds: number): Promise<Speeds> {
  const processes = Array.from({ length: processCount }, (_, index) => namesOf(index))
  const contenders = await prepare(processes)
  const orders = makeOrders(ordersEach, seed)
  await holdTogether(contenders, processes, orders)
  const runs = contenders.map((contender) => runOf(contender, processes, orders))
  const slice = (seconds * 1000) / rounds / contenders.length
  for (const run of runs) await run(slice / 2)
  const speeds = contenders.map((): number[] => [])
  for (let round = 0; round < rounds; round++) {
    for (const [index, run] of runs.entries()) speeds[index]?.push(await run(slice))
  }
  return contenders.map(({ name }, index) => ({ name, perSecond: median(speeds[index] ?? []) }))
}

async function prepare(processes: readonly Names[]): Promise<Contender[]> {
  const others = [byHand(), celJs(), bufbuildCel(), feelin(), filtrex(), jexl(), jsonRulesEngine()]
  const made = await Promise.all([zgoda(processes), ...others])
  if (processes.length === 1) {
    for (const { name, notes } of made) for (const note of notes) process.stderr.write(`${name}: ${note}\n`)
  }
  return made as unknown as Contender[]
}

/** Throws where two contenders differ about a rule and an order: then the rules are not the same. */
async function holdTogether(
  contenders: readonly Contender[],
  processes: readonly Names[],
  orders: readonly Order[],
): Promise<void> {
  const wanted = await answersOf(contenders[0] as Contender, processes, orders)
  for (const contender of contenders) {
    const given = await answersOf(contender, processes, orders)
    for (const [rule, answers] of Object.entries(wanted)) {
      if (!answers.includes(true) || !answers.includes(false)) throw new Error(`\`${rule}\` decides nothing`)
      const own = given[rule]
      if (!own) process.stderr.write(`${contender.name} can't say the rule \`${rule}\`: it is measured on the others\n`)
      else if (own.some((answer, index) => answer !== answers[index])) {
        throw new Error(`${contender.name} answers the rule \`${rule}\` otherwise`)
      }
    }
  }
}

async function answersOf(contender: Contender, processes: readonly Names[], orders: readonly Order[]) {
  const answers: Record<string, boolean[]> = {}
  for (const names of processes) {
    const told = contender.rules(names)
    for (const name of rules) {
      const rule = told[name]
      if (!rule) continue
      answers[name] ??= []
      for (const order of orders) answers[name].push((await rule(contender.input(order, names), now)) === true)
    }
  }
  return answers
}

/** Runs one contender for some milliseconds; answers evaluations a second. */
function runOf(contender: Contender, processes: readonly Names[], orders: readonly Order[]) {
  const prepared = processes.map((names) => ({
    rules: Object.values(contender.rules(names)),
    inputs: orders.map((order) => contender.input(order, names)),
  }))
  const later = prepared.some(({ rules, inputs }) => rules.some((rule) => rule(inputs[0], now) instanceof Promise))
  return async (milliseconds: number): Promise<number> => {
    const started = performance.now()
    let evaluations = 0
    let held = 0
    while (performance.now() - started < milliseconds) {
      for (const { rules, inputs } of prepared) {
        for (const rule of rules) {
          // A library that answers later is waited for, as its users have to.
          if (later) for (const input of inputs) held += (await rule(input, now)) === true ? 1 : 0
          else for (const input of inputs) held += rule(input, now) === true ? 1 : 0
          evaluations += inputs.length
        }
        if (performance.now() - started > milliseconds) break
      }
    }
    if (held === 0) throw new Error(`${contender.name} answered nothing`)
    return (evaluations / (performance.now() - started)) * 1000
  }
}

function figuresOf(one: Speeds, many: Speeds): Record<string, number> {
  const named = (speeds: Speeds, where: string) =>
    speeds.map(({ name, perSecond }): [string, number] => [`${name}, ${where}`, perSecond])
  return Object.fromEntries([...named(one, 'one process, 1/s'), ...named(many, 'twelve, 1/s')])
}

function ratiosOf(one: Speeds, many: Speeds): Record<string, number> {
  const [ours, hand, ...libraries] = one.map(({ perSecond }) => perSecond)
  const [oursOfMany = 0, handOfMany = 1, ...librariesOfMany] = many.map(({ perSecond }) => perSecond)
  const each = one.slice(2).map(({ name, perSecond }): [string, number] => [name, (ours ?? 0) / perSecond])
  return {
    'next library': (ours ?? 0) / Math.max(...libraries),
    'next library, twelve processes': oursOfMany / Math.max(...librariesOfMany),
    'closures by hand': (ours ?? 0) / (hand ?? 1),
    'closures by hand, twelve processes': oursOfMany / handOfMany,
    ...Object.fromEntries(each),
  }
}
