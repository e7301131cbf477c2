import { checkFolder, type Diagnostic } from '../../dsl/index.ts'
import type { Definition } from '../../engine/definition.ts'
import { evidenceOf, languages, type Report, reportOf } from '../../engine/report/index.ts'
import { systemClock } from '../clock.ts'
import { playScenarios } from './report-scenarios.ts'
import { noWorkspace, oneOf, readArguments, UsageError } from './usage.ts'

export const help = `zgoda report [DIR] [--to md|html|json] [--register csv|json|html] [--language en|pl]

Reports how the workspace in DIR (default: this folder) keeps the law: for each requirement and process whether it is proved,
enforced, tested or broken, and what shows it; who sees what at which stage; a picture of each process; and the record of
processing activities. It runs the check and the scenarios itself. Prints to standard output: \`zgoda report --to html > report.html\`.

  --to md              Markdown, as code hosts show it (the default)
  --to html            one file that needs nothing else, for reading and printing
  --to json            the same as data
  --register csv       the record of processing activities alone (GDPR Art. 30(1)), as RFC 4180 has it
  --register json      the same as data
  --register html      the same as one file
  --language en|pl     the report's own words (default: en), and titles and texts that the workspace has in that language

Exits with 0, with 1 where something is broken or the workspace can't be read without errors, with 2 where it could not run.`

const forms = ['md', 'html', 'json'] as const
const registers = ['csv', 'json', 'html'] as const

/** Each loads what it needs alone: pictures need Graphviz, which is large. */
const written: Readonly<Record<(typeof forms)[number], (report: Report, of: Definition) => Promise<string>>> = {
  md: async (report, definition) => {
    const { picturesOf, reportInMarkdown } = await import('../../engine/report/index.ts')
    return reportInMarkdown(report, picturesOf(definition, report))
  },
  html: async (report, definition) => {
    const { picturesOf, reportInHtml } = await import('../../engine/report/index.ts')
    const { toSvg } = await import('../../engine/render/svg.ts')
    return reportInHtml(report, await Promise.all(picturesOf(definition, report).map((picture) => toSvg([picture]))))
  },
  json: async (report) => json(report),
}

const writtenRegister: Readonly<Record<(typeof registers)[number], (report: Report) => Promise<string>>> = {
  csv: async ({ register, language }) =>
    (await import('../../engine/report/index.ts')).registerInCsv(register, language),
  html: async (report) => (await import('../../engine/report/index.ts')).registerInHtml(report),
  json: async ({ register }) => json(register),
}

export async function run(args: readonly string[]): Promise<number> {
  const options = {
    to: { type: 'string' },
    register: { type: 'string' },
    language: { type: 'string', default: 'en' },
  } as const
  const { values, positionals } = readArguments(args, options, 1)
  if (values.to !== undefined && values.register !== undefined) {
    throw new UsageError('`--register` prints the register alone: leave `--to` out')
  }
  const to = oneOf('to', values.to ?? 'md', forms)
  const register = values.register === undefined ? undefined : oneOf('register', values.register, registers)
  const language = oneOf('language', values.language, languages)
  const dir = positionals[0] ?? '.'
  const { definition, problems, files } = await checkFolder(dir)
  if (files.length === 0 && problems.length === 0) throw noWorkspace(dir)
  if (!definition) return refuse(dir, problems)
  const evidence = evidenceOf(definition, await playScenarios(dir, files))
  const report = reportOf(definition, evidence, { language, made: systemClock.now().slice(0, 10) })
  process.stdout.write(register ? await writtenRegister[register](report) : await written[to](report, definition))
  return isBroken(report) ? 1 : 0
}

/** Warnings are told, and do not make the answer a no. */
function isBroken({ compliance: { rows, other } }: Report): boolean {
  const reasons = [...other, ...rows.flatMap(({ cells }) => cells.flatMap((cell) => cell.reasons))]
  return reasons.some((reason) => reason.kind === 'broken' && reason.severity === 'error')
}

function refuse(dir: string, problems: readonly Diagnostic[]): number {
  for (const { code, severity, message, file, line, column } of problems) {
    process.stderr.write(`${file}:${line}:${column}: ${severity} ${code}: ${message}\n`)
  }
  process.stderr.write(`\nThe workspace in ${dir} has mistakes: \`zgoda check ${dir}\` shows them in full.\n`)
  return 1
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
