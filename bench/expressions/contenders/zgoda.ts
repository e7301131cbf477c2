import { readFile } from 'node:fs/promises'
import { readWorkspace } from '../../../dsl/index.ts'
import {
  type CaseState,
  type Condition,
  compileCondition,
  type Definition,
  type Expression,
  type Process,
  type Values,
} from '../../../engine/index.ts'
import { type Contender, type RuleName, rules } from '../contender.ts'
import { now, type Order } from '../orders.ts'

/** The rules as they stand in a workspace: read, resolved and compiled as the engine does it for a case. */
export async function zgoda(): Promise<Contender<CaseState>> {
  const text = await readFile(new URL('../rules.zgoda', import.meta.url), 'utf8')
  const { definition, problems } = readWorkspace([{ name: 'rules.zgoda', text }])
  const { order, parcel } = definition?.processes ?? {}
  if (!definition || !order || !parcel) throw new Error(`rules.zgoda has mistakes: ${JSON.stringify(problems)}`)
  runOthers(definition, parcel)
  return {
    name: 'Zgoda',
    notes: [],
    input: ({ allergies, ...values }: Order) => caseWith(values, allergies),
    rules: Object.fromEntries(rules.map((rule) => [rule, compile(definition, order, rule)])),
  }
}

function compile(definition: Definition, process: Process, name: RuleName): Condition {
  const rule = process.stages[name]?.rules[0]
  return compileCondition(present(rule?.when), { definition, process })
}

function present(condition: Expression | undefined): Expression {
  if (!condition) throw new Error('rules.zgoda lacks a condition')
  return condition
}

/** Until V8 has compiled the shared code of the closures for many rules and not for the five alone. */
function runOthers(definition: Definition, process: Process): void {
  const others = (process.stages.parcel?.rules ?? []).map((rule) =>
    compileCondition(present(rule.when), { definition, process }),
  )
  const cases = Array.from({ length: 64 }, (_, index) => caseWith(parcel(index), index % 3 === 0 ? 'given' : 'refused'))
  for (let round = 0; round < 200; round++) {
    for (const holds of others) for (const state of cases) holds(state, now)
  }
}

function parcel(index: number): Values {
  return {
    worth: index * 17,
    visits: index % 20,
    fee: index / 2,
    insured: index % 2 === 0,
    express: index % 3 === 0,
    member: index % 5 === 0,
    frozen: index % 7 === 0,
    from: index % 2 === 0 ? 'abroad' : 'home',
    wrapping: index % 4 === 0 ? 'foil' : 'paper',
    sent: `2026-05-${10 + (index % 20)}`,
    due: `2026-06-${10 + (index % 20)}`,
    remark: index % 2 === 0 ? 'Handle with care: GLASS' : 'nothing special',
    label: index % 3 === 0 ? 'This side up, Top' : 'Fragile',
  }
}

function caseWith(values: Values, allergies: Order['allergies']): CaseState {
  return {
    id: 'c',
    number: '7',
    createdAt: now,
    stage: 'money',
    enteredAt: now,
    visited: ['money'],
    ended: 'no',
    values,
    timers: {},
    fired: [],
    seq: 1,
    client: { name: 'Anna', consents: { delivery: 'none', allergies } },
  }
}
