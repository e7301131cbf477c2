import { type Line, widest, widthOf } from './doc.ts'

const gap = 2

/** Lines as text. Comments behind lines that follow one another stand in one column, as far as they fit. */
export function textOf(lines: readonly Line[]): string {
  const columns = new Map(runsOf(lines).flatMap(columnsOf))
  return lines.map((line) => `${written(line, columns.get(line) ?? 0)}\n`).join('')
}

function written({ indent, text, remark }: Line, column: number): string {
  const words = text === '' ? '' : ' '.repeat(indent) + text
  return remark === undefined ? words : words + ' '.repeat(column - widthOf(words)) + remark
}

/** Neighbours that all have a comment behind them: lines of one statement, or statements of one line each. */
function runsOf(lines: readonly Line[]): Line[][] {
  const runs: Line[][] = []
  for (const [index, line] of lines.entries()) {
    if (line.remark === undefined) continue
    const previous = lines[index - 1]
    const isAlike = previous?.indent === line.indent && !previous.goesOn && !lines[index + 1]?.goesOn
    const run = previous?.remark !== undefined && (line.goesOn || isAlike) ? runs.at(-1) : undefined
    if (run) run.push(line)
    else runs.push([line])
  }
  return runs
}

/** Where comments begin: all in one column, but those of lines so long that the others would not fit there. */
function columnsOf(run: readonly Line[]): [Line, number][] {
  const together = run.filter((line) => fits(line, ownColumn(line)))
  const columns = [...new Set(together.map(ownColumn))].toSorted((a, b) => b - a)
  const common = columns.find((column) => together.every((line) => ownColumn(line) > column || fits(line, column))) ?? 0
  const isTogether = new Set(together)
  return run.map((line) => [line, Math.max(ownColumn(line), isTogether.has(line) ? common : 0)])
}

function ownColumn({ indent, text }: Line): number {
  return indent + widthOf(text) + gap
}

/** A comment that begins in the first half of a line may go on past its end: a long one would anywhere. */
function fits({ remark }: Line, column: number): boolean {
  return column <= widest / 2 || column + widthOf(remark ?? '') <= widest
}
