import { createHash } from 'node:crypto'
import type { ImportOrder, RowOutcome } from '../http/ports.ts'
import { OperatorError } from '../operator-error.ts'
import { callForJson, namedServer, type Server } from './api-call.ts'
import { type SentColumn, sentColumns } from './import-columns.ts'
import { type FileRow, rowsOf, type Survey, surveyFile } from './import-file.ts'
import { importReport, type Report } from './import-report.ts'
import { oneOf, readArguments, UsageError } from './usage.ts'

export const help = `zgoda import FILE --process P --server URL [--map column=field,…] [--match email] [--dry-run] [--id ID]
             [--format text|json]

Makes a client and a case of each row of a CSV file (UTF-8; comma, semicolon or tab) or of JSON lines (\`.jsonl\`), by every rule that
holds by hand: rights, values, consents. A row that is refused stops no other, and nothing of it is stored.
Columns are \`client.name\`, \`client.email\`, \`client.phone\`, names of fields, and \`consent.PURPOSE\` with \`evidence.PURPOSE\`.

  --process P          the process whose cases these are
  --map column=field   what a column of the file stands for; \`column=\` leaves it out
  --match email        a client with the row's e-mail address is the row's client
  --dry-run            checks all that a real run would, and stores nothing
  --id ID              of an import that was sent before: lines that it has imported stay as they are. Without it the file itself is the
                       id, so that one that broke off is sent again the same way
  --server URL         the server (default: ZGODA_URL); ZGODA_TOKEN is the token of a session of somebody who may do this
  --format json        what was refused as data

Exits with 0 where all rows are in, with 1 where some were refused, with 2 where it could not run.`

/** Rows a request: it takes a moment, however slow the server is, and progress can be told. */
const rowsAtOnce = 100
const bytesAtOnce = 128 * 1024

export async function run(args: readonly string[]): Promise<number> {
  const { path, order, maps, server, format } = read(args)
  const survey = await surveyFile(path)
  const columns = sentColumns(survey.columns, maps)
  if (columns.length === 0) throw new UsageError(`\`${path}\` has no column to import`)
  const whole = { ...order, id: order.id ?? idOf(survey, order, columns), columns: columns.map(({ name }) => name) }
  const report = importReport(format, whole, survey.rows)
  try {
    for await (const batch of batches(rowsOf(path, survey))) await send(batch, whole, columns, server, report)
  } catch (error) {
    report.broken()
    if (!(error instanceof OperatorError) || report.done() === 0 || order.dryRun) throw error
    const again = `${report.done()} rows are done; send the file again the same way, and nothing is made twice`
    throw new OperatorError(`${error.message}\n${again}`, { cause: error })
  }
  return report.end() === 0 ? 0 : 1
}

function read(args: readonly string[]) {
  const options = {
    process: { type: 'string' },
    map: { type: 'string', multiple: true },
    match: { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
    id: { type: 'string' },
    server: { type: 'string' },
    format: { type: 'string', default: 'text' },
  } as const
  const { values, positionals } = readArguments(args, options, 1)
  const [path] = positionals
  if (!path) throw new UsageError('name a file: `zgoda import FILE --process P`')
  if (!values.process) throw new UsageError('name the process whose cases these are with `--process`')
  const { id, match } = values
  const order = {
    process: values.process,
    ...(match === undefined ? {} : { match: oneOf('match', match, ['email']) }),
    ...(values['dry-run'] ? { dryRun: true } : {}),
    ...(id === undefined ? {} : { id }),
  }
  const whose = 'the token of a session of somebody who may import: docs/bulk.md says how to get one'
  const server = namedServer(values.server ?? process.env.ZGODA_URL, process.env.ZGODA_TOKEN, whose)
  const format = oneOf('format', values.format, ['text', 'json'])
  return { path, order, maps: values.map ?? [], server, format }
}

/** The same file for the same purpose is the same import. */
function idOf({ hash }: Survey, order: object, columns: readonly SentColumn[]): string {
  const what = JSON.stringify([hash, { ...order, dryRun: undefined }, columns])
  return createHash('sha256').update(what).digest('hex').slice(0, 32)
}

async function* batches(rows: AsyncIterable<FileRow>): AsyncGenerator<readonly FileRow[]> {
  let batch: FileRow[] = []
  let bytes = 0
  for await (const row of rows) {
    batch.push(row)
    bytes += 'cells' in row ? JSON.stringify(row.cells).length : 0
    if (batch.length < rowsAtOnce && bytes < bytesAtOnce) continue
    yield batch
    batch = []
    bytes = 0
  }
  if (batch.length > 0) yield batch
}

async function send(
  batch: readonly FileRow[],
  order: Omit<ImportOrder, 'rows'>,
  columns: readonly SentColumn[],
  server: Server,
  report: Report,
): Promise<void> {
  const rows = batch.flatMap((row) =>
    'cells' in row ? [{ line: row.line, cells: columns.map(({ at }) => row.cells[at] ?? null) }] : [],
  )
  const answer = rows.length > 0 ? await callForJson(server, '/imports', { ...order, rows }) : { items: [] }
  const outcomes = new Map((answer as { items: RowOutcome[] }).items.map((outcome) => [outcome.line, outcome]))
  for (const row of batch) {
    const outcome: RowOutcome | undefined =
      'problem' in row
        ? { line: row.line, ok: false, code: 'unreadable', because: `the line ${row.problem}` }
        : outcomes.get(row.line)
    if (!outcome) throw new OperatorError('the server does not say what became of a row: is it of this version?')
    report.add(outcome, outcome.ok ? undefined : columns.find(({ name }) => name === outcome.column)?.inFile)
  }
}
