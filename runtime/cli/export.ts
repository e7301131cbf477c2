import { once } from 'node:events'
import { OperatorError } from '../operator-error.ts'
import { callApi, namedServer } from './api-call.ts'
import { oneOf, readArguments, suggestion, UsageError } from './usage.ts'

export const help = `zgoda export cases --process P --server URL [--format csv|jsonl]

Writes all cases of a process to standard output, newest first, each as far as you may see it at its stage.
In CSV a cell that begins with = + - @ or a tab has an apostrophe before it, so that no spreadsheet runs it; \`zgoda import\` takes it off.

  --process P          the process whose cases these are
  --server URL         the server (default: ZGODA_URL); ZGODA_TOKEN is the token of a session of somebody who may see them
  --format csv|jsonl   a table (default), or a JSON object a line

Exits with 0 where all was written, with 2 where it could not run or broke off.`

export async function run(args: readonly string[]): Promise<number> {
  const options = {
    process: { type: 'string' },
    server: { type: 'string' },
    format: { type: 'string', default: 'csv' },
  } as const
  const { values, positionals } = readArguments(args, options, 1)
  const [what] = positionals
  if (what !== 'cases') {
    throw new UsageError(`export what? \`zgoda export cases --process P\`${what ? suggestion(what, ['cases']) : ''}`)
  }
  if (!values.process) throw new UsageError('name the process whose cases these are with `--process`')
  const format = oneOf('format', values.format, ['csv', 'jsonl'])
  const whose = 'the token of a session of somebody who may see these cases: docs/bulk.md says how to get one'
  const server = namedServer(values.server ?? process.env.ZGODA_URL, process.env.ZGODA_TOKEN, whose)
  const query = new URLSearchParams({ process: values.process, format })
  const { body } = await callApi(server, `/exports/cases?${query}`)
  if (body) await pour(body)
  return 0
}

/** No faster than the reader takes it. */
async function pour(body: ReadableStream<Uint8Array>): Promise<void> {
  try {
    for await (const chunk of body) if (!process.stdout.write(chunk)) await once(process.stdout, 'drain')
  } catch (error) {
    throw new OperatorError('the answer broke off: what was written is not all of it. Try again', { cause: error })
  }
}
