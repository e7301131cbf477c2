import { styleText } from 'node:util'
import type { Check } from '../../dsl/index.ts'
import { checks } from '../checked-workspace.ts'
import { showsColours } from './terminal.ts'
import { oneOf, readArguments, short, suggestion, UsageError } from './usage.ts'

export const help = `zgoda explain [CODE] [--format text|json]

Tells all about a check: its rule, the legal source where it has one, an example that is wrong and the same put right, in
Zgoda text and in YAML. Without CODE, lists all checks.

  --format text   for people (the default)
  --format json   the check as an object; without CODE, { "checks": [ … ] }

Exits with 0, or with 2 where there is no such code.`

const groups: Readonly<Record<string, string>> = {
  Z1: 'The text and its files',
  Z2: 'Names and types',
  Z3: 'The way of a case',
  Z4: 'Data protection',
}

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { format: { type: 'string', default: 'text' } }, 1)
  const format = oneOf('format', values.format, ['text', 'json'])
  const [code] = positionals
  const found = code === undefined ? undefined : find(code)
  if (format === 'json') print(JSON.stringify(found ?? { checks }, null, 2))
  else print(found ? explained(found) : list())
  return 0
}

function find(code: string): Check {
  const wanted = code.toUpperCase()
  const found = checks.find((check) => check.code === wanted)
  if (found) return found
  const hint = suggestion(
    wanted,
    checks.map((check) => check.code),
  )
  throw new UsageError(`there is no check \`${short(code)}\`${hint}; \`zgoda explain\` lists them all`)
}

function list(): string {
  const listed = Object.entries(groups).flatMap(([prefix, title]) => {
    const members = checks.filter((check) => check.code.startsWith(prefix))
    const rows = members.map(
      ({ code, title: words, severity }) => `  ${code}  ${words}${severity === 'warning' ? ' (warning)' : ''}`,
    )
    return rows.length > 0 ? [[heading(title), ...rows].join('\n')] : []
  })
  return [...listed, '`zgoda explain CODE` says more about one.'].join('\n\n')
}

function explained(check: Check): string {
  const { code, severity, title, rule, source, wrong, right, wrongYaml, rightYaml } = check
  return [
    `${heading(code)} ${severity}: ${title}`,
    wrapped(rule),
    ...(source ? [`Source: ${source}`] : []),
    example('Wrong', wrong),
    example('Right', right),
    example('Wrong, in YAML', wrongYaml),
    example('Right, in YAML', rightYaml),
  ].join('\n\n')
}

function example(title: string, text: string): string {
  return `${heading(title)}\n\n${text.trimEnd().replace(/^(?=.)/gm, '    ')}`
}

function wrapped(words: string): string {
  return words.replace(/(.{1,100})(?: |$)/g, '$1\n').trimEnd()
}

function heading(words: string): string {
  return showsColours(process.stdout) ? styleText('bold', words, { validateStream: false }) : words
}

function print(words: string): void {
  process.stdout.write(`${words}\n`)
}
