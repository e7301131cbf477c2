import { once } from 'node:events'
import { readConfig } from '../config.ts'
import { createLog } from '../log.ts'
import { OperatorError } from '../operator-error.ts'
import { erasuresAfter } from '../store/erasure.ts'
import { callApi, namedServer } from './api-call.ts'
import { needed } from './needed.ts'
import { onPreparedDatabase } from './on-database.ts'
import { oneOf, readArguments, short, suggestion, UsageError } from './usage.ts'

export const help = `zgoda export cases --process P --server URL [--format csv|jsonl]
zgoda export erasures [--since TIME]

\`cases\` writes all cases of a process to the standard output, newest first, each as far as you may see it at its stage.
In CSV a cell that begins with = + - @ or a tab has an apostrophe before it, so that no spreadsheet runs it; \`zgoda import\` takes it off.

  --process P          the process whose cases these are
  --server URL         the server (default: ZGODA_URL); ZGODA_TOKEN is the token of a session of somebody who may see them
  --format csv|jsonl   a table (default), or a JSON object a line

\`erasures\` writes the record of each erasure to the standard output, one line of JSON each, from the database in ZGODA_DATABASE_URL.
They hold no personal data. Keep them apart from the backups, so that \`zgoda restore --replay-erasures\` can erase again
whom a restored backup brings back.

  --since TIME         leaves out those before a time, such as 2026-11-24

Exits with 0 where all was written, with 2 where it could not run or broke off.`

const page = 1_000

export async function run([what, ...args]: readonly string[]): Promise<number> {
  if (what === 'cases') return exportCases(args)
  if (what === 'erasures') return exportErasures(args)
  const meant = what === undefined ? '' : suggestion(what, ['cases', 'erasures'])
  throw new UsageError(`export what? \`zgoda export cases --process P\` or \`zgoda export erasures\`${meant}`)
}

async function exportCases(args: readonly string[]): Promise<number> {
  const options = {
    process: { type: 'string' },
    server: { type: 'string' },
    format: { type: 'string', default: 'csv' },
  } as const
  const { values } = readArguments(args, options, 0)
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

async function exportErasures(args: readonly string[]): Promise<number> {
  const { values } = readArguments(args, { since: { type: 'string' } }, 0)
  const since = values.since === undefined ? null : timeIn(values.since)
  const config = readConfig()
  const url = needed(config.databaseUrl, 'ZGODA_DATABASE_URL', 'the database whose erasures are written out')
  await onPreparedDatabase(url, createLog(config.logLevel), async ({ pool }) => {
    for (let after: string | null = null; ; ) {
      const records = await erasuresAfter(pool, { after, since, limit: page })
      process.stdout.write(records.map((record) => `${JSON.stringify(record)}\n`).join(''))
      if (records.length < page) return
      after = records.at(-1)?.clientId ?? null
    }
  })
  return 0
}

function timeIn(text: string): string {
  const time = new Date(text)
  if (!Number.isNaN(time.getTime())) return time.toISOString()
  throw new UsageError(`\`--since\` takes a time, such as 2026-11-24 or 2026-11-24T10:00:00Z, not \`${short(text)}\``)
}
