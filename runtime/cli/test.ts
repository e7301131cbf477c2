import { readdir } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import {
  type Folder,
  isScenarioFile,
  isWorkspaceFile,
  loadFolder,
  type ReadScenarios,
  readScenarios,
  type SourceFile,
} from '../../dsl/scenarios/index.ts'
import type { Scenario } from '../../engine/simulate/scenario.ts'
import { ownWordsFor } from './own-words.ts'
import { type Report, reportAgain } from './report-again.ts'
import { showsColours } from './terminal.ts'
import { failureLines, renderTested } from './test-report.ts'
import { ratiosOf, type Tested, testAll } from './test-run.ts'
import { noWorkspace, oneOf, readArguments, UsageError } from './usage.ts'

export const help = `zgoda test [DIR] [--format text|json|junit] [--coverage] [--watch]

Plays the scenarios in DIR (default: this folder), the files \`*.test.yaml\`, without database or mail and on a clock of their
own. A file belongs to the nearest folder above it that is a workspace by itself and declares its process; where subfolders
declare it each by itself, to each of them.

  --format text     for people (the default): the story of each scenario that failed
  --format json     { "scenarios": [ … ], "passed", "failed", "coverage": { "transitions", "stages" } }
  --format junit    JUnit XML, for CI servers
  --coverage        lists the stages and transitions that no scenario shows
  --watch           plays them again as files change, until Ctrl-C; with json each report is one line

Exits with 0 where all have passed, 1 where some have failed or could not run, 2 where none could. With --watch, as the last
run would have.`

const formats = ['text', 'json', 'junit'] as const
type Format = (typeof formats)[number]

interface Asked {
  readonly format: Format
  readonly coverage: boolean
  /** Of JSON. */
  readonly indent: number
}

export async function run(args: readonly string[]): Promise<number> {
  const options = {
    format: { type: 'string', default: 'text' },
    coverage: { type: 'boolean', default: false },
    watch: { type: 'boolean', default: false },
  } as const
  const { values, positionals } = readArguments(args, options, 1)
  const asked = { format: oneOf('format', values.format, formats), coverage: values.coverage }
  const dir = positionals[0] ?? '.'
  if (values.watch) {
    const look = () => test(dir, { ...asked, indent: 0 })
    const watched = (await folderAround(dir)) ?? dir
    return reportAgain(watched, { command: 'test', isFramed: asked.format === 'text', wanted: isOurs, report: look })
  }
  const { code, report } = await test(dir, { ...asked, indent: 2 })
  process.stdout.write(report)
  return code
}

function isOurs(name: string): boolean {
  return isWorkspaceFile(name) || isScenarioFile(name)
}

async function test(dir: string, { format, coverage, indent }: Asked): Promise<Report> {
  const { tests, workspace } = await load(dir)
  const read = readScenarios(tests.files, workspace)
  const problems = [...tests.problems, ...read.problems]
  const tested = testAll({ ...read, problems }, await ownWordsFor(scenariosIn(read)))
  if (tested.scenarios.length + problems.length === 0) throw noScenarios(dir, 'its `*.test.yaml` files are empty')
  const code = codeOf(tested)
  if (format === 'json') return { code, report: `${JSON.stringify(plain(tested), null, indent)}\n` }
  if (format === 'junit') return { code, report: (await import('./junit.ts')).junitXml(tested) }
  const files = [...tests.files, ...workspace.files]
  return { code, report: renderTested(tested, { files, coverage, colours: showsColours(process.stdout) }) }
}

function scenariosIn({ suites }: ReadScenarios): readonly Scenario[] {
  return suites.flatMap(({ scenarios }) => scenarios)
}

function codeOf({ scenarios, problems }: Tested): number {
  if (!scenarios.some(({ failure }) => !failure?.unread)) return 2
  return problems.length > 0 || scenarios.some(({ failure }) => failure) ? 1 : 0
}

function plain({ scenarios, problems, coverage }: Tested): object {
  const failed = scenarios.filter(({ failure }) => failure).length
  return {
    scenarios: scenarios.map(({ name, file, line, failure }) => ({
      name,
      file,
      line,
      passed: !failure,
      failure: failure ? failureLines(failure, { colours: false }).join('\n') : null,
    })),
    passed: scenarios.length - failed,
    failed,
    coverage: ratiosOf(coverage),
    ...(problems.length > 0 && { problems }),
  }
}

/** The files of scenarios in a folder, and those of the workspace in it or, where it holds none, around it. */
async function load(dir: string): Promise<{ readonly tests: Folder; readonly workspace: Folder }> {
  const all = await loadFolder(dir, isOurs)
  const tests = part(all, isScenarioFile)
  if (tests.files.length + tests.problems.length === 0) {
    throw noScenarios(dir, 'there is no `*.test.yaml` file in it')
  }
  const workspace = part(all, (name) => !isScenarioFile(name))
  if (workspace.files.length + workspace.problems.length > 0) return { tests, workspace }
  const around = await folderAround(dir)
  if (around === undefined) throw noWorkspace(dir)
  return { tests, workspace: await loadAround(around, dir) }
}

function noScenarios(dir: string, because: string): UsageError {
  return new UsageError(`\`${dir}\` holds no scenarios: ${because}`)
}

function part({ files, problems }: Folder, isOfIt: (name: string) => boolean): Folder {
  return {
    files: files.filter(({ name }) => isOfIt(basename(name))),
    problems: problems.filter(({ file }) => isOfIt(basename(file))),
  }
}

/** The nearest folder above that holds a file of a workspace itself; nothing where `dir` holds one, at any depth. */
async function folderAround(dir: string): Promise<string | undefined> {
  const inside = await loadFolder(dir)
  if (inside.files.length + inside.problems.length > 0) return undefined
  for (let folder = resolve(dir); dirname(folder) !== folder; ) {
    folder = dirname(folder)
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
    if (entries.some((entry) => entry.isFile() && isWorkspaceFile(entry.name))) return folder
  }
  return undefined
}

/** The workspace around a folder, its files named as they are seen from that folder. */
async function loadAround(around: string, dir: string): Promise<Folder> {
  const { files, problems } = await loadFolder(around)
  const seen = (name: string) => relative(resolve(dir), join(around, name)).split(sep).join('/')
  const renamed = ({ name, text }: SourceFile): SourceFile => ({ name: seen(name), text })
  return { files: files.map(renamed), problems: problems.map((each) => ({ ...each, file: seen(each.file) })) }
}
