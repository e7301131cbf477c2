import type { Definition } from '../../engine/definition.ts'
import type { Scenario } from '../../engine/simulate/scenario.ts'
import { type Diagnostic, inOrder } from '../diagnostic.ts'
import type { SourceFile } from '../source.ts'
import { workspaceFinder } from './belong.ts'
import { type ParsedScenarios, parseScenarios, type ScenarioDocument } from './parse.ts'
import { resolveScenarios } from './resolve.ts'

/** Scenarios ready to run against one workspace. */
export interface Suite {
  /** The workspace's folder, as files are named: '' for the one that all lie in. */
  readonly folder: string
  readonly definition: Definition
  readonly scenarios: readonly Scenario[]
}

/** A scenario that can't run: its file or its workspace has mistakes. */
export interface Unread {
  readonly name: string
  readonly file: string
  readonly line: number
}

export interface ReadScenarios {
  readonly suites: readonly Suite[]
  readonly unread: readonly Unread[]
  /** Of files of scenarios, and errors of the workspaces that they need. By file and place. */
  readonly problems: readonly Diagnostic[]
}

/**
 * Reads files of scenarios against the workspaces they belong to (`workspaceFinder`). A file with mistakes, or one whose
 * workspace has mistakes, yields no scenario to run. Pure; never throws on what it reads.
 */
export function readScenarios(
  tests: readonly SourceFile[],
  workspace: { readonly files: readonly SourceFile[]; readonly problems: readonly Diagnostic[] },
): ReadScenarios {
  const find = workspaceFinder(workspace.files, workspace.problems)
  const suites = new Map<string, { readonly definition: Definition; readonly scenarios: Scenario[] }>()
  const unread: Unread[] = []
  const problems: Diagnostic[] = []
  for (const parsed of tests.map(parseScenarios)) {
    problems.push(...parsed.problems)
    for (const document of parsed.documents) {
      const held = heldOf(parsed, document, find)
      problems.push(...held.problems)
      if (parsed.problems.length + held.problems.length > 0) unread.push(...scenariosIn(parsed, document))
      else
        for (const { folder, definition, scenarios } of held.suites) {
          const suite = suites.get(folder) ?? { definition, scenarios: [] }
          suite.scenarios.push(...scenarios)
          suites.set(folder, suite)
        }
    }
  }
  return {
    suites: [...suites].map(([folder, suite]) => ({ folder, ...suite })),
    unread,
    problems: inOrder(problems),
  }
}

/** A document against each workspace that it belongs to; mistakes of any are mistakes of all. */
function heldOf(
  { source }: ParsedScenarios,
  document: ScenarioDocument,
  find: ReturnType<typeof workspaceFinder>,
): { readonly suites: readonly Suite[]; readonly problems: readonly Diagnostic[] } {
  const { process } = document
  if (!process) return { suites: [], problems: [] }
  const suites: Suite[] = []
  const problems: Diagnostic[] = []
  for (const { folder, definition, problems: found } of find(source.name, process.text)) {
    if (!definition) {
      problems.push(...found.filter(({ severity }) => severity === 'error'))
      continue
    }
    const resolved = resolveScenarios(document, definition)
    problems.push(...resolved.problems)
    suites.push({ folder, definition, scenarios: resolved.scenarios })
  }
  return { suites, problems }
}

function scenariosIn({ source }: ParsedScenarios, { body }: ScenarioDocument): readonly Unread[] {
  return body.bodies('scenarios').flatMap((scenario) => {
    const name = scenario.string('name')
    return name ? [{ name: name.value, file: source.name, line: source.position(name.span.start).line }] : []
  })
}
