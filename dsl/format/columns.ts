import type { Comments, Statement } from '../comments.ts'
import { standsApart } from './body.ts'
import { widest, widthOf } from './doc.ts'

type Cells = readonly string[]

/**
 * Statements that follow one another without a blank line, printed as the rows of a table. `cellsOf` says what stands
 * in a row's columns; a statement without cells, or too long for a line, ends the table.
 */
export function inColumns<S extends Statement>(
  comments: Comments,
  nodes: readonly S[],
  cellsOf: (node: S) => Cells | undefined,
  indent: number,
): ReadonlyMap<S, string> {
  const printed = new Map<S, string>()
  let table = new Map<S, Cells>()
  const finish = () => {
    const rows = aligned([...table.values()], widest - indent)
    for (const [index, node] of [...table.keys()].entries()) printed.set(node, rows[index] ?? '')
    table = new Map()
  }
  for (const node of nodes) {
    const cells = cellsOf(node)
    const isRow = cells !== undefined && indent + widthOf(rowOf(cells, [])) <= widest
    if (!isRow || standsApart(comments, node)) finish()
    if (isRow) table.set(node, cells)
  }
  finish()
  return printed
}

/** As many columns as fit, from the first on. */
function aligned(rows: readonly Cells[], width: number): string[] {
  const count = Math.max(0, ...rows.map((cells) => cells.length))
  for (let columns = count; columns > 0; columns--) {
    const widths = Array.from({ length: columns }, (_, column) => widthOfColumn(rows, column))
    const printed = rows.map((cells) => rowOf(cells, widths))
    if (printed.every((row) => widthOf(row) <= width)) return printed
  }
  return rows.map((cells) => rowOf(cells, []))
}

/** A row's last cell needs no room beside it. */
function widthOfColumn(rows: readonly Cells[], column: number): number {
  const widths = rows.map((cells) => (cells.slice(column + 1).some(Boolean) ? widthOf(cells[column] ?? '') : 0))
  return Math.max(0, ...widths)
}

function rowOf(cells: Cells, widths: readonly number[]): string {
  return cells
    .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - widthOf(cell))))
    .filter((cell) => cell !== '')
    .join(' ')
    .trimEnd()
}
