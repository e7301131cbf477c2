import { readWorkspace } from '../../../dsl/index.ts'
import { type CaseState, type Condition, compileCondition, type Values } from '../../../engine/index.ts'
import { type Contender, rules } from '../contender.ts'
import { called, type Names, now } from '../orders.ts'
import { workspaceOf } from '../workspace.ts'

/** The rules as they stand in a workspace: read, resolved and compiled as the engine does it for a case. */
export async function zgoda(processes: readonly Names[]) {
  const { definition, problems } = readWorkspace([{ name: 'rules.zgoda', text: workspaceOf(processes) }])
  if (!definition) throw new Error(`the rules have mistakes: ${JSON.stringify(problems)}`)
  return {
    name: 'Zgoda',
    notes: [],
    input: ({ allergies, ...values }, names) =>
      caseWith(called(values, names) as Values, { [names.allergies]: allergies }),
    rules: (names) => {
      const process = definition.processes[names.process]
      if (!process) throw new Error(`the workspace has no process \`${names.process}\``)
      const compiled = rules.map((name): [string, Condition] => {
        const rule = process.stages[name]?.rules[0]
        if (!rule?.when) throw new Error(`the process has no rule \`${name}\``)
        return [name, compileCondition(rule.when, { definition, process })]
      })
      return Object.fromEntries(compiled)
    },
  } satisfies Contender<CaseState>
}

function caseWith(values: Values, consents: CaseState['client']['consents']): CaseState {
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
    client: { name: 'Anna', consents },
  }
}
