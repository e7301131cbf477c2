import { stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { text as textOf } from 'node:stream/consumers'
import {
  type Diagnostic,
  formatFile,
  isScenarioFile,
  isWorkspaceFile,
  loadFile,
  loadFolder,
  type SourceFile,
} from '../../dsl/index.ts'
import { renderReport } from './diagnostics.ts'
import { replaceFile } from './replace-file.ts'
import { showsColours } from './terminal.ts'
import { oneOf, readArguments, UsageError } from './usage.ts'

export const help = `zgoda fmt [DIR|FILE|-] [--check] [--notation text|yaml]

Puts the files of a workspace (default: this folder), or one file, into the one canonical layout; comments stay. Prints the
names of the files it changed. A file with mistakes in its writing is left alone, and the mistakes are shown.

  -                 reads standard input and prints the result
  --notation text   what standard input holds: Zgoda text (the default)
  --notation yaml   …or YAML
  --check           changes nothing and prints the names of files that are not in the layout

Exits with 0; with 1 where a file has mistakes or, with --check, is not in the layout; with 2 where it could not run.`

interface Found {
  readonly files: readonly SourceFile[]
  readonly problems: readonly Diagnostic[]
  /** Where a file lies, from here. */
  readonly pathOf: (name: string) => string
}

export async function run(args: readonly string[]): Promise<number> {
  const options = { check: { type: 'boolean', default: false }, notation: { type: 'string', default: 'text' } } as const
  const { values, positionals } = readArguments(args, options, 1)
  const notation = oneOf('notation', values.notation, ['text', 'yaml'])
  const [where = '.'] = positionals
  if (where === '-') return formatInput(notation, values.check)
  return formatFound(await find(where), values.check)
}

function isOurs(name: string): boolean {
  return isWorkspaceFile(name) || isScenarioFile(name)
}

async function find(where: string): Promise<Found> {
  const found = await stat(where).catch(() => undefined)
  if (!found?.isFile()) return { ...(await loadFolder(where, isOurs)), pathOf: (name) => join(where, name) }
  const file = await loadFile(dirname(where), basename(where))
  const pathOf = () => where
  return 'text' in file ? { files: [file], problems: [], pathOf } : { files: [], problems: [file], pathOf }
}

async function formatFound({ files, problems, pathOf }: Found, check: boolean): Promise<number> {
  if (files.length === 0 && problems.length === 0) {
    throw new UsageError('there is no file of a workspace here: none ends in `.zgoda`, `.yaml` or `.yml`')
  }
  const wrong = [...problems]
  let changed = 0
  for (const file of files) {
    const formatted = formatFile(file)
    if ('problems' in formatted) wrong.push(...formatted.problems)
    else if (formatted.text !== file.text) {
      if (!check) await replaceFile(pathOf(file.name), formatted.text)
      process.stdout.write(`${pathOf(file.name)}\n`)
      changed += 1
    }
  }
  report(wrong, files)
  return wrong.length > 0 || (check && changed > 0) ? 1 : 0
}

async function formatInput(notation: 'text' | 'yaml', check: boolean): Promise<number> {
  const file = { name: notation === 'yaml' ? 'input.yaml' : 'input.zgoda', text: await textOf(process.stdin) }
  const formatted = formatFile(file)
  if ('problems' in formatted) {
    report(formatted.problems, [file])
    return 1
  }
  const same = formatted.text === file.text
  if (!check) process.stdout.write(formatted.text)
  else if (!same) process.stdout.write('-\n')
  return check && !same ? 1 : 0
}

function report(problems: readonly Diagnostic[], files: readonly SourceFile[]): void {
  if (problems.length === 0) return
  process.stderr.write(renderReport(problems, files, { colours: showsColours(process.stderr) }))
}
