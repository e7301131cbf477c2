import type { Definition } from '../../engine/definition.ts'
import type { Scenario } from '../../engine/simulate/scenario.ts'
import { type Diagnostic, inOrder } from '../diagnostic.ts'
import { Context, given, place } from '../resolve/context.ts'
import type { Body } from '../yaml/body.ts'
import type { ScenarioDocument } from './parse.ts'
import { namesOf, type Scope, scopeOf } from './scope.ts'
import { stepOf } from './step.ts'

/** The scenarios of a document against a workspace: every name looked up, every problem told. */
export function resolveScenarios(
  { body, process: name }: ScenarioDocument,
  definition: Definition,
): { readonly scenarios: readonly Scenario[]; readonly problems: readonly Diagnostic[] } {
  const context = new Context()
  const { reader } = body
  const told = reader.problems.length
  const found = name && context.find(namesOf('process', Object.keys(definition.processes)), name)
  const process = found && definition.processes[name.text]
  if (!process) return { scenarios: [], problems: context.problems }
  const scope = scopeOf(context, definition, process)
  const scenarios = body.bodies('scenarios').flatMap((each) => scenarioOf(scope, each))
  return { scenarios, problems: inOrder([...context.problems, ...reader.problems.slice(told)]) }
}

function scenarioOf(scope: Scope, body: Body): Scenario[] {
  const name = body.string('name')
  if (!name) return []
  const client = body.body('client')
  const of = (key: 'name' | 'email' | 'phone') => given(key, client?.string(key)?.value)
  const steps = body.bodies('steps').flatMap((step) => stepOf(scope, step) ?? [])
  return [
    {
      name: name.value,
      process: scope.process.name,
      client: { ...of('name'), ...of('email'), ...of('phone') },
      steps,
      at: place(name.span),
    },
  ]
}
