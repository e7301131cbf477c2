import { stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { convertFile, type Diagnostic, loadFile, type SourceFile } from '../../dsl/index.ts'
import { renderReport } from './diagnostics.ts'
import { showsColours } from './terminal.ts'
import { oneOf, readArguments, UsageError } from './usage.ts'

export const help = `zgoda convert FILE [--to yaml|text]

Prints a file of a workspace in the other notation, with its comments and every declaration. Changes no file:
\`zgoda convert order.zgoda > order.yaml\`.

  --to yaml   for a file of Zgoda text
  --to text   for a YAML file

Exits with 0; with 1 where the file has mistakes in its writing, which are shown; with 2 where it could not run.`

const names = { text: 'Zgoda text', yaml: 'YAML' }

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { to: { type: 'string' } }, 1)
  const [path] = positionals
  if (path === undefined) throw new UsageError('name the file: `zgoda convert FILE --to yaml|text`')
  const from = /\.ya?ml$/i.test(path) ? 'yaml' : 'text'
  const to = values.to === undefined ? undefined : oneOf('to', values.to, ['yaml', 'text'])
  if (to === from) throw new UsageError(`\`${path}\` is ${names[from]} already; \`zgoda fmt ${path}\` lays it out`)
  if (!(await stat(path).catch(() => undefined))?.isFile()) throw new UsageError(`there is no file \`${path}\``)
  const file = await loadFile(dirname(path), basename(path))
  if (!('text' in file)) return fail([file], [])
  const converted = convertFile(file)
  if ('problems' in converted) return fail(converted.problems, [file])
  process.stdout.write(converted.text)
  return 0
}

function fail(problems: readonly Diagnostic[], files: readonly SourceFile[]): 1 {
  process.stderr.write(renderReport(problems, files, { colours: showsColours(process.stderr) }))
  return 1
}
