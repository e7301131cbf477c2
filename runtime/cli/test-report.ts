import { styleText } from 'node:util'
import type { SourceFile } from '../../dsl/index.ts'
import type { Coverage, Part } from '../../engine/simulate/coverage.ts'
import { clean, type Look, renderReport } from './diagnostics.ts'
import { type FailureReport, type SuiteCoverage, sumOf, type Tested, type TestedScenario } from './test-run.ts'

/** What a report takes in, beside how the scenarios went. */
export interface Reporting extends Look {
  /** Files to quote from where they have mistakes. */
  readonly files: readonly SourceFile[]
  /** Whether it lists what no scenario shows. */
  readonly coverage: boolean
}

/** Scenarios as people read them: each by its name, the story of those that failed, and how much they show. */
export function renderTested(tested: Tested, reporting: Reporting): string {
  const { scenarios, problems, coverage } = tested
  const failed = scenarios.filter(({ failure }) => failure && !failure.unread)
  const parts = [
    ...listsByFile(scenarios, reporting),
    ...failed.flatMap(({ name, failure }) => (failure ? [renderFailure(name, failure, reporting)] : [])),
    ...(problems.length > 0 ? [renderReport(problems, reporting.files, reporting).trimEnd()] : []),
    ...(reporting.coverage ? coverage.flatMap((suite) => renderCoverage(suite, coverage.length > 1)) : []),
    summary(tested),
  ]
  return `${parts.join('\n\n')}\n`
}

function listsByFile(scenarios: readonly TestedScenario[], look: Look): readonly string[] {
  const files = Map.groupBy(scenarios, ({ file }) => file)
  return [...files].map(([file, listed]) => [clean(file), ...listed.map((each) => listing(each, look))].join('\n'))
}

function listing({ name, failure }: TestedScenario, look: Look): string {
  const mark = failure?.unread
    ? paint(look, 'yellow', 'not run')
    : failure
      ? paint(look, 'red', 'FAILED ')
      : paint(look, 'green', 'passed ')
  return `  ${mark}  ${clean(name)}`
}

function renderFailure(name: string, failure: FailureReport, look: Look): string {
  const head = `${paint(look, 'red', 'FAILED')}  ${paint(look, 'bold', clean(name))}`
  return [head, ...failureLines(failure, look).map((line) => `  ${line}`)].join('\n')
}

/** What is wrong and where, then the story up to there; the step that failed is its last. */
export function failureLines({ file, line, against, lines, story }: FailureReport, look: Look): readonly string[] {
  const where = against === undefined ? '' : ` (against ${clean(against)})`
  const width = String(story.length).length
  return [
    `${paint(look, 'blue', `${clean(file)}:${line}`)}${where}`,
    ...lines.map((each) => `  ${paint(look, 'bold', clean(each))}`),
    ...story.flatMap(({ words, at, outcome }, index) => [
      `${String(index + 1).padStart(width)}. ${clean(words)}  ${paint(look, 'blue', clean(at))}`,
      ...outcome.map((each) => `${' '.repeat(width)}  ${clean(each)}`),
    ]),
  ]
}

function renderCoverage({ folder, processes }: SuiteCoverage, isOneOfSeveral: boolean): readonly string[] {
  const where = isOneOfSeveral ? ` in ${clean(folder)}` : ''
  return processes.map((process) => {
    const { stages, transitions } = process
    const head = `process ${process.process}${where}: ${share(transitions, 'transitions')}, ${share(stages, 'stages')}`
    return [head, ...missingIn(process)].join('\n')
  })
}

function missingIn({ stages, transitions }: Coverage): readonly string[] {
  const list = (what: string, { missing }: Part) =>
    missing.map(({ words, at }) => `  no scenario ${what} ${clean(words)}  ${clean(at.file)}:${at.line}`)
  return [...list('comes to', stages), ...list('takes', transitions)]
}

function share({ covered, total }: Pick<Part, 'covered' | 'total'>, what: string): string {
  return `${covered} of ${total} ${what}`
}

function summary({ scenarios, coverage }: Tested): string {
  const failed = scenarios.filter(({ failure }) => failure && !failure.unread).length
  const unread = scenarios.filter(({ failure }) => failure?.unread).length
  const count = `${scenarios.length} ${scenarios.length === 1 ? 'scenario' : 'scenarios'}`
  const passed = scenarios.length - failed - unread
  const notRun = unread > 0 ? `, ${unread} not run` : ''
  const against = coverage.length > 1 ? ` (against ${coverage.map(({ folder }) => clean(folder)).join(' and ')})` : ''
  const shown = `${share(sumOf(coverage, 'transitions'), 'transitions')}, ${share(sumOf(coverage, 'stages'), 'stages')}`
  return `${count}: ${passed} passed, ${failed} failed${notRun}${against}${coverage.length > 0 ? `; shown: ${shown}` : ''}`
}

function paint(look: Look, style: 'red' | 'yellow' | 'green' | 'blue' | 'bold', words: string): string {
  return look.colours ? styleText(style, words, { validateStream: false }) : words
}
