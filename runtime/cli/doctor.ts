import { resolveTxt } from 'node:dns/promises'
import { styleText } from 'node:util'
import { systemClock } from '../clock.ts'
import { examine } from '../doctor/examine.ts'
import type { Finding } from '../doctor/finding.ts'
import { showsColours } from './terminal.ts'
import { oneOf, readArguments } from './usage.ts'

export const help = `zgoda doctor [DIR] [--format text|json]

Looks at the settings and at every part they name (the workspace in DIR, default this folder; the database; the mail
servers; DNS; files) and says of each whether it is good, and what to do where it is not. It changes nothing and prints
no secret. Run it on the machine and as the user that will run the server.

Exits with 0 where nothing is bad, 1 where something is, 2 where it could not run.`

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { format: { type: 'string', default: 'text' } }, 1)
  const format = oneOf('format', values.format, ['text', 'json'])
  const findings = await examine(positionals[0] ?? '.', { clock: systemClock, resolveTxt })
  const counts = { good: 0, note: 0, bad: 0 }
  for (const { state } of findings) counts[state] += 1
  process.stdout.write(format === 'json' ? `${JSON.stringify({ findings, counts })}\n` : inWords(findings, counts.bad))
  return counts.bad > 0 ? 1 : 0
}

const colours = { good: 'green', note: 'yellow', bad: 'red' } as const

function inWords(findings: readonly Finding[], wrong: number): string {
  const width = Math.max(...findings.map(({ part }) => part.length))
  const colour = showsColours(process.stdout)
  const lines = findings.map(({ part, state, says, todo }) => {
    const word = state.padEnd(4)
    const mark = colour ? styleText(colours[state], word, { validateStream: false }) : word
    const what = todo === undefined ? '' : `\n${' '.repeat(width + 8)}${todo}`
    return `${mark}  ${part.padEnd(width)}  ${says}${what}\n`
  })
  const sum = wrong === 0 ? 'Nothing is bad.' : `${wrong} ${wrong === 1 ? 'thing is' : 'things are'} bad.`
  return `${lines.join('')}\n${sum}\n`
}
