import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { CsvReader, most, UnreadableTable } from '../csv/read.ts'
import { withoutGuard } from '../csv/write.ts'
import type { ImportCell } from '../http/ports.ts'
import { UsageError } from './usage.ts'

/** A row of a file, in the order of its columns; or what is wrong with it. */
export type FileRow =
  | { readonly line: number; readonly cells: readonly ImportCell[] }
  | { readonly line: number; readonly problem: string }

/** What a file holds, without its rows. */
export interface Survey {
  /** As the file calls them. */
  readonly columns: readonly string[]
  readonly rows: number
  /** SHA-256 of the file. */
  readonly hash: string
}

/** What a row takes on the way to the server, in bytes, at most. */
const longestRow = 800 * 1024

/** Reads a file through, so that one that can't be read is told before anything of it is sent. */
export async function surveyFile(path: string): Promise<Survey> {
  const hash = createHash('sha256')
  const columns = new Set<string>()
  let rows = 0
  return readable(path, async () => {
    for await (const found of isJsonLines(path) ? objects(path, hash) : records(path, hash)) {
      if ('header' in found) for (const name of found.header) columns.add(name)
      else rows += 1
      if (columns.size > most.columns) {
        throw new UnreadableTable(`line ${found.line}: with it there are more than ${most.columns} columns`)
      }
    }
    return { columns: [...columns], rows, hash: hash.digest('hex') }
  })
}

/** The rows of a file that was surveyed, one at a time. */
export async function* rowsOf(path: string, { columns }: Survey): AsyncGenerator<FileRow> {
  for await (const found of isJsonLines(path) ? objects(path) : records(path)) {
    if ('values' in found)
      yield fitting({ line: found.line, cells: columns.map((name) => found.values.get(name) ?? null) })
    else if ('cells' in found)
      yield found.cells.length === columns.length ? fitting(found) : uneven(found, columns.length)
    else if ('problem' in found) yield found
  }
}

function fitting(row: { readonly line: number; readonly cells: readonly ImportCell[] }): FileRow {
  const bytes = Buffer.byteLength(JSON.stringify(row.cells))
  return bytes > longestRow ? { line: row.line, problem: 'is too long to be one case' } : row
}

function uneven({ line, cells }: { line: number; cells: readonly unknown[] }, columns: number): FileRow {
  return {
    line,
    problem: `has ${cells.length} cells where the first line has ${columns}: is a quote or a comma missing?`,
  }
}

function isJsonLines(path: string): boolean {
  return /\.(jsonl|ndjson)$/i.test(path)
}

interface Header {
  readonly line: number
  readonly header: readonly string[]
}

async function* records(path: string, hash?: Hash): AsyncGenerator<Header | { line: number; cells: string[] }> {
  const reader = new CsvReader()
  let first = true
  for await (const piece of textOf(path, hash)) {
    for (const { line, cells } of piece === undefined ? reader.end() : reader.push(piece)) {
      if (first) yield { line, header: headerOf(cells, line) }
      else yield { line, cells: cells.map(withoutGuard) }
      first = false
    }
  }
}

function headerOf(cells: readonly string[], line: number): string[] {
  const names = cells.map((cell) => cell.trim())
  const wrong = names.findIndex((name, position) => name === '' || names.indexOf(name) < position)
  if (wrong < 0) return names
  const why = names[wrong] === '' ? 'has no name: name it, or take it out' : 'is called as one before it'
  throw new UnreadableTable(`line ${line}: column ${wrong + 1} ${why}`)
}

type JsonRow = Header | { line: number; values: ReadonlyMap<string, ImportCell> } | { line: number; problem: string }

async function* objects(path: string, hash?: Hash): AsyncGenerator<JsonRow> {
  let line = 0
  let held = ''
  for await (const piece of textOf(path, hash)) {
    const lines = (held + (piece ?? '\n')).split('\n')
    held = lines.pop() ?? ''
    for (const text of lines) {
      line += 1
      if (text.length > most.record) throw tooLong(line)
      if (text.trim() === '') continue
      const row = objectIn(text, line)
      if ('values' in row) yield { line, header: [...row.values.keys()] }
      yield row
    }
    if (held.length > most.record) throw tooLong(line + 1)
  }
}

function tooLong(line: number): UnreadableTable {
  return new UnreadableTable(`line ${line}: it has more than ${most.record} characters`)
}

function objectIn(text: string, line: number): Exclude<JsonRow, Header> {
  let read: unknown
  try {
    read = JSON.parse(text)
  } catch {
    return { line, problem: 'is no JSON' }
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read)) return { line, problem: 'is no JSON object' }
  const entries = Object.entries(read)
  if (!entries.every(([, value]) => isCell(value))) {
    return { line, problem: 'holds a value that is no text, number, yes or no, or list of texts' }
  }
  return { line, values: new Map(entries as [string, ImportCell][]) }
}

function isCell(value: unknown): value is ImportCell {
  if (Array.isArray(value)) return value.every((one) => typeof one === 'string')
  return value === null || ['string', 'number', 'boolean'].includes(typeof value)
}

/** The file's text, piece by piece, without a byte order mark; `undefined` after the last. */
async function* textOf(path: string, hash?: Hash): AsyncGenerator<string | undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  for await (const chunk of createReadStream(path)) {
    hash?.update(chunk)
    yield decoder.decode(chunk, { stream: true })
  }
  yield decoder.decode()
  yield undefined
}

/** Tells what is wrong with a file in a sentence that names it. */
async function readable<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    const why = whyUnreadable(error)
    throw why ? new UsageError(`\`${path}\` can't be imported. ${why}`, { cause: error }) : error
  }
}

function whyUnreadable(error: unknown): string | undefined {
  if (error instanceof UnreadableTable) return error.message
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'It is not UTF-8 text: save it as “CSV UTF-8”'
  if (code === 'ENOENT') return 'There is no such file'
  return code === 'EISDIR' || code === 'EACCES' ? `It can't be opened (${code})` : undefined
}
