import { DeployServer } from './deploy-server.ts'
import { planInWords } from './plan-words.ts'
import { proposedFiles } from './proposed.ts'
import { oneOf, readArguments } from './usage.ts'

export const help = `zgoda plan [DIR] --server URL [--new-cases-only] [--replay] [--format text|json]

Compares the workspace in DIR (default: this folder) with what a server runs, and says what changes in meaning, what becomes of the
open cases, which clients must be asked again, and what has to be put right first. Nothing is changed.

  --server URL         the server (default: ZGODA_URL); ZGODA_TOKEN is what it has as ZGODA_DEPLOY_TOKEN
  --new-cases-only     open cases stay on the version that they run on
  --replay             plays the last 500 past cases of each process again and lists those that would have ended otherwise
  --format json        the same as data, for review bots

Exits with 0 where it can be applied, with 1 where something is in the way, with 2 where it could not run.`

export async function run(args: readonly string[]): Promise<number> {
  const options = {
    server: { type: 'string' },
    'new-cases-only': { type: 'boolean', default: false },
    replay: { type: 'boolean', default: false },
    format: { type: 'string', default: 'text' },
  } as const
  const { values, positionals } = readArguments(args, options, 1)
  const format = oneOf('format', values.format, ['text', 'json'])
  const server = new DeployServer(values.server ?? process.env.ZGODA_URL, process.env.ZGODA_TOKEN)
  const files = await proposedFiles(positionals[0] ?? '.')
  if (!files) return 1
  const plan = await server.plan(files, { newCasesOnly: values['new-cases-only'], replay: values.replay })
  process.stdout.write(format === 'json' ? `${JSON.stringify(plan, null, 2)}\n` : planInWords(plan))
  return plan.needs.length > 0 ? 1 : 0
}
