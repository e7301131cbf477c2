import { isWorkspaceFile } from '../../dsl/index.ts'
import { checkWorkspace } from '../checked-workspace.ts'
import { countProblems, renderReport } from './diagnostics.ts'
import { type Report, reportAgain } from './report-again.ts'
import { showsColours } from './terminal.ts'
import { noWorkspace, oneOf, readArguments } from './usage.ts'

export const help = `zgoda check [DIR] [--format text|json|sarif] [--watch]

Reads the workspace in DIR (default: this folder) and reports everything that is wrong with it, each problem with its
code, its place and what to do. \`zgoda explain CODE\` says more about a code.

  --format text    for people (the default)
  --format json    { "problems": [ … ], "counts": { "errors", "warnings" } }
  --format sarif   SARIF 2.1.0, for code hosts and editors; places are relative to DIR
  --watch          checks again as files change, until Ctrl-C; with json and sarif each report is one line

Exits with 0 where there is nothing but warnings, 1 where there are errors, 2 where it could not run. With --watch, as the
last check would have.`

const formats = ['text', 'json', 'sarif'] as const
type Format = (typeof formats)[number]

export async function run(args: readonly string[]): Promise<number> {
  const options = { format: { type: 'string', default: 'text' }, watch: { type: 'boolean', default: false } } as const
  const { values, positionals } = readArguments(args, options, 1)
  const format = oneOf('format', values.format, formats)
  const dir = positionals[0] ?? '.'
  if (values.watch) {
    const report = () => check(dir, format, 0)
    return reportAgain(dir, { command: 'check', isFramed: format === 'text', wanted: isWorkspaceFile, report })
  }
  const { code, report } = await check(dir, format, 2)
  process.stdout.write(report)
  return code
}

async function check(dir: string, format: Format, indent: number): Promise<Report> {
  const { problems, files } = await checkWorkspace(dir)
  if (files.length === 0 && problems.length === 0) {
    throw noWorkspace(dir)
  }
  const counts = countProblems(problems)
  const code = counts.errors > 0 ? 1 : 0
  if (format === 'text')
    return { code, report: renderReport(problems, files, { colours: showsColours(process.stdout) }) }
  const report = format === 'json' ? { problems, counts } : (await import('./sarif.ts')).sarifLog(problems, dir)
  return { code, report: `${JSON.stringify(report, null, indent)}\n` }
}
