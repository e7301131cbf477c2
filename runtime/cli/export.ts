import { once } from 'node:events'
import type pg from 'pg'
import { readConfig } from '../config.ts'
import { createLog } from '../log.ts'
import { OperatorError } from '../operator-error.ts'
import { consentsAfter, type ExportedConsent } from '../store/clients.ts'
import { erasuresAfter, type StoredErasure } from '../store/erasure.ts'
import { callApi, namedServer } from './api-call.ts'
import { needed } from './needed.ts'
import { onPreparedDatabase } from './on-database.ts'
import { oneOf, readArguments, short, suggestion, UsageError } from './usage.ts'

export const help = `zgoda export cases --process P --server URL [--format csv|jsonl]
zgoda export erasures [--since TIME]
zgoda export consents [--since TIME]

\`cases\` writes all cases of a process to the standard output, newest first, each as far as you may see it at its stage.
In CSV a cell that begins with = + - @ or a tab has an apostrophe before it, so that no spreadsheet runs it; \`zgoda import\` takes it off.

  --process P          the process whose cases these are
  --server URL         the server (default: ZGODA_URL); ZGODA_TOKEN is the token of a session of somebody who may see them
  --format csv|jsonl   a table (default), or a JSON object a line

\`erasures\` writes the record of each erasure to the standard output, one line of JSON each, from the database in ZGODA_DATABASE_URL.
They hold no personal data. Keep them apart from the backups, so that \`zgoda restore --replay-erasures\` can erase again
whom a restored backup brings back.

\`consents\` writes the record of each decision about a consent in the same way, with the client's id, the purpose and its version, the state, when, how, and the words
that were shown with their notice's hash. What shows it stays in the vault: the receipt of a client has it.

  --since TIME         leaves out those before a time, such as 2026-11-24

Exits with 0 where all was written, with 2 where it could not run or broke off.`

const page = 1_000

export async function run([what, ...args]: readonly string[]): Promise<number> {
  if (what === 'cases') return exportCases(args)
  if (what === 'erasures') return exportErasures(args)
  if (what === 'consents') return exportConsents(args)
  const meant = what === undefined ? '' : suggestion(what, ['cases', 'erasures', 'consents'])
  throw new UsageError(
    `export what? \`zgoda export cases --process P\`, \`zgoda export erasures\` or \`zgoda export consents\`${meant}`,
  )
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
  return exportRecords(args, 'the database whose erasures are written out', (pool, since) =>
    pages<StoredErasure>((last) => erasuresAfter(pool, { after: last?.clientId ?? null, since, limit: page })),
  )
}

async function exportConsents(args: readonly string[]): Promise<number> {
  return exportRecords(args, 'the database whose consents are written out', (pool, since) =>
    pages<ExportedConsent>((last) => consentsAfter(pool, { after: last ?? null, since, limit: page })),
  )
}

/** One line of JSON for each record, no faster than the reader takes them. */
async function exportRecords(
  args: readonly string[],
  what: string,
  records: (pool: pg.Pool, since: string | null) => AsyncIterable<readonly object[]>,
): Promise<number> {
  const { values } = readArguments(args, { since: { type: 'string' } }, 0)
  const since = values.since === undefined ? null : timeIn(values.since)
  const config = readConfig()
  const url = needed(config.databaseUrl, 'ZGODA_DATABASE_URL', what)
  await onPreparedDatabase(url, createLog(config.logLevel), async ({ pool }) => {
    for await (const some of records(pool, since)) {
      const lines = some.map((record) => `${JSON.stringify(record)}\n`).join('')
      if (!process.stdout.write(lines)) await once(process.stdout, 'drain')
    }
  })
  return 0
}

async function* pages<T>(next: (last: T | undefined) => Promise<readonly T[]>): AsyncIterable<readonly T[]> {
  for (let last: T | undefined; ; ) {
    const some = await next(last)
    yield some
    if (some.length < page) return
    last = some.at(-1)
  }
}

function timeIn(text: string): string {
  const time = new Date(text)
  if (!Number.isNaN(time.getTime())) return time.toISOString()
  throw new UsageError(`\`--since\` takes a time, such as 2026-11-24 or 2026-11-24T10:00:00Z, not \`${short(text)}\``)
}
