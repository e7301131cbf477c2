/** A record of a CSV file, and the line that it begins on. */
export interface CsvRecord {
  readonly line: number
  readonly cells: readonly string[]
}

/** That a file is no table at all: where it stops making sense, and what may be wrong. Quotes nothing of it. */
export class UnreadableTable extends Error {
  override readonly name = 'UnreadableTable'
}

/** What one record may have; past it a file is more likely broken than big. `record` is in characters. */
export const most = { columns: 500, record: 256 * 1024 } as const

type State = 'start' | 'plain' | 'quoted' | 'closed'

/** What may stand in quotes without a thought. */
const quotedRun = /[^"\0]*/y

const delimiters = [',', ';', '\t'] as const

/**
 * Cuts the text of a CSV file (RFC 4180) into records, piece by piece, and never holds more than one. The delimiter is the
 * one of comma, semicolon and tab that parts the first line most often; lines end as they like; blank ones count for nothing.
 */
export class CsvReader {
  #state: State = 'start'
  #cells: string[] = []
  #cell = ''
  #size = 0
  #line = 1
  #began = 1
  /** What came before it was known how cells are parted, and a CR that its LF may follow. */
  #held = ''
  readonly #header = { at: 0, begun: false, quoted: false }
  #delimiter: string | undefined
  #plain = quotedRun

  /** The records that end in this piece of the text. Throws `UnreadableTable`. */
  push(text: string): CsvRecord[] {
    const whole = this.#held + text
    if (this.#delimiter === undefined) {
      const end = this.#headerEnd(whole)
      if (end === undefined && whole.length <= most.record) {
        this.#held = whole
        return []
      }
      this.#decide(whole.slice(0, end ?? most.record))
    }
    this.#held = whole.endsWith('\r') ? '\r' : ''
    return this.#read(this.#held === '' ? whole : whole.slice(0, -1))
  }

  /** The record that the text ends with. */
  end(): CsvRecord[] {
    const rest = this.#held
    if (this.#delimiter === undefined) this.#decide(rest)
    const records = this.#read(rest)
    if (this.#state === 'quoted') throw this.#unreadable('the quote that opens in this record is never closed')
    if (this.#state !== 'start' || this.#cells.length > 0) this.#endRecord(records)
    return records
  }

  /** Where the first line that says anything ends; undefined where it goes on, and is looked at from there. */
  #headerEnd(text: string): number | undefined {
    const header = this.#header
    for (; header.at < text.length; header.at += 1) {
      const char = text[header.at]
      if (char === '"') header.quoted = !header.quoted
      const ends = char === '\n' || char === '\r'
      if (ends && header.begun && !header.quoted) return header.at
      header.begun ||= !ends
    }
    return undefined
  }

  #decide(header: string): void {
    const unquoted = header.replace(/"[^"]*("|$)/g, '')
    const times = (delimiter: string) => unquoted.split(delimiter).length
    const delimiter = delimiters.reduce((best, each) => (times(each) > times(best) ? each : best))
    this.#delimiter = delimiter
    this.#plain = new RegExp(`[^${delimiter}\\r\\n\\0]*`, 'y')
  }

  #read(text: string): CsvRecord[] {
    const records: CsvRecord[] = []
    let at = 0
    while (at < text.length) at = this.#step(text, at, records)
    return records
  }

  /** Reads on from `at` to where something else begins. */
  #step(text: string, at: number, records: CsvRecord[]): number {
    if (this.#state === 'start') {
      const quoted = text[at] === '"'
      this.#state = quoted ? 'quoted' : 'plain'
      return quoted ? at + 1 : at
    }
    if (this.#state === 'closed' && text[at] === '"') {
      this.#take('"')
      this.#state = 'quoted'
      return at + 1
    }
    if (this.#state === 'closed') return this.#endPart(text, at, records)
    const run = this.#state === 'quoted' ? quotedRun : this.#plain
    run.lastIndex = at
    const taken = run.exec(text)?.[0] ?? ''
    this.#take(taken)
    const next = at + taken.length
    if (text[next] === '\0') throw this.#unreadable('it holds a NUL character: is this a text file?')
    if (this.#state === 'plain') return next < text.length ? this.#endPart(text, next, records) : next
    this.#line += lineEnds(taken)
    if (next < text.length) this.#state = 'closed'
    return next + 1
  }

  /** At what ends a cell. */
  #endPart(text: string, at: number, records: CsvRecord[]): number {
    const char = text[at]
    if (char === this.#delimiter) {
      this.#endCell()
      return at + 1
    }
    if (char !== '\n' && char !== '\r') {
      throw this.#unreadable('something follows a closing quote: a quote inside a quoted cell is written twice')
    }
    this.#endRecord(records)
    this.#line += 1
    this.#began = this.#line
    return text.startsWith('\r\n', at) ? at + 2 : at + 1
  }

  #endCell(): void {
    this.#cells.push(this.#cell)
    if (this.#cells.length > most.columns) throw this.#unreadable(`it has more than ${most.columns} columns`)
    this.#cell = ''
    this.#state = 'start'
  }

  #endRecord(records: CsvRecord[]): void {
    const blank = this.#cells.length === 0 && this.#cell === '' && this.#state !== 'closed'
    this.#endCell()
    if (!blank) records.push({ line: this.#began, cells: this.#cells })
    this.#cells = []
    this.#size = 0
  }

  #take(text: string): void {
    this.#size += text.length
    this.#cell += text
    if (this.#size <= most.record) return
    const why = this.#state === 'quoted' ? ': is a quote never closed?' : ''
    throw this.#unreadable(`it has more than ${most.record} characters${why}`)
  }

  #unreadable(why: string): UnreadableTable {
    return new UnreadableTable(`line ${this.#began}: ${why}`)
  }
}

function lineEnds(text: string): number {
  return text.match(/\r\n|\r|\n/g)?.length ?? 0
}
