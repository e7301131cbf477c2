import { type Line, widest, widthOf } from './doc.ts'

const gap = 2

/** Lines as text. Comments behind lines that follow one another stand in one column, as far as they fit. */
export function textOf(lines: readonly Line[]): string {
  const columns = new Map<Line, number>()
  for (const run of runsOf(lines)) for (const line of run) columns.set(line, columnOf(line, run))
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

/** Where a line's comment begins: where it does for all neighbours that are not so long that it would not fit. */
function columnOf(line: Line, run: readonly Line[]): number {
  const own = ownColumn(line)
  if (!fits(line, own)) return own
  const together = run.filter((each) => fits(each, ownColumn(each)))
  const columns = together.map(ownColumn).toSorted((a, b) => b - a)
  const common = columns.find((column) => together.every((each) => ownColumn(each) > column || fits(each, column)))
  return Math.max(own, common ?? own)
}

function ownColumn({ indent, text }: Line): number {
  return indent + widthOf(text) + gap
}

/** A comment that begins in the first half of a line may be too long for it, for that it would be anywhere. */
function fits({ remark }: Line, column: number): boolean {
  return column <= widest / 2 || column + widthOf(remark ?? '') <= widest
}
