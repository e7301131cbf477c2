import { checkFolder } from '../../dsl/index.ts'
import { countProblems, renderReport } from './diagnostics.ts'
import { readArguments, UsageError } from './usage.ts'

export const help = `zgoda check [DIR] [--format text|json]

Reads the workspace in DIR (default: this folder) and reports everything that is wrong with it, each problem with its
code, its place and what to do.

  --format text   for people (the default)
  --format json   { "problems": [ … ], "counts": { "errors", "warnings" } }

Exits with 0 where there is nothing but warnings, 1 where there are errors, 2 where it could not run.`

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { format: { type: 'string', default: 'text' } }, 1)
  const format = values.format
  if (format !== 'text' && format !== 'json') {
    throw new UsageError(`\`${format}\` is no format; write \`--format text\` or \`--format json\``)
  }
  const dir = positionals[0] ?? '.'
  const { problems, files } = await checkFolder(dir)
  if (files.length === 0 && problems.length === 0) {
    throw new UsageError(`\`${dir}\` holds no workspace: there is no \`.zgoda\` or \`.yaml\` file in it`)
  }
  const counts = countProblems(problems)
  const report =
    format === 'json'
      ? `${JSON.stringify({ problems, counts }, null, 2)}\n`
      : renderReport(problems, files, { colours: process.stdout.isTTY && process.stdout.hasColors() })
  process.stdout.write(report)
  return counts.errors > 0 ? 1 : 0
}
