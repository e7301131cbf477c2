import type { Diagnostic, ReadScenarios, Suite } from '../../dsl/index.ts'
import { compile, type Machine } from '../../engine/machine.ts'
import { type Coverage, coverageOf } from '../../engine/simulate/coverage.ts'
import { simulate, type Telling } from '../../engine/simulate/play.ts'
import type { OwnWords } from '../../engine/simulate/reply.ts'
import type { Scenario } from '../../engine/simulate/scenario.ts'
import { failureInWords, type StepInWords, storyInWords } from '../../engine/simulate/story.ts'

/** How all scenarios of a folder went. */
export interface Tested {
  /** By file and place; each once, against however many workspaces it was held. */
  readonly scenarios: readonly TestedScenario[]
  /** Why scenarios could not run. */
  readonly problems: readonly Diagnostic[]
  readonly coverage: readonly SuiteCoverage[]
}

export interface TestedScenario {
  readonly name: string
  readonly file: string
  readonly line: number
  readonly failure?: FailureReport
}

export interface FailureReport {
  readonly file: string
  readonly line: number
  /** The workspace against which it failed, where there are several. */
  readonly against?: string
  /** What differs, or why it could not run. */
  readonly lines: readonly string[]
  /** Up to the step that failed, which is the last. */
  readonly story: readonly StepInWords[]
  /** It has not run: its file or its workspace has mistakes. */
  readonly unread?: true
}

export interface SuiteCoverage {
  readonly folder: string
  readonly processes: readonly Coverage[]
}

/** Plays all scenarios; each process is compiled once. */
export function testAll({ suites, unread, problems }: ReadScenarios, ownWords: OwnWords): Tested {
  const scenarios = new Map<string, TestedScenario>()
  const coverage = suites.map((suite) => testSuite(suite, suites.length > 1, ownWords, scenarios))
  const lines = ['not run: its file or its workspace has mistakes']
  for (const { name, file, line } of unread) {
    scenarios.set(`${file}:${line}`, { name, file, line, failure: { file, line, lines, story: [], unread: true } })
  }
  return { scenarios: [...scenarios.values()].toSorted(byPlace), problems, coverage }
}

function byPlace(a: TestedScenario, b: TestedScenario): number {
  return a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1
}

/** Adds what became of a workspace's scenarios; a scenario that has failed against another workspace stays failed. */
function testSuite(
  { folder, definition, scenarios }: Suite,
  isOneOfSeveral: boolean,
  ownWords: OwnWords,
  tested: Map<string, TestedScenario>,
): SuiteCoverage {
  const tellings = new Map<string, { readonly machine: Machine; readonly told: Telling[] }>()
  for (const process of Object.keys(definition.processes)) {
    tellings.set(process, { machine: compile(definition, process), told: [] })
  }
  for (const scenario of scenarios) {
    const of = tellings.get(scenario.process)
    if (!of) continue
    const telling = simulate(of.machine, scenario, ownWords)
    of.told.push(telling)
    const { name, at } = scenario
    const key = `${at.file}:${at.line}`
    if (tested.get(key)?.failure) continue
    const failure = failureOf(of.machine, telling, scenario, isOneOfSeveral ? folder : undefined)
    tested.set(key, { name, file: at.file, line: at.line, ...(failure && { failure }) })
  }
  return { folder, processes: [...tellings.values()].map(({ machine, told }) => coverageOf(machine, told)) }
}

function failureOf(
  machine: Machine,
  { failure, story }: Telling,
  { at }: Scenario,
  against: string | undefined,
): FailureReport | undefined {
  if (!failure) return undefined
  return {
    file: at.file,
    line: failure.step.at.line,
    ...(against !== undefined && { against }),
    lines: failureInWords(failure),
    story: storyInWords(machine, story),
  }
}

/** How much of everything scenarios have shown, from 0 to 1; where there is nothing to show, all of it. */
export function ratiosOf(coverage: readonly SuiteCoverage[]): {
  readonly transitions: number
  readonly stages: number
} {
  const [stages, transitions] = (['stages', 'transitions'] as const).map((key) => {
    const { covered, total } = sumOf(coverage, key)
    return total === 0 ? 1 : covered / total
  })
  return { transitions: transitions ?? 1, stages: stages ?? 1 }
}

/** All parts of one kind together. */
export function sumOf(
  coverage: readonly SuiteCoverage[],
  key: 'stages' | 'transitions',
): { readonly covered: number; readonly total: number } {
  const parts = coverage.flatMap(({ processes }) => processes.map((process) => process[key]))
  return {
    covered: parts.reduce((sum, part) => sum + part.covered, 0),
    total: parts.reduce((sum, part) => sum + part.total, 0),
  }
}
