/** How a cell begins that a spreadsheet takes for a formula, and one that would be taken for guarded. */
const formula = /^'*[=+\-@\t\r]/

/**
 * A cell of a CSV file. One that a spreadsheet would take for a formula (it begins with `=`, `+`, `-`, `@`, a tab or a carriage return)
 * is guarded by an apostrophe: opening the file must run nothing that somebody wrote into a field.
 */
export function csvCell(text: string): string {
  const safe = formula.test(text) ? `'${text}` : text
  return /[",;\t\r\n]/.test(safe) || safe.trim() !== safe ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** The same without its guard, so that what was exported can be imported. */
export function withoutGuard(cell: string): string {
  return cell.startsWith("'") && formula.test(cell) ? cell.slice(1) : cell
}

/** A record as RFC 4180 has it, with its line's end. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}
