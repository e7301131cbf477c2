import { createInterface } from 'node:readline/promises'
import { DeployServer } from './deploy-server.ts'
import { planInWords } from './plan-words.ts'
import { proposedFiles } from './proposed.ts'
import { readArguments } from './usage.ts'

export const help = `zgoda apply [DIR] --server URL [--new-cases-only] [--yes]

Shows what \`zgoda plan\` shows and makes the workspace in DIR (default: this folder) run on a server, with its open cases, in one
transaction or not at all. On a terminal it asks first; what was applied by somebody else meanwhile stops it.

  --server URL         the server (default: ZGODA_URL); ZGODA_TOKEN is what it has as ZGODA_DEPLOY_TOKEN
  --new-cases-only     open cases stay on the version that they run on
  --yes                does not ask

Exits with 0 where it was applied, with 1 where something is in the way or the answer was no, with 2 where it could not run.`

export async function run(args: readonly string[]): Promise<number> {
  const options = {
    server: { type: 'string' },
    'new-cases-only': { type: 'boolean', default: false },
    yes: { type: 'boolean', default: false },
  } as const
  const { values, positionals } = readArguments(args, options, 1)
  const server = new DeployServer(values.server ?? process.env.ZGODA_URL, process.env.ZGODA_TOKEN)
  const files = await proposedFiles(positionals[0] ?? '.')
  if (!files) return 1
  const newCasesOnly = values['new-cases-only']
  const plan = await server.plan(files, { newCasesOnly, replay: false })
  process.stdout.write(planInWords(plan))
  if (plan.needs.length > 0) return 1
  if (plan.current.hash === plan.proposed.hash) return 0
  if (!values.yes && process.stdin.isTTY && !(await agreed())) return 1
  const { moved } = await server.apply(files, { newCasesOnly, basedOn: plan.current.hash })
  process.stdout.write(`\nApplied; ${moved} open case${moved === 1 ? ' goes' : 's go'} on by it.\n`)
  return 0
}

async function agreed(): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    return /^y(es)?$/i.test((await terminal.question('\nApply this? [y/N] ')).trim())
  } finally {
    terminal.close()
  }
}
