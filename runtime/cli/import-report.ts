import type { ImportOrder, RowOutcome } from '../http/ports.ts'

/** Tells what becomes of rows as it is known, and holds none of them. */
export interface Report {
  /** `column` is what the file calls the column at fault. */
  add(outcome: RowOutcome, column: string | undefined): void
  done(): number
  /** The last word where not all rows could be sent. */
  broken(): void
  /** The last word; answers how many rows were refused. */
  end(): number
}

type Order = Omit<ImportOrder, 'rows'>

const number = new Intl.NumberFormat('en')

export function importReport(format: 'text' | 'json', order: Order, rows: number): Report {
  const counts = { imported: 0, before: 0, refused: 0 }
  const letters = new Map<string, number>()
  const progress = progressOf(rows)
  const words = format === 'json' ? inJson(order) : inText(order)
  words.begin()
  return {
    add(outcome, column) {
      if (outcome.ok) {
        counts.imported += 1
        if (outcome.again) counts.before += 1
        for (const letter of outcome.letters ?? []) letters.set(letter, (letters.get(letter) ?? 0) + 1)
      } else {
        progress.clear()
        words.refused(outcome, column, counts.refused)
        counts.refused += 1
      }
      progress.show(counts.imported + counts.refused)
    },
    done: () => counts.imported,
    broken: progress.clear,
    end() {
      progress.clear()
      words.end(counts, letters, rows)
      return counts.refused
    },
  }
}

interface Counts {
  readonly imported: number
  readonly before: number
  readonly refused: number
}

type RefusedRow = Extract<RowOutcome, { ok: false }>

interface Words {
  begin(): void
  refused(row: RefusedRow, column: string | undefined, earlier: number): void
  end(counts: Counts, letters: ReadonlyMap<string, number>, rows: number): void
}

function inText({ id, dryRun }: Order): Words {
  return {
    begin: () => undefined,
    refused: ({ line, because }, column) =>
      print(`line ${line}${column === undefined ? '' : `, column \`${column}\``}: ${because}\n`),
    end({ imported, before, refused }, letters) {
      const earlier = before > 0 ? ` (${number.format(before)} of them before)` : ''
      const are = dryRun ? 'would be imported' : 'imported'
      print(
        `${number.format(imported)} row${imported === 1 ? '' : 's'} ${are}${earlier}, ${number.format(refused)} refused\n`,
      )
      for (const [letter, times] of letters) print(`letter \`${letter}\`: ${number.format(times)} would go out\n`)
      if (refused === 0 || dryRun) return
      print(
        `Put these lines right where they stand and send the file again with \`--id ${id}\`: what is in stays as it is.\n`,
      )
    },
  }
}

/** One document, written as it comes to be known. */
function inJson({ id, process: name, dryRun = false }: Order): Words {
  return {
    begin: () => print(`{ "import": ${JSON.stringify({ id, process: name, dryRun })}, "problems": [`),
    refused: ({ line, code, because }, column, earlier) =>
      print(
        `${earlier > 0 ? ',' : ''}\n  ${JSON.stringify({ line, ...(column === undefined ? {} : { column }), code, because })}`,
      ),
    end(counts, letters, rows) {
      const all = { rows, ...counts, ...(dryRun ? { letters: Object.fromEntries(letters) } : {}) }
      print(`\n], "counts": ${JSON.stringify(all)} }\n`)
    },
  }
}

/** A line that counts, for people at a terminal. */
function progressOf(rows: number): { show(done: number): void; clear(): void } {
  if (!process.stderr.isTTY) return { show: () => undefined, clear: () => undefined }
  return {
    show: (done) => {
      if (done % 20 === 0 || done === rows)
        process.stderr.write(`\r${number.format(done)} of ${number.format(rows)} rows `)
    },
    clear: () => void process.stderr.write('\r\x1b[K'),
  }
}

function print(text: string): void {
  process.stdout.write(text)
}
